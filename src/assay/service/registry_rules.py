"""Limits and names of the model registry, as MLflow has them; the client applies the same ones at the call."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import unquote

from assay.core.errors import InvalidParameterValue
from assay.store.registry import ARCHIVED, MODEL_STAGES, NO_STAGE
from assay.store.users import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.wire.registry import AliasChange

MAX_NAME = 256
MAX_ALIAS = 255
MAX_TAG_VALUE = 100_000
MAX_DESCRIPTION = 100_000
MAX_MODELS_PAGE = 1000
DEFAULT_MODELS_PAGE = 100
MAX_VERSIONS_PAGE = 200_000
MAX_CHANGES_PAGE = 1000
MAX_NOTE = 1000
MAX_TIME = (1 << 63) - 1
NEWEST = "latest"
"""The alias that stands for the newest version and cannot be set."""

_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_ALIAS = re.compile(r"[\w\-]+")
_NUMBERED = re.compile(r"v\d+", re.IGNORECASE)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{3})?)?(Z|[+-]\d\d:\d\d))?", re.ASCII)
_STAGES = {stage.lower(): stage for stage in MODEL_STAGES}


def model_name(given: str, *, field: str = "name") -> str:
    """The name of a registered model; `field` names it in errors.

    Raises:
        InvalidParameterValue: it is blank, too long, holds / or :, or would be another path.
    """
    if not isinstance(given, str) or not given.strip():
        raise InvalidParameterValue(f"Missing value for required parameter '{field}'. Give a name that is not blank.")
    if len(given) > MAX_NAME:
        raise InvalidParameterValue(
            f"Model name {given[:50]!r}... has {len(given)} characters; at most {MAX_NAME} are allowed."
        )
    if "/" in given or ":" in given or posixpath.normpath(given) != given or given in (".", ".."):
        raise InvalidParameterValue(f"Invalid model name {given!r}: it may not hold / or :, nor be '.' or '..'.")
    return given


def new_model_name(given: str, *, field: str = "name") -> str:
    """A name that a registered model may get: none that looks like another one, which would be loaded in its place.

    Raises:
        InvalidParameterValue: it is none, has spaces at its ends, invisible or decomposed characters, would be
            another name once its percent escapes are decoded, or stands for all models where something is granted.
    """
    name = model_name(given, field=field)
    if name == ALL:
        raise InvalidParameterValue(f"Invalid model name {name!r}: what is granted on it is granted on all models.")
    if name != unicodedata.normalize("NFC", name.strip()) or name != unquote(name, errors="surrogateescape"):
        raise InvalidParameterValue(
            f"Invalid model name {name!r}: it could be taken for another one. Give it without spaces at its ends and "
            "percent escapes, and its letters composed (Unicode NFC)."
        )
    if any(unicodedata.category(sign) in _INVISIBLE for sign in name):
        raise InvalidParameterValue(f"Invalid model name {name!r}: it may hold nothing invisible.")
    return name


def version_number(given: str | int) -> int:
    """The number of a version.

    Raises:
        InvalidParameterValue: it is no whole number.
    """
    if not _WHOLE.fullmatch(str(given)):
        raise InvalidParameterValue(f"Parameter 'version' must be an integer, got {str(given)[:100]!r}.")
    return int(given)


def alias(given: str) -> str:
    """An alias that may be looked for.

    Raises:
        InvalidParameterValue: it is too long, or holds other characters than letters, digits, _ and -.
    """
    if len(given) > MAX_ALIAS:
        raise InvalidParameterValue(
            f"Alias {given[:50]!r}... has {len(given)} characters; at most {MAX_ALIAS} are allowed."
        )
    if not _ALIAS.fullmatch(given):
        raise InvalidParameterValue(f"Invalid alias {given!r}: it may hold letters, digits, _ and - only.")
    return given


def new_alias(given: str) -> str:
    """An alias that may be set.

    Raises:
        InvalidParameterValue: it is no alias, or one that means something already: `latest`, `v1`, `v2`, ...
    """
    if alias(given).lower() == NEWEST:
        raise InvalidParameterValue(f"The alias {given!r} is reserved: it always stands for the newest version.")
    if _NUMBERED.fullmatch(given):
        raise InvalidParameterValue(f"The alias {given!r} is reserved: it reads like the number of a version.")
    return given


def moment(given: str) -> int:
    """A time in milliseconds since the epoch, from a date (its beginning in UTC) or a date with time and zone.

    Raises:
        InvalidParameterValue: it is neither, or there is no such day or time.
    """
    shown = given[:100].replace("Z", "+00:00")
    try:
        found = datetime.fromisoformat(shown) if _MOMENT.fullmatch(given) else None
    except ValueError:
        found = None
    if found is None:
        raise InvalidParameterValue(
            f"{given[:100]!r} is no time: write a date, as in 2026-11-01, or a time with its zone, as in "
            "2026-11-01T09:30:00Z or 2026-11-01T09:30:00+01:00."
        )
    zoned = found if found.tzinfo else found.replace(tzinfo=timezone.utc)
    return (zoned - _EPOCH) // _MILLISECOND


def as_of(given: int | None) -> int:
    """The last time that is asked for, in milliseconds; the end of time by default.

    Raises:
        InvalidParameterValue: it is negative or beyond 64 bits.
    """
    if given is None:
        return MAX_TIME
    if not 0 <= given <= MAX_TIME:
        raise InvalidParameterValue(f"Parameter 'as_of' must be milliseconds since the epoch, got {given}.")
    return given


def held(changes: Sequence[AliasChange], *, alias: str) -> int:
    """The version that an alias stood for after changes, the last of which is the first given.

    Raises:
        InvalidParameterValue: it stood for none, or what it stood for is not known.
    """
    if not changes or not changes[0].version:
        raise InvalidParameterValue(
            f"The alias {alias!r} stood for no version then, as far as is known. Its history says when it did."
        )
    return int(changes[0].version)


def short(given: str, field: str) -> str:
    """A name or remark that is kept with a change; `field` names it in errors.

    Raises:
        InvalidParameterValue: longer than 1,000 characters.
    """
    if len(given) > MAX_NOTE:
        raise InvalidParameterValue(f"{field!r} has {len(given)} characters; at most {MAX_NOTE} are allowed.")
    return given


def description(given: str | None) -> str | None:
    """The description of a model or version.

    Raises:
        InvalidParameterValue: longer than 100,000 characters.
    """
    if given and len(given) > MAX_DESCRIPTION:
        raise InvalidParameterValue(
            f"The description has {len(given)} characters; at most {MAX_DESCRIPTION} are allowed."
        )
    return given


def stage(given: str) -> str:
    """A stage as it is stored; upper and lower case do not matter.

    Raises:
        InvalidParameterValue: there is no such stage.
    """
    found = _STAGES.get(given.lower())
    if found is None:
        raise InvalidParameterValue(f"Invalid stage {given[:100]!r}: use one of {', '.join(MODEL_STAGES)}.")
    return found


def left_by_others(wanted: str, *, archiving: bool) -> bool:
    """Whether other versions leave the stage when one enters it.

    Raises:
        InvalidParameterValue: they were to be archived, but the stage is one that any number of versions may be in.
    """
    if archiving and wanted in (NO_STAGE, ARCHIVED):
        raise InvalidParameterValue(
            f"Existing versions cannot be archived when one moves to {wanted}: only for Staging and Production."
        )
    return archiving


def tag_value(given: str, key: str) -> str:
    """The value of a tag of a model or version.

    Raises:
        InvalidParameterValue: longer than 100,000 characters; names the tag.
    """
    if len(given) > MAX_TAG_VALUE:
        raise InvalidParameterValue(
            f"The value of tag {key!r} has {len(given)} characters; at most {MAX_TAG_VALUE} are allowed."
        )
    return given
