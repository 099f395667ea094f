"""Models taken from one tracking server to another, with what is needed to judge them there."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assay.client import entities, model_uris
from assay.client.api import Client
from assay.client.artifact_uris import download_artifacts
from assay.client.connection import connect
from assay.client.entities.lineage import COPIED_RUN_TAG, COPIED_SERVER_TAG, COPIED_TAG
from assay.core import uri
from assay.core.errors import AssayError, InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from assay.core.log import logger
from assay.flavors import integrity
from assay.flavors.bundle import DEFAULT_NAME
from assay.flavors.mlmodel import MLMODEL_FILE
from assay.service import registry_rules
from assay.service.model_sources import MODELS_SCHEME, parse_model_uri
from assay.wire.runs import GetRun, RunResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.wire.runs import Run

_META = "registered_model_meta"
_BOUND = ("mlflow.modelVersions", "mlflow.parentRunId", "mlflow.runName", "mlflow.log-model.history")
"""Tags that tell of what is not copied."""
_log = logger("flavors")


class _Original(NamedTuple):
    """What is copied: a version or a logged model, by a URI that nobody can move, with all that is known of it."""

    model_uri: str
    server: str
    version: entities.ModelVersion | None
    model: entities.LoggedModel | None
    run: Run | None

    def lineage(self) -> dict[str, str]:
        """The tags that tell where a copy is from."""
        run = {COPIED_RUN_TAG: self.run.info.run_id} if self.run else {}
        return {COPIED_TAG: self.model_uri, COPIED_SERVER_TAG: uri.redact(self.server), **run}


def copy_model_version(
    src_model_uri: str,
    dst_name: str,
    *,
    from_uri: str | None = None,
    to_uri: str | None = None,
    experiment_name: str | None = None,
    with_aliases: bool = False,
) -> entities.ModelVersion:
    """Make a model a version of the registered model `dst_name`, created when missing, here or on another server.

    `src_model_uri` is `models:/<name>/<version>`, `models:/<name>@<alias>` or `models:/<model id>`; `from_uri` and
    `to_uri` are tracking URIs, by default the one in use. Within one store the new version has the files of the old.
    To another, the files are copied, and checked; so are the logged model and what its run recorded: params, tags,
    datasets, and the last values of its metrics, in the experiment `experiment_name` (by default, the name that the
    experiment has where it is from). Tags of the copies say what they were made of. The version is made last, so that
    none is there without its files. `with_aliases` sets its aliases, too, where the gates there let it pass.

    Raises:
        ResourceDoesNotExist: there is no such model, version or run.
        InvalidParameterValue: the URI names no model, or a name is not acceptable.
        DataLoss: a file of the model has changed since it was saved.
        InvalidState: a gate refuses an alias; the version is there.
        AssayError: one of the servers does not answer, or refuses the copy; there is no version then, and the logged
            model is marked as failed as far as can be done.
    """
    registry_rules.model_name(dst_name)
    source, destination = _client(from_uri), _client(to_uri)
    if connect(source.tracking_uri) is connect(destination.tracking_uri):
        made = destination.copy_model_version(src_model_uri, dst_name)
        aliases = _aliases(source, src_model_uri)
    else:
        original = _original(source, src_model_uri)
        made = _copied(source, destination, original, dst_name=dst_name, experiment_name=experiment_name)
        aliases = original.version.aliases if original.version else []
    for alias in aliases if with_aliases else ():
        destination.set_registered_model_alias(dst_name, alias, made.version, note=f"copied from {src_model_uri}")
    return destination.get_model_version(dst_name, made.version)


def _client(tracking_uri: str | None) -> Client:
    return Client(tracking_uri, tracking_uri) if tracking_uri else Client()


def _aliases(source: Client, model_uri: str) -> list[str]:
    version = model_uris.registered(source, model_uri)
    return version.aliases if version else []


def _original(source: Client, model_uri: str) -> _Original:
    if uri.scheme(model_uri) != MODELS_SCHEME or model_uris.split(model_uri)[1]:
        raise InvalidParameterValue(
            f"{model_uri!r} names no model: write models:/<name>/<version>, models:/<name>@<alias> or "
            "models:/<model id>."
        )
    fixed, _ = model_uris.fixed(source, model_uri)
    version = model_uris.registered(source, fixed)
    model_id = model_uris.model_of(version) if version else parse_model_uri(fixed).model_id
    model = _known_model(source, model_id) if model_id else None
    run_id = (version.run_id if version else None) or (model.source_run_id if model else None)
    return _Original(fixed, source.tracking_uri, version, model, _known_run(source, run_id) if run_id else None)


def _known_model(source: Client, model_id: str) -> entities.LoggedModel | None:
    """A logged model, None where it was deleted for good: its versions outlive it."""
    try:
        return entities.logged_model(model_uris.logged_model(source, model_id, deleted=True))
    except ResourceDoesNotExist:
        return None


def _known_run(source: Client, run_id: str) -> Run | None:
    try:
        return connect(source.tracking_uri).ask(GetRun(run_id=run_id), RunResponse).run
    except ResourceDoesNotExist:
        return None


def _copied(
    source: Client, destination: Client, original: _Original, *, dst_name: str, experiment_name: str | None
) -> entities.ModelVersion:
    with tempfile.TemporaryDirectory(prefix="assay-copy-") as scratch:
        directory = _fetched(source, original, scratch)
        experiment_id = _experiment(destination, experiment_name or _experiment_name(source, original))
        run_id = _copy_run(destination, original.run, experiment_id, lineage=original.lineage())
        model_id = _copy_model(destination, original, directory, experiment_id=experiment_id, run_id=run_id)
    with contextlib.suppress(ResourceAlreadyExists):
        destination.create_registered_model(dst_name)
    version = original.version
    return destination.create_model_version(
        dst_name,
        f"{MODELS_SCHEME}:/{model_id}",
        run_id=run_id,
        tags={**(version.tags if version else {}), **original.lineage()},
        description=version.description if version else None,
        model_id=model_id,
    )


def _fetched(source: Client, original: _Original, scratch: str) -> Path:
    """The files of the model, which are as they were saved."""
    version = original.version
    place = source.get_model_version_download_uri(version.name, version.version) if version else original.model_uri
    directory = Path(download_artifacts(place, dst_path=scratch, tracking_uri=source.tracking_uri))
    if (directory / MLMODEL_FILE).is_file():
        integrity.verify(directory, original.model_uri, tags=original.model.tags if original.model else {})
    return directory


def _experiment_name(source: Client, original: _Original) -> str:
    known = original.run.info.experiment_id if original.run else original.model and original.model.experiment_id
    return source.get_experiment(known).name if known else "Default"


def _experiment(destination: Client, name: str) -> str:
    found = destination.get_experiment_by_name(name)
    return found.experiment_id if found else destination.create_experiment(name)


def _copy_run(destination: Client, run: Run | None, experiment_id: str, *, lineage: Mapping[str, str]) -> str | None:
    """A run that says what the original was given and found, with its state and times; returns its id."""
    if run is None:
        return None
    tags = {tag.key: tag.value for tag in run.data.tags if tag.key not in _BOUND}
    made = destination.create_run(experiment_id, run.info.start_time, {**tags, **lineage}, run.info.run_name or None)
    run_id = made.info.run_id
    if datasets := entities.run(run).inputs.dataset_inputs:
        destination.log_inputs(run_id, datasets)
    params = [entities.Param(one.key, one.value) for one in run.data.params]
    destination.log_batch(run_id, [entities.metric(one) for one in run.data.metrics], params)
    destination.set_terminated(run_id, run.info.status, run.info.end_time)
    return run_id


def _copy_model(
    destination: Client, original: _Original, directory: Path, *, experiment_id: str, run_id: str | None
) -> str:
    """A logged model with the original's files, params and metrics; returns its id."""
    model = original.model
    tags = {key: value for key, value in (model.tags if model else {}).items() if key not in _BOUND}
    if (directory / MLMODEL_FILE).is_file():
        tags |= integrity.description_tags(directory)
    made = destination.create_logged_model(
        experiment_id,
        model.name if model else DEFAULT_NAME,
        run_id,
        {**tags, **original.lineage()},
        model.params if model else None,
        model.model_type if model else None,
    )
    try:
        (directory / _META).unlink(missing_ok=True)
        destination.log_model_artifacts(made.model_id, directory)
        if run_id:
            destination.log_outputs(run_id, [entities.LoggedModelOutput(made.model_id, 0)])
            _copy_metrics(destination, model, run_id=run_id, model_id=made.model_id)
    except BaseException:
        _fail(destination, made.model_id)
        raise
    destination.finalize_logged_model(made.model_id, entities.LoggedModelStatus.READY)
    return made.model_id


def _copy_metrics(destination: Client, model: entities.LoggedModel | None, *, run_id: str, model_id: str) -> None:
    points = [
        entities.Metric(
            one.key,
            one.value,
            one.timestamp,
            one.step,
            model_id=model_id,
            dataset_name=one.dataset_name,
            dataset_digest=one.dataset_digest,
        )
        for one in (model.metrics if model else None) or ()
    ]
    recorded = destination.log_batch(run_id, points, synchronous=False)
    if recorded:  # what is refused there is no warning here, but the end of the copy
        recorded.wait()


def _fail(destination: Client, model_id: str) -> None:
    """Mark a copy as failed, as well as can be done: the error that stopped it is the one to be raised."""
    try:
        destination.finalize_logged_model(model_id, entities.LoggedModelStatus.FAILED)
    except AssayError as error:
        _log.warning("The copy %s could not be marked as failed: %s", model_id, error)
