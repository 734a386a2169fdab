"""Small circuits on sparse machines: enough places are tried that little is lost against full coupling."""

from __future__ import annotations

import pytest

import qcompile as qc
from qcompile.tape.qasm_read import read_qasm
from qcompile.target import Target
from tests.benchmarks.families import circuit

GRID = [(4 * r + k, 4 * r + k + 1) for r in range(3) for k in range(3)]
GRID += [(4 * r + k, 4 * r + k + 4) for r in range(2) for k in range(4)]


@pytest.mark.parametrize("seed", [3, 5])
def test_a_tree_of_multiplexed_rotations_finds_the_middle_of_a_grid(seed: int) -> None:
    """Four controls surround the last target on a grid, which leaves few SWAPs for the rotations before."""
    tape = read_qasm(circuit("stateprep", 5, 1, seed), where="test")
    free = qc.compile(tape, target=Target.from_couplings(5, "all_to_all", native="cz"), seed=seed)
    placed = qc.compile(tape, target=Target.from_couplings(12, GRID, native="cz"), seed=seed)
    assert qc.certify(placed).ok
    assert placed.metrics["n2"] <= 1.25 * free.metrics["n2"]
