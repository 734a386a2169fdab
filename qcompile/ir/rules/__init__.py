"""Structural rewrites: each with its proof, the condition it needs and the contract it keeps."""

from qcompile.ir.rules.base import BlockRule, ReadoutRule, Rule, Step, Trace
from qcompile.ir.rules.data import FoldLadderIntoData, RecogniseCheapInput
from qcompile.ir.rules.estimation import ControlReflections, EigenbasisOfPowers, LineTransform
from qcompile.ir.rules.fold import FoldEqualStates, FoldProductOverlap, FoldUniformRouter
from qcompile.ir.rules.inverse import CancelInverse, DropIdentity, OpenExpert
from qcompile.ir.rules.ladders import LogDepthLadder
from qcompile.ir.rules.layers import CollapsePhaseLayer, CollapseRouter, DropUnmeasuredRotations, MergeRotary
from qcompile.ir.rules.merge import FoldProductStates, MergeNeighbourLayers, MergeRepeatedLayer
from qcompile.ir.rules.overlaps import (
    BellInsteadOfSwap,
    FanOutControl,
    LadderFreeControl,
    ModulusWithoutAncilla,
    PreparePair,
)
from qcompile.ir.rules.peel import PeelBeforeMeasurement, PeelFixedInput, PeelFixedOutput
from qcompile.ir.rules.redundant import DropRedundantAngles
from qcompile.ir.rules.run import RULES, rule_named, simplify

__all__ = [
    "RULES",
    "BellInsteadOfSwap",
    "BlockRule",
    "CancelInverse",
    "CollapsePhaseLayer",
    "CollapseRouter",
    "ControlReflections",
    "DropIdentity",
    "DropRedundantAngles",
    "DropUnmeasuredRotations",
    "EigenbasisOfPowers",
    "FanOutControl",
    "FoldEqualStates",
    "FoldLadderIntoData",
    "FoldProductOverlap",
    "FoldProductStates",
    "FoldUniformRouter",
    "LadderFreeControl",
    "LineTransform",
    "LogDepthLadder",
    "MergeNeighbourLayers",
    "MergeRepeatedLayer",
    "MergeRotary",
    "ModulusWithoutAncilla",
    "OpenExpert",
    "PeelBeforeMeasurement",
    "PeelFixedInput",
    "PeelFixedOutput",
    "PreparePair",
    "ReadoutRule",
    "RecogniseCheapInput",
    "Rule",
    "Step",
    "Trace",
    "rule_named",
    "simplify",
]
