"""The durable queue that every training run writes through.

A writer appends opaque payloads to segment files in a directory of its own (`writer`); any process of the host reads
them back (`reader`), and hands them on under a claim, acknowledging what was applied (`spool`). `format` says what the
bytes mean.
"""
