"""Handlers for `wire.server`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay import __version__
from assay.blobs.base import is_direct
from assay.core import settings
from assay.service.dispatch import Context, handles
from assay.wire import server as wire

if TYPE_CHECKING:
    from assay.store.base import Session


@handles(wire.GetServerInfo)
def get_server_info(context: Context, session: Session, request: wire.GetServerInfo) -> wire.ServerInfoResponse:
    """What the server is and can do."""
    del session, request
    reached = context.destination is not None and is_direct(context.destination)
    return wire.ServerInfoResponse(
        store_type=context.store_type,
        assay_version=__version__,
        password_login=context.password_login,
        oidc_name=context.oidc_name,
        multipart_uploads_enabled=reached and settings.enable_proxy_multipart_upload.get(),
        multipart_downloads_enabled=reached and settings.enable_proxy_multipart_download.get(),
    )
