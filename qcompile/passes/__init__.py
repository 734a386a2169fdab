"""Rewrites of a tape that keep its meaning: each returns the new tape and a witness that can be replayed."""

from qcompile.passes.base import PASSES, LedgerEntry, Pass, Pipeline, Run, Step, Until, register
from qcompile.passes.one_qubit import DropIdentities, MergeOneQubit
from qcompile.passes.two_qubit import CollectTwoQubitBlocks, ResynthesizeBlocks

__all__ = [
    "PASSES",
    "CollectTwoQubitBlocks",
    "DropIdentities",
    "LedgerEntry",
    "MergeOneQubit",
    "Pass",
    "Pipeline",
    "ResynthesizeBlocks",
    "Run",
    "Step",
    "Until",
    "register",
]
