"""Artifact files: bytes under a path."""
