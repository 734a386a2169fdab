"""Blocks that take three gates of one native kind and two of different kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from qcompile.kernels.kak import weyl_coordinates
from qcompile.passes.assemble import NewRows, assemble, unchanged
from qcompile.passes.base import Pass, register
from qcompile.passes.natives import native_edges
from qcompile.passes.one_qubit import rows_of_matrices
from qcompile.passes.two_qubit import blocks_of
from qcompile.synthesis.two_qubit import cost_after_swap, decompose
from qcompile.tape import Op, Rewrite, Tape
from qcompile.tape.matrices import gate_matrix

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["MixNatives"]

Complex = NDArray[np.complex128]

_EXCHANGE = [0, 2, 1, 3]
_S_DAGGER = np.diag([1, -1j]).astype(np.complex128)
#: Gates of CZ's class, at a quarter turn where they have an angle.
_CONTROLLED = (Op.CZ, Op.CX, Op.ECR, Op.RZZ, Op.RXX)


@register
@frozen
class MixNatives(Pass):
    """Write a block U with one iSWAP and one gate of CZ's class where the edge has both, instead of three gates.

    SWAP U = L2 CZ L1 CZ L0 for every U whose mirror takes two CZ or none (then L1 is the identity), and
    SWAP CZ = iSWAP (Sdg x Sdg), so that U = L2' iSWAP (Sdg x Sdg) L1 CZ L0: a SWAP takes two gates.

    >>> from qcompile.tape import tape_of
    >>> from qcompile.target import Target
    >>> both = Target.from_couplings(2, [(0, 1)], native=["cz", "iswap"])
    >>> MixNatives()(tape_of("cz 0 1; h 0; h 1; cz 0 1; h 0; h 1; cz 0 1; h 0; h 1"), both).is_two_qubit.sum()
    np.int64(2)
    """

    atol: float = field(default=1e-12, validator=validators.ge(0))

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with blocks of two different native gates."""
        names = {g.name for g in target.natives} if target is not None else set()
        if "iswap" not in names or names.isdisjoint(op.name.lower() for op in _CONTROLLED):
            return unchanged(tape)
        blocks = blocks_of(self, tape)
        if not (blocks.n_two > 2).any():
            return unchanged(tape)
        matrices = blocks.unitaries
        pairs = tape.qubits[blocks.anchors]
        edges = native_edges(target, pairs)
        iswap = edges.ops.index(Op.ISWAP)
        mirrored = cost_after_swap(weyl_coordinates(np.ascontiguousarray(matrices)), Op.CZ)
        open_ = (blocks.n_two > 2) & ((mirrored == 0) | (mirrored == 2)) & edges.allowed[iswap]
        chosen = np.zeros(len(open_), dtype=bool)
        parts: list[NewRows] = []
        phase = 0.0
        for k, op in enumerate(edges.ops):
            mine = open_ & ~chosen & edges.allowed[k]
            if op not in _CONTROLLED or not mine.any():
                continue
            more, extra = self._rows(op, matrices[mine], pairs[mine], edges.way[k, mine] < 0, blocks.anchors[mine])
            parts += more
            phase += extra
            chosen |= mine
        if not chosen.any():
            return unchanged(tape)
        return assemble(tape, blocks.region(chosen), ~blocks.members(chosen), parts, phase=phase)

    def _rows(
        self,
        op: Op,
        matrices: Complex,
        pairs: NDArray[np.int32],
        flipped: NDArray[np.bool_],
        anchors: NDArray[np.intp],
    ) -> tuple[list[NewRows], float]:
        mirror = decompose(np.ascontiguousarray(matrices[:, _EXCHANGE]), Op.CZ)
        two = mirror.n_native == 2
        local = np.broadcast_to(np.eye(2, dtype=np.complex128), (len(matrices), 3, 2, 2, 2)).copy()
        local[~two, 2] = mirror.local[~two, 0]
        if two.any():
            local[two] = mirror.local[two, :3]
        single = decompose(gate_matrix(Op.CZ)[None], op)  # CZ by the native gate of its class
        side = np.where(flipped[:, None], [[1, 0]], [[0, 1]])  # which local of `single` each qubit of the pair takes
        before, after = single.local[0, 0][side], single.local[0, 1][side]
        layers = (
            before @ local[:, 0],
            _S_DAGGER @ local[:, 1] @ after,
            local[:, 2][:, ::-1],
        )
        phase = float(mirror.phase.sum()) + len(matrices) * float(single.phase[0])
        parts: list[NewRows] = []
        for slot, layer in enumerate(layers):
            for q in (0, 1):
                own = np.ascontiguousarray(layer[:, q])
                order = np.full(len(anchors), 3 * slot + q)
                rows, extra = rows_of_matrices(own, pairs[:, q], anchors, anchors, self.atol, order=order)
                phase += extra
                parts += rows
        turned = np.where(flipped[:, None], pairs[:, ::-1], pairs)
        for place, (gate, where) in enumerate(((op, turned), (Op.ISWAP, pairs))):
            order = np.full(len(anchors), 3 * place + 2)
            angle = np.zeros((len(anchors), 3))
            angle[:, 0] = single.theta[0, 0] if gate in (Op.RZZ, Op.RXX) else 0.0
            parts.append(NewRows(opcode=gate, qubits=where, region=anchors, angle=angle, order=order, like=anchors))
        return parts, phase
