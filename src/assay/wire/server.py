"""What a server says of itself."""

from __future__ import annotations

from assay.wire.base import Message, operation

MLFLOW_VERSION = "3.17.2"
"""The version of MLflow's API that is spoken here, as `/version` tells clients."""


class ServerInfoResponse(Message, omit_defaults=False):
    """The kind of store behind the server, and what it offers beyond MLflow's API.

    `password_login` is whether users log in by a password, `oidc_name` is the OpenID provider that they may log in
    with; empty without one.
    """

    store_type: str
    assay_version: str
    journal: bool = True
    password_login: bool = False
    oidc_name: str = ""
    workspaces_enabled: bool = False
    trace_archival_enabled: bool = False
    multipart_uploads_enabled: bool = False
    multipart_downloads_enabled: bool = False
    presigned_upload_run_id_supported: bool = True
    presigned_upload_model_id_supported: bool = True


@operation("GET", "3.0/mlflow/server-info", returns=ServerInfoResponse, access="open", quick=True)
class GetServerInfo(Message):
    """What the server is and can do."""
