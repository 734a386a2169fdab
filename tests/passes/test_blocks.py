"""Two-qubit blocks: read from either end, and the cheaper reading kept."""

import numpy as np
import pytest

from qcompile.passes import CollectTwoQubitBlocks
from qcompile.passes.pairs import Pairs, find_blocks
from qcompile.passes.wires import free_rows, wires_of
from qcompile.tape import tape_of, tape_unitary
from qcompile.tape.opcodes import ARITY
from tests.passes.random_tapes import random_tape


@pytest.mark.parametrize("forward", [False, True])
def test_rows_sorted_by_their_blocks_have_the_same_unitary(forward: bool) -> None:
    joined = 0
    for seed in range(60):
        tape = random_tape(seed, 4, 24, wide=False)
        ready = free_rows(tape) & np.isin(ARITY[tape.opcode], (1, 2))
        blocks = find_blocks(tape, wires_of(tape), Pairs.of(tape, ready), forward=forward)
        place = np.where(blocks.opener >= 0, blocks.opener, np.arange(len(tape)))
        moved = tape.take(np.argsort(place, kind="stable"))
        assert np.abs(tape_unitary(moved) - tape_unitary(tape)).max() < 1e-10
        joined += int((blocks.n_two > 1).sum())
    assert joined > 50


def test_the_reading_that_takes_fewer_gates_is_kept() -> None:
    # The last row cannot move back past the second one, but the first one can move forward past it.
    tape = tape_of("cx 0 1; cx 0 2; cx 1 0")
    done = CollectTwoQubitBlocks()(tape)
    assert done.ops() == ["cx 0 2", "mat2 1 0"]
    assert np.abs(tape_unitary(done) - tape_unitary(tape)).max() < 1e-10
