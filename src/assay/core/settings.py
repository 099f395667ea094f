"""Every setting of Assay in one table. No other module but `core.setting` reads the environment.

A setting is read when it is asked for, so that a program may set its variable before the first use. Assay's own
variable wins over MLflow's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from assay.core.setting import OWN, Setting, count, environment, level, seconds, secret, trust, wait, whole

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PREFIX", "SETTINGS", "Setting", "environment", "secret"]

T = TypeVar("T")

PREFIX = "ASSAY_"

SETTINGS: dict[str, Setting[Any]] = {}


def _setting(name: str, default: T, help: str, *variables: str, type: Callable[[str], Any] | None = None) -> Setting[T]:
    setting = Setting(
        name=name,
        type=type or default.__class__,
        default=default,
        variables=(f"{PREFIX}{name.upper()}", *variables),
        help=help,
    )
    SETTINGS[name] = setting
    return setting


def _text(name: str, help: str, *variables: str) -> Setting[str | None]:
    """A text that need not be set."""
    return _setting(name, cast("str | None", None), help, *variables, type=str)


tracking_uri = _text(
    "tracking_uri",
    "Where runs are kept: a directory, `sqlite:///file.db`, the address of a server or of a database. Default: "
    "`./mlruns`.",
    "MLFLOW_TRACKING_URI",
)
registry_uri = _text(
    "registry_uri", "The server or store of registered models. Default: the tracking URI.", "MLFLOW_REGISTRY_URI"
)
experiment_name = _text(
    "experiment_name", "The experiment of runs that name none; created when missing.", "MLFLOW_EXPERIMENT_NAME"
)
experiment_id = _text("experiment_id", "The id of the experiment of runs that name none.", "MLFLOW_EXPERIMENT_ID")
run_id = _text("run_id", "The run that the first `start_run` resumes.", "MLFLOW_RUN_ID")
run_context = _text("run_context", "A JSON object of extra tags for every run.", "MLFLOW_RUN_CONTEXT")
tracking_username = _text("tracking_username", "User name for the server.", "MLFLOW_TRACKING_USERNAME")
tracking_password = _text("tracking_password", "Password for the server.", "MLFLOW_TRACKING_PASSWORD")
tracking_token = _text(
    "tracking_token", "Bearer token for the server; user name and password win over it.", "MLFLOW_TRACKING_TOKEN"
)
tracking_insecure_tls = _setting(
    "tracking_insecure_tls",
    False,
    "Accept any TLS certificate of the server. For tests only.",
    "MLFLOW_TRACKING_INSECURE_TLS",
)
tracking_server_cert_path = _text(
    "tracking_server_cert_path", "A file of certificates to trust for the server.", "MLFLOW_TRACKING_SERVER_CERT_PATH"
)
tracking_client_cert_path = _text(
    "tracking_client_cert_path", "A PEM file with the client's certificate and key.", "MLFLOW_TRACKING_CLIENT_CERT_PATH"
)
http_timeout = _setting(
    "http_timeout", 120.0, "Seconds to wait for an answer of the server.", "MLFLOW_HTTP_REQUEST_TIMEOUT", type=wait
)
http_max_retries = _setting(
    "http_max_retries",
    7,
    "How often a request that wants an answer is retried when the server is busy or away.",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES",
    type=whole,
)
spool_dir = _text(
    "spool_dir", "Where records for a remote server wait. Default: `assay/spool` in the user's state directory."
)
state_dir = _setting(
    "state_dir", "~/.local/state", "The user's state directory, which holds the spool.", "XDG_STATE_HOME"
)
spool_max_bytes = _setting(
    "spool_max_bytes",
    10 << 30,
    "Bytes that may wait in the spool before records are refused, counted and reported.",
    type=whole,
)
end_timeout = _setting(
    "end_timeout",
    30.0,
    "Seconds that the end of a run waits for a server that answers; what remains is sent in the background.",
    type=seconds,
)
connect_timeout = _setting(
    "connect_timeout", 2.0, "Seconds that the start of a run waits for a server before it goes on offline.", type=wait
)
artifacts_progress_bar = _setting(
    "artifacts_progress_bar",
    True,
    "Show on a terminal how far files are that go up or down.",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR",
)
artifact_timeout = _setting(
    "artifact_timeout",
    120.0,
    "Seconds to wait for the server while files go up or down.",
    "MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT",
    type=wait,
)
transfer_threads = _setting(
    "transfer_threads", 8, "How many files, or parts of a large one, go up or down at once.", type=count
)
upload_parts_from = _setting(
    "upload_parts_from",
    16 << 20,
    "Files of so many bytes go to an Assay server in parts, which a break does not undo.",
    "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE",
    type=count,
)
download_parts_from = _setting(
    "download_parts_from",
    32 << 20,
    "Files of so many bytes are fetched in parts, several at once, which a break does not undo.",
    "MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE",
    type=count,
)
download_part_bytes = _setting(
    "download_part_bytes", 16 << 20, "Bytes of such a part.", "MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE", type=count
)
truncate_long_values = _setting(
    "truncate_long_values",
    True,
    "Cut params and tags that are too long, with a warning; otherwise refuse them.",
    "MLFLOW_TRUNCATE_LONG_VALUES",
)
suppress_urls = _setting(
    "suppress_urls", False, "Do not print the address of a run when it ends.", "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"
)
enable_async_logging = _setting(
    "enable_async_logging",
    False,
    "Logging calls return a promise to wait for the store; they never wait themselves.",
    "MLFLOW_ENABLE_ASYNC_LOGGING",
)
enable_system_metrics_logging = _setting(
    "enable_system_metrics_logging",
    False,
    "Record how busy the machine is while a run goes on.",
    "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING",
)
system_metrics_sampling_interval = _setting(
    "system_metrics_sampling_interval",
    10.0,
    "Seconds between two looks at the machine.",
    "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL",
    type=wait,
)
system_metrics_samples_before_logging = _setting(
    "system_metrics_samples_before_logging",
    1,
    "How many looks are averaged into one point.",
    "MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING",
    type=count,
)
system_metrics_node_id = _text(
    "system_metrics_node_id",
    "The name of this machine in the keys of its metrics, where several log to one run.",
    "MLFLOW_SYSTEM_METRICS_NODE_ID",
)
log_console = _setting("log_console", False, "Keep what runs print as their artifact `console.log`.")
log_environment = _setting(
    "log_environment",
    True,
    "Keep packages, command line, Python and hardware of new runs as the artifact `assay/environment.json`.",
)
log_code = _setting(
    "log_code",
    True,
    "Keep the script of new runs, and what its repository has beyond the commit, as the artifacts `assay/source` and "
    "`assay/uncommitted.patch`.",
)
active_model_id = _text(
    "active_model_id", "The logged model that metrics are about where none is named.", "MLFLOW_ACTIVE_MODEL_ID"
)
allow_pickle_deserialization = _setting(
    "allow_pickle_deserialization",
    OWN,
    "Load models that run code of whoever wrote them, such as pickles: `true` all, `false` none, `own` those on this "
    "disk and those that the user has recorded.",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION",
    type=trust,
)
log_level = _setting("log_level", "INFO", "Least severe level that is logged.", "MLFLOW_LOGGING_LEVEL", type=level)

server_host = _setting("host", "127.0.0.1", "Address that the server listens on.", "MLFLOW_HOST")
server_port = _setting("port", 5000, "Port that the server listens on.", "MLFLOW_PORT")
backend_store_uri = _text("backend_store_uri", "The server's store. Default: `./mlruns`.", "MLFLOW_BACKEND_STORE_URI")
server_workers = _setting(
    "workers",
    1,
    "How many processes answer; with PostgreSQL, MySQL or MariaDB as the store, more than one use more processors.",
    "MLFLOW_WORKERS",
    type=count,
)
mysql_ssl_ca = _text("mysql_ssl_ca", "Certificates to trust for a store in MySQL or MariaDB.", "MLFLOW_MYSQL_SSL_CA")
mysql_ssl_cert = _text("mysql_ssl_cert", "The client's certificate for it.", "MLFLOW_MYSQL_SSL_CERT")
mysql_ssl_key = _text("mysql_ssl_key", "The key of that certificate.", "MLFLOW_MYSQL_SSL_KEY")
artifacts_destination = _setting(
    "artifacts_destination",
    "./mlartifacts",
    "Where the server keeps artifacts: a directory or a bucket's URI.",
    "MLFLOW_ARTIFACTS_DESTINATION",
)
default_artifact_root = _text(
    "default_artifact_root",
    "Where clients find the artifacts of new experiments. Default: through the server; with a database as the "
    "tracking URI, `./mlruns`.",
    "MLFLOW_DEFAULT_ARTIFACT_ROOT",
)
serve_artifacts = _setting(
    "serve_artifacts", True, "Whether the server hands artifacts in and out.", "MLFLOW_SERVE_ARTIFACTS"
)
artifacts_only = _setting("artifacts_only", False, "Serve artifacts and nothing else.", "MLFLOW_ARTIFACTS_ONLY")
allowed_artifact_roots = _text(
    "allowed_artifact_roots",
    "Places, separated by commas, that the server reads and writes with its own credentials where an experiment has "
    "them as its artifact location, besides the default root.",
)
enable_proxy_multipart_upload = _setting(
    "enable_proxy_multipart_upload",
    False,
    "Whether the server tells MLflow's clients to send large files past it, to a bucket that they can reach.",
    "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD",
)
enable_proxy_multipart_download = _setting(
    "enable_proxy_multipart_download",
    False,
    "Whether the server tells MLflow's clients to fetch files from the bucket.",
    "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD",
)
presigned_download_seconds = _setting(
    "presigned_download_seconds",
    300,
    "How long a presigned address of a download lives.",
    "MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS",
    type=whole,
)
allowed_hosts = _text(
    "allowed_hosts",
    "Host names, separated by commas, under which browsers may reach the server, besides this machine's own; "
    "`*` allows any.",
    "MLFLOW_SERVER_ALLOWED_HOSTS",
)
cors_allowed_origins = _text(
    "cors_allowed_origins",
    "Origins, separated by commas, whose pages may call the API, besides the server's own.",
    "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS",
)
ssl_certfile = _text("ssl_certfile", "Certificate of the server, with those that vouch for it: it then speaks HTTPS.")
ssl_keyfile = _text("ssl_keyfile", "The key of that certificate.")
auth = _setting("auth", False, "Have users, and let them do only what is granted to them.")
default_permission = _setting(
    "default_permission",
    "NO_PERMISSIONS",
    "What users may do where nothing is granted: NO_PERMISSIONS, READ, USE, EDIT or MANAGE.",
)
admin_username = _setting("admin_username", "admin", "Name of the first administrator.", "MLFLOW_AUTH_ADMIN_USERNAME")
admin_password = _text(
    "admin_password",
    "Password of the first administrator. Default: a random one, shown once.",
    "MLFLOW_AUTH_ADMIN_PASSWORD",
)
admin_password_file = _text("admin_password_file", "A file that holds it instead.")
password_login = _setting(
    "password_login",
    True,
    "Whether passwords are taken; otherwise users log in by OpenID Connect, and programs by tokens.",
)
public_url = _text(
    "public_url", "The address under which browsers reach the server, such as `https://tracking.example`."
)
oidc_issuer = _text(
    "oidc_issuer",
    "The OpenID provider that users log in with, by the address that it gives as its `issuer`. It is to send them back "
    "to `ASSAY_PUBLIC_URL` with `/ajax-api/assay/1/session/oidc/callback`.",
)
oidc_client_id = _text("oidc_client_id", "What the provider calls this server.")
oidc_client_secret = _text(
    "oidc_client_secret", "What proves it to the provider; not needed where the provider takes public clients."
)
oidc_client_secret_file = _text("oidc_client_secret_file", "A file that holds it instead.")
oidc_name = _setting("oidc_name", "OpenID Connect", "What the sign-in page calls the provider.")
oidc_scopes = _setting("oidc_scopes", "openid profile email", "What the provider is asked to tell of users.")
oidc_username_claim = _setting(
    "oidc_username_claim", "preferred_username", "The claim that names a user, such as `email`."
)
oidc_groups_claim = _text(
    "oidc_groups_claim", "The claim that lists the groups of a user, such as `groups`. Default: groups do not matter."
)
oidc_allowed_groups = _text("oidc_allowed_groups", "Groups, separated by commas, one of which a user must be in.")
oidc_admin_group = _text("oidc_admin_group", "The group whose members, and nobody else from there, administer.")
oidc_group_roles = _text(
    "oidc_group_roles",
    "The roles of groups, such as `ml-team=trainers,ops=operators`. Default: of each group the role of its name, if "
    "there is one.",
)
trusted_proxies = _text(
    "trusted_proxies", "Addresses of reverse proxies whose word counts on who asks, from where, and over TLS or not."
)
proxy_user_header = _text("proxy_user_header", "The header in which they name the user who has logged in there.")
proxy_secret = _text(
    "proxy_secret", "What they send along in `X-Assay-Proxy-Secret`, so that only they can name a user."
)
max_body_bytes = _setting("max_body_bytes", 64 << 20, "Largest request body in bytes, artifacts excepted.", type=whole)
serving_timeout = _setting(
    "serving_timeout",
    60,
    "Seconds that a prediction of a served model may take.",
    "MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT",
    type=count,
)
serving_workers = _setting(
    "serving_workers",
    1,
    "How many processes serve a model; each has its own copy.",
    "MLFLOW_MODELS_WORKERS",
    type=count,
)
serving_threads = _setting(
    "serving_threads",
    4,
    "How many predictions each of them makes at once; 1 for models that bear no threads.",
    type=count,
)
webhook_allowed_schemes = _setting(
    "webhook_allowed_schemes",
    "https",
    "How the addresses of webhooks may begin: `https`, or `http,https`.",
    "MLFLOW_WEBHOOK_ALLOWED_SCHEMES",
)
webhook_allowed_ports = _setting(
    "webhook_allowed_ports", "443,8443", "Ports, separated by commas, that webhooks may be sent to."
)
webhook_allowed_networks = _text(
    "webhook_allowed_networks",
    "Networks, such as `10.20.0.0/16`, separated by commas, that webhooks may be sent to although they are not on the "
    "public internet.",
)

s3_endpoint_url = _text(
    "s3_endpoint_url",
    "Address of an S3 server that is not Amazon's.",
    "MLFLOW_S3_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL",
)
s3_ignore_tls = _setting(
    "s3_ignore_tls", False, "Accept any TLS certificate of the S3 server. For tests only.", "MLFLOW_S3_IGNORE_TLS"
)
s3_addressing_style = _setting(
    "s3_addressing_style",
    "auto",
    "Where the bucket stands in S3 addresses: `virtual` in the host's name, otherwise in the path.",
    "MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE",
)
aws_region = _text("aws_region", "Region of the S3 bucket.", "AWS_REGION", "AWS_DEFAULT_REGION")
aws_access_key_id = _text("aws_access_key_id", "Name of the key for S3 and R2.", "AWS_ACCESS_KEY_ID")
aws_secret_access_key = _text("aws_secret_access_key", "The key for S3 and R2.", "AWS_SECRET_ACCESS_KEY")
aws_session_token = _text("aws_session_token", "Token of a key that expires.", "AWS_SESSION_TOKEN")
aws_credentials_file = _setting(
    "aws_credentials_file",
    "~/.aws/credentials",
    "AWS's file of keys, read when none is set.",
    "AWS_SHARED_CREDENTIALS_FILE",
)
aws_profile = _setting("aws_profile", "default", "The section of that file.", "AWS_PROFILE")
google_application_credentials = _text(
    "google_application_credentials", "The account's file for Google Cloud Storage.", "GOOGLE_APPLICATION_CREDENTIALS"
)
azure_account_name = _text(
    "azure_account_name", "Azure account.", "AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT"
)
azure_account_key = _text(
    "azure_account_key", "Its key.", "AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_ACCESS_KEY", "AZURE_STORAGE_KEY"
)
azure_sas_token = _text("azure_sas_token", "Or a shared access signature for it.", "AZURE_STORAGE_SAS_TOKEN")
azure_connection_string = _text("azure_connection_string", "Or all in one text.", "AZURE_STORAGE_CONNECTION_STRING")
model_version_source_pattern = _text(
    "model_version_source_pattern",
    "A regular expression to be found in the source of each new version of a registered model.",
    "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX",
)
