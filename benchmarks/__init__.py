"""How fast and how small Assay is, beside its rivals, in one run."""
