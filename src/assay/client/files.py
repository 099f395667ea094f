"""The client's operations on artifact files."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from assay.client import artifacts, downloads, entities, images, rendering
from assay.client.connection import settle_files
from assay.core.clock import now_ms
from assay.core.errors import InvalidParameterValue
from assay.service import rules
from assay.wire.artifacts import ListArtifacts, ListArtifactsResponse

if TYPE_CHECKING:
    from assay.client.connection import Connection

IMAGES_TAG = "mlflow.loggedImages"


class FileOperations:
    """What a client can do with the files of runs. A file is kept whole before a call returns."""

    _connection: Connection

    def log_artifact(self, run_id: str, local_path: str | Path, artifact_path: str | None = None) -> None:
        """Keep a file, or a directory under its own name, below `artifact_path`.

        Raises:
            InvalidParameterValue: there is nothing at `local_path`, or the path is not acceptable.
            ResourceDoesNotExist: there is no such run.
        """
        artifacts.log_path(self._connection, run_id, Path(local_path), path=artifact_path)

    def log_artifacts(self, run_id: str, local_dir: str | Path, artifact_path: str | None = None) -> None:
        """Keep everything in a directory, below `artifact_path`.

        Raises:
            InvalidParameterValue: there is no such directory, or the path is not acceptable.
            ResourceDoesNotExist: there is no such run.
        """
        artifacts.log_tree(self._connection, run_id, Path(local_dir), path=artifact_path or "")

    def log_text(self, run_id: str, text: str, artifact_file: str) -> None:
        """Keep a text as a UTF-8 file.

        Raises:
            InvalidParameterValue: the path is not acceptable.
            ResourceDoesNotExist: there is no such run.
        """
        artifacts.log_bytes(self._connection, run_id, text.encode(), path=artifact_file)

    def log_dict(self, run_id: str, dictionary: dict[str, Any], artifact_file: str) -> None:
        """Keep a dictionary: as YAML when the name ends in .yaml or .yml, otherwise as JSON.

        Raises:
            InvalidParameterValue: the path is not acceptable, or JSON cannot express the dictionary.
            ResourceDoesNotExist: there is no such run.
        """
        data = rendering.dictionary(dictionary, path=artifact_file)
        artifacts.log_bytes(self._connection, run_id, data, path=artifact_file)

    def log_stream(self, run_id: str, stream: IO[bytes], artifact_file: str) -> None:
        """Keep everything that a binary file object still holds; it is read in pieces, never held in memory.

        Raises:
            InvalidParameterValue: the path is not acceptable.
            ResourceDoesNotExist: there is no such run.
        """
        artifacts.log_stream(self._connection, run_id, stream, path=artifact_file)

    def log_figure(
        self, run_id: str, figure: Any, artifact_file: str, *, save_kwargs: dict[str, Any] | None = None
    ) -> None:
        """Keep a figure of Matplotlib or Plotly, in the format of the name's extension.

        Raises:
            InvalidParameterValue: it is no figure, or the path is not acceptable.
            ResourceDoesNotExist: there is no such run.
        """
        data = rendering.figure(figure, path=artifact_file, save_kwargs=save_kwargs)
        artifacts.log_bytes(self._connection, run_id, data, path=artifact_file)

    def log_image(
        self,
        run_id: str,
        image: Any,
        artifact_file: str | None = None,
        key: str | None = None,
        step: int | None = None,
        timestamp: int | None = None,
        synchronous: bool | None = None,
    ) -> None:
        """Keep an image: as `artifact_file`, or as one of the images over steps that `key` names.

        Args:
            run_id: the run.
            image: an array of pixels, a PIL image or an `assay.Image`.
            artifact_file: where it goes; the extension says the format.
            key: what it shows, with images of other steps; a small version is kept beside it.
            step: the step, 0 by default.
            timestamp: milliseconds since the epoch, now by default.
            synchronous: for compatibility; the image is kept before this returns in any case.

        Raises:
            NoImage: it is no image, or not exactly one of `artifact_file` and `key` is given.
            InvalidParameterValue: the pixels, the key or the path are not acceptable.
            ResourceDoesNotExist: there is no such run.
        """
        del synchronous
        if (artifact_file is None) == (key is None):
            raise images.NoImage("Give artifact_file, or key for an image over steps: exactly one of the two.")
        if artifact_file is not None:
            if step is not None or timestamp is not None:
                raise images.NoImage("step and timestamp go with key; an image as artifact_file has neither.")
            data = images.encode(image, path=artifact_file)
            artifacts.log_bytes(self._connection, run_id, data, path=artifact_file)
            return
        full, small = images.names(str(key), step=step or 0, timestamp=timestamp or now_ms())
        picture = images.pil_image(image)
        artifacts.log_bytes(self._connection, run_id, images.encode(picture, path=full), path=full)
        artifacts.log_bytes(self._connection, run_id, images.compressed(picture), path=small)
        self._connection.recorder(run_id).tag(IMAGES_TAG, value=True)

    def list_artifacts(self, run_id: str, path: str | None = None) -> list[entities.FileInfo]:
        """One directory level of a run's artifacts, sorted by path.

        Raises:
            ResourceDoesNotExist: there is no such run.
        """
        settle_files()
        request = ListArtifacts(run_id=rules.run_id(run_id), path=path or None)
        return [entities.file_info(one) for one in self._connection.ask(request, ListArtifactsResponse).files]

    def download_artifacts(self, run_id: str, path: str, dst_path: str | None = None) -> str:
        """Fetch a file, or a directory with all below it, into `dst_path` (a new temporary directory by default).

        Returns where it lies now.

        Raises:
            ResourceDoesNotExist: there is no such run or artifact.
            InvalidParameterValue: `dst_path` is not a directory.
        """
        destination = Path(dst_path) if dst_path else None
        if destination is not None and destination.exists() and not destination.is_dir():
            raise InvalidParameterValue(f"{dst_path!r} is not a directory. Name one for the downloaded files.")
        settle_files()
        self._connection.settle()
        blobs = self._connection.blobs(run_id)
        return str(downloads.download(blobs, path.strip("/"), destination=destination))
