"""What an object store says, as our errors. Its own texts stay behind: they hold addresses and whole answers."""

from __future__ import annotations

import re

from obstore.exceptions import BaseError

from assay.core.errors import (
    AssayError,
    PermissionDenied,
    ResourceDoesNotExist,
    TemporarilyUnavailable,
)

STORE_ERRORS = (BaseError, NotImplementedError)
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_METADATA = ("169.254.169.254", "metadata.google.internal", "169.254.170.2")
_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound")


def told(error: Exception, *, name: str, path: str) -> AssayError:
    """The error for what obstore raised about `path` in the bucket `name`."""
    text = str(error)
    status = _found(_STATUS, text)
    reason = _found(_CODE, text)
    if reason in _NO_BUCKET:
        return ResourceDoesNotExist(f"{name} does not exist. Make the bucket, or name another one.")
    if any(host in text for host in _METADATA):
        return PermissionDenied(f"No credentials for {name} were found. Set them in the environment of this process.")
    if status in ("401", "403") or "Permission" in type(error).__name__ or "Unauthenticated" in type(error).__name__:
        return PermissionDenied(
            f"{name} refuses this process's credentials for {path!r} ({reason or status or 'denied'}). "
            "Check the keys and what they may do."
        )
    return of_status(int(status) if status else None, reason, name=name, path=path)


def of_status(status: int | None, reason: str, *, name: str, path: str) -> AssayError:
    """The error for an answer with this HTTP status, None where there was no answer."""
    if status is None or status in (408, 429) or status >= 500:
        why = f"answered {status} {reason}".rstrip() if status else "does not answer"
        return TemporarilyUnavailable(f"{name} {why}. Try again shortly.")
    if status == 404:
        return ResourceDoesNotExist(f"There is no {path!r} in {name}. Check the path.")
    return AssayError(f"{name} refused {path!r}: {status} {reason or 'without a reason'}. Check region and endpoint.")


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""
