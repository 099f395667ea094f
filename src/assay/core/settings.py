"""Every setting of Assay in one table. No other module reads the environment.

A setting is read when it is asked for, so that a program may set its variable before the first use. Assay's own
variable wins over MLflow's.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

PREFIX = "ASSAY_"

_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LONGEST = 1e9


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting: what reads its text, default, environment variables in order of precedence, and what it does."""

    name: str
    type: Callable[[str], Any]
    default: T
    variables: tuple[str, ...]
    help: str

    def get(self) -> T:
        """The value in force.

        Raises:
            ConfigurationError: the variable's text is no value of the setting; names variable and text.
        """
        for variable in self.variables:
            text = os.environ.get(variable)
            if text is not None and text != "":
                return self._parse(text, variable)
        return self.default

    def set(self, value: T | None) -> None:
        """Export the value to this process and the ones it starts; None takes it back."""
        for variable in self.variables:
            if value is None:
                os.environ.pop(variable, None)
            else:
                os.environ[variable] = str(value)

    def _parse(self, text: str, variable: str) -> T:
        try:
            return cast("T", _PARSERS.get(self.type, self.type)(text))
        except ValueError as error:
            raise ConfigurationError(f"{variable} is {text!r}, which is not {_ARTICLES[self.type]}.") from error


def environment() -> dict[str, str]:
    """The environment of this process, for one that it starts."""
    return dict(os.environ)


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= _LONGEST:
        raise ValueError(text)
    return number


def _wait(text: str) -> float:
    if not _seconds(text):
        raise ValueError(text)
    return _seconds(text)


def _level(text: str) -> str:
    if text.upper() not in _LEVELS:
        raise ValueError(text)
    return text


def _parse_bool(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(text)


_PARSERS: dict[Callable[[str], Any], Callable[[str], Any]] = {bool: _parse_bool}
_ARTICLES: dict[Callable[[str], Any], str] = {
    bool: "true or false",
    int: "a whole number",
    str: "text",
    _whole: "a whole number from 0 on",
    _seconds: "a number of seconds from 0 on",
    _wait: "a number of seconds above 0",
    _level: f"one of {', '.join(_LEVELS)}",
}

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


tracking_uri = _setting(
    "tracking_uri",
    cast("str | None", None),
    "Where runs are kept: a directory, `sqlite:///file.db`, or the address of a server. Default: `./mlruns`.",
    "MLFLOW_TRACKING_URI",
    type=str,
)
experiment_name = _setting(
    "experiment_name",
    cast("str | None", None),
    "The experiment of runs that name none; created when missing.",
    "MLFLOW_EXPERIMENT_NAME",
    type=str,
)
experiment_id = _setting(
    "experiment_id",
    cast("str | None", None),
    "The id of the experiment of runs that name none.",
    "MLFLOW_EXPERIMENT_ID",
    type=str,
)
run_id = _setting(
    "run_id", cast("str | None", None), "The run that the first `start_run` resumes.", "MLFLOW_RUN_ID", type=str
)
run_context = _setting(
    "run_context",
    cast("str | None", None),
    "A JSON object of extra tags for every run.",
    "MLFLOW_RUN_CONTEXT",
    type=str,
)
tracking_username = _setting(
    "tracking_username", cast("str | None", None), "User name for the server.", "MLFLOW_TRACKING_USERNAME", type=str
)
tracking_password = _setting(
    "tracking_password", cast("str | None", None), "Password for the server.", "MLFLOW_TRACKING_PASSWORD", type=str
)
tracking_token = _setting(
    "tracking_token",
    cast("str | None", None),
    "Bearer token for the server; user name and password win over it.",
    "MLFLOW_TRACKING_TOKEN",
    type=str,
)
tracking_insecure_tls = _setting(
    "tracking_insecure_tls",
    False,
    "Accept any TLS certificate of the server. For tests only.",
    "MLFLOW_TRACKING_INSECURE_TLS",
)
tracking_server_cert_path = _setting(
    "tracking_server_cert_path",
    cast("str | None", None),
    "A file of certificates to trust for the server.",
    "MLFLOW_TRACKING_SERVER_CERT_PATH",
    type=str,
)
tracking_client_cert_path = _setting(
    "tracking_client_cert_path",
    cast("str | None", None),
    "A PEM file with the client's certificate and key.",
    "MLFLOW_TRACKING_CLIENT_CERT_PATH",
    type=str,
)
http_timeout = _setting(
    "http_timeout", 120.0, "Seconds to wait for an answer of the server.", "MLFLOW_HTTP_REQUEST_TIMEOUT", type=_wait
)
http_max_retries = _setting(
    "http_max_retries",
    7,
    "How often a request that wants an answer is retried when the server is busy or away.",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES",
    type=_whole,
)
spool_dir = _setting(
    "spool_dir",
    cast("str | None", None),
    "Where records for a remote server wait. Default: `assay/spool` in the user's state directory.",
    type=str,
)
state_dir = _setting(
    "state_dir", "~/.local/state", "The user's state directory, which holds the spool.", "XDG_STATE_HOME"
)
spool_max_bytes = _setting(
    "spool_max_bytes",
    10 << 30,
    "Bytes that may wait in the spool before records are refused, counted and reported.",
    type=_whole,
)
end_timeout = _setting(
    "end_timeout",
    30.0,
    "Seconds that the end of a run waits for a server that answers; what remains is sent in the background.",
    type=_seconds,
)
connect_timeout = _setting(
    "connect_timeout", 2.0, "Seconds that the start of a run waits for a server before it goes on offline.", type=_wait
)
truncate_long_values = _setting(
    "truncate_long_values",
    True,
    "Cut params and tags that are too long, with a warning; otherwise refuse them.",
    "MLFLOW_TRUNCATE_LONG_VALUES",
)
suppress_urls = _setting(
    "suppress_urls",
    False,
    "Do not print the address of a run when it ends.",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT",
)
allow_pickle_deserialization = _setting(
    "allow_pickle_deserialization",
    True,
    "Load models that are pickles. Loading one runs code of whoever wrote it.",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION",
)
log_level = _setting("log_level", "INFO", "Least severe level that is logged.", "MLFLOW_LOGGING_LEVEL", type=_level)

server_host = _setting("host", "127.0.0.1", "Address that the server listens on.", "MLFLOW_HOST")
server_port = _setting("port", 5000, "Port that the server listens on.", "MLFLOW_PORT")
backend_store_uri = _setting(
    "backend_store_uri",
    cast("str | None", None),
    "The server's store. Default: `./mlruns`.",
    "MLFLOW_BACKEND_STORE_URI",
    type=str,
)
artifacts_destination = _setting(
    "artifacts_destination", "./mlartifacts", "Where the server keeps artifacts.", "MLFLOW_ARTIFACTS_DESTINATION"
)
default_artifact_root = _setting(
    "default_artifact_root",
    cast("str | None", None),
    "Where clients find the artifacts of new experiments. Default: through the server.",
    "MLFLOW_DEFAULT_ARTIFACT_ROOT",
    type=str,
)
serve_artifacts = _setting(
    "serve_artifacts", True, "Whether the server hands artifacts in and out.", "MLFLOW_SERVE_ARTIFACTS"
)
allowed_hosts = _setting(
    "allowed_hosts",
    cast("str | None", None),
    "Host names, separated by commas, under which browsers may reach the server, besides this machine's own; "
    "`*` allows any.",
    "MLFLOW_SERVER_ALLOWED_HOSTS",
    type=str,
)
cors_allowed_origins = _setting(
    "cors_allowed_origins",
    cast("str | None", None),
    "Origins, separated by commas, whose pages may call the API, besides the server's own.",
    "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS",
    type=str,
)
max_body_bytes = _setting("max_body_bytes", 64 << 20, "Largest request body in bytes, artifacts excepted.", type=_whole)
