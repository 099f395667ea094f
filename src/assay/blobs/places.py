"""Where object stores are: one row of a table for each scheme of a URI, with what obstore needs to reach them."""

from __future__ import annotations

import ssl
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit

import obstore.store
from obstore.exceptions import BaseError

from assay.blobs.multipart import Multipart
from assay.blobs.object import ObjectBlobs
from assay.core import settings, uri
from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    Pairs = tuple[tuple[str, Any], ...]

RETRY: Any = {
    "max_retries": 4,
    "retry_timeout": timedelta(seconds=20),
    "backoff": {"init_backoff": timedelta(seconds=0.1), "max_backoff": timedelta(seconds=4), "base": 2},
}
_TIMEOUT = timedelta(seconds=120)
_CONNECT_TIMEOUT = timedelta(seconds=5)


@dataclass(frozen=True)
class Place:
    """A bucket: the class of `obstore.store`, its name, what is set for it, and how its server is reached."""

    kind: str
    bucket: str
    config: Pairs
    insecure: bool = False


def open_place(location: str) -> ObjectBlobs:
    """The objects below a URI such as `s3://bucket/path`.

    Raises:
        ConfigurationError: the URI or a setting is not usable; says which.
    """
    parts = urlsplit(location)
    if not parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError(f"{uri.redact(location)!r} names no bucket: write {parts.scheme}://bucket/path.")
    place = PLACES[parts.scheme](parts)
    name = f"{parts.scheme}://{parts.netloc.rpartition('@')[2] if place.kind == 'S3Store' else parts.netloc}"
    secret = dict(place.config).get("secret_access_key")
    tls = _unchecked() if place.insecure else None
    return ObjectBlobs(
        _connected(place),
        name=name,
        prefix=unquote(parts.path).strip("/"),
        parts=Multipart(name=name, secret=secret, tls=tls) if secret else None,
    )


@lru_cache(maxsize=64)
def _connected(place: Place) -> Any:
    """One object of obstore for each bucket: it keeps connections, and credentials that expire."""
    client = {
        "timeout": _TIMEOUT,
        "connect_timeout": _CONNECT_TIMEOUT,
        "allow_http": True,
        "allow_invalid_certificates": place.insecure,
    }
    make = getattr(obstore.store, place.kind)
    try:
        return make(place.bucket, config=dict(place.config), client_options=client, retry_config=RETRY)
    except BaseError as error:
        raise ConfigurationError(
            f"The bucket {place.bucket!r} cannot be opened: check the object store's settings in the environment."
        ) from error


def _s3(parts: SplitResult) -> Place:
    endpoint = settings.s3_endpoint_url.get()
    virtual = settings.s3_addressing_style.get() == "virtual"
    if endpoint and virtual:
        scheme, _, host = endpoint.partition("://")
        endpoint = f"{scheme}://{parts.netloc}.{host}"
    key, secret, token = _aws_keys()
    return Place(
        "S3Store",
        parts.netloc,
        _set(
            endpoint=endpoint,
            region=settings.aws_region.get(),
            access_key_id=key,
            secret_access_key=secret,
            session_token=token,
            virtual_hosted_style_request=virtual,
        ),
        insecure=settings.s3_ignore_tls.get(),
    )


def _r2(parts: SplitResult) -> Place:
    """`r2://bucket@account.r2.cloudflarestorage.com/path`, as MLflow writes it."""
    bucket, _, host = parts.netloc.rpartition("@")
    if not bucket:
        raise ConfigurationError(
            f"{parts.netloc!r} names no account: write r2://bucket@<account>.r2.cloudflarestorage.com."
        )
    key, secret, token = _aws_keys()
    options = _set(
        endpoint=f"https://{host}", region="auto", access_key_id=key, secret_access_key=secret, session_token=token
    )
    return Place("S3Store", bucket, options)


def _google(parts: SplitResult) -> Place:
    return Place("GCSStore", parts.netloc, _set(application_credentials=settings.google_application_credentials.get()))


def _azure(parts: SplitResult) -> Place:
    """`az://container/path`, or `abfss://container@account.dfs.core.windows.net/path` and its like."""
    container, _, host = parts.netloc.rpartition("@")
    connection = dict(
        field.split("=", 1) for field in (settings.azure_connection_string.get() or "").split(";") if "=" in field
    )
    options = _set(
        account_name=host.partition(".")[0]
        if container
        else settings.azure_account_name.get() or connection.get("AccountName"),
        account_key=settings.azure_account_key.get() or connection.get("AccountKey"),
        sas_key=settings.azure_sas_token.get() or connection.get("SharedAccessSignature"),
        endpoint=connection.get("BlobEndpoint"),
    )
    return Place("AzureStore", container or host, options)


PLACES: dict[str, Callable[[SplitResult], Place]] = {
    "s3": _s3,
    "r2": _r2,
    "gs": _google,
    "gcs": _google,
    "az": _azure,
    "abfs": _azure,
    "abfss": _azure,
    "wasb": _azure,
    "wasbs": _azure,
}
"""Every scheme that is known, and what makes a place of its URIs."""


def _set(**given: Any) -> Pairs:
    """What was given; obstore looks for the rest by itself, such as the role of the machine."""
    return tuple((name, value) for name, value in given.items() if value not in (None, ""))


def _aws_keys() -> tuple[str | None, str | None, str | None]:
    """Key, secret and token: from the environment, else from the profile in AWS's file of credentials."""
    key, secret = settings.aws_access_key_id.get(), settings.aws_secret_access_key.get()
    if key and secret:
        return key, secret, settings.aws_session_token.get()
    stored = ConfigParser(interpolation=None)
    try:
        stored.read(Path(settings.aws_credentials_file.get()).expanduser(), encoding="utf-8")
    except (OSError, UnicodeDecodeError, ConfigParserError) as error:
        raise ConfigurationError("AWS's file of credentials cannot be read. Set AWS_ACCESS_KEY_ID instead.") from error
    profile = settings.aws_profile.get()
    if not stored.has_section(profile):
        return None, None, None
    found = stored[profile]
    return found.get("aws_access_key_id"), found.get("aws_secret_access_key"), found.get("aws_session_token")


def _unchecked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
