"""A cascade rewritten so that every two-qubit gate is on a coupling of the machine and no SWAP is needed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.cascade_emit import CLOSE, DOWN, OPEN, PHASE, TURN, UP, closed_cascade
from qcompile.mapping.cascade import Cascade, recognise, rotation_angles
from qcompile.mapping.cascade_plan import Plan, plan
from qcompile.mapping.machine import machine_of
from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Step
from qcompile.passes.commuting import MergeRotations
from qcompile.tape import Op, RegionWitness, Rewrite, Tape
from qcompile.target import Target

__all__ = ["cascade_route", "open_phases"]

Ints = NDArray[np.int64]


def cascade_route(
    tape: Tape,
    target: Target,
    cascade: Cascade,
    *,
    objective: str = "two_qubit_gates",
    effort: int = 1,
    allowed_qubits: tuple[int, ...] | None = None,
) -> tuple[tuple[Step, ...], NDArray[np.int32]] | None:
    """Return the steps from `tape` to one that needs no SWAP, and the place of each qubit; None if it does not fit.

    Three steps: two-qubit phases become RZZ and RZ; each star becomes sweeps along its tree, closed in itself; what
    neighbouring stars undo and do again is left out.

    Args:
        tape: A tape, on logical qubits before and after.
        target: The machine.
        cascade: `recognise(tape)`.
        objective: What to save, see `qcompile.mapping.route`.
        effort: How much to search.
        allowed_qubits: Physical qubits that may be used.
    """
    machine = machine_of(target, allowed_qubits=allowed_qubits, noise_aware=objective == "esp")
    if int(machine.usable.sum()) < tape.n_qubits:
        return None
    opened = open_phases(tape, cascade)
    if opened is None:
        return None
    steps, tape, cascade = opened
    found = plan(machine, cascade.partner, objective=objective, effort=effort)
    if found is None:
        return None
    stars, joined = _stars(tape, cascade, found)
    steps += [Step(tape, stars.tape, stars.witness), Step(stars.tape, joined.tape, joined.witness)]
    place = np.full(tape.n_qubits, -1, np.int32)
    place[cascade.qubits] = found.place
    free = np.setdiff1d(np.flatnonzero(machine.usable), found.place)
    place[place < 0] = free[: int((place < 0).sum())]
    return tuple(steps), place


def open_phases(tape: Tape, cascade: Cascade) -> tuple[list[Step], Tape, Cascade] | None:
    """Return the steps to a tape whose stars hold bare ZZ rotations, that tape, and its cascade, if it still is one.

    Args:
        tape: A tape.
        cascade: `recognise(tape)`.
    """
    steps: list[Step] = []
    for rewrite in (lambda t: _split_phases(t, cascade.star_rows), MergeRotations().rewrite):
        done = rewrite(tape)
        if done.tape is not tape:
            steps.append(Step(tape, done.tape, done.witness))
        tape = done.tape
    found = recognise(tape)
    return None if found is None else (steps, tape, found)


def _split_phases(tape: Tape, rows: Ints) -> Rewrite:
    """Return the tape with the diagonal two-qubit rows as RZZ, with RZ beside them."""
    rows = rows[tape.opcode[rows] != Op.RZZ]
    if not len(rows):
        return unchanged(tape)
    zz, first, second, phase = rotation_angles(tape, rows)
    keep = np.ones(len(tape), dtype=np.bool_)
    keep[rows] = False
    pairs = tape.qubits[rows]
    parts = [NewRows(opcode=Op.RZZ, qubits=pairs, region=rows, angle=_first(zz), like=rows)]
    for k, angle in enumerate((first, second)):
        some = np.abs(angle) > 1e-13
        parts.append(
            NewRows(
                opcode=Op.RZ,
                qubits=np.stack([pairs[some, k], np.full(int(some.sum()), -1)], axis=1),
                region=rows[some],
                angle=_first(angle[some]),
                like=rows[some],
            )
        )
    return assemble(tape, np.arange(len(tape)), keep, parts, phase=phase)


def _first(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([angle, np.zeros_like(angle), np.zeros_like(angle)], axis=1)


def _stars(tape: Tape, cascade: Cascade, found: Plan) -> tuple[Rewrite, Rewrite]:
    """Return the rewrite to closed stars, and from there to joined ones."""
    n = len(cascade.qubits)
    angle = np.zeros((n, n))
    zz, _, _, phase = rotation_angles(tape, cascade.star_rows)
    np.add.at(angle, (cascade.star, cascade.mate), zz)
    kept = np.ones(len(tape), dtype=np.bool_)
    kept[cascade.star_rows] = False
    like = np.zeros(n, dtype=np.int64)
    like[cascade.star] = cascade.star_rows
    # One region a kept row, one a star, one a turn between stars; slots in steps of 1, rows inside them in order.
    width = len(tape) + 1
    number = cascade.slot * width + np.where(kept, np.arange(len(tape)), 0)
    closed = closed_cascade(found.rows, np.arange(n, dtype=np.int32), found.trees, found.holds)
    rows = [closed[::-1], found.rows[::-1]] if cascade.reverse else [closed, found.rows]
    slots = [8 * np.asarray(cascade.time_of(r[:, 0].astype(np.int64))) + 10 for r in rows]
    parts = [_new_rows(r, s * width, angle, cascade.qubits, like) for r, s in zip(rows, slots, strict=True)]
    stars = assemble(tape, number, kept, parts[0], phase=phase)
    # In the second rewrite what opens or closes a star belongs to the turn: before the star, or after it if reversed.
    step = closed[:, 0].astype(np.int64)
    turn = np.where(closed[:, 1] == CLOSE, step + 1, step)
    owner = np.where(np.isin(closed[:, 1], (OPEN, CLOSE)), _turn_slot(turn, cascade), 0)
    inner = 8 * np.asarray(cascade.time_of(step)) + 10
    old = np.where(owner > 0, owner, inner)
    if cascade.reverse:
        old = old[::-1]
    new_rows = rows[1]
    new_step = new_rows[:, 0].astype(np.int64)
    new = np.where(
        new_rows[:, 1] == TURN, _turn_slot(new_step, cascade), 8 * np.asarray(cascade.time_of(new_step)) + 10
    )
    tape_after = assemble(
        tape, number, kept, _new_rows(new_rows, new * width, angle, cascade.qubits, like), phase=phase
    ).tape
    labels = []
    for slot_of, where in ((old, slots[0]), (new, new)):
        keys = np.concatenate([number[kept], where * width])
        place = np.arange(len(keys))
        names = np.concatenate([number[kept], slot_of * width])
        labels.append(names[np.lexsort((place, keys))])
    known = np.unique(np.concatenate(labels))
    witness = RegionWitness(old=np.searchsorted(known, labels[0]), new=np.searchsorted(known, labels[1]))
    return stars, Rewrite(tape_after, witness)


def _turn_slot(step: Ints, cascade: Cascade) -> Ints:
    """Return the slot of the turn before each step (after it, if reversed)."""
    return np.asarray(8 * np.asarray(cascade.time_of(step)) + (12 if cascade.reverse else 8))


def _new_rows(
    rows: NDArray[np.int32], region: Ints, angle: NDArray[np.float64], qubits: Ints, like: Ints
) -> list[NewRows]:
    """Return CNOTs and phases of a plan on logical qubits."""
    order = np.arange(len(rows))
    is_phase = rows[:, 1] == PHASE
    is_cnot = np.isin(rows[:, 1], (TURN, DOWN, UP, OPEN, CLOSE))
    parts: list[Any] = []
    at = np.flatnonzero(is_cnot)
    parts.append(
        NewRows(
            opcode=Op.CX,
            qubits=qubits[rows[at, 2:]],
            region=region[at],
            order=order[at],
            like=like[rows[at, 0]],
        )
    )
    at = np.flatnonzero(is_phase)
    parts.append(
        NewRows(
            opcode=Op.RZ,
            qubits=np.stack([qubits[rows[at, 3]], np.full(len(at), -1)], axis=1),
            region=region[at],
            angle=_first(angle[rows[at, 2], rows[at, 3]]),
            order=order[at],
            like=like[rows[at, 0]],
        )
    )
    return parts
