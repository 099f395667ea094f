"""Texts for logs, without what looks like a key. This is for what Assay says itself: what runs record is kept."""

from __future__ import annotations

import re

_KEYS = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<own>assay_[0-9a-z]{8}_)[\w-]+"
    r"|(?P<header>(?:basic|bearer)\s+)[\w.~+/=-]{8,}"
    r"|(?P<known>AIza|gh[oprsu]_|github_pat_|glpat-|hf_|sk-|sk_live_|xox[abeprs]-|ya29\.)[\w-]{16,}"
    r"|(?P<signed>eyJ)[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
    r")|(?P<user>://[^\s/@:]*:)[^\s/@]+(?=@)",
    re.IGNORECASE,
)
"""Tokens of Assay, what HTTP sends to log in, keys of services that begin with their name, signed tokens (JWT), and
passwords in addresses; each with the beginning that may be shown. No two tries look at the same signs: a text of any
length takes no longer than it is long."""


def redacted(text: str) -> str:
    """The text with `***` for what looks like a key; its kind, and which token of Assay it is, can still be told."""
    return _KEYS.sub(lambda found: f"{found[found.lastgroup or 0]}***", text)
