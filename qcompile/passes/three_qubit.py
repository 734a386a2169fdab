"""Three-qubit gates written with two-qubit ones, in the forms that share most with what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from qcompile.kernels.expand import choose_forms
from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.rotations import PAIR_FORM
from qcompile.passes.toffoli_forms import FORMS, form_table
from qcompile.passes.wires import free_rows, wires_of
from qcompile.tape import Op, Rewrite, Tape
from qcompile.tape.opcodes import ARITY

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["ExpandToffoli"]

Ints = NDArray[np.int32]
_CONTROLLED = (Op.CX, Op.CY, Op.CZ, Op.ECR)
_PI = np.pi


@register
@frozen
class ExpandToffoli(Pass):
    """Write CCX, CCZ and CSWAP with two-qubit gates, each in the form that shares most with its neighbours.

    Forms are compared by the native gates of the two-qubit blocks that result in a window of the circuit, rows moved
    past what they commute with.

    Attributes:
        sweeps: How often each gate's form is reconsidered.
        reach: Rows of each of its wires before and behind a gate that are looked at.

    >>> from qcompile.tape import tape_of
    >>> tape = ExpandToffoli()(tape_of("ccx 0 1 2; ccx 0 1 2"))
    >>> int((tape.arity > 2).sum())
    0
    """

    settles = True
    sweeps: int = field(default=2, validator=validators.ge(1))
    reach: int = field(default=12, validator=validators.ge(1))

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape without CCX, CCZ, CSWAP."""
        if not tape.holds(Op.CCX, Op.CCZ, Op.CSWAP):
            return unchanged(tape)
        slot = free_rows(tape, self.no_touch) & np.isin(tape.opcode, (Op.CCX, Op.CCZ, Op.CSWAP))
        rows = np.flatnonzero(slot).astype(np.int32)
        if not len(rows):
            return unchanged(tape)
        choice = self._choices(tape, rows, target)
        parts: list[NewRows] = []
        phase = len(rows) * _PI / 8
        n_forms = len(FORMS)
        triples = np.array([tape.qubits_of(int(r)) for r in rows], dtype=np.int32)
        for code in (Op.CCX, Op.CCZ, Op.CSWAP):
            for picked in np.unique(choice[rows[tape.opcode[rows] == code]]):
                at = np.flatnonzero((tape.opcode[rows] == code) & (choice[rows] == picked))
                turned = code is Op.CSWAP and picked >= n_forms
                qubits = triples[at][:, [0, 2, 1]] if turned else triples[at]
                more, extra = _form_rows(code, qubits, int(picked) % n_forms, rows[at])
                parts += more
                phase += extra
        return assemble(tape, np.arange(len(tape)), ~slot, parts, phase=phase)

    def _choices(self, tape: Tape, rows: Ints, target: Target | None) -> Ints:
        """Return int32[n], the form of each slot."""
        free_angle = target is not None and any(g.name in ("rzz", "rxx") for g in target.natives)
        wires = wires_of(tape, self.no_touch)
        free = free_rows(tape, self.no_touch) & ~tape.is_symbolic
        kind = np.zeros(len(tape), dtype=np.int8)
        kind[free & (ARITY[tape.opcode] == 1)] = 1
        kind[free & (ARITY[tape.opcode] == 2)] = 2
        kind[rows] = np.where(tape.opcode[rows] == Op.CSWAP, 4, 3)
        price = np.where(PAIR_FORM.known[tape.opcode], 1 if free_angle else 2, 3).astype(np.int32)
        price[np.isin(tape.opcode, _CONTROLLED)] = 1
        pairs = np.full((len(tape), 3), -1, dtype=np.int64)
        two = np.flatnonzero(kind == 2)
        at = wires.indptr[rows]
        triple = np.stack([wires.wire[at], wires.wire[at + 1], wires.wire[at + 2]], axis=1)
        n = tape.n_qubits

        def key(a: Ints, b: Ints) -> NDArray[np.int64]:
            return np.minimum(a, b).astype(np.int64) * n + np.maximum(a, b)

        pairs[two, 0] = key(tape.qubits[two, 0], tape.qubits[two, 1])
        for k, (a, b) in enumerate(((0, 1), (0, 2), (1, 2))):
            pairs[rows, k] = key(triple[:, a], triple[:, b])
        known, numbers = np.unique(pairs, return_inverse=True)
        choice = np.zeros(len(tape), dtype=np.int32)
        choose_forms(
            rows,
            self.reach,
            self.sweeps,
            wires.indptr,
            wires.wire,
            wires.axis,
            kind,
            price,
            numbers.reshape(pairs.shape).astype(np.int32),
            choice,
            form_table(),
            1 if free_angle else 2,
            1 if free_angle else 2,
            len(known),
            wires.n_wires,
        )
        return choice


def _form_rows(code: Op, triples: Ints, form: int, rows: Ints) -> tuple[list[NewRows], float]:
    """Return the rows of one form for many gates of one kind, and their phase beyond pi/8 a gate."""
    phase = 0.0
    axes = [3, 3, 3] if code is Op.CCZ else [3, 3, 1]
    parts: list[NewRows] = []

    def add(op: Op, qubits: tuple[int, ...], angle: float = 0.0) -> None:
        columns = [triples[:, q] for q in qubits] + [np.full(len(rows), -1, dtype=np.int32)] * (2 - len(qubits))
        table = np.zeros((len(rows), 3))
        table[:, 0] = angle
        parts.append(
            NewRows(
                opcode=op,
                qubits=np.stack(columns, axis=1),
                region=rows,
                angle=table,
                order=np.full(len(rows), len(parts)),
                like=rows,
            )
        )

    turn = {1: Op.RX, 3: Op.RZ}
    if code is Op.CSWAP:
        add(Op.CX, (2, 1))
    for kind, i, j, t in FORMS[form]:
        if kind == "r":
            add(turn[axes[i]], (i,), t)
        elif kind == "f" and axes[i] == 3:
            add(Op.CX if axes[j] == 3 else Op.CZ, (i, j))
        elif kind == "f":
            # exp(i pi/4 (1 - X)(1 - X)): control and flip both in the X basis.
            phase += _PI / 4 * len(rows)
            add(Op.RXX, (i, j), -_PI / 2)
            add(Op.RX, (i,), _PI / 2)
            add(Op.RX, (j,), _PI / 2)
        elif axes[i] == axes[j]:
            add(Op.RZZ, (i, j), t)
        else:
            a, b = (i, j) if axes[i] == 3 else (j, i)
            add(Op.CRX, (a, b), -2 * t)
            add(Op.RX, (b,), t)
    if code is Op.CSWAP:
        add(Op.CX, (2, 1))
    return parts, phase
