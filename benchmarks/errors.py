"""What can go wrong while measuring."""


class BenchmarkError(Exception):
    """A contestant could not be measured; the message says which one and why."""
