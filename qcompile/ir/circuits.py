"""Counts taken from the circuit of a block, where the numbers in it decide and no formula can.

Which preparation is cheapest depends on the data, and how far runs of rotations merge on the angles. The rules that
write circuits are found by name when they are first needed: this room knows no rule.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from qcompile.errors import InputError

if TYPE_CHECKING:
    from qcompile.ir.block import Block
    from qcompile.ir.counts import Counts

__all__ = ["circuit_counts"]

RULES_OF_CIRCUITS = "qcompile.synthesis.blocks"
LIMIT, LIMIT_OF_BOUNDS = 200_000, 5_000_000
"""Gates by the formula, exact or a bound, beyond which no circuit is written only to count it."""


@lru_cache(maxsize=4096)
def circuit_counts(block: Block) -> Counts | None:
    """Return the counts of the synthesized circuit; None when it is too large or no rule is known for the block."""
    formula = block.formula()
    if any(not isinstance(formula[key], int) for key in formula.ADDED):
        return None
    if sum(int(formula[key] or 0) for key in formula.ADDED) > (LIMIT if formula.is_exact else LIMIT_OF_BOUNDS):
        return None
    rules = import_module(RULES_OF_CIRCUITS)
    try:
        tape = rules.synthesize(block)
    except InputError:
        return None
    counts: Counts = rules.tape_counts(tape)
    return counts
