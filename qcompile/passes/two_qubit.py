"""Passes that look at one pair of qubits at a time: blocks collected, and decomposed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import evolve, field, frozen, validators
from numpy.typing import NDArray

from qcompile.kernels.kak import weyl_coordinates
from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.natives import native_counts, native_edges
from qcompile.passes.one_qubit import identity_phases, rows_of_matrices
from qcompile.passes.pairs import Blocks, Pairs, find_blocks
from qcompile.passes.wires import free_rows, protected_rows, wires_of
from qcompile.synthesis.two_qubit import cost_after_swap, decompose
from qcompile.tape import Op, Rewrite, Tape
from qcompile.tape.opcodes import ARITY, IS_UNITARY
from qcompile.tape.simulate import row_matrices

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["CollectTwoQubitBlocks", "ResynthesizeBlocks", "block_counts", "blocks_of"]

Complex = NDArray[np.complex128]
Bools = NDArray[np.bool_]


def blocks_of(
    one: Pass, tape: Tape, target: Target | None = None, *, commute: bool = True, apart: bool = False
) -> Blocks:
    """Return the blocks of rows that `one` may rewrite.

    Rows that commute join one block or another depending on the end from which the tape is read. Both are tried, and
    the one that takes fewer native gates is kept. With `apart`, rows that would move to save nothing stay in place.
    """
    arity = ARITY[tape.opcode]
    ready = cast(Bools, free_rows(tape, one.no_touch) & ~tape.is_symbolic & ((arity == 1) | (arity == 2)))
    wires = wires_of(tape, one.no_touch)
    pairs = Pairs.of(tape, ready)
    first = find_blocks(tape, wires, pairs, commute=commute)
    if not commute or pairs.count == int((pairs.kind == 2).sum()):
        return first
    best, forward = first, False
    if pairs.count < len(first.anchors):  # with one block a pair no other reading can have fewer
        second = find_blocks(tape, wires, pairs, forward=True)
        two = pairs.kind == 2
        if len(first.anchors) != len(second.anchors) or (_firsts(first)[two] != _firsts(second)[two]).any():
            forward = _price(second, target) < _price(first, target)
            best = second if forward else first
    if not apart:
        return best
    return _left_apart(best, find_blocks(tape, wires, pairs, commute=False, forward=forward), pairs, target)


def _left_apart(blocks: Blocks, adjacent: Blocks, pairs: Pairs, target: Target | None) -> Blocks:
    """Return the blocks, with those of `adjacent` rows in place of each that saves nothing over them.

    A row that moves to its block without need makes the rows that it passes wait. A block that is cheap once it is
    followed by a SWAP is kept.
    """
    if len(adjacent.anchors) == len(blocks.anchors):
        return blocks
    tape = blocks.tape
    owner = np.searchsorted(blocks.anchors, blocks.opener[adjacent.anchors])
    several = np.bincount(owner, minlength=len(blocks.anchors)) > 1
    parts = adjacent.only(several[owner])
    apart = np.bincount(owner[several[owner]], weights=_counts(parts, target), minlength=len(blocks.anchors))
    whole = blocks.only(several)
    coords = weyl_coordinates(np.ascontiguousarray(whole.unitaries))
    mirrored = np.min([cost_after_swap(coords, op) for op in native_edges(target, tape.qubits[:0]).ops], axis=0)
    idle = several.copy()
    idle[several] = np.minimum(_counts(whole, target), mirrored) >= apart[several]
    if not idle.any():
        return blocks
    rows = np.flatnonzero(blocks.members(idle))
    opener = blocks.opener.copy()
    own = adjacent.opener[rows]
    opener[rows] = np.where((own >= 0) & (blocks.opener[own] == blocks.opener[rows]), own, -1)
    return Blocks.of(tape, pairs.kind, opener)


def _counts(blocks: Blocks, target: Target | None) -> NDArray[np.int64]:
    """Return how many native gates each block takes, at most one a row."""
    return np.minimum(block_counts(blocks, target), blocks.n_two)


def _firsts(blocks: Blocks) -> NDArray[np.int64]:
    """Return int64[n]: the first two-qubit row of each row's block, or n for rows outside blocks."""
    n = len(blocks.tape)
    two = np.flatnonzero((blocks.opener >= 0) & (ARITY[blocks.tape.opcode] == 2))
    first = np.full(n + 1, n, dtype=np.int64)
    first[blocks.opener[two][::-1]] = two[::-1]
    return first[blocks.opener]


def _price(blocks: Blocks, target: Target | None) -> tuple[int, int]:
    """Return how many native gates the blocks take, and how many blocks there are."""
    return int(_counts(blocks, target).sum()), len(blocks.anchors)


def block_counts(blocks: Blocks, target: Target | None) -> NDArray[np.int64]:
    """Return int64[m]: the native gates that each block takes."""
    if target not in blocks.counts:
        edges = native_edges(target, blocks.tape.qubits[blocks.anchors])
        blocks.counts[target] = native_counts(edges, blocks.unitaries)[1]
    return blocks.counts[target]


@register
@frozen
class CollectTwoQubitBlocks(Pass):
    """Fuse what happens on one pair of qubits to one MAT2 row; rows that commute are moved together for it.

    Symbolic rows are never fused, but a row may pass one that it commutes with.

    Attributes:
        least: Fewest two-qubit rows of a block that is fused.
        commute: Whether rows may pass rows that they commute with.
        apart: Whether rows that would move to save nothing stay in place: fewer layers where no SWAPs come between,
            and more gates where they do.
        atol: Entries by which a product may differ from the identity and be dropped.

    >>> from qcompile.tape import tape_of
    >>> CollectTwoQubitBlocks()(tape_of("cx 0 1; t 0; cx 0 2; cx 0 1")).ops()
    ['mat2 0 1', 'cx 0 2']
    """

    least: int = field(default=2, validator=validators.ge(1))
    commute: bool = True
    apart: bool = False
    atol: float = field(default=1e-12, validator=validators.ge(0))

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with fused blocks."""
        blocks = blocks_of(self, tape, target, commute=self.commute, apart=self.apart)
        chosen = (blocks.n_two >= self.least) & (blocks.n_two + blocks.n_one > 1)
        if not chosen.any():
            return unchanged(tape)
        matrices = blocks.unitaries[chosen]
        anchors = blocks.anchors[chosen]
        idle, phases = identity_phases(matrices, self.atol)
        new = NewRows(
            opcode=Op.MAT2,
            qubits=tape.qubits[anchors[~idle]],
            region=anchors[~idle],
            matrix=matrices[~idle],
            like=anchors[~idle],
        )
        region = blocks.region(chosen)
        return assemble(tape, region, ~blocks.members(chosen), [new], phase=float(phases[idle].sum()))


@register
@frozen
class ResynthesizeBlocks(Pass):
    """Decompose two-qubit blocks into the target's native gate, each at its minimum count.

    With a target, every numeric two-qubit row that is not native is replaced, by the native gate that is cheapest on
    its edge, in a direction that the edge has; blocks that are native already are replaced when it saves native
    gates, or rows at equal gates. Without one, blocks become CZ where that saves.

    Attributes:
        commute: Whether rows may pass rows that they commute with.
        apart: Whether rows that would move to save nothing stay in place, see `CollectTwoQubitBlocks`.
        atol: Entries of a matrix up to this count as zero.

    >>> from qcompile.tape import tape_of
    >>> ResynthesizeBlocks()(tape_of("cz 0 1; rx(0.3) 1; cz 0 1; rz(0.1) 0; cz 0 1")).is_two_qubit.sum()
    np.int64(2)
    """

    commute: bool = True
    apart: bool = False
    atol: float = field(default=1e-12, validator=validators.ge(0))

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with blocks in native gates."""
        return self.of_blocks(tape, target, blocks_of(self, tape, target, commute=self.commute, apart=self.apart))

    def of_blocks(self, tape: Tape, target: Target | None, blocks: Blocks) -> Rewrite:
        """Return the tape with those of `blocks` in native gates for which that is better."""
        lone, parts, phase = self._lone_rows(tape, target)
        if not len(blocks.anchors) and not lone.any():
            return unchanged(tape)
        matrices = blocks.unitaries
        pairs = tape.qubits[blocks.anchors]
        edges = native_edges(target, pairs)
        native, count = native_counts(edges, matrices)
        chosen = count < blocks.n_two
        if target is not None:
            two = np.flatnonzero((blocks.opener >= 0) & (ARITY[tape.opcode] == 2))
            column = np.searchsorted(blocks.anchors, blocks.opener[two])
            exchanged = tape.qubits[two, 0] != pairs[column, 0]
            alien = ~edges.holds(tape, two, column, exchanged)
            chosen |= np.bincount(column[alien], minlength=len(pairs)) > 0
        chosen |= (count == blocks.n_two) & (blocks.n_one > 2 * count + 2)
        if not chosen.any() and not lone.any():
            return unchanged(tape)
        picked = np.flatnonzero(chosen)
        for k in np.unique(native[picked]):
            at = picked[native[picked] == k]
            flipped = edges.way[k, at] < 0
            more, extra = _native_rows(edges.ops[k], matrices[at], pairs[at], flipped, blocks.anchors[at], self.atol)
            parts += more
            phase += extra
        return assemble(tape, blocks.region(chosen), ~(blocks.members(chosen) | lone), parts, phase=phase)

    def _lone_rows(self, tape: Tape, target: Target | None) -> tuple[Bools, list[NewRows], float]:
        """Return which rows under conditions or inside fences are not native, what replaces each, and the phase."""
        lone = (ARITY[tape.opcode] == 2) & IS_UNITARY[tape.opcode] & ~tape.is_symbolic
        lone &= ((tape.condition >= 0) | (tape.fence != 0)) & ~protected_rows(tape, self.no_touch)
        if target is None or not lone.any():
            return np.zeros(len(tape), dtype=bool), [], 0.0
        rows = np.flatnonzero(lone)
        edges = native_edges(target, tape.qubits[rows])
        held = edges.holds(tape, rows, np.arange(len(rows)), np.zeros(len(rows), dtype=bool))
        lone[rows[held]] = False
        rows = rows[~held]
        parts: list[NewRows] = []
        phase = 0.0
        for row in rows:  # a phase under a condition is no part of the meaning, so each row's is looked at alone
            one = np.array([row])
            edges, matrices = native_edges(target, tape.qubits[one]), row_matrices(tape, one)
            native = int(native_counts(edges, matrices)[0][0])
            more, extra = _native_rows(
                edges.ops[native], matrices, tape.qubits[one], edges.way[native] < 0, one, self.atol
            )
            parts += [evolve(p, inside=True) for p in more]
            phase += extra if tape.condition[row] < 0 else 0.0
        return lone, parts, phase


_EXCHANGE = [0, 2, 1, 3]


def _native_rows(
    op: Op,
    matrices: Complex,
    pairs: NDArray[np.int32],
    flipped: Bools,
    anchors: NDArray[np.intp],
    atol: float,
) -> tuple[list[NewRows], float]:
    """Return the rows of each matrix in native gates: layers of locals at even places, gates at odd ones."""
    matrices = matrices.copy()
    matrices[flipped] = matrices[flipped][:, _EXCHANGE][:, :, _EXCHANGE]
    pairs = np.where(flipped[:, None], pairs[:, ::-1], pairs)
    found = decompose(matrices, op)
    # All layers at once: slot by slot, on each slot the first qubit, then the second one, then the gate.
    n_slots = found.local.shape[1]
    slot, at = np.nonzero(found.n_native[None, :] >= np.arange(n_slots)[:, None])
    slots, blocks = np.concatenate([slot, slot]), np.concatenate([at, at])
    side = np.repeat([0, 1], len(slot))
    layers, phase = rows_of_matrices(
        found.local[blocks, slots, side],
        pairs[blocks, side],
        anchors[blocks],
        anchors[blocks],
        atol,
        order=3 * slots + side,
    )
    some = slot < found.n_native[at]
    slot, at = slot[some], at[some]
    angle = np.zeros((len(at), 3))
    angle[:, 0] = found.theta[at, slot]
    gates = NewRows(opcode=op, qubits=pairs[at], region=anchors[at], angle=angle, order=3 * slot + 2, like=anchors[at])
    return [*layers, gates], phase + float(found.phase.sum())
