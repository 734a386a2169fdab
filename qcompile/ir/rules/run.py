"""Rules run to a fixpoint over a block, a readout or a whole program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict, Unpack, overload

from attrs import evolve

from qcompile.errors import InputError, nearest
from qcompile.ir.block import Block
from qcompile.ir.cost import CostModel, GateCost
from qcompile.ir.counts import Counts
from qcompile.ir.program import ClosedForm, Program
from qcompile.ir.readout import Readout
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

__all__ = ["RULES", "rule_named", "simplify"]


class Options(TypedDict, total=False):
    """Options of `simplify`."""

    rules: Sequence[Rule] | None
    without: Sequence[str]
    cost_model: CostModel | None


# In this order: what is nothing goes first; values before circuits; angles are refitted before ends are peeled; data is
# recognised before ladders are folded into it; a pair is prepared before control is thinned.
RULES: tuple[Rule, ...] = (
    OpenExpert(),
    CancelInverse(),
    DropIdentity(),
    CollapseRouter(),
    CollapsePhaseLayer(),
    MergeRepeatedLayer(),
    MergeNeighbourLayers(),
    RecogniseCheapInput(),
    FoldEqualStates(),
    FoldProductOverlap(),
    FoldUniformRouter(),
    FoldProductStates(),
    MergeRotary(),
    ModulusWithoutAncilla(),
    BellInsteadOfSwap(),
    DropRedundantAngles(),
    PeelFixedInput(),
    PeelFixedOutput(),
    PeelBeforeMeasurement(),
    DropUnmeasuredRotations(),
    FoldLadderIntoData(),
    PreparePair(),
    LadderFreeControl(),
    FanOutControl(),
    ControlReflections(),
    EigenbasisOfPowers(),
    LineTransform(),
    LogDepthLadder(),
)
_MAX_STEPS = (
    200  # each rule only shrinks what it touches; this guards against a pair of foreign rules that undo each other
)


def rule_named(name: str, rules: Iterable[Rule] = RULES) -> tuple[Rule, ...]:
    """Return the rules of a name or id.

    Raises:
        InputError: There is none.
    """
    found = tuple(r for r in rules if name in (r.name, r.id))
    if not found:
        raise InputError(f"is {name!r}", where="rule", hint=nearest(name, {r.name for r in rules}))
    return found


@overload
def simplify(what: Program, **options: Unpack[Options]) -> tuple[Program, Trace]: ...
@overload
def simplify(what: Readout, **options: Unpack[Options]) -> tuple[Readout, Trace]: ...
@overload
def simplify(what: Block, **options: Unpack[Options]) -> tuple[Block, Trace]: ...
def simplify(
    what: Block | Readout | Program,
    *,
    rules: Sequence[Rule] | None = None,
    without: Sequence[str] = (),
    cost_model: CostModel | None = None,
) -> tuple[Block | Readout | Program, Trace]:
    """Return an equal program, readout or block for fewer gates, and what was done.

    Args:
        what: A program or readout keeps its outcomes; a block alone keeps its own contract, so only rules that keep a
            unitary or an isometry run on it.
        rules: In the order in which they are tried; default `RULES`.
        without: Names or ids of rules to switch off.
        cost_model: Asked by rules that pay only on some machines; default `GateCost`.

    Raises:
        InputError: A name in `without` is no rule.
    """
    chosen: tuple[Rule, ...] = RULES if rules is None else tuple(rules)
    off = {rule for name in without for rule in rule_named(name, (*RULES, *chosen))}
    active = [rule for rule in chosen if rule not in off]
    steps: list[Step] = []
    costs: CostModel = cost_model or GateCost()
    if isinstance(what, Block):
        block_rules = [r for r in active if isinstance(r, BlockRule)]
        return _block(what, block_rules, costs, what.title, steps), Trace(tuple(steps))
    if isinstance(what, Readout):
        done = _readout(what, active, costs, steps)
        return what if isinstance(done, ClosedForm) else done, Trace(tuple(steps))
    readouts: list[Readout] = []
    closed = list(what.closed_forms)
    for readout in what.readouts:
        result = _readout(readout, active, costs, steps)
        if isinstance(result, ClosedForm):
            closed.append(result)
        else:
            readouts.append(result)
    program = evolve(what, readouts=tuple(readouts), closed_forms=tuple(closed))
    return program, Trace(tuple(steps))


def _readout(readout: Readout, rules: list[Rule], costs: CostModel, steps: list[Step]) -> Readout | ClosedForm:
    block_rules = [r for r in rules if isinstance(r, BlockRule)]
    readout_rules = [r for r in rules if isinstance(r, ReadoutRule)]
    for _ in range(_MAX_STEPS):
        block = _block(readout.block, block_rules, costs, readout.name, steps)
        if block is not readout.block:
            readout = evolve(readout, block=block)
        for rule in readout_rules:
            new = rule.rewrite(readout, costs)
            if isinstance(new, ClosedForm):
                steps.append(_step(rule, readout.name, readout.counts(), Counts(), f"value {new.value}: {new.reason}"))
                return new
            if new is not None:
                known = new.precomputed if new.precomputed != readout.precomputed else ""
                steps.append(_step(rule, readout.name, readout.counts(), new.counts(), known))
                readout = new
                break
        else:
            return readout
    return readout


def _block(block: Block, rules: list[BlockRule], costs: CostModel, where: str, steps: list[Step]) -> Block:
    """Rewrite children first, then the block itself, until nothing changes."""
    for _ in range(_MAX_STEPS):
        block = block.map_children(lambda child: _block(child, rules, costs, where, steps))
        for rule in rules:
            new = rule.rewrite(block, costs)
            if new is not None and new != block:
                note = f"{block.title} to {new.title}" if new.title != block.title else block.title
                steps.append(_step(rule, where, block.counts(), new.counts(), note))
                block = new
                break
        else:
            return block
    return block


def _step(rule: Rule, where: str, before: Counts, after: Counts, note: str = "") -> Step:
    return Step(rule.name, rule.id, where, rule.keeps, before, after, note)
