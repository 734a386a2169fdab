"""Profiles from coupling lists, CSV files and networkx graphs. Units and metrics are stated, never guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardware_profiles.files import MAX_BYTES
from hardware_profiles.library import profile_from_data
from qcompile.errors import InputError
from qcompile.units import parse_seconds

if TYPE_CHECKING:
    import networkx as nx

    from hardware_profiles.schema import HardwareProfile

__all__ = ["profile_from_csv", "profile_from_edges", "profile_from_networkx"]

_METRICS = ("average_gate_infidelity", "pauli_error", "depolarizing_lambda", "diamond_distance")
_TIMES = ("s", "ms", "us", "ns")
_HEAD = re.compile(r"\s*([a-z0-9_]+)\s*(?:\[\s*([A-Za-z_]+)\s*\])?\s*")


def profile_from_edges(
    edges: Iterable[Sequence[int]],
    *,
    name: str = "imported",
    native: str = "cz",
    errors: Sequence[float | None] | None = None,
    error_metric: str | None = None,
    durations_s: Sequence[float | None] | None = None,
    **rest: Any,
) -> HardwareProfile:
    """Return a profile of kind model from pairs of qubits.

    Args:
        edges: Pairs (a, b); for a directed gate (control, target).
        name: Identity of the profile.
        native: Two-qubit gate.
        errors: One per pair, None where unknown.
        error_metric: What the errors are; needed with `errors`.
        durations_s: One per pair in seconds, None where unknown.
        rest: Further fields of the short form, such as `n_qubits`, `t1="80 us"`, `technology`.

    Raises:
        InputError: A pair, an error or a further field is wrong, or the metric is missing.
    """
    pairs = [[int(q) for q in edge] for edge in edges]
    couplings: list[dict[str, Any]] = [{"qubits": pair} for pair in pairs]
    for label, values in (("error", errors), ("duration", durations_s)):
        if values is None:
            continue
        if len(values) != len(pairs):
            raise InputError(f"has {len(values)} entries", where=f"{label}s", hint=f"give one per pair, {len(pairs)}")
        for coupling, value in zip(couplings, values, strict=True):
            if value is not None:
                coupling[label] = float(value) if label == "error" else f"{float(value)!r} s"
    data = {"name": name, "native": native, "couplings": couplings, "error_metric": error_metric, **rest}
    return profile_from_data({key: value for key, value in data.items() if value is not None}, name=name)


def profile_from_networkx(
    graph: nx.Graph, *, name: str = "imported", native: str = "cz", **rest: Any
) -> HardwareProfile:
    """Return a profile of kind model from a graph; qubit k is the k-th node, sorted where nodes can be.

    Edge attributes are not read: give numbers for the whole machine as further fields of the short form.

    Raises:
        InputError: The graph has no edges, has loops, or a further field is wrong.
    """
    nodes = list(graph.nodes)
    try:
        nodes = sorted(nodes)
    except TypeError:  # nodes of several types have no order of their own
        nodes = list(graph.nodes)
    index = {node: k for k, node in enumerate(nodes)}
    edges = sorted((index[a], index[b]) for a, b in graph.edges)
    if not graph.is_directed():
        edges = sorted((min(pair), max(pair)) for pair in edges)
    return profile_from_edges(
        edges, name=name, native=native, n_qubits=len(nodes), directed=bool(graph.is_directed()), **rest
    )


def profile_from_csv(
    edges: str | Path,
    qubits: str | Path | None = None,
    *,
    name: str | None = None,
    native: str = "cz",
    error_metric: str | None = None,
    duration_unit: str | None = None,
    time_unit: str | None = None,
    **rest: Any,
) -> HardwareProfile:
    """Return a profile of kind model from CSV files.

    The first has the columns a, b and perhaps error, duration; the second qubit and perhaps t1, t2, p10, p01, error_1q.
    What a number is stands in the header, `error[average_gate_infidelity]`, `duration[ns]`, `t1[us]`, or is given as an
    option. An empty cell is unknown.

    Args:
        edges: Path of the file with the couplings.
        qubits: Path of the file with the qubits.
        name: Identity of the profile; by default the name of the first file.
        native: Two-qubit gate.
        error_metric: Metric of the errors, where the headers do not say.
        duration_unit: Unit of `duration`, where the header does not say.
        time_unit: Unit of `t1` and `t2`, where the header does not say.
        rest: Further fields of the short form.

    Raises:
        InputError: A column is unknown, a unit or metric is missing, or a cell is no number.
    """
    path = Path(edges)
    rows, metrics = _rows(path, ("a", "b"), ("error", "duration"), {"duration": duration_unit}, error_metric)
    couplings = [{"qubits": [row.pop("a"), row.pop("b")], **row} for row in rows]
    per_qubit: dict[str, Any] = {}
    if qubits is not None:
        columns = ("t1", "t2", "p10", "p01", "error_1q")
        units = {"t1": time_unit, "t2": time_unit}
        qubit_rows, more = _rows(Path(qubits), ("qubit",), columns, units, error_metric)
        per_qubit = {str(row.pop("qubit")): row for row in qubit_rows}
        metrics |= more
    if len(metrics) > 1:
        raise InputError(
            f"are {sorted(metrics)}", where=f"{path.name}: metrics", hint="convert the errors to one metric"
        )
    data: dict[str, Any] = {
        "name": name or re.sub(r"[^a-z0-9_.\-]+", "_", path.stem.lower()),
        "native": native,
        "couplings": couplings,
        "qubits": per_qubit,
        "source": path.name,
        **({"error_metric": metrics.pop()} if metrics else {}),
        **rest,
    }
    return profile_from_data(data, name=path.name)


def _rows(
    path: Path,
    keys: tuple[str, ...],
    optional: tuple[str, ...],
    units: Mapping[str, str | None],
    metric: str | None,
) -> tuple[list[dict[str, Any]], set[str]]:
    """Return the rows as short-form entries, unknown cells left out, and the metrics named."""
    table = list(csv.reader(io.StringIO(_text(path))))
    if not table:
        raise InputError("is empty", where=f"{path.name}:", hint=f"start with the header {','.join(keys)}")
    heads = [_head(path, cell, keys, optional) for cell in table[0]]
    missing = [key for key in keys if key not in [name for name, _ in heads]]
    if missing:
        raise InputError(f"has no column {missing[0]!r}", where=f"{path.name}:", hint=f"use {','.join(keys)}")
    said: dict[str, str] = {}
    for name, tag in heads:
        if name in ("t1", "t2", "duration"):
            said[name] = _stated(path, name, tag or units.get(name), _TIMES, "unit")
        elif name.startswith("error"):
            said[name] = _stated(path, name, tag or metric, _METRICS, "metric")
    rows = []
    for line, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heads):
            raise InputError(f"has {len(cells)} cells", where=f"{path.name}: line {line}", hint=f"give {len(heads)}")
        row: dict[str, Any] = {}
        for (name, _), cell in zip(heads, cells, strict=True):
            if cell.strip():
                row[name] = _cell(f"{path.name}: line {line}, {name}", name, cell.strip(), keys, said)
        if any(key not in row for key in keys):
            raise InputError(
                "has an empty cell", where=f"{path.name}: line {line}", hint=f"fill in {' and '.join(keys)}"
            )
        rows.append(row)
    return rows, {said[name] for name in said if name.startswith("error")}


def _cell(where: str, name: str, cell: str, keys: tuple[str, ...], said: dict[str, str]) -> Any:
    try:
        if name in keys:
            return int(cell)
        if name in ("t1", "t2", "duration"):
            return f"{parse_seconds(f'{float(cell)!r} {said[name]}', where=where)!r} s"
        return float(cell)
    except ValueError:
        hint = "use a qubit index" if name in keys else "use a number, or leave the cell empty when it is unknown"
        raise InputError(f"is {cell!r}", where=where, hint=hint) from None


def _head(path: Path, cell: str, keys: tuple[str, ...], optional: tuple[str, ...]) -> tuple[str, str | None]:
    match = _HEAD.fullmatch(cell.strip().lstrip("\ufeff"))
    if match is None or match[1] not in (*keys, *optional):
        hint = f"use {', '.join((*keys, *optional))}, units in brackets"
        raise InputError(f"has the column {cell!r}", where=f"{path.name}: line 1", hint=hint)
    return match[1], match[2]


def _stated(path: Path, name: str, value: str | None, choices: tuple[str, ...], what: str) -> str:
    if value not in choices:
        hint = f"write {name}[{choices[0]}] or another of {', '.join(choices)}"
        found = f"has no {what}" if value is None else f"has the {what} {value!r}"
        raise InputError(found, where=f"{path.name}: column {name}", hint=hint)
    return value


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("is too large", where=f"{path.name}:", hint=f"use at most {MAX_BYTES} bytes")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), hint="check the path") from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", where=f"{path.name}:", hint="save it as UTF-8") from None
