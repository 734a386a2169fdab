"""Short form of a profile for a machine of one's own: a list of couplings and a few numbers.

    name: ring_4
    error_metric: average_gate_infidelity      # needed as soon as an error is given
    native: cz
    t1: 80 us
    t2: 60 us
    error_1q: 0.0003
    duration_1q: 25 ns
    couplings:
      - [0, 1]
      - {qubits: [1, 2], error: 0.004, duration: 42 ns}
    qubits: {3: {t1: 12 us, p10: 0.01, p01: 0.02}}

Durations carry their unit. A number under `couplings` or `qubits` replaces the one for the whole machine.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field

from hardware_profiles.figures import Frozen, Name, Statistic, Status
from hardware_profiles.rates import Metric, Scope
from hardware_profiles.schema import MAX_QUBITS, HardwareProfile, Place, Technology
from qcompile.errors import InputError, nearest
from qcompile.units import parse_seconds

__all__ = ["profile_from_short_form"]

Duration = str | None


class _Coupling(Frozen):
    qubits: tuple[int, int]
    error: float | None = Field(default=None, ge=0, le=1)
    duration: Duration = None
    enabled: bool = True


class _Qubit(Frozen):
    t1: Duration = None
    t2: Duration = None
    error_1q: float | None = Field(default=None, ge=0, le=1)
    p10: float | None = Field(default=None, ge=0, le=1)
    p01: float | None = Field(default=None, ge=0, le=1)
    enabled: bool = True


class _Short(_Qubit):
    name: Name
    couplings: tuple[_Coupling | tuple[int, int], ...] | Literal["all_to_all"]
    qubits: dict[int, _Qubit] = Field(default_factory=dict)
    schema_version: Literal[1] = 1
    n_qubits: int | None = Field(default=None, ge=1, le=MAX_QUBITS)
    native: str = "cz"
    one_qubit: Literal["phased_xz", "sx", "gpi"] = "phased_xz"
    virtual_z: bool = True
    directed: bool = False
    coordinates: tuple[tuple[Place, Place], ...] | None = None
    technology: Technology = "generic"
    error_metric: Metric | None = None
    scope: Scope = "isolated"
    error: float | None = Field(default=None, ge=0, le=1)
    duration: Duration = None
    duration_1q: Duration = None
    duration_readout: Duration = None
    duration_reset: Duration = None
    max_parallel_2q: int | None = Field(default=None, ge=1)
    source: str = "given by the user"
    date: str = "undated"
    status: Status = "assumed"
    statistic: Statistic = "per_element"


#: Two-qubit gates that the short form knows.
_NATIVES = ("cx", "cz", "ecr", "fsim", "iswap", "rxx", "rzz", "sqrt_iswap", "syc")


def profile_from_short_form(data: dict[str, Any]) -> HardwareProfile:
    """Return the profile of kind model that the short form describes.

    Raises:
        InputError: A field is wrong, a qubit is out of range, or an error has no metric.
        pydantic.ValidationError: A field has the wrong type; `library.profile_from_data` words it.
    """
    short = _Short.model_validate_json(json.dumps(data))
    pairs = [] if isinstance(short.couplings, str) else [_coupling(entry) for entry in short.couplings]
    highest = max((q for pair in pairs for q in pair.qubits), default=max(short.qubits, default=0))
    n = short.n_qubits or min(1 + max(highest, 0), MAX_QUBITS)
    if isinstance(short.couplings, str) and short.n_qubits is None:
        raise InputError("is missing", where="n_qubits", hint="say how many qubits are coupled all to all")
    native = {"sqrtiswap": "sqrt_iswap"}.get(short.native, short.native)
    if native not in _NATIVES:
        raise InputError(f"is {short.native!r}", where="native", hint=nearest(short.native, _NATIVES))
    for index, pair in enumerate(pairs):
        if min(pair.qubits) < 0 or max(pair.qubits) >= n or pair.qubits[0] == pair.qubits[1]:
            hint = f"use two different qubits from 0 to {n - 1}"
            raise InputError(f"is {list(pair.qubits)}", where=f"couplings[{index}].qubits", hint=hint)
    for q in short.qubits:
        if not 0 <= q < n:
            raise InputError(f"names qubit {q}", where="qubits", hint=f"use qubits from 0 to {n - 1}")
    qubits = [short.qubits.get(q, _Qubit()) for q in range(n)]
    profile = _profile(short, pairs, qubits, native)
    return HardwareProfile.model_validate_json(json.dumps(profile))


def _coupling(entry: _Coupling | tuple[int, int]) -> _Coupling:
    return entry if isinstance(entry, _Coupling) else _Coupling(qubits=entry)


def _profile(short: _Short, pairs: list[_Coupling], qubits: list[_Qubit], native: str) -> dict[str, Any]:
    origin = {"status": short.status, "statistic": short.statistic, "source": "user", "date": short.date}
    columns = _Columns(short, origin)
    of_qubit: dict[str, list[Any]] = {}
    for name in ("t1", "t2", "error_1q", "p10", "p01"):
        of_qubit[name] = [columns.value(name, f"qubits[{q}]", getattr(entry, name)) for q, entry in enumerate(qubits)]
    of_edge: dict[str, list[Any]] = {}
    for name in ("error", "duration"):
        of_edge[name] = [columns.value(name, f"couplings[{k}]", getattr(pair, name)) for k, pair in enumerate(pairs)]
    figures = {
        name: {**origin, "statistic": "typical", "unit": "s", "value": columns.value(name, "", None)}
        for name in ("duration_1q", "duration_readout", "duration_reset")
        if getattr(short, name) is not None
    }
    all_to_all = isinstance(short.couplings, str)
    if all_to_all:
        for name in ("error", "duration"):
            if getattr(short, name) is not None:
                value = columns.value(name, "", None)
                figures[name] = {**columns.head(name), "statistic": "typical", "value": value}
                figures[name].pop("name")
    known = {
        name for table in (of_qubit, of_edge) for name, cells in table.items() if any(c is not None for c in cells)
    }
    known |= set(figures)
    named = {name: name for name in known}
    limit = short.max_parallel_2q
    topology = {
        "kind": "all_to_all" if all_to_all else "graph" if short.coordinates is None else "grid",
        "n_qubits": len(qubits),
        "edges": [pair.qubits for pair in pairs],
        "directed": short.directed,
        "all_to_all": all_to_all,
        "coordinates": short.coordinates,
        "disabled_qubits": [q for q, entry in enumerate(qubits) if not entry.enabled],
    }
    return {
        "id": short.name,
        "display_name": short.name,
        "vendor": "user",
        "technology": short.technology,
        "kind": "model",
        "snapshot": short.date,
        "sources": {
            "user": {"title": short.source, "ref": "user", "date": short.date, "kind": "user file", "read": "full file"}
        },
        "topology": topology,
        "gates": [
            {"name": native, "arity": 2},
            {"name": short.one_qubit, "arity": 1},
            *([{"name": "virtual_z", "arity": 1, "virtual": True}] if short.virtual_z else []),
        ],
        "operations": [
            {"gate": short.one_qubit, "error": named.get("error_1q"), "duration": named.get("duration_1q")},
            {
                "gate": native,
                "error": named.get("error"),
                "duration": named.get("duration"),
                "disabled": [k for k, pair in enumerate(pairs) if not pair.enabled],
            },
        ],
        "qubit_figures": {
            **{name: named.get(name) for name in ("t1", "t2", "p10", "p01")},
            "readout_duration": named.get("duration_readout"),
            "reset_duration": named.get("duration_reset"),
        },
        "constraints": None
        if limit is None
        else {"parallel_two_qubit_gates": {**origin, "statistic": "exact", "unit": "count", "value": limit}},
        "figures": figures,
        "qubit_table": columns.table(of_qubit),
        "edge_table": None if all_to_all else columns.table(of_edge),
    }


class _Columns:
    """Fills in what the whole machine shares, parses durations, and puts the metric to the errors."""

    def __init__(self, short: _Short, origin: dict[str, Any]) -> None:
        self.short = short
        self.origin = origin

    def value(self, name: str, place: str, own: Any) -> Any:
        value = getattr(self.short, name) if own is None else own
        where = name if own is None else f"{place}.{name}"
        if isinstance(value, str):
            return parse_seconds(value, where=where)
        if value is not None and name.startswith("error") and self.short.error_metric is None:
            hint = "say which metric the errors are, such as average_gate_infidelity"
            raise InputError("is missing", where="error_metric", hint=hint)
        return value

    def head(self, name: str) -> dict[str, Any]:
        if name.startswith("error"):
            n = 1 if name == "error_1q" else 2
            kind = {"metric": self.short.error_metric, "num_qubits": n, "scope": self.short.scope}
            return {**self.origin, "name": name, "unit": "1", "error": kind}
        return {**self.origin, "name": name, "unit": "1" if name in ("p10", "p01") else "s"}

    def table(self, cells: dict[str, list[Any]]) -> dict[str, Any] | None:
        kept = {name: values for name, values in cells.items() if any(value is not None for value in values)}
        if not kept:
            return None
        return {
            "columns": [self.head(name) for name in kept],
            "rows": [list(row) for row in zip(*kept.values(), strict=True)],
        }
