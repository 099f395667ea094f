"""Which distributions are installed, told from the names of their metadata directories.

Nothing is imported and no metadata is parsed: a hundred distributions take a few milliseconds instead of a hundred.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

from assay.core import uri

_METADATA = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)(?:-py[\d.]+)?\.(?:dist|egg)-info")
_DIRECT = "direct_url.json"


def installed_packages() -> dict[str, str]:
    """Versions by name, of what `import` would find first; an editable or direct install says from where."""
    found: dict[str, str] = {}
    for directory in dict.fromkeys(sys.path):
        for name, version in _below(directory or "."):
            found.setdefault(name, version)
    return dict(sorted(found.items()))


def _below(directory: str) -> list[tuple[str, str]]:
    try:
        with os.scandir(directory) as entries:
            matches = [(entry.path, _METADATA.fullmatch(entry.name)) for entry in entries]
    except OSError:  # a ZIP file, or nothing
        return []
    return [
        (match["name"].replace("_", "-").lower(), match["version"] + _origin(Path(path)))
        for path, match in matches
        if match
    ]


def _origin(metadata: Path) -> str:
    """Where a distribution came from that no index gave, as PEP 610 records it."""
    try:
        given = json.loads((metadata / _DIRECT).read_text("utf-8"))
        address = uri.redact(str(given["url"]))
        commit = str(given.get("vcs_info", {}).get("commit_id", ""))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ""
    return f" @ {address}{f'@{commit}' if commit else ''}"
