"""S13, S5: values known without a circuit."""

from __future__ import annotations

import math
from typing import ClassVar

from attrs import frozen

from qcompile.ir.combinators import On, Sequence
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.gates import RotationLayer
from qcompile.ir.layers import PhaseLayer, RotaryRotation
from qcompile.ir.overlap import ComputeUncompute, HadamardTest
from qcompile.ir.program import ClosedForm
from qcompile.ir.readout import Post, Readout
from qcompile.ir.rules.base import ReadoutRule
from qcompile.ir.rules.peel import fixed_axis
from qcompile.tape.expr import Expr

__all__ = ["FoldEqualStates", "FoldProductOverlap", "FoldUniformRouter"]


@frozen
class FoldEqualStates(ReadoutRule):
    """The overlap of a state with itself is 1.

    Proof: abs(<psi; psi>)^2 = 1 for a normalised state.
    """

    id: ClassVar[str] = "S13"
    name: ClassVar[str] = "fold-equal-states"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "compute-uncompute of the identity between equal preparations"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> ClosedForm | None:
        """Return the value 1."""
        block = readout.block
        if not isinstance(block, ComputeUncompute) or block.prep_in != block.prep_out:
            return None
        if not isinstance(block.unitary, Sequence) or block.unitary.blocks:
            return None
        return _closed(readout, Expr(1.0), "a state overlaps itself fully")


@frozen
class FoldProductOverlap(ReadoutRule):
    """<0; U; 0> of U_phase and of U_rot is a product of cosines and phases.

    Proof: <0; Rz(t); 0> = exp(-it/2), <0; Ry(t); 0> = cos(t/2), <0; Rx(t); 0> = cos(t/2). So U_phase with Theta =
    sum theta gives exp(-i k Theta / 2) cos(Theta / 2)^m for k qubits with Rz and m with Ry, and U_rot gives
    exp(-i omega / 2) / sqrt 2: theta_Q = -omega / 2.
    """

    id: ClassVar[str] = "S5"
    name: ClassVar[str] = "fold-product-overlap"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "a Hadamard test of U_phase or U_rot between all zeros and all zeros"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> ClosedForm | None:
        """Return the real or imaginary part as an expression."""
        block = readout.block
        if not isinstance(block, HadamardTest) or not isinstance(block.n_qubits, int):
            return None
        if fixed_axis(block.prep_in) != "z" or fixed_axis(block.prep_out) != "z":
            return None
        unitary = block.unitary
        if isinstance(unitary, RotaryRotation):
            phase, modulus = unitary.omega * -0.5, Expr(math.sqrt(0.5))
        elif isinstance(unitary, PhaseLayer) and isinstance(unitary.layers, int):
            half = unitary.angles.total()[()] * 0.5
            axes = [unitary.axis_of(q) for q in range(unitary.width)]
            phase, modulus = half * -float(axes.count("z")), Expr(1.0)
            for _ in range(axes.count("y")):
                modulus = modulus * half.apply("cos")
        else:
            return None
        value = modulus * phase.apply("cos" if block.part == "real" else "sin")
        return _closed(readout, value, "product of one-qubit amplitudes on all zeros")


@frozen
class FoldUniformRouter(ReadoutRule):
    """A router on the uniform superposition sends every token everywhere: P(e) = 1/E for every angle.

    Proof: plus is an eigenstate of Rx, so the state keeps its moduli 2^(-n/2); tracing out qubits leaves 2^-r for each
    of the 2^r labels, and renormalising over the valid ones 1/E.
    """

    id: ClassVar[str] = "S13"
    name: ClassVar[str] = "fold-uniform-router"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = "a distribution after one layer of Rx on the uniform superposition over all 2^n states"

    def rewrite(self, readout: Readout, cost_model: CostModel) -> ClosedForm | None:
        """Return the probability of every label."""
        block = readout.block
        if readout.post is not Post.DISTRIBUTION or not isinstance(block, Sequence) or len(block.blocks) != 2:
            return None
        start, layer = block.blocks
        if isinstance(layer, On):
            layer = layer.block
        if fixed_axis(start) != "x" or not isinstance(layer, RotationLayer) or layer.axes != ("x",):
            return None
        renormalised = readout.n_labels and readout.invalid_labels != "keep"
        labels = readout.n_labels if renormalised else 2 ** len(readout.measured)
        return _closed(readout, Expr(1.0 / labels), "the same for every label and every angle")


def _closed(readout: Readout, value: Expr, reason: str) -> ClosedForm:
    return ClosedForm(readout.name, value, reason=reason, equation=readout.equation, runs=readout.runs)
