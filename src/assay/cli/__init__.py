"""The `assay` command; each file is one noun, imported when it is used."""
