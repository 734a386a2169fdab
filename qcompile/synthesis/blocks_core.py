"""Dispatch by kind of block: how a rule for one kind is registered and found."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch

from qcompile.errors import InputError
from qcompile.ir import Block
from qcompile.tape import Tape

__all__ = ["synthesizer", "tape_of_block"]


@singledispatch
def tape_of_block(block: Block) -> Tape:
    """Return the circuit of a bound-size block by the rule for its kind."""
    raise InputError(f"is a {block.title}", where="block", hint="register a rule with synthesis.blocks.synthesizer")


def synthesizer(kind: type[Block]) -> Callable[[Callable[..., Tape]], Callable[..., Tape]]:
    """Register the rule for a further kind of block: `f(block) -> Tape`."""
    return tape_of_block.register(kind)
