"""Web UIs beside each other, in one browser over the same data."""
