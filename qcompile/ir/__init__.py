"""What a model means: blocks of symbolic size and angle, programs of readouts, rules that keep their meaning."""

from qcompile.ir.amplification import AmplitudeEstimation, GroverOperator, PhaseEstimation, power_readouts
from qcompile.ir.angles import Angles
from qcompile.ir.ansatz import Ansatz
from qcompile.ir.block import Block
from qcompile.ir.channels import Dephasing
from qcompile.ir.combinators import Adjoint, Controlled, On, Parallel, Repeat, Sequence, identity, parallel, sequence
from qcompile.ir.contract import Contract, ContractKind
from qcompile.ir.cost import CostModel, DepthCost, GateCost
from qcompile.ir.counts import Counts
from qcompile.ir.encoding import (
    AmplitudeEncoding,
    AngleEncoding,
    BasisEncoding,
    PhaseEncoding,
    Preparation,
    UniformSuperposition,
)
from qcompile.ir.expert import QuantumExpert
from qcompile.ir.exploration import PhaseExploration
from qcompile.ir.gates import FIXED_GATES, EulerRotation, Gate, GlobalPhase, Ladder, Rotation, RotationLayer
from qcompile.ir.layers import PhaseLayer, RotaryRotation, Router
from qcompile.ir.overlap import BellMeasurement, ComputeUncompute, HadamardTest, LadderFree, SwapTest
from qcompile.ir.program import ClosedForm, Program
from qcompile.ir.qft import QFT, BasisPhase
from qcompile.ir.readout import Post, Readout
from qcompile.ir.rules import RULES, Trace, simplify
from qcompile.ir.sizes import SYMBOLS, Size
from qcompile.ir.vectors import Vector
from qcompile.tape.expr import Expr

__all__ = [
    "FIXED_GATES",
    "QFT",
    "RULES",
    "SYMBOLS",
    "Adjoint",
    "AmplitudeEncoding",
    "AmplitudeEstimation",
    "AngleEncoding",
    "Angles",
    "Ansatz",
    "BasisEncoding",
    "BasisPhase",
    "BellMeasurement",
    "Block",
    "ClosedForm",
    "ComputeUncompute",
    "Contract",
    "ContractKind",
    "Controlled",
    "CostModel",
    "Counts",
    "Dephasing",
    "DepthCost",
    "EulerRotation",
    "Expr",
    "Gate",
    "GateCost",
    "GlobalPhase",
    "GroverOperator",
    "HadamardTest",
    "Ladder",
    "LadderFree",
    "On",
    "Parallel",
    "PhaseEncoding",
    "PhaseEstimation",
    "PhaseExploration",
    "PhaseLayer",
    "Post",
    "Preparation",
    "Program",
    "QuantumExpert",
    "Readout",
    "Repeat",
    "RotaryRotation",
    "Rotation",
    "RotationLayer",
    "Router",
    "Sequence",
    "Size",
    "SwapTest",
    "Trace",
    "UniformSuperposition",
    "Vector",
    "identity",
    "parallel",
    "power_readouts",
    "sequence",
    "simplify",
]
