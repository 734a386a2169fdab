"""Rewrites of a tape that keep its meaning: each returns the new tape and a witness that can be replayed."""

from qcompile.passes.base import PASSES, LedgerEntry, Pass, Pipeline, Run, Step, Until, register
from qcompile.passes.cirq_view import as_cirq_transformer
from qcompile.passes.commuting import MergeRotations
from qcompile.passes.expand import ExpandWide
from qcompile.passes.gadgets import SynthesizeGadgets
from qcompile.passes.granted import RemoveOnKnownZero, RemoveUnobserved
from qcompile.passes.mixed_natives import MixNatives
from qcompile.passes.one_qubit import DropIdentities, MergeOneQubit
from qcompile.passes.parities import FoldParities, FoldSwaps
from qcompile.passes.presets import post_routing, pre_routing
from qcompile.passes.reorder import ReorderCommuting
from qcompile.passes.swaps import ElideSwaps, SplitMirrors
from qcompile.passes.three_qubit import ExpandToffoli
from qcompile.passes.translate import ONE_QUBIT_OPS, TranslateOneQubit
from qcompile.passes.two_qubit import CollectTwoQubitBlocks, ResynthesizeBlocks

__all__ = [
    "ONE_QUBIT_OPS",
    "PASSES",
    "CollectTwoQubitBlocks",
    "DropIdentities",
    "ElideSwaps",
    "ExpandToffoli",
    "ExpandWide",
    "FoldParities",
    "FoldSwaps",
    "LedgerEntry",
    "MergeOneQubit",
    "MergeRotations",
    "MixNatives",
    "Pass",
    "Pipeline",
    "RemoveOnKnownZero",
    "RemoveUnobserved",
    "ReorderCommuting",
    "ResynthesizeBlocks",
    "Run",
    "SplitMirrors",
    "Step",
    "SynthesizeGadgets",
    "TranslateOneQubit",
    "Until",
    "as_cirq_transformer",
    "post_routing",
    "pre_routing",
    "register",
]
