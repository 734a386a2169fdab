"""Readouts of prepared data at seven and eight qubits: circuit against linear algebra, formula against circuit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from qcompile import ir
from qcompile.synthesis.blocks import synthesize
from qcompile.verify.reference import reference_distribution
from tests.laws.rule_cases import ATOL, angles, encoding, hadamard
from tests.laws.test_blocks import assert_counts, circuit_distribution

Rng = np.random.Generator


READOUTS: dict[str, Callable[[Rng, int], ir.Readout]] = {
    "compute uncompute": lambda r, n: ir.Readout("r", ir.ComputeUncompute(*_overlap(r, n)), range(n), "all_zero"),
    "hadamard": lambda r, n: hadamard(*_overlap(r, n - 1), part="imag"),
    "hadamard thin": lambda r, n: ir.Readout(
        "r", ir.HadamardTest(*_overlap(r, n - 1), control="rotations"), (0,), "expectation"
    ),
    "swap test": lambda r, n: ir.Readout("r", ir.SwapTest(*_overlap(r, (n - 1) // 2)), (0,), "expectation"),
    "bell": lambda r, n: ir.Readout("r", ir.BellMeasurement(*_overlap(r, n // 2)), range(n // 2 * 2), "bell"),
    "amplitude estimation": lambda r, n: ir.Readout(
        "r", ir.AmplitudeEstimation(encoding(r, 3), {0: 1}, n - 3), range(n - 3), "distribution"
    ),
}


def _overlap(rng: Rng, n: int) -> tuple[ir.Block, ir.Block, ir.Block]:
    return encoding(rng, n), ir.Ansatz(n, 2, angles(rng, 2, n, 3)), encoding(rng, n, is_real=False)


@pytest.mark.parametrize("n", [7, 8])
@pytest.mark.parametrize("name", READOUTS)
def test_readouts(name: str, n: int) -> None:
    readout = READOUTS[name](np.random.default_rng(n), n)
    np.testing.assert_allclose(circuit_distribution(readout), reference_distribution(readout), atol=ATOL)
    assert_counts(readout.block, synthesize(readout.block))
