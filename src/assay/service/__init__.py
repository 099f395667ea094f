"""The rules: one function per operation, the same for local and remote callers."""
