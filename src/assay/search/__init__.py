"""The filter language: text to a typed tree. Knows no SQL and no HTTP."""
