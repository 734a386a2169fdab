"""Rewrites of a tape that keep its meaning: each returns the new tape and a witness that can be replayed."""

from qcompile.passes.base import PASSES, LedgerEntry, Pass, Pipeline, Run, Step, Until, register
from qcompile.passes.one_qubit import DropIdentities, MergeOneQubit

__all__ = [
    "PASSES",
    "DropIdentities",
    "LedgerEntry",
    "MergeOneQubit",
    "Pass",
    "Pipeline",
    "Run",
    "Step",
    "Until",
    "register",
]
