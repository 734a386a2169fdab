"""Circuits of readouts and short ways to write them, shared by the tests of rules."""

from __future__ import annotations

import numpy as np

from qcompile import ir
from qcompile.verify.reference import reference_distribution
from tests.laws.test_blocks import circuit_distribution

COST = ir.GateCost()
ATOL = 1e-10


def angles(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.uniform(-np.pi, np.pi, size=shape)


def encoding(rng: np.random.Generator, n: int, *, is_real: bool = True) -> ir.AmplitudeEncoding:
    values = rng.normal(size=2**n) + (0 if is_real else 1j * rng.normal(size=2**n))
    return ir.AmplitudeEncoding(values)


def born(block: ir.Block, measured: int | None = None) -> ir.Readout:
    return ir.Readout("r", block, range(block.width if measured is None else measured), "distribution")


def overlap(block: ir.ComputeUncompute) -> ir.Readout:
    return ir.Readout("r", block, range(block.width), "all_zero")


def hadamard(*parts: ir.Block, part: str = "real") -> ir.Readout:
    return ir.Readout("r", ir.HadamardTest(*parts, part=part), (0,), "expectation")


def assert_same_readout(new: ir.Readout, old: ir.Readout) -> None:
    np.testing.assert_allclose(reference_distribution(new), reference_distribution(old), atol=ATOL)
    np.testing.assert_allclose(circuit_distribution(new), reference_distribution(old), atol=ATOL)
