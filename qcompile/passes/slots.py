"""Where bound angles go: what a circuit with symbols settles once, so that binding is a few array operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from qcompile.passes.base import Pass, Pipeline
from qcompile.passes.one_qubit import MergeOneQubit
from qcompile.passes.pairs import Blocks
from qcompile.passes.translate import TranslateOneQubit
from qcompile.passes.two_qubit import ResynthesizeBlocks, blocks_of
from qcompile.tape import Rewrite, Tape
from qcompile.tape.opcodes import ARITY

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["BindBlocks", "slots_of", "some_point"]


def some_point(names: tuple[str, ...]) -> dict[str, float]:
    """Return generic angles for parameters: what is found there holds at all but special values."""
    return {name: 0.4 + 0.1 * ((7 * k) % 11) for k, name in enumerate(names)}


@frozen
class BindBlocks(Pass):
    """Decompose again the blocks in which a symbol stood: the two-qubit slots of a compiled circuit.

    The blocks are those of the circuit at a generic point, so nothing is searched for. Blocks whose native count the
    bound angles cannot change are no slots.

    Attributes:
        blocks: The slots, on a tape whose rows stand where those of the bound tape do.
        atol: Entries of a matrix up to this count as zero.
    """

    blocks: Blocks
    atol: float = field(default=1e-12)

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the bound tape with its slots in native gates."""
        one = ResynthesizeBlocks(no_touch=self.no_touch, atol=self.atol)
        return one.of_blocks(tape, target, evolve(self.blocks, tape=tape))


def slots_of(tape: Tape, target: Target | None = None) -> Pipeline:
    """Return what is to be run on a compiled tape once numbers stand for its parameters.

    One-qubit slots are the runs of one-qubit gates on a wire: fused, and written in the machine's gates. Two-qubit
    slots are the blocks that hold a symbol and either more than one native gate or a native gate with an angle.

    Args:
        tape: Compiled, with symbols.
        target: The machine.
    """
    there = tape.bind(some_point(tape.parameters))
    blocks = blocks_of(ResynthesizeBlocks(), there, target)
    symbolic = tape.is_symbolic
    angled = symbolic & (ARITY[tape.opcode] == 2)
    wanted = (_any(blocks, symbolic) & (blocks.n_two > 1)) | _any(blocks, angled)
    return Pipeline((BindBlocks(blocks.only(wanted)), MergeOneQubit(), TranslateOneQubit()))


def _any(blocks: Blocks, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return for each block whether one of its rows is among `rows`."""
    hit = np.zeros(len(rows) + 1, dtype=bool)
    hit[blocks.opener[rows]] = True
    return cast(NDArray[np.bool_], hit[blocks.anchors])
