"""Read-only aggregates of models that only the UI asks for: each answers what one page shows."""

from __future__ import annotations

from typing import ClassVar

from assay.wire.base import Message, operation
from assay.wire.gates import GatesResponse
from assay.wire.registry import AliasChange, ModelVersion, RegisteredModel
from assay.wire.views import Cell


class VersionColumns(Message, omit_defaults=False):
    """Versions with what was recorded of them as columns: `columns[name][i]` belongs to `versions[i]`.

    Column names are `attributes.run_name`, `attributes.model_name`, `metrics.<key>`, `params.<key>`. A metric is the
    latest one of the version's logged model, else the last one of its run, as gates see it. A missing value is null.
    """

    versions: list[ModelVersion]
    columns: dict[str, list[Cell]]
    next_page_token: str = ""

    nullable: ClassVar[bool] = True


class ModelSummaries(Message, omit_defaults=False):
    """A page of registered models; `shown` are the newest version of each, and those that an alias stands for.

    `permissions` are what the caller may do with each of the models; on a server without users they are empty.
    """

    models: list[RegisteredModel]
    shown: VersionColumns
    permissions: list[str] = []
    next_page_token: str = ""

    nullable: ClassVar[bool] = True


class GateRule(Message, omit_defaults=False):
    """One rule of a model's gates; `guards` is an alias with its `@`, or a stage."""

    guards: str
    line: int
    rule: str


class ModelPage(Message, omit_defaults=False):
    """A registered model, its newest versions first, the last changes of its aliases, and its gates.

    `permission` is what the caller may do with it, empty on a server without users; `protected` are the aliases that
    only who manages it moves.
    """

    model: RegisteredModel
    versions: VersionColumns
    changes: list[AliasChange]
    gates: GatesResponse
    rules: list[GateRule]
    permission: str = ""
    protected: list[str] = []

    nullable: ClassVar[bool] = True


class VersionFiles(Message, omit_defaults=False):
    """What a version says of itself: the text of its `MLmodel`, `requirements.txt` and `input_example.json`.

    A file that is not there, and an example of more than 100 KB, is empty. `problem` says why none could be read.
    """

    version: str
    mlmodel: str = ""
    requirements: str = ""
    example: str = ""
    problem: str = ""


class VersionFilesResponse(Message, omit_defaults=False):
    """The files, in the order asked for."""

    files: list[VersionFiles]


@operation("POST", "assay/1/views/models", returns=ModelSummaries, access="registered_model:search")
class ViewModels(Message):
    """A page of the list of registered models: what `registered-models/search` finds, with metrics."""

    filter: str | None = None
    order_by: list[str] = []
    max_results: int | None = None
    page_token: str | None = None


@operation("GET", "assay/1/views/model", returns=ModelPage, access="registered_model:read")
class ViewModel(Message):
    """All that the page of a registered model shows; `page_token` leads to older versions."""

    name: str
    max_results: int | None = None
    page_token: str | None = None


@operation("POST", "assay/1/views/versions", returns=VersionColumns, access="registered_model:read")
class ViewVersions(Message):
    """Some versions of a registered model, with their metrics and params, in the order asked for."""

    name: str
    versions: list[str]


@operation(
    "POST",
    "assay/1/views/version-files",
    returns=VersionFilesResponse,
    access="registered_model:read",
    resources=True,
)
class ViewVersionFiles(Message):
    """What some versions of a registered model say of themselves: signature, flavors, requirements."""

    name: str
    versions: list[str]
