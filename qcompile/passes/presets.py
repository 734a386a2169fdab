"""Pipelines by effort: before a circuit is placed, and after it is routed."""

from __future__ import annotations

from qcompile.errors import InputError
from qcompile.passes.base import Pass, Until
from qcompile.passes.commuting import MergeRotations
from qcompile.passes.expand import ExpandWide
from qcompile.passes.gadgets import SynthesizeGadgets
from qcompile.passes.granted import RemoveOnKnownZero, RemoveUnobserved
from qcompile.passes.mixed_natives import MixNatives
from qcompile.passes.one_qubit import DropIdentities, MergeOneQubit
from qcompile.passes.reorder import ReorderCommuting
from qcompile.passes.swaps import ElideSwaps, SplitMirrors
from qcompile.passes.three_qubit import ExpandToffoli
from qcompile.passes.translate import TranslateOneQubit
from qcompile.passes.two_qubit import CollectTwoQubitBlocks, ResynthesizeBlocks

__all__ = ["opening", "post_routing", "pre_routing"]


def _check(effort: int) -> None:
    if effort not in (0, 1, 2, 3):
        raise InputError(f"is {effort!r}", where="effort", hint="use 0, 1, 2 or 3")


def opening(*, inputs: str = "unknown", outputs: str = "all", clean: tuple[int, ...] = ()) -> tuple[Pass | Until, ...]:
    """Return the passes that come first: what the caller grants is used, gates with many controls are opened.

    Args:
        inputs: `zero` when every qubit is granted to start in 0 (then `validate` must be told).
        outputs: `measured` when only outcomes are granted to count (then `validate` must be told).
        clean: Ancillas, see `ExpandWide`.
    """
    granted: tuple[Pass, ...] = (DropIdentities(), RemoveOnKnownZero()) if inputs == "zero" else ()
    granted += (RemoveUnobserved(),) if outputs == "measured" else ()
    return (*granted, ExpandWide(three_qubit=False, clean=clean))


def pre_routing(
    effort: int = 1,
    *,
    elide: bool = True,
    all_to_all: bool = False,
    rewrite: bool | None = None,
) -> tuple[Pass | Until, ...]:
    """Return the passes for a logical tape: fewer gates, at most two qubits each, blocks fused.

    Args:
        effort: 0 to 3.
        elide: Whether SWAPs may be left to the final layout (see `Run.final`).
        all_to_all: Whether every pair of the machine is coupled: then blocks, too, may be mirrored.
        rewrite: Whether runs of Pauli rotations and Cliffords may be written anew, on other pairs of qubits; None for
            yes where every pair is coupled.

    Raises:
        InputError: `effort` is not 0 to 3.
    """
    _check(effort)
    if effort == 0:
        return (ExpandWide(),)
    swaps: tuple[Pass, ...] = (ElideSwaps(),) if elide else ()
    mirrors: tuple[Pass, ...] = (
        (SplitMirrors(), ElideSwaps(), CollectTwoQubitBlocks(apart=True)) if elide and all_to_all else ()
    )
    gadgets: tuple[Pass, ...] = ()
    if all_to_all if rewrite is None else rewrite:
        gadgets = (SynthesizeGadgets(trials=(0, 12, 40, 100)[effort], free_swaps=elide), *swaps)
    return (
        DropIdentities(),
        *swaps,
        Until((MergeOneQubit(), MergeRotations())),
        ExpandWide(three_qubit=False),
        ExpandToffoli() if effort == 1 else ExpandToffoli(sweeps=4, reach=32),
        *gadgets,
        ExpandWide(),
        Until((MergeRotations(), MergeOneQubit())),
        CollectTwoQubitBlocks(apart=all_to_all),
        *mirrors,
    )


def post_routing(effort: int = 1, *, apart: bool = False) -> tuple[Pass | Until, ...]:
    """Return the passes for a physical tape: native gates only.

    Args:
        effort: 0 to 3.
        apart: Whether blocks are left apart where fusing them saves nothing, see `CollectTwoQubitBlocks`.

    Raises:
        InputError: `effort` is not 0 to 3.
    """
    _check(effort)
    if effort == 0:
        return (ResynthesizeBlocks(commute=False), MergeOneQubit(), TranslateOneQubit())
    first = (ResynthesizeBlocks(apart=True), MixNatives(), MergeOneQubit()) if apart else ()
    return (
        Until((MergeOneQubit(), MergeRotations()), most=2),
        CollectTwoQubitBlocks(apart=apart),
        ReorderCommuting(),
        *first,
        Until((ResynthesizeBlocks(), MixNatives(), MergeOneQubit()), most=2),
        ReorderCommuting(),
        TranslateOneQubit(),
    )
