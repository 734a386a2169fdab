"""Rules for amplitude estimation and the Fourier transform."""

from __future__ import annotations

import math
from typing import ClassVar

from attrs import evolve, frozen

from qcompile.ir.amplification import AmplitudeEstimation, PhaseEstimation
from qcompile.ir.amplitudes import good_probability
from qcompile.ir.block import Block
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.qft import QFT
from qcompile.ir.readout import Readout
from qcompile.ir.rules.base import BlockRule, ReadoutRule

__all__ = ["MOST_STATE_QUBITS", "ControlReflections", "EigenbasisOfPowers", "LineTransform"]

MOST_STATE_QUBITS = 4


@frozen
class ControlReflections(BlockRule):
    """Amplitude estimation controls the two reflections of Q, not the preparations around them.

    Proof: with control 0 the reflections are gone and A A^-1 = 1 is what is left; with control 1 nothing changed. The
    sign -1 of Q becomes a Z on the control.
    """

    id: ClassVar[str] = "P3"
    name: ClassVar[str] = "control-reflections"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "an amplitude estimation whose Q is controlled as a whole"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the estimation with fewer controls."""
        if not isinstance(block, AmplitudeEstimation) or block.control != "all":
            return None
        return evolve(block, control="reflections")


@frozen
class EigenbasisOfPowers(ReadoutRule):
    """With consent, the powers of Q are made in their shared eigenbasis: the amplitude is then computed classically.

    Proof: A on all zeros lies in the span of two eigenvectors of Q with phases +-2 theta and weight 1/2 each (also in
    the limits theta = 0 and pi/2, where the phases coincide). What the phase qubits show depends on phases and weights
    alone, so one qubit in plus with exp(+-2 i theta) on 0 and 1 gives the same distribution.

    This is no speed-up of anything: theta had to be known. `Readout.precomputed` says so and gives the amplitude, the
    trace repeats it, and estimates refuse such a readout.
    """

    id: ClassVar[str] = "P4"
    name: ClassVar[str] = "eigenbasis-of-powers"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "amplitude estimation of a known state of at most 4 qubits, by consent `eigenbasis`"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | None:
        """Return the estimation over one state qubit."""
        block = readout.block
        if "eigenbasis" not in readout.consents or not isinstance(block, AmplitudeEstimation):
            return None
        if not isinstance(block.n_qubits, int) or block.preparation.width > MOST_STATE_QUBITS:
            return None
        if not set(readout.measured) <= set(range(block.n_phase)):
            return None
        a = good_probability(block.preparation, block.good)
        if a is None:
            return None
        new = PhaseEstimation(block.n_phase, 2 * math.asin(math.sqrt(a)))
        known = f"the amplitude {a:.12g} was computed classically at compile time; no speed-up may be claimed from this"
        return evolve(readout, block=new, precomputed=known)


@frozen
class LineTransform(BlockRule):
    """A Fourier transform whose phases are merged with swaps of neighbours, where the machine's links are sparse.

    Proof: let every pair of qubits meet once on a line by swapping neighbours in turn, so that the order ends reversed.
    SWAP CP(t) is three CNOT and commutes past as CP(t) SWAP; the phases of all pairs commute with one another and the
    Hadamard of each qubit stands before its later phases as in the textbook order. The reversal is the one that the
    textbook circuit makes by swaps at the end.
    """

    id: ClassVar[str] = "P5"
    name: ClassVar[str] = "line-transform"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "a QFT in textbook form that the cost model finds dearer than the line form"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the line form where it is cheaper."""
        if (
            not isinstance(block, QFT)
            or block.form != "textbook"
            or not isinstance(block.n_qubits, int)
            or block.cutoff
        ):
            return None
        line = evolve(block, form="line")
        old, new = cost_model.cost(block), cost_model.cost(line)
        return line if old is not None and new is not None and new < old else None
