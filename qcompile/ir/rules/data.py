"""S11 and kin: what the data to encode gives away."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from qcompile.ir.angles import Angles
from qcompile.ir.ansatz import Ansatz
from qcompile.ir.block import Block
from qcompile.ir.combinators import Sequence, identity, parallel, sequence
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.encoding import AmplitudeEncoding, AngleEncoding, BasisEncoding, UniformSuperposition
from qcompile.ir.gates import GlobalPhase, Ladder
from qcompile.ir.overlap import ComputeUncompute
from qcompile.ir.readout import Readout
from qcompile.ir.rules.base import BlockRule, ReadoutRule
from qcompile.ir.rules.overlaps import permuted
from qcompile.ir.truncation import schmidt_work

__all__ = ["FoldLadderIntoData", "RecogniseCheapInput"]

Complex = NDArray[np.complex128]
_ATOL = 1e-14
_MAX_QUBITS = 13


@frozen
class RecogniseCheapInput(BlockRule):
    """Data that is a basis state, uniform over the first N states, or a real product is prepared as such.

    Proof: each replacement prepares the same vector to within 1e-14 an entry. A basis state: up to
    the phase of its one entry, kept as a global phase. Equal entries: eq. 20. A real vector of tensor rank 1: a product
    of qubits (cos, sin), one Ry each.
    """

    id: ClassVar[str] = "S11"
    name: ClassVar[str] = "recognise-cheap-input"
    keeps: ClassVar[ContractKind] = ContractKind.ISOMETRY
    when: ClassVar[str] = "an amplitude encoding with known data, method auto"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the cheap preparation."""
        if not isinstance(block, AmplitudeEncoding) or block.vector.is_generic or block.method != "auto":
            return None
        own = block.vector.n_qubits
        assert isinstance(own, int)
        if own > 20 or not isinstance(block.n_qubits, int):
            return None
        state = block.vector.normalised(own)
        found = _cheap(state, own)
        if found is None:
            return None
        return found if own == block.n_qubits else parallel(identity(block.n_qubits - own), found)


def _cheap(state: Complex, n: int) -> Block | None:
    support = np.flatnonzero(np.abs(state) > _ATOL)
    phase = float(np.angle(state[support[0]]))
    plain = state * np.exp(-1j * phase)
    tail: list[Block] = [] if abs(np.exp(1j * phase) - 1) < _ATOL else [GlobalPhase(n, phase)]
    if len(support) == 1:
        return sequence(BasisEncoding(int(support[0]), n), *tail)
    size = len(support)
    if support[-1] == size - 1 and np.allclose(plain[:size], size**-0.5, rtol=0, atol=_ATOL):
        return sequence(UniformSuperposition(size, n), *tail)
    if np.abs(plain.imag).max() < _ATOL and (angles := _product_angles(plain.real)) is not None:
        return sequence(AngleEncoding(Angles.of(angles)), *tail)
    return None


def _product_angles(state: NDArray[np.float64]) -> list[float] | None:
    """Return Ry angles of a real product state, None when it is none."""
    n = int(state.size).bit_length() - 1
    angles, rest = [], state
    for _ in range(n):
        table = rest.reshape(2, -1)
        column = int(np.argmax(np.abs(table).max(axis=0)))
        pair = table[:, column] / np.linalg.norm(table[:, column])
        left = pair @ table
        if np.abs(table - np.outer(pair, left)).max() > _ATOL:
            return None
        angles.append(2 * float(np.arctan2(pair[1], pair[0])))
        rest = left
    if rest[0] < 0:
        angles[-1] += 2 * np.pi  # Ry(t + 2 pi) = -Ry(t)
    return angles


@frozen
class FoldLadderIntoData(ReadoutRule):
    """A ladder next to an encoded vector permutes the vector instead: done classically, for no gate.

    Proof: a CNOT ladder maps basis states to basis states, so P V ket 0 is the state of the permuted vector, which is
    prepared directly. At the other end <out; P = (P^-1 ket out)^dagger. Phases are untouched. Leading qubits in 0 stay
    there, since every parity that a ladder writes on them is one of zeros.
    """

    id: ClassVar[str] = "P2"
    name: ClassVar[str] = "fold-ladder-into-data"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = (
        "an ansatz whose ladder touches an encoding of at most 13 qubits, with no more Schmidt work than before"
    )

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the readout with a permuted vector and one ladder less."""
        block = readout.block
        if isinstance(block, ComputeUncompute) and isinstance(block.unitary, Ansatz):
            ansatz = block.unitary
            if ansatz.product_order == "matrix" and (new := _folded(block.prep_in, ansatz, inverse=False)):
                prep, less = new
                return evolve(readout, block=evolve(block, prep_in=prep, unitary=less))
            if ansatz.product_order == "time" and (new := _folded(block.prep_out, ansatz, inverse=True)):
                prep, less = new
                return evolve(readout, block=evolve(block, prep_out=prep, unitary=less))
            return None
        if isinstance(block, Sequence) and len(block.blocks) >= 2 and isinstance(block.blocks[1], Ansatz):
            ansatz = block.blocks[1]
            if ansatz.product_order == "matrix" and (new := _folded(block.blocks[0], ansatz, inverse=False)):
                whole = Sequence((*new, *block.blocks[2:]), n_qubits=block.n_qubits)
                return evolve(readout, block=whole)
        return None


def _folded(prep: Block, ansatz: Ansatz, *, inverse: bool) -> tuple[Block, Ansatz] | None:
    part = "last_ladder" if inverse else "first_ladder"
    n = ansatz.n_qubits
    if not isinstance(prep, AmplitudeEncoding) or part in ansatz.omit or not isinstance(n, int) or n < 2:
        return None
    own = prep.vector.n_qubits
    if not isinstance(own, int) or own > _MAX_QUBITS:
        return None
    vector = permuted(prep.vector, Ladder(own, ansatz.cnot_ladder), inverse=inverse)
    if schmidt_work(vector, own) > schmidt_work(prep.vector, own):
        return None
    return evolve(prep, vector=vector), ansatz.without(part)
