"""The pictures of the web UI: what they show, how they are taken, and how alike two of them are."""
