"""S10 and kin: overlaps read with less control and less preparation."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from qcompile.ir.block import Block
from qcompile.ir.combinators import sequence
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.encoding import AmplitudeEncoding, PhaseEncoding
from qcompile.ir.gates import EulerRotation, Gate, Ladder, Rotation, RotationLayer
from qcompile.ir.layers import PhaseLayer, RotaryRotation, Router
from qcompile.ir.overlap import BellMeasurement, ComputeUncompute, HadamardTest, LadderFree, SwapTest, primitives
from qcompile.ir.readout import Post, Readout
from qcompile.ir.rules.base import ReadoutRule
from qcompile.ir.sizes import concrete
from qcompile.ir.vectors import Vector

__all__ = [
    "BellInsteadOfSwap",
    "FanOutControl",
    "LadderFreeControl",
    "ModulusWithoutAncilla",
    "PreparePair",
    "permuted",
    "vector_of",
]

_ONE_QUBIT = (Rotation, EulerRotation, RotationLayer, PhaseLayer, RotaryRotation, Router)
_MARGIN = 0.301  # log10 of the least gain that copies must bring, a factor of 2
_MAX_QUBITS = 16  # a vector is rewritten entry by entry up to here


@frozen
class LadderFreeControl(ReadoutRule):
    """A Hadamard test controls only what does not fix all zeros.

    Proof: with control 0 the qubits rest in all zeros. Every CNOT, CZ and SWAP fixes that state, so acting without
    control it changes nothing in the idle branch, and in the other it acts as before. By induction over the gates the
    branches are ket 0 (all zeros) and ket 1 W (all zeros), as for the full control.
    """

    id: ClassVar[str] = "S10"
    name: ClassVar[str] = "ladder-free-control"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "a Hadamard test of which all qubits start in 0"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the test with controlled rotations."""
        block = readout.block
        if not isinstance(block, HadamardTest) or block.control != "all":
            return None
        return evolve(readout, block=evolve(block, control="rotations"))


@frozen
class FanOutControl(ReadoutRule):
    """A Hadamard test copies its control onto idle qubits, so that many rotations are controlled at once.

    Proof: CNOT from the control onto a qubit in 0 makes it equal to the control in each branch. From there on nothing
    but controls touches the control or its copies, and a control is diagonal in their basis, so it may sit on any of
    them, and CNOT in reverse order return the copies to 0 in both branches. What is left is the test on n + 1 qubits.

    A copy costs two CNOT and a qubit; what it saves are swaps towards one qubit and the time in which all others wait.
    So plain and copied circuits are compiled to the end, and copies are taken where the objective comes out better and
    what a qubit contributes in one run, p^2 / w (`Trial`), at least doubles: the qubits of the copies
    could have served another circuit, and less than that is within the scatter of routing.
    """

    id: ClassVar[str] = "P6"
    name: ClassVar[str] = "fan-out-control"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = (
        "a Hadamard test with controlled rotations that comes out better with copies, both by the objective and by "
        "success squared a qubit"
    )

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the test with the number of copies that comes out best, None where that is none."""
        block = readout.block
        if not isinstance(block, HadamardTest) or block.control != "rotations" or not isinstance(block.n_qubits, int):
            return None
        plain = cost_model.trial(readout)
        if plain is None:
            return None
        n = block.n_qubits - 1
        best, score = None, plain.score
        for copies in sorted({n // 4, n // 2, n - 1} - {0}):
            new = evolve(readout, block=evolve(block, control="fan_out", copies=copies))
            found = cost_model.trial(new)
            if found is not None and found.score < score and found.yield_log10 > plain.yield_log10 + _MARGIN:
                best, score = new, found.score
        return best


@frozen
class PreparePair(ReadoutRule):
    """A Hadamard test of known states prepares both branches at once, and undoes no preparation.

    Proof: let P be the product of U's ladders, a permutation of basis states. Prepare
    (ket 0 P^-1 ket out + ket 1 ket in) / sqrt 2, one vector of 2^(n+1) entries made classically. Apply the ladders to
    both branches and the rotations to branch 1: (ket 0 ket out + ket 1 U ket in) / sqrt 2. The last Hadamard then gives
    P(0) = (1 + Re <out; U; in>) / 2, with S-dagger before it the imaginary part: the outcomes of the textbook test, for
    one preparation on n + 1 qubits in place of two controlled ones.
    """

    id: ClassVar[str] = "P1"
    name: ClassVar[str] = "prepare-pair"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "a Hadamard test of two encoded vectors, U of CNOT ladders and one-qubit gates"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the test on a prepared pair where that costs less."""
        block = readout.block
        if not isinstance(block, HadamardTest) or not isinstance(block.n_qubits, int):
            return None
        one, two = vector_of(block.prep_in), vector_of(block.prep_out)
        if one is None or two is None:
            return None
        parts = list(primitives(block.unitary))
        if not all(isinstance(part, (*_ONE_QUBIT, Ladder)) for part in parts):
            return None
        ladders = [part for part in parts if isinstance(part, Ladder)]
        n = block.n_qubits
        pair = _pair(one, two, ladders, n - 1)
        if pair is None:
            return None
        vector, qubits = pair
        preparation: Block = AmplitudeEncoding(vector, len(qubits))
        if len(qubits) < n:
            preparation = preparation.on(*qubits, of=n)
        tail = [Gate("sdg").on(0, of=n)] if block.part == "imag" else []
        new = sequence(preparation, LadderFree(block.unitary), *tail, Gate("h").on(0, of=n))
        old_cost, new_cost = cost_model.cost(evolve(block, control="rotations")), cost_model.cost(new)
        if old_cost is None or new_cost is None or new_cost >= old_cost:
            return None
        return evolve(readout, block=new)


@frozen
class BellInsteadOfSwap(ReadoutRule):
    """A swap test becomes a Bell measurement of each pair of qubits, with a sign computed classically.

    Proof: SWAP is a product over pairs; on one pair it is +1 on the triplet and -1 on the singlet, which CNOT and H map
    to the outcome 11. So P(even sum of a b) = (1 + tr(SWAP rho)) / 2, the distribution of the swap test's ancilla.
    """

    id: ClassVar[str] = "S10b"
    name: ClassVar[str] = "bell-instead-of-swap"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "a swap test whose spec consents to a Bell measurement"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the Bell readout."""
        block = readout.block
        if not isinstance(block, SwapTest) or "bell" not in readout.consents:
            return None
        bell = BellMeasurement(block.prep_in, block.unitary, block.prep_out)
        return evolve(readout, block=bell, measured=tuple(range(bell.width)), post=Post.BELL)


@frozen
class ModulusWithoutAncilla(ReadoutRule):
    """A squared modulus needs no ancilla and one register: compute-uncompute in place of a swap test.

    Proof: P(all zeros) of V_out^-1 U V_in is abs(<out; U; in>)^2, the value that the swap test's ancilla shows as
    2 P(0) - 1. The value is the same; its estimator has variance p (1 - p) in place of 1 - p^2, so shots go down too.
    """

    id: ClassVar[str] = "S10c"
    name: ClassVar[str] = "modulus-without-ancilla"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "a swap test or Bell measurement whose spec consents to compute_uncompute"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the compute-uncompute readout."""
        block = readout.block
        if not isinstance(block, SwapTest | BellMeasurement) or "compute_uncompute" not in readout.consents:
            return None
        new = ComputeUncompute(block.prep_in, block.unitary, block.prep_out)
        return evolve(readout, block=new, measured=tuple(range(new.width)), post=Post.ALL_ZERO)


def vector_of(block: Block) -> Vector | None:
    """Return the vector that a block encodes, None for other blocks or free phases."""
    if isinstance(block, AmplitudeEncoding):
        return block.vector
    if isinstance(block, PhaseEncoding) and (block.theta is None or block.theta.is_numeric):
        return block.encoded()
    return None


def permuted(vector: Vector, ladder: Ladder, *, inverse: bool = False) -> Vector:
    """Return the vector whose state is a ladder (or its inverse) applied to a vector's state."""
    n = ladder.width
    if vector.is_generic:
        return Vector.generic(2**n, is_real=vector.is_real, label=vector.label)
    to = ladder_targets(ladder)
    state = vector.normalised(n)
    out = np.empty_like(state)
    if inverse:
        out = state[to]
    else:
        out[to] = state
    return Vector.of(out, label=f"{vector.label}'")


def ladder_targets(ladder: Ladder) -> NDArray[np.int64]:
    """Return the basis state to which a ladder takes each basis state, shape [2**n]."""
    n = ladder.width
    index = np.arange(2**n)
    for control, target in ladder.pairs():
        index = index ^ (((index >> (n - 1 - control)) & 1) << (n - 1 - target))
    return index


def _pair(one: Vector, two: Vector, ladders: list[Ladder], n: int) -> tuple[Vector, tuple[int, ...]] | None:
    """Return the pair vector and its qubits: the ancilla and the last qubits that the data needs."""
    is_real = one.is_real and two.is_real
    if not isinstance(one.length, int) or not isinstance(two.length, int):
        return None
    own = max(concrete(one.n_qubits), concrete(two.n_qubits))
    if own > _MAX_QUBITS and not (one.is_generic or two.is_generic):
        return None
    qubits = (0, *range(n + 1 - own, n + 1))
    if one.is_generic or two.is_generic:
        return Vector.generic(2 ** (own + 1), is_real=is_real, label="pair"), qubits
    for ladder in reversed(ladders):  # on leading zeros a ladder does nothing: parities of zeros are zero
        two = permuted(two, Ladder(own, ladder.order), inverse=True)
    state = np.concatenate([two.normalised(own), one.normalised(own)]) / np.sqrt(2)
    return Vector.of(state, label="pair"), qubits
