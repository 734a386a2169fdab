"""The wide ansatz on the machines: a path without SWAP at the depth of the ladder pipeline; wide proofs by tensors."""

from __future__ import annotations

import numpy as np
import pytest

import qcompile as qc
from qcompile import ir
from qcompile.synthesis.blocks import synthesize, tape_counts


def _ansatz(n: int, layers: int, order: str = "matrix") -> ir.Ansatz:
    angles = np.random.default_rng(n + layers).uniform(-np.pi, np.pi, size=(layers, n, 3))
    return ir.Ansatz(n, layers, angles, product_order=order)


@pytest.mark.parametrize("machine", ["google_willow_105", "ibm_boston"])
@pytest.mark.parametrize("order", ["matrix", "time"])
def test_the_wide_ansatz_needs_no_swap(machine: str, order: str) -> None:
    """n = 68, L = 10: two-qubit depth at most n + 2L - 3 before translation and, where CNOT is one gate, after."""
    n, layers = 68, 10
    tape = synthesize(_ansatz(n, layers, order))
    assert tape_counts(tape).depth_two_qubit <= n + 2 * layers - 3
    built = qc.compile(tape, target=machine)
    assert built.n_swaps == 0
    assert built.metrics["n2"] <= (n - 1) * layers
    assert built.metrics["d2"] <= n + 2 * layers - 3


@pytest.mark.parametrize(("n", "layers"), [(68, 2), (68, 4), (108, 2), (108, 4)])
@pytest.mark.parametrize("order", ["matrix", "time"])
def test_wide_compiles_are_proved_by_matrix_product_states(n: int, layers: int, order: str) -> None:
    built = qc.compile(synthesize(_ansatz(n, layers, order)), target=f"line({n})")
    assert built.n_swaps == 0
    certificate = qc.certify(built)
    assert certificate.ok
    assert "matrix-product states" in certificate.method
    assert certificate.distance < 1e-10
