"""The witness checker: replays what a pass, a placement or a routing claims, at any width, in time linear in rows.

A witness is an untrusted hint. Old and new tape are cut into regions as it says; the checker makes sure that running
them region by region is a legal reordering, that each region means the same before and after, and that the phases
add up. Regions on up to three qubits are compared as matrices, wider ones as phase polynomials or Pauli rotations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.kernels.validate import compare_matrices, first_disorder, replay_layout
from qcompile.tape import LayoutWitness, Op, RegionWitness, Tape, Witness
from qcompile.tape.opcodes import IS_UNITARY
from qcompile.verify.validate_ancillas import settle_ancillas
from qcompile.verify.validate_granted import settle_measured, settle_zero
from qcompile.verify.validate_matrices import PhaseSum, matrices_of, places_of
from qcompile.verify.validate_rows import entries_of, flat_qubits, rows_equal
from qcompile.verify.validate_symbols import compare_symbolic
from qcompile.verify.validate_wide import compare_wide

__all__ = ["Validation", "validate"]

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

#: Largest Frobenius distance of one region before and after, and of phases over the whole tape.
REGION_ATOL = 1e-8


@frozen(kw_only=True)
class Validation:
    """Outcome of replaying one witness.

    Attributes:
        ok: Whether the new tape means what the old one does.
        reason: Why not, or an empty text.
        region: First failing region or event, -1 when the failure is not in one.
        error_bound: Bound on the operator-norm distance of the two tapes; inf when not ok.
        evidence: `exact` (proved up to rounding) or `numerical` (some symbolic region was compared at random points
            only).
    """

    ok: bool
    reason: str = ""
    region: int = -1
    error_bound: float = 0.0
    evidence: str = "exact"

    def __bool__(self) -> bool:
        return self.ok


def _no(reason: str, region: int = -1) -> Validation:
    return Validation(ok=False, reason=reason, region=region, error_bound=math.inf)


def validate(
    old: Tape,
    new: Tape,
    witness: Witness,
    *,
    atol: float = REGION_ATOL,
    inputs: str = "unknown",
    outputs: str = "all",
    ancillas: Sequence[int] = (),
) -> Validation:
    """Return whether `witness` proves that `new` means the same as `old`, under what the caller grants.

    Args:
        old: The tape before; CALL rows must be inlined unless they are moved unchanged.
        new: The tape after.
        witness: What the rewrite claims.
        atol: Largest Frobenius distance allowed for a region.
        inputs: `unknown`, or `zero` when every qubit starts in 0.
        outputs: `all`, or `measured` when nothing but outcomes is looked at (then the global phase is free).
        ancillas: Qubits that start in 0. Those that no old row touches may be used by a region that returns them to 0.
    """
    if isinstance(witness, LayoutWitness):
        return _validate_layout(old, new, witness)
    return _validate_regions(old, new, witness, _Grants(atol, inputs == "zero", outputs == "measured", tuple(ancillas)))


# Layouts -------------------------------------------------------------------------------------------------------------


def _is_bijection(values: Ints) -> bool:
    return bool((np.sort(values) == np.arange(len(values))).all())


def _validate_layout(old: Tape, new: Tape, witness: LayoutWitness) -> Validation:
    events, n = witness.events.reshape(-1, 2), new.n_qubits
    if len(witness.initial) != n or len(witness.final) != n or n < old.n_qubits:
        return _no("the layouts do not have one entry a physical qubit")
    if not _is_bijection(witness.initial) or not _is_bijection(witness.final):
        return _no("a layout is no bijection")
    for k, (label, size) in enumerate((("old", len(old)), ("new", len(new)))):
        rows = events[events[:, k] >= 0, k]
        if len(rows) != size or not (np.sort(rows) == np.arange(size)).all():
            return _no(f"the events do not use every {label} row once")
    for label, tape, k in (("an inserted", new, 1), ("an elided", old, 0)):
        rows = events[(events[:, 1 - k] < 0) & (events[:, k] >= 0), k]
        plain = (tape.opcode[rows] == Op.SWAP) & (tape.condition[rows] < 0) & (tape.fence[rows] == 0)
        if not plain.all():
            return _no(f"{label} row is no plain SWAP", int(rows[np.argmin(plain)]))
    both = np.flatnonzero((events >= 0).all(axis=1))
    same = rows_equal(old, events[both, 0].astype(np.intp), new, events[both, 1].astype(np.intp), qubits=False)
    if not same.all():
        return _no("a row changed while it was moved", int(both[np.argmin(same)]))
    slack = 0.0
    for tape, k in ((old, 0), (new, 1)):
        entries = entries_of(tape)
        sequence = np.ascontiguousarray(events[events[:, k] >= 0, k])
        if not (np.diff(sequence) > 0).all():
            slack += entries.slack
            bad = first_disorder(entries.indptr, entries.wire, entries.axis, entries.n_wires, sequence)
            if bad >= 0:
                return _no("rows that do not commute changed places", int(bad))
    layout = witness.initial.copy()
    bad = replay_layout(np.ascontiguousarray(events), layout, *flat_qubits(old), *flat_qubits(new))
    if bad >= 0:
        return _no("a row is not where the layout puts it", int(bad))
    if not (layout == witness.final).all():
        return _no("the final layout is not the one that the swaps make")
    if old.phase != new.phase:
        return _no("the global phase changed")
    return Validation(ok=True, error_bound=slack)


# Regions -------------------------------------------------------------------------------------------------------------


@frozen
class _Grants:
    """Tolerance, and what is granted."""

    atol: float
    zero: bool
    measured: bool
    ancillas: tuple[int, ...]


def _validate_regions(old: Tape, new: Tape, witness: RegionWitness, grants: _Grants) -> Validation:
    if len(witness.old) != len(old) or len(witness.new) != len(new) or old.n_qubits != new.n_qubits:
        return _no("the witness or the width does not fit the tapes")
    if len(old) + len(new) and min(witness.old.min(initial=0), witness.new.min(initial=0)) < 0:
        return _no("a region has a negative number")
    n_regions = 1 + int(max(witness.old.max(initial=-1), witness.new.max(initial=-1)))
    if n_regions > len(old) + len(new):
        return _no("there are more regions than rows")
    slack = 0.0
    sequences = []
    for label, tape, region in (("old", old, witness.old), ("new", new, witness.new)):
        sequence = np.argsort(region, kind="stable").astype(np.int32)
        sequences.append(sequence)
        if (np.diff(sequence) > 0).all():
            continue
        entries = entries_of(tape)
        slack += entries.slack
        bad = first_disorder(entries.indptr, entries.wire, entries.axis, entries.n_wires, sequence)
        if bad >= 0:
            return _no(f"{label} row {bad} would pass rows that it does not commute with", int(region[bad]))
    changed = _changed_regions(old, new, witness, sequences, n_regions)
    if not _fences_kept(old, new, witness, changed):
        return _no("a region with a fenced row holds more than one old row, or leaves the fence")
    phases = PhaseSum(old, new)
    if grants.measured and changed.any():
        changed[settle_measured(old, new, witness, changed, sequences[0])] = False
    if grants.zero and changed.any():
        settled = settle_zero(old, new, witness, changed, sequences[0], phases.names, phases.points, grants.atol)
        changed[settled.regions] = False
        slack += settled.error
        phases.add_at(settled.phases[:, None])
    evidence = "exact"
    if grants.ancillas and changed.any():
        lent = settle_ancillas(old, new, witness, changed, grants.ancillas, phases.names, phases.points, grants.atol)
        changed[lent.regions] = False
        slack += lent.error
        phases.add_at(lent.phases[:, None])
        evidence = lent.evidence
    return _compare_regions(old, new, witness, sequences, changed, grants, slack, phases, evidence)


def _changed_regions(
    old: Tape, new: Tape, witness: RegionWitness, sequences: list[Ints], n_regions: int
) -> NDArray[np.bool_]:
    """Return which regions differ in more than nothing: equal rows in equal order need no comparison."""
    counts = [np.bincount(r, minlength=n_regions) for r in (witness.old, witness.new)]
    changed = counts[0] != counts[1]
    starts = [np.concatenate([[0], np.cumsum(c)[:-1]]) for c in counts]
    steady = np.flatnonzero(~changed & (counts[0] > 0))
    lengths = counts[0][steady]
    region = np.repeat(steady, lengths)
    inside = np.arange(len(region)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = sequences[0][starts[0][region] + inside].astype(np.intp)
    others = sequences[1][starts[1][region] + inside].astype(np.intp)
    same = rows_equal(old, rows, new, others)
    changed[region[~same]] = True
    return cast(Bools, changed)


def _fences_kept(old: Tape, new: Tape, witness: RegionWitness, changed: Bools) -> bool:
    """Return whether fenced rows were at most replaced one by one, by rows of their fence (its order is a wire)."""
    if not old.fence.any() and not new.fence.any():
        return True
    fence = np.zeros(len(changed), dtype=np.int32)
    np.maximum.at(fence, witness.old, old.fence)
    np.maximum.at(fence, witness.new, new.fence)
    mine = changed & (fence != 0)
    alone = (np.bincount(witness.old, minlength=len(changed)) == 1)[mine].all()
    old_in = (old.fence == fence[witness.old])[mine[witness.old]].all()
    new_in = (new.fence == fence[witness.new])[mine[witness.new]].all()
    return bool(alone and old_in and new_in)


def _mixes_conditions(old: Tape, new: Tape, witness: RegionWitness, pieces: list[NDArray[np.intp]], size: int) -> Bools:
    """Return which regions hold rows under different conditions, those without one included."""
    known = {item: k for k, item in enumerate(dict.fromkeys((*old.conditions, *new.conditions)))}
    least, most = np.full(size, len(known)), np.full(size, -1)
    for tape, region, rows in zip((old, new), (witness.old, witness.new), pieces, strict=True):
        ids = np.array([known[c] for c in tape.conditions] + [-1])[tape.condition[rows]]
        np.minimum.at(least, region[rows], ids)
        np.maximum.at(most, region[rows], ids)
    return cast(Bools, least != most)


def _stated(witness: RegionWitness, ids: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the error that the witness states for each of the regions, 0 where it states none."""
    assert witness.error is not None
    out = np.zeros(len(ids))
    some = ids < len(witness.error)
    out[some] = witness.error[ids[some]]
    return np.where(out > 0, out, 0.0)


def _operator_norms(
    products: list[NDArray[np.complex128]],
    phase: NDArray[np.float64],
    width: Ints,
    chosen: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Return the operator norm of old - exp(i phase) new for each of the chosen regions."""
    out = np.zeros(len(chosen))
    for k, region in enumerate(chosen):
        size = 1 << int(width[region])
        old, new = (p[region, :size, :size] for p in products)
        out[k] = np.linalg.norm(old - np.exp(1j * phase[region]) * new, 2)
    return out


def _compare_regions(
    old: Tape,
    new: Tape,
    witness: RegionWitness,
    sequences: list[Ints],
    changed: Bools,
    grants: _Grants,
    total: float,
    phases: PhaseSum,
    evidence: str,
) -> Validation:
    atol = grants.atol
    conditional = np.zeros(len(changed), dtype=bool)
    symbolic = np.zeros(len(changed), dtype=bool)
    pieces: list[NDArray[np.intp]] = []
    for tape, region, sequence in zip((old, new), (witness.old, witness.new), sequences, strict=True):
        rows = sequence[changed[region[sequence]]].astype(np.intp)
        pieces.append(rows)
        if len(bad := rows[~IS_UNITARY[tape.opcode[rows]]]):
            return _no("a row that is no unitary was changed", int(region[bad[0]]))
        conditional[region[rows[tape.condition[rows] >= 0]]] = True
        symbolic[region[rows[tape.is_symbolic[rows]]]] = True
    if conditional.any() and len(
        mixed := np.flatnonzero(conditional & _mixes_conditions(old, new, witness, pieces, len(changed)))
    ):
        return _no("a region mixes conditions", int(mixed[0]))
    regions = (witness.old, witness.new)
    width, slots = places_of((old, new), regions, pieces, len(changed))
    ids = np.flatnonzero(changed & ~symbolic & (width <= 3))
    if len(ids):
        products = [
            matrices_of(tape, region, rows, slot, ids, width)
            for tape, region, rows, slot in zip((old, new), regions, pieces, slots, strict=True)
        ]
        found, errors = compare_matrices(products[0], products[1], width[ids])
        limits = np.full(len(ids), atol)
        if witness.error is not None:
            stated = _stated(witness, ids)
            loose = np.flatnonzero(stated > 0)
            errors[loose] = _operator_norms(products, found, width[ids], loose)
            limits += stated
        if not (errors <= limits).all():
            at = int(np.argmin(errors <= limits))
            return _no(f"region {ids[at]} differs by {errors[at]:.3g}", int(ids[at]))
        total += float(errors.sum())
        phases.add(found[~conditional[ids]])
    ids = np.flatnonzero(changed & symbolic & (width <= 3))
    if len(ids):
        outcome = compare_symbolic(old, new, regions, pieces, slots, ids, width, atol, phases.names, phases.points)
        if outcome.region >= 0:
            return _no(f"region {outcome.region} differs for some values of its parameters", outcome.region)
        total += outcome.error
        evidence = outcome.evidence if evidence == "exact" else evidence
        phases.add_at(outcome.phases[:, ~conditional[ids]])
    for k in (int(r) for r in np.flatnonzero(changed & (width > 3))):
        if conditional[k]:
            return _no("a wide region is conditional", k)
        own = [rows[region[rows] == k] for region, rows in zip(regions, pieces, strict=True)]
        wide = compare_wide(old, own[0], new, own[1], phases.names, phases.points, atol)
        if wide.reason:
            return _no(f"region {k}: {wide.reason}", k)
        total += wide.error
        evidence = wide.evidence if evidence == "exact" else evidence
        phases.add_at(wide.phases[:, None])
    gap = 0.0 if grants.measured else phases.gap
    if gap > atol:
        return _no(f"the phases do not add up: {gap:.3g} rad are left")
    return Validation(ok=True, error_bound=total + gap, evidence=evidence)
