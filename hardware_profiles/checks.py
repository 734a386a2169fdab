"""What must hold inside a profile beyond the types of its fields: references, ranges, shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from hardware_profiles.figures import Column, Figure, Table
from hardware_profiles.rates import largest_value
from qcompile.errors import InputError, nearest

if TYPE_CHECKING:
    from hardware_profiles.schema import HardwareProfile, Topology

__all__ = ["LONGEST_SUPERCONDUCTING_READOUT_S", "check_profile", "figures_of"]

#: A transmon readout takes at most tens of microseconds. cirq_google 1.7 states 4 ms for two processors, where 4 us is
#: meant: a unit slip that puts every schedule off by a thousand.
LONGEST_SUPERCONDUCTING_READOUT_S = 1e-4


def figures_of(profile: HardwareProfile) -> Iterator[tuple[str, Figure]]:
    """Yield the place and content of every single figure of a profile."""
    for group, figures in (("figures", profile.figures), ("control", profile.control)):
        for name, figure in figures.items():
            yield f"{group}.{name}", figure
    if profile.constraints is not None:
        for name in ("dt", "default_rep_delay", "parallel_two_qubit_gates"):
            figure = getattr(profile.constraints, name)
            if figure is not None:
                yield f"constraints.{name}", figure
    for group, sets in (("assumptions", profile.assumptions), ("codes", profile.codes)):
        for set_name, assumptions in sets.items():
            for name, figure in assumptions.figures.items():
                yield f"{group}.{set_name}.figures.{name}", figure


def check_profile(profile: HardwareProfile) -> None:
    """Check one profile.

    Raises:
        InputError: With the field, its value, and what to write instead.
    """
    for where, figure in figures_of(profile):
        _source_known(profile, figure.source, where)
        _figure_in_range(figure, float(figure.value), f"{where}.value")
    if profile.topology is not None:
        _topology(profile.topology)
    elif profile.kind in ("device", "model"):
        raise InputError("is missing", where="topology", hint=f"a profile of kind {profile.kind} needs its couplings")
    limit = None if profile.constraints is None else profile.constraints.parallel_two_qubit_gates
    if limit is not None and not (limit.value >= 1 and limit.value.is_integer()):
        where = "constraints.parallel_two_qubit_gates.value"
        raise InputError(f"is {limit.value!r}", where=where, hint="use an integer from 1")
    _tables(profile)
    for name, line in profile.requirements.items():
        if line.source is not None:
            _source_known(profile, line.source, f"requirements.{name}")
    _unique([gate.name for gate in profile.gates], "gates", "name")
    _references(profile)


def _source_known(profile: HardwareProfile, key: str, where: str) -> None:
    if key not in profile.sources:
        raise InputError(f"is {key!r}", where=f"{where}.source", hint=nearest(key, profile.sources))


def _figure_in_range(head: Figure | Column, value: float, where: str) -> None:
    if head.error is not None:
        top = largest_value(head.error.metric, head.error.num_qubits)
        error = head.error.error_of(value)
        if not 0 <= error <= top:
            bounds = f"{1 - top:.4g} to 1" if head.error.complement else f"0 to {top:.4g}"
            hint = f"use a number from {bounds} ({head.error.metric} of {head.error.num_qubits} qubits)"
            if error == 1:
                hint += "; list a gate that cannot be used under operations[].disabled"
            raise InputError(f"is {value!r}", where=where, hint=hint)
    elif head.unit == "s" and value < 0:
        raise InputError(f"is {value!r}", where=where, hint="use a duration of at least 0 s")
    elif head.unit == "count" and value < 0:
        raise InputError(f"is {value!r}", where=where, hint="use a count of at least 0")


def _topology(topology: Topology) -> None:
    n = topology.n_qubits
    for label, values in (("labels", topology.labels), ("coordinates", topology.coordinates)):
        if values is None:
            continue
        if len(values) != n:
            raise InputError(f"has {len(values)} entries", where=f"topology.{label}", hint=f"give one per qubit, {n}")
        _unique(values, f"topology.{label}", "entry")
    if topology.all_to_all and topology.edges:
        raise InputError("lists pairs", where="topology.edges", hint="leave it out where all_to_all is true")
    seen: dict[tuple[int, int], int] = {}
    for index, (a, b) in enumerate(topology.edges):
        where = f"topology.edges[{index}]"
        if not (0 <= a < n and 0 <= b < n):
            raise InputError(f"is {[a, b]}", where=where, hint=f"use qubits from 0 to {n - 1}")
        if a == b:
            raise InputError(f"is {[a, b]}", where=where, hint="name two different qubits")
        if (first := seen.setdefault((min(a, b), max(a, b)), index)) != index:
            raise InputError(f"is {[a, b]}", where=where, hint=f"leave it out, it repeats topology.edges[{first}]")
    for index, q in enumerate(topology.disabled_qubits):
        if not 0 <= q < n:
            raise InputError(
                f"is {q}", where=f"topology.disabled_qubits[{index}]", hint=f"use a qubit from 0 to {n - 1}"
            )


def _unique(values: Iterable[Any], where: str, what: str) -> None:
    seen = set()
    for index, value in enumerate(values):
        if value in seen:
            raise InputError(f"repeats {value!r}", where=f"{where}[{index}]", hint=f"give every {what} once")
        seen.add(value)


def _tables(profile: HardwareProfile) -> None:
    topology = profile.topology
    n, m = (0, 0) if topology is None else (topology.n_qubits, len(topology.edges))
    for label, table, length in (("qubit_table", profile.qubit_table, n), ("edge_table", profile.edge_table, m)):
        if table is None:
            continue
        if len(table.rows) != length:
            hint = f"give {length}, one per {'qubit' if label == 'qubit_table' else 'coupling'}"
            raise InputError(f"has {len(table.rows)} rows", where=label, hint=hint)
        _unique([column.name for column in table.columns], f"{label}.columns", "name")
        for column in table.columns:
            _source_known(profile, column.source, f"{label}.{column.name}")
            if column.dates is not None and table.find(column.dates) is None:
                hint = nearest(column.dates, [other.name for other in table.columns])
                raise InputError(f"is {column.dates!r}", where=f"{label}.{column.name}.dates", hint=hint)
        _cells(label, table)


def _cells(label: str, table: Table) -> None:
    width = len(table.columns)
    for r, row in enumerate(table.rows):
        if len(row) != width:
            raise InputError(f"has {len(row)} cells", where=f"{label}.rows[{r}]", hint=f"give one per column, {width}")
        for column, cell in zip(table.columns, row, strict=True):
            where = f"{label}.{column.name}[{r}]"
            if cell is None:
                continue
            if column.unit == "ISO date":
                if not isinstance(cell, str):
                    raise InputError(f"is {cell!r}", where=where, hint="use a date such as '2026-04-17', or null")
            elif isinstance(cell, str | bool):
                raise InputError(f"is {cell!r}", where=where, hint="use a number, or null when it is unknown")
            else:
                _figure_in_range(column, float(cell), where)


_PerWhat = Literal["qubit", "edge"]


def _references(profile: HardwareProfile) -> None:
    gates = {gate.name: gate for gate in profile.gates}
    for index, op in enumerate(profile.operations):
        where = f"operations[{index}]"
        if op.gate not in gates:
            raise InputError(f"is {op.gate!r}", where=f"{where}.gate", hint=nearest(op.gate, gates))
        arity = gates[op.gate].arity
        per: _PerWhat = "edge" if arity == 2 else "qubit"
        if op.error is not None:
            head, _ = _resolve(profile, op.error, per, f"{where}.error", unit="1")
            if head.error is None:
                hint = f"give {op.error} an error with metric, num_qubits and scope"
                raise InputError(f"is {op.error!r}, which names no metric", where=f"{where}.error", hint=hint)
            if head.error.num_qubits != arity:
                hint = f"name a figure of {arity} qubits"
                raise InputError(
                    f"is {op.error!r}, measured on {head.error.num_qubits}", where=f"{where}.error", hint=hint
                )
        if op.duration is not None:
            _resolve(profile, op.duration, per, f"{where}.duration", unit="s")
        if profile.topology is not None:
            top = len(profile.topology.edges) if arity == 2 else profile.topology.n_qubits
            for row in op.disabled:
                if not 0 <= row < top:
                    raise InputError(f"names {row}", where=f"{where}.disabled", hint=f"use rows from 0 to {top - 1}")
    _qubit_references(profile)


def _qubit_references(profile: HardwareProfile) -> None:
    seconds = ("t1", "t2", "t2_reported", "readout_duration", "reset_duration")
    for field in (*seconds, "p10", "p01", "readout_error", "memory_error_per_layer"):
        name = getattr(profile.qubit_figures, field)
        if name is None:
            continue
        where = f"qubit_figures.{field}"
        head, cells = _resolve(profile, name, "qubit", where, unit="s" if field in seconds else "1")
        for index, cell in enumerate(cells):
            place = f"figures.{name}.value" if isinstance(head, Figure) else f"qubit_table.{name}[{index}]"
            if cell is None:
                continue
            if field in ("t1", "t2", "t2_reported") and cell <= 0:
                raise InputError(f"is {cell!r}", where=place, hint="use a time above 0 s, or null when it is unknown")
            if field in ("p10", "p01", "readout_error") and not 0 <= cell <= 1:
                raise InputError(f"is {cell!r}", where=place, hint="use a probability from 0 to 1")
            if (
                field == "readout_duration"
                and profile.technology == "superconducting"
                and cell > LONGEST_SUPERCONDUCTING_READOUT_S
            ):
                hint = "use seconds; a superconducting readout takes less than 100 us"
                raise InputError(f"is {cell!r} s", where=place, hint=hint)
        if field == "memory_error_per_layer" and head.error is None:
            raise InputError(
                f"is {name!r}, which names no metric", where=where, hint=f"give {name} an error with metric"
            )


def _resolve(
    profile: HardwareProfile, name: str, per: _PerWhat, where: str, *, unit: str
) -> tuple[Column | Figure, tuple[float | None, ...]]:
    table = profile.qubit_table if per == "qubit" else profile.edge_table
    try:
        head, cells = profile.lookup(name, per=per)
    except KeyError:
        known = [*profile.figures, *(c.name for c in (table.columns if table is not None else ()))]
        raise InputError(f"is {name!r}", where=where, hint=nearest(name, known)) from None
    if head.unit != unit:
        raise InputError(f"is {name!r}, in {head.unit}", where=where, hint=f"name a figure in {unit}")
    return head, cells
