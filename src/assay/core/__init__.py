"""Foundation: errors, settings, ids, time, HTTP. Knows nothing of experiment tracking."""
