"""Programs that `torch.export` has written (`.pt2`): whether loading one can run code of its writer.

PyTorch evaluates expressions that stand in the file, looks operators up by name, and unpickles what is no plain tensor.
A program counts as data only if all of that is known to be harmless: tensors, operators of PyTorch's own, arithmetic on
sizes. Everything else is loaded as pickles are. The check reads names and text; it builds nothing.
"""

from __future__ import annotations

import ast
import io
import json
import pickle
import re
import zipfile
from typing import TYPE_CHECKING, Any

from assay.core.lazy import require

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[\w.:+\-]*")
_OPERATOR = re.compile(r"torch\.ops\.(aten|prims|higher_order)\.\w+(\.\w+)?|torch\.sym_\w+|_operator\.(\w+)|math\.\w+")
_ARITHMETIC = frozenset("add sub mul truediv floordiv mod pow neg pos eq ne lt le gt ge and_ or_ getitem".split())
_FILES = frozenset(f"torch.ops.aten.{name}" for name in ("from_file", "save", "load", "open"))
"""Operators that touch files."""
_SIZES = frozenset(
    """
    Symbol Integer Rational Float Min Max Mod PythonMod FloorDiv CleanDiv CeilDiv ModularIndexing Where Add Mul Pow
    PowByNatural FloatPow FloatTrueDiv IntTrueDiv ToFloat TruncToInt TruncToFloat FloorToInt CeilToInt RoundToInt
    RoundDecimal LShift RShift Eq Ne Lt Le Gt Ge And Or Not Abs Identity IsNonOverlappingAndDenseIndicator
    """.split()
)
"""Functions of sizes that PyTorch writes into programs."""
_GRAMMAR = (
    *(ast.Expression, ast.Call, ast.Name, ast.Constant, ast.keyword, ast.Load),
    *(ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare),
    *(ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
)
_PROGRAM = re.compile(r"(.+/)?(models/[^/]+\.json|serialized_exported_program\.json)")
_TENSORS = re.compile(r"(.+/)?(data/weights/weight_\d+|data/constants/tensor_\d+)")
_CONFIG = re.compile(r"(.+/)?data/(weights|constants)/[^/]+_config\.json")
_STATE = re.compile(r"(.+/)?(data/sample_inputs/[^/]+\.pt|serialized_(state_dict|constants|example_inputs)\.(pt|json))")
_MARKS = re.compile(r"(.+/)?(archive_format|archive_version|version|byteorder|\.data/(version|serialization_id))")


def is_data(file: Path) -> bool:
    """Whether a program holds nothing but tensors, operators of PyTorch and arithmetic.

    Raises:
        zipfile.BadZipFile: it is damaged.
    """
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        if len(set(names)) < len(names):  # PyTorch may read another one of the same name
            return False
        return all(_is_harmless(name, archive) for name in names)


def _is_harmless(name: str, archive: zipfile.ZipFile) -> bool:
    if _TENSORS.fullmatch(name) or _MARKS.fullmatch(name):
        return True
    content = archive.read(name)
    if _PROGRAM.fullmatch(name) or _CONFIG.fullmatch(name):
        return _is_plain(_parsed(content), "")
    return bool(_STATE.fullmatch(name)) and _is_state(content)


def _parsed(content: bytes | str) -> Any:
    """JSON as values; what is none becomes a text that no rule lets pass."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return "(no JSON)"


def _is_state(content: bytes) -> bool:
    """Whether a pickle holds tensors alone, which PyTorch reads by a reader that makes nothing else."""
    if not content:
        return True
    try:
        require("torch", extra="pytorch").load(io.BytesIO(content), weights_only=True)
    except (pickle.UnpicklingError, EOFError, RuntimeError):
        return False
    return True


def _is_plain(value: Any, key: str) -> bool:
    """Whether values in a program, and all below them, are names, numbers, known operators and arithmetic."""
    if isinstance(value, dict):
        if value.get("use_pickle"):
            return False
        return all(_NAME.fullmatch(name) and _is_plain(one, name) for name, one in value.items() if name != "metadata")
    if isinstance(value, list):
        return all(_is_plain(one, key) for one in value)
    return not isinstance(value, str) or _is_plain_text(value, key)


def _is_plain_text(text: str, key: str) -> bool:
    if key == "target":
        return _is_operator(text)
    if key == "expr_str":
        return _is_arithmetic(text)
    if key in ("in_spec", "out_spec"):
        return _is_plain(_parsed(text), "spec") if text else True
    if key == "context":  # of a container: its keys, as JSON within JSON
        return _is_plain(_parsed(text), "name")
    return bool(_NAME.fullmatch(text))


def _is_operator(text: str) -> bool:
    found = _OPERATOR.fullmatch(text)
    if found is None or text.rpartition(".")[0] in _FILES or text in _FILES:
        return False
    return found[3] is None or found[3] in _ARITHMETIC


def _is_arithmetic(text: str) -> bool:
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return False
    return all(_is_step(node) for node in ast.walk(tree))


def _is_step(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _SIZES
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.isidentifier()
    return isinstance(node, _GRAMMAR)
