"""Phases of a parity written with two CNOTs, and SWAPs written with three, seen as one gate again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.one_qubit import singles
from qcompile.passes.wires import free_rows, row_axes, wires_of
from qcompile.tape import Op, Rewrite, Tape
from qcompile.tape.simulate import row_matrices, row_matrix

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["FoldParities", "FoldSwaps"]

_Z = 3
_LEAST_SWAP = 3
_SWAP = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=np.complex128)
_ATOL = 1e-12


@register
@frozen
class FoldParities(Pass):
    """Write CX, diagonal gates on its target, and the same CX again as one RZZ.

    Between the two, the control may see whatever commutes with them. Symbolic gates are left as they are.

    >>> from qcompile.tape import tape_of
    >>> FoldParities()(tape_of("cx 0 1; rz(0.3) 1; t 0; cx 0 1; h 1")).ops()
    ['rzz(0.3) 0 1', 't 0', 'h 1']
    """

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with parities folded."""
        free = free_rows(tape, self.no_touch)
        diagonal = free & (tape.arity == 1) & (row_axes(tape)[:, 0] == _Z) & ~tape.is_symbolic
        entangler = free & (tape.opcode == Op.CX)
        if int(entangler.sum()) < 2:
            return unchanged(tape)
        wires = wires_of(tape, self.no_touch)
        region = np.arange(len(tape), dtype=np.int64)
        keep = np.ones(len(tape), dtype=np.bool_)
        open_: dict[int, list[int]] = {}  # by target: its CX and the diagonal rows after it
        found: list[list[int]] = []
        for row in range(len(tape)):
            if diagonal[row]:
                if (mine := open_.get(int(tape.qubits[row, 0]))) is not None:
                    mine.append(row)
                continue
            low, high = wires.indptr[row], wires.indptr[row + 1]
            touched = wires.wire[low:high].tolist()
            if entangler[row]:
                control, goal = tape.qubits[row].tolist()
                mine = open_.pop(goal, None)
                open_.pop(control, None)
                same = mine is not None and tape.qubits[mine[0], 0] == control
                if mine is not None and same and len(mine) > 1 and wires.run[wires.indptr[mine[0]]] == wires.run[low]:
                    found.append([*mine, row])
                else:
                    open_[goal] = [row]
                continue
            for wire in touched:
                open_.pop(wire, None)
        if not found:
            return unchanged(tape)
        first = np.array([rows[0] for rows in found])
        angle = np.zeros((len(found), 3))
        phase = 0.0
        for k, rows in enumerate(found):
            region[rows] = rows[0]
            keep[rows] = False
            turn = np.angle(np.diagonal(row_matrices(tape, np.array(rows[1:-1])), axis1=1, axis2=2)).sum(axis=0)
            angle[k, 0] = turn[1] - turn[0]
            phase += float(turn.sum()) / 2
        part = NewRows(opcode=Op.RZZ, qubits=tape.qubits[first], region=first, angle=angle, like=first)
        return assemble(tape, region, keep, [part], phase=phase)


@register
@frozen
class FoldSwaps(Pass):
    """Write a run of CX and diagonal gates on one pair that exchanges its qubits as RZ, RZZ and a SWAP.

    Of use before `ElideSwaps` where a circuit comes with SWAPs written as CNOTs, such as one that was routed before.
    Symbolic gates are left as they are and end a run.

    >>> from qcompile.tape import tape_of
    >>> FoldSwaps()(tape_of("cx 0 1; rz(0.3) 1; cx 1 0; cx 0 1; h 1")).ops()
    ['rzz(0.3) 0 1', 'swap 0 1', 'h 1']
    """

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with SWAPs folded."""
        runs = _swap_runs(tape, free_rows(tape, self.no_touch) & ~tape.is_symbolic)
        if not runs:
            return unchanged(tape)
        first = np.array([rows[0] for rows in runs])
        pairs = tape.qubits[first]
        matrices = np.stack([_product(tape, rows) for rows in runs])
        exchanged = np.abs(np.abs(matrices) - _SWAP).max(axis=(1, 2)) < _ATOL
        if not exchanged.any():
            return unchanged(tape)
        runs = [rows for rows, good in zip(runs, exchanged, strict=True) if good]
        first, pairs = first[exchanged], pairs[exchanged]
        d = np.angle(np.diagonal(_SWAP @ matrices[exchanged], axis1=1, axis2=2))
        turns = {
            "first": (d[:, 2] + d[:, 3] - d[:, 0] - d[:, 1]) / 2,
            "second": (d[:, 1] + d[:, 3] - d[:, 0] - d[:, 2]) / 2,
            "both": (d[:, 1] + d[:, 2] - d[:, 0] - d[:, 3]) / 2,
        }
        region = np.arange(len(tape), dtype=np.int64)
        keep = np.ones(len(tape), dtype=np.bool_)
        for rows in runs:
            region[rows] = rows[0]
            keep[rows] = False
        parts = []
        for name, op in (("first", Op.RZ), ("second", Op.RZ), ("both", Op.RZZ)):
            some = np.abs(turns[name]) > _ATOL
            angle = np.zeros((int(some.sum()), 3))
            angle[:, 0] = turns[name][some]
            place = pairs[some] if op is Op.RZZ else singles(pairs[some, 0 if name == "first" else 1])
            parts.append(NewRows(opcode=op, qubits=place, region=first[some], angle=angle, like=first[some]))
        parts.append(NewRows(opcode=Op.SWAP, qubits=pairs, region=first, like=first))
        return assemble(tape, region, keep, parts, phase=float(d.sum()) / 4)


def _swap_runs(tape: Tape, free: NDArray[np.bool_]) -> list[list[int]]:
    """Return runs of CX and diagonal rows on one pair, from a two-qubit row to another, that may hold a SWAP."""
    entangler = free & (tape.opcode == Op.CX)
    ways = tape.qubits[entangler].astype(np.int64) @ np.array([tape.n_qubits, 1])
    back = tape.qubits[entangler].astype(np.int64) @ np.array([1, tape.n_qubits])
    if not np.isin(ways, back).any():
        return []  # a SWAP takes CNOTs both ways round
    axes, arity = row_axes(tape), tape.arity
    diagonal = free & (axes[:, :2] == _Z).all(axis=1) & (arity == 2)
    turning = free & (arity == 1) & (axes[:, 0] == _Z)
    qubits = tape.qubits.tolist()
    open_: dict[int, tuple[tuple[int, int], list[int]]] = {}  # by qubit: its pair, and the rows on it
    found: list[list[int]] = []

    def close(qubit: int) -> None:
        pair, rows = open_.pop(qubit, ((-1, -1), []))
        if not rows:
            return
        open_.pop(pair[0] if pair[1] == qubit else pair[1], None)
        while rows and arity[rows[-1]] == 1:
            rows.pop()
        if int(entangler[rows].sum()) >= _LEAST_SWAP:
            found.append(rows)

    for row in range(len(tape)):
        touched = [q for q in qubits[row] if q >= 0] if arity[row] <= 2 else [int(q) for q in tape.qubits_of(row)]
        if entangler[row] or diagonal[row]:
            pair = (min(touched), max(touched))
            if open_.get(pair[0], ((-1, -1),))[0] != pair:
                for qubit in pair:
                    close(qubit)
                open_[pair[0]] = open_[pair[1]] = (pair, [])
            open_[pair[0]][1].append(row)
        elif turning[row] and touched[0] in open_:
            open_[touched[0]][1].append(row)
        else:
            for qubit in touched:
                close(qubit)
    for qubit in sorted(open_):
        close(qubit)
    return sorted(found)


def _product(tape: Tape, rows: list[int]) -> NDArray[np.complex128]:
    """Return the unitary of rows on the pair of the first one, that row's first qubit the most significant."""
    pair = tape.qubits[rows[0]].tolist()
    out: NDArray[np.complex128] = np.eye(4, dtype=np.complex128)
    for row in rows:
        matrix: NDArray[np.complex128] = row_matrix(tape, row)
        if len(matrix) == 2:
            first = tape.qubits[row, 0] == pair[0]
            wide = np.kron(matrix, np.eye(2)) if first else np.kron(np.eye(2), matrix)
            matrix = wide.astype(np.complex128)
        elif tape.qubits[row, 0] != pair[0]:
            matrix = _SWAP @ matrix @ _SWAP
        out = np.asarray(matrix @ out, dtype=np.complex128)
    return out
