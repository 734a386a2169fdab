"""Which passes run, before and after routing."""

from __future__ import annotations

from qcompile.api.options import Options
from qcompile.passes import (
    CollectTwoQubitBlocks,
    DropIdentities,
    MergeOneQubit,
    MergeRotations,
    Pass,
    ResynthesizeBlocks,
    TranslateOneQubit,
    Until,
)
from qcompile.target import Target

__all__ = ["post_routing", "pre_routing"]


def pre_routing(options: Options, target: Target) -> tuple[Pass | Until, ...]:
    """Return the passes that make a logical tape cheap to route: gates on two qubits, gathered in blocks."""
    return (DropIdentities(), MergeRotations(), CollectTwoQubitBlocks())


def post_routing(options: Options, target: Target) -> tuple[Pass | Until, ...]:
    """Return the passes that make a routed tape native."""
    return (ResynthesizeBlocks(), MergeOneQubit(), TranslateOneQubit())
