"""S4 and S12: gates that fix the input state, the reference at the end, or the measured basis."""

from __future__ import annotations

from typing import ClassVar

from attrs import evolve, frozen

from qcompile.ir.ansatz import Ansatz
from qcompile.ir.block import Block
from qcompile.ir.combinators import Sequence
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.encoding import BasisEncoding, UniformSuperposition
from qcompile.ir.gates import Ladder
from qcompile.ir.overlap import ComputeUncompute
from qcompile.ir.readout import Post, Readout
from qcompile.ir.rules.base import ReadoutRule

__all__ = ["PeelBeforeMeasurement", "PeelFixedInput", "PeelFixedOutput", "fixed_axis"]


def fixed_axis(state: Block) -> str | None:
    """Return z for all zeros, x for all plus, None for any other preparation.

    A CNOT fixes both states, rotations about that axis fix them up to a phase. A uniform superposition over N < 2^n
    states is no product of plus states: only some gates fix it, so it is not peeled.
    """
    if isinstance(state, Sequence) and not state.blocks:
        return "z"
    if isinstance(state, BasisEncoding) and state.index == 0:
        return "z"
    return "x" if isinstance(state, UniformSuperposition) and state.is_full else None


def _front(ansatz: Ansatz, axis: str) -> tuple[str, ...]:
    """Return what falls away before an ansatz on a state fixed by CNOT and by rotations about `axis`."""
    out: list[str] = []
    if ansatz.product_order == "matrix" and "first_ladder" not in ansatz.omit:
        out.append("first_ladder")
    if ansatz.rotations[0] == axis and "first_axis" not in ansatz.omit:
        out.append("first_axis")
    return tuple(out)


def _back(ansatz: Ansatz, axis: str) -> tuple[str, ...]:
    """Return what falls away after an ansatz, before a state (or basis) fixed by CNOT and by rotations about `axis`."""
    out: list[str] = []
    if ansatz.product_order == "time" and "last_ladder" not in ansatz.omit:
        out.append("last_ladder")
    if ansatz.rotations[-1] == axis and "last_axis" not in ansatz.omit:
        out.append("last_axis")
    return tuple(out)


def _peel(ansatz: Ansatz, parts: tuple[str, ...]) -> Ansatz | None:
    """Return the ansatz without parts; a lone rotation that is both first and last is dropped once only."""
    if ansatz.layers == 1 and len(ansatz.rotations) == 1 and {"first_axis", "last_axis"} & set(ansatz.omit):
        parts = tuple(p for p in parts if p not in ("first_axis", "last_axis"))
    return ansatz.without(*parts) if parts else None


@frozen
class PeelFixedInput(ReadoutRule):
    """What acts first on a state it fixes is dropped: the first ladder, and the first rotations about the state's axis.

    Proof: CNOT maps 00 to 00 and ++ to ++ (it permutes the basis states that ++ weighs equally), so a ladder fixes both
    products. Rz(t) on 0 and Rx(t) on plus give exp(-it/2), one global phase, which no outcome shows.
    """

    id: ClassVar[str] = "S4"
    name: ClassVar[str] = "peel-fixed-input"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = (
        "an ansatz acts on all zeros, or on the uniform superposition over all 2^n states, uncontrolled"
    )

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the readout with a peeled ansatz."""
        block = readout.block
        if isinstance(block, ComputeUncompute) and isinstance(block.unitary, Ansatz):
            axis = fixed_axis(block.prep_in)
            new = _peel(block.unitary, _front(block.unitary, axis)) if axis else None
            return evolve(readout, block=evolve(block, unitary=new)) if new else None
        if not isinstance(block, Sequence) or len(block.blocks) < 2 or not isinstance(block.blocks[1], Ansatz):
            if isinstance(block, Ansatz) and (bare := _peel(block, _front(block, "z"))):
                return evolve(readout, block=bare)
            return None
        axis = fixed_axis(block.blocks[0])
        new = _peel(block.blocks[1], _front(block.blocks[1], axis)) if axis else None
        if new is None:
            return None
        return evolve(readout, block=Sequence((block.blocks[0], new, *block.blocks[2:]), n_qubits=block.n_qubits))


@frozen
class PeelFixedOutput(ReadoutRule):
    """The same at the other end of an overlap: what acts last before the inverse preparation of a state it fixes.

    Proof: <out; G = (G^-1 ket out)^dagger, and G^-1 is a ladder or a rotation about the same axis: it fixes ket out up
    to a phase, which the modulus does not show.
    """

    id: ClassVar[str] = "S4"
    name: ClassVar[str] = "peel-fixed-output"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "compute-uncompute with an ansatz and the reference all zeros or all plus"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the readout with a peeled ansatz."""
        block = readout.block
        if not isinstance(block, ComputeUncompute) or not isinstance(block.unitary, Ansatz):
            return None
        axis = fixed_axis(block.prep_out)
        new = _peel(block.unitary, _back(block.unitary, axis)) if axis else None
        return evolve(readout, block=evolve(block, unitary=new)) if new else None


@frozen
class PeelBeforeMeasurement(ReadoutRule):
    """Before a Z measurement of every qubit, the last Rz go, and a last ladder becomes a relabelling of bits.

    Proof: Rz is diagonal, so it changes no probability of a basis state. A ladder maps basis states to basis states:
    measuring before it and applying the same parities to the bits gives the same distribution.
    """

    id: ClassVar[str] = "S4"
    name: ClassVar[str] = "peel-before-measurement"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "the circuit ends in an ansatz and all qubits are measured in order"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the readout with a peeled ansatz, and the bits relabelled."""
        block = readout.block
        ansatz = block.blocks[-1] if isinstance(block, Sequence) and block.blocks else block
        if (
            readout.post not in (Post.DISTRIBUTION, Post.Z_EXPECTATIONS)
            or not isinstance(ansatz, Ansatz)
            or readout.measured != tuple(range(ansatz.width))
        ):
            return None
        new = _peel(ansatz, _back(ansatz, "z"))
        if new is None:
            return None
        relabel = readout.relabel
        if "last_ladder" in new.omit and "last_ladder" not in ansatz.omit:
            if relabel:
                return None  # one relabelling at a time
            relabel = parities(Ladder(ansatz.width, ansatz.cnot_ladder))
        whole = Sequence((*block.blocks[:-1], new), n_qubits=block.n_qubits) if isinstance(block, Sequence) else new
        return evolve(readout, block=whole, relabel=relabel)


def parities(ladder: Ladder) -> tuple[tuple[int, ...], ...]:
    """Return for each output bit of a ladder the input bits whose parity it is."""
    n = ladder.width
    if ladder.order == "matrix":
        return ((0,), *((k - 1, k) for k in range(1, n)))
    return tuple(tuple(range(k + 1)) for k in range(n))
