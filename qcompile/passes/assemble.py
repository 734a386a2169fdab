"""From "these old rows become those new rows" to a new tape with its witness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from qcompile.kernels.rewrite import region_order
from qcompile.tape import Expr, Op, RegionWitness, Rewrite, Tape
from qcompile.tape.tape import COLUMNS

__all__ = ["NewRows", "assemble", "assemble_from", "unchanged"]

Ints = NDArray[np.int32]
Complex = NDArray[np.complex128]

_NONE = np.zeros(0, dtype=np.int64)
_TABLE_OPS = {Op.MAT1: "mat1", Op.MAT2: "mat2", Op.MAT3: "mat3"}


def _column(value: ArrayLike) -> NDArray[np.int64]:
    return np.asarray(value, dtype=np.int64).reshape(-1)


@frozen(kw_only=True, eq=False)
class NewRows:
    """Unitary rows to put in, on one or two qubits, all in columns of one length.

    Attributes:
        opcode: Operation codes, one for all or one a row.
        qubits: int[m, 2], -1 where there is no second one.
        region: int[m], the region that each row replaces, numbered like the old rows' regions.
        angle: float[m, 3], or None for zeros.
        matrix: complex[m, d, d] for MAT rows.
        exprs: {(row, column): expression} for symbolic angles.
        order: int[m], place inside the region; the default is the order of the rows.
        like: int[m], old rows whose origin and condition the new rows take over, or None.
        inside: Whether they take over the fence of those rows, too.
    """

    opcode: ArrayLike
    qubits: NDArray[Any]
    region: NDArray[np.int64] = field(converter=_column)
    angle: NDArray[np.float64] | None = None
    matrix: Complex | None = None
    exprs: dict[tuple[int, int], Expr] = field(factory=dict)
    order: ArrayLike | None = None
    like: ArrayLike | None = None
    inside: bool = False

    def __len__(self) -> int:
        return len(self.region)


def unchanged(tape: Tape) -> Rewrite:
    """Return the rewrite that does nothing."""
    if "unchanged" not in tape.memo:
        index = np.arange(len(tape), dtype=np.int32)
        tape.memo["unchanged"] = RegionWitness(old=index, new=index)
    return Rewrite(tape, tape.memo["unchanged"])


def assemble(
    tape: Tape,
    region: ArrayLike,
    keep: NDArray[np.bool_],
    parts: Sequence[NewRows] = (),
    *,
    phase: float | Expr = 0.0,
) -> Rewrite:
    """Return the tape whose regions run in the order of their numbers, dropped rows replaced by new ones.

    Args:
        tape: The old tape.
        region: int[n], the region of each old row, as a rule its anchor row's index; regions run in ascending order.
        keep: bool[n], old rows that stay; inside a region they come before the new rows, unless `order` says else
            (a kept row's place is its old row index, a new row's `order` or len(tape) + its position).
        parts: New rows.
        phase: Radians added to the global phase.
    """
    old = _column(region)
    kept = np.flatnonzero(keep)
    n = len(tape)
    parts = [p for p in parts if len(p)]
    start, places, regions = n, [_NONE], [_NONE]
    for p in parts:
        own = np.arange(start, start + len(p), dtype=np.int64) if p.order is None else _column(p.order)
        places.append(own)
        regions.append(p.region)
        start += len(p)
    added = np.concatenate(regions)
    if max(old.max(initial=0), added.max(initial=0)) >= n:  # the kernel counts rows by region
        numbers = np.unique(np.concatenate([old, added]))
        old, added = np.searchsorted(numbers, old), np.searchsorted(numbers, added)
    sequence, old_region, new_region = region_order(old, kept, added, np.concatenate(places))
    columns, tables = _merged_columns(tape, kept, parts, sequence)
    extra = {"phase": tape.phase + phase} if _is_some(phase) else {}
    new = tape.replace(**columns, **tables, **extra)
    return Rewrite(_compacted(new), RegionWitness(old=old_region, new=new_region))


def assemble_from(
    tape: Tape, keep: NDArray[np.bool_], other: Tape, source: ArrayLike, *, region: ArrayLike | None = None
) -> Rewrite:
    """Return the tape with each dropped row replaced by rows of another tape.

    Args:
        tape: The old tape.
        keep: bool[n], rows that stay.
        other: The new rows, in order; its phase is added.
        source: int[m], the old row that each new row stands for, ascending.
        region: int[n], the region of each old row, if not each is its own; `source` then names regions.
    """
    rows = _column(source)
    kept = np.flatnonzero(keep)
    base = tape.replace(phase=0.0)
    new = other.replace(origin=tape.origin[rows], origins=tape.origins, qubit_names=tape.qubit_names)
    joined = Tape.concat([base.take(kept), new]).with_phase(tape.phase)
    key = np.concatenate([kept, rows])
    sequence = np.argsort(key, kind="stable")
    witness = RegionWitness(old=np.arange(len(tape)) if region is None else region, new=key[sequence])
    return Rewrite(_compacted(joined.take(sequence)), witness)


def _is_some(phase: float | Expr) -> bool:
    return (not isinstance(phase, Expr) and phase != 0.0) or (isinstance(phase, Expr) and phase != Expr())


def _merged_columns(
    tape: Tape, kept: NDArray[np.intp], parts: Sequence[NewRows], sequence: NDArray[np.int64]
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return kept and new rows in columns, in the order given, and the tables that they point at."""
    n_kept, total = len(kept), len(sequence)
    absent = {
        "expr": not tape.exprs and not any(p.exprs for p in parts),
        "wide": not len(tape.wide_indices),
        "condition": not tape.conditions,
        "tag": not tape.tags,
        "origin": not tape.origins,
    }
    columns: dict[str, NDArray[Any]] = {}
    nothing = np.full(total, -1, dtype=np.int32)
    for name in COLUMNS:
        if absent.get(name, False) and name != "expr":
            columns[name] = nothing
            continue
        old = getattr(tape, name)
        blank = 0 if name in ("angle", "fence") else -1
        column = (
            np.full((total, *old.shape[1:]), blank, dtype=old.dtype) if name != "opcode" else np.empty(total, np.uint8)
        )
        if not absent.get(name, False):
            column[:n_kept] = old[kept]
        columns[name] = column
    exprs = dict(zip(tape.exprs, range(len(tape.exprs)), strict=True)) if any(p.exprs for p in parts) else {}
    listed = list(tape.exprs)
    mats: dict[str, list[Complex]] = {name: [getattr(tape, name)] for name in _TABLE_OPS.values()}
    first = n_kept
    for p in parts:
        at = slice(first, first + len(p))
        first += len(p)
        columns["opcode"][at] = p.opcode
        columns["qubits"][at] = p.qubits
        if p.angle is not None:
            columns["angle"][at] = p.angle
        for (row, k), value in p.exprs.items():
            if value not in exprs:
                exprs[value] = len(listed)
                listed.append(value)
            columns["expr"][at.start + row, k] = exprs[value]
        if p.matrix is not None:
            name = f"mat{int(p.matrix.shape[-1]).bit_length() - 1}"
            columns["payload"][at] = sum(len(t) for t in mats[name]) + np.arange(len(p))
            mats[name].append(p.matrix)
        if p.like is not None:
            for name in ("condition", "origin", "fence") if p.inside else ("condition", "origin"):
                if not absent.get(name, False):
                    columns[name][at] = getattr(tape, name)[p.like]
    tables: dict[str, Any] = {name: np.concatenate(t) for name, t in mats.items() if len(t) > 1}
    if len(listed) > len(tape.exprs):
        tables["exprs"] = tuple(listed)
    if not absent["wide"] and (columns["wide"] < 0).all():
        tables |= {"wide_indptr": np.zeros(1, dtype=np.int32), "wide_indices": np.zeros(0, dtype=np.int32)}
    out = {
        name: column if absent.get(name, False) else column.take(sequence, axis=0) for name, column in columns.items()
    }
    return out, tables


def _compacted(tape: Tape) -> Tape:
    """Return the tape without matrices that no row points at, once they are the larger part."""
    changes: dict[str, Any] = {}
    payload = tape.payload
    for op, name in _TABLE_OPS.items():
        table = cast(Complex, getattr(tape, name))
        if len(table) > 2 * tape.counts[op]:
            rows = np.flatnonzero(tape.opcode == op)
            used, index = np.unique(payload[rows], return_inverse=True)
            payload = payload.copy()
            payload[rows] = index
            changes[name] = table[used]
    return tape.replace(payload=payload, **changes) if changes else tape
