"""Metadata: what is kept and how. Synchronous and thread-safe."""
