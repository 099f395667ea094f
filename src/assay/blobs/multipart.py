"""Uploads to S3 whose parts clients send themselves, each to an address that was signed for it.

obstore signs addresses of objects only, not of uploads. Here its signature is made anew (AWS Signature Version 4 in the
query) with the upload's own parameters; all else of the address, its host, region, time and length of life, stays.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import urllib.error
import urllib.request
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from assay.blobs.object_errors import of_status
from assay.core.errors import (
    AssayError,
    InvalidParameterValue,
    PermissionDenied,
    ResourceDoesNotExist,
    ServerUnreachable,
)
from assay.core.retry import retry

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from assay.wire.artifacts import MultipartUploadPart

MOST_PARTS = 10_000
SECONDS = 60
"""How long an address lives that is used at once."""
_TIMEOUT = 30.0
_RETRIES = 3
_UPLOAD_ID = re.compile(r"<UploadId>([^<]+)</UploadId>")
_REASON = re.compile(r"<Code>(\w+)</Code>")
_CLIENTS_MISTAKES = ("InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML", "EntityTooLarge")


class Multipart:
    """Begins and ends uploads.

    Args:
        name: What errors call the bucket.
        secret: The key that signs; its name stands in every address that obstore signed.
        tls: How the store's certificate is checked; None as usual.
    """

    def __init__(self, *, name: str, secret: str, tls: ssl.SSLContext | None = None) -> None:
        self._name = name
        self._secret = secret
        self._opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=tls))

    def begin(self, signed_post: str, signed_put: str, parts: int) -> tuple[str, list[str]]:
        """Begin an upload; its id, and the address of each part.

        Raises:
            InvalidParameterValue: too many parts, or none.
            PermissionDenied: the store refuses the credentials.
            TemporarilyUnavailable: it does not answer.
        """
        if not 1 <= parts <= MOST_PARTS:
            raise InvalidParameterValue(
                f"Invalid value {parts} for parameter 'num_parts': an upload has 1 to {MOST_PARTS} parts."
            )
        answer = self._send("POST", signed_post, {"uploads": ""})
        found = _UPLOAD_ID.search(answer)
        if not found:
            raise AssayError(f"{self._name} began no upload. Check that it is an S3 store.")
        upload_id = unescape(found[1])
        addresses = [
            resigned("PUT", signed_put, {"partNumber": str(number), "uploadId": upload_id}, secret=self._secret)
            for number in range(1, parts + 1)
        ]
        return upload_id, addresses

    def complete(self, signed_post: str, upload_id: str, parts: Sequence[MultipartUploadPart]) -> None:
        """Make the parts one object.

        Raises:
            ResourceDoesNotExist: there is no such upload.
            InvalidParameterValue: a part is missing, too small, or not the one that was sent.
        """
        listed = "".join(
            f"<Part><PartNumber>{part.part_number}</PartNumber><ETag>{escape(part.etag, quote=False)}</ETag></Part>"
            for part in sorted(parts, key=lambda part: part.part_number)
        )
        body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>"
        answer = self._send("POST", signed_post, {"uploadId": upload_id}, body.encode())
        reason = _REASON.search(answer)  # S3 may find out after it has sent the status
        if reason:
            raise self._refusal(500, reason[1])

    def abort(self, signed_delete: str, upload_id: str) -> None:
        """Drop an upload with its parts; a missing one is accepted."""
        try:
            self._send("DELETE", signed_delete, {"uploadId": upload_id})
        except ResourceDoesNotExist:
            return

    def _send(self, method: str, signed: str, parameters: dict[str, str], body: bytes | None = None) -> str:
        address = resigned(method, signed, parameters, secret=self._secret)
        return retry(lambda: self._exchange(method, address, body), retries=_RETRIES)

    def _exchange(self, method: str, address: str, body: bytes | None) -> str:
        request = urllib.request.Request(address, data=body, method=method)  # noqa: S310 -- signed by ourselves
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as response:
                return str(response.read().decode())
        except urllib.error.HTTPError as error:
            reason = _REASON.search(error.read().decode(errors="replace"))
            raise self._refusal(error.code, reason[1] if reason else "") from error
        except OSError as error:
            raise ServerUnreachable(f"{self._name} does not answer. Try again shortly.") from error

    def _refusal(self, status: int, reason: str) -> AssayError:
        if reason in _CLIENTS_MISTAKES:
            return InvalidParameterValue(f"{self._name} does not take the parts as listed: {reason}. Send them again.")
        if reason == "NoSuchUpload" or status == 404:
            return ResourceDoesNotExist(f"{self._name} knows no such upload, or dropped it. Begin it again.")
        if status in (401, 403):
            return PermissionDenied(f"{self._name} refuses this process's credentials ({reason or status}).")
        return of_status(status, reason, name=self._name, path="the upload")


def resigned(method: str, signed: str, parameters: dict[str, str], *, secret: str) -> str:
    """A signed address with more parameters in its query, signed again.

    Source: "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)" of Amazon S3's API reference.
    """
    parts = urlsplit(signed)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    given.pop("X-Amz-Signature", None)
    date, scope = given["X-Amz-Date"], given["X-Amz-Credential"].split("/", 1)[1]
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted({**given, **parameters}.items()))
    canonical = f"{method}\n{parts.path}\n{query}\nhost:{parts.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return urlunsplit(parts._replace(query=f"{query}&X-Amz-Signature={_hmac(key, text).hex()}"))


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
