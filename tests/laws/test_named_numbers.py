"""The wide ansatz on the machines: a path without SWAP at the depth of the ladder pipeline; wide proofs by tensors."""

from __future__ import annotations

import numpy as np
import pytest

import hardware_profiles
import qcompile as qc
from qcompile import ir
from qcompile.budget import metrics
from qcompile.synthesis.blocks import synthesize, tape_counts


def _ansatz(n: int, layers: int, order: str = "matrix") -> ir.Ansatz:
    angles = np.random.default_rng(n + layers).uniform(-np.pi, np.pi, size=(layers, n, 3))
    return ir.Ansatz(n, layers, angles, product_order=order)


def _machines(least: int) -> tuple[list[str], list[str]]:
    """Return the shipped machines with at least so many usable qubits, and the others."""
    wide, narrow = [], []
    for name in hardware_profiles.list_profiles("device"):
        enough = int(np.count_nonzero(qc.Target.load(name).enabled)) >= least
        (wide if enough else narrow).append(name)
    return wide, narrow


WIDE, NARROW = _machines(68)
#: Two-qubit gates of the machine for one CNOT: each has gates of the CNOT's class, but for iSWAP.
FOR_A_CNOT = {"iswap": 2}


def test_which_machines_are_wide_enough() -> None:
    assert set(WIDE) & set(NARROW) == set()
    assert len(WIDE) >= 13
    assert all(name in NARROW for name in ("google_sycamore_2019", "iqm_emerald_54", "ionq_forte_36"))


@pytest.mark.parametrize("machine", WIDE)
@pytest.mark.parametrize("order", ["matrix", "time"])
def test_the_wide_ansatz_needs_no_swap(machine: str, order: str) -> None:
    """n = 68, L = 10 on every machine that is wide enough: each has a path of 68 qubits, and it is found.

    Two-qubit depth n + 2L - 3 before translation and, where CNOT is one gate, after.
    """
    n, layers = 68, 10
    tape = synthesize(_ansatz(n, layers, order))
    target = qc.Target.load(machine)
    built = qc.compile(tape, target=target)
    each = min(FOR_A_CNOT.get(gate.name, 1) for gate in target.natives)
    assert built.n_swaps == 0
    assert built.metrics["n2"] <= each * (n - 1) * layers
    assert built.metrics["d2"] <= each * (n + 2 * layers - 3)
    assert built.metrics["depth"] <= 2 * built.metrics["d2"] + 1  # native: at most one pulse between two-qubit gates


@pytest.mark.parametrize("order", ["matrix", "time"])
@pytest.mark.parametrize(("n", "layers"), [(6, 4), (8, 10), (17, 10), (68, 10), (108, 10)])
def test_layers_overlap(n: int, layers: int, order: str) -> None:
    """n + 3L - 3 moments of CNOT and merged one-qubit gates (S8), of them n + 2L - 3 with CNOT."""
    tape = synthesize(_ansatz(n, layers, order))
    assert tape_counts(tape).depth_two_qubit == n + 2 * layers - 3
    found = metrics(tape, f1=1, f2=1, t1q_s=1, t2q_s=1, T_s=1)
    assert found.depth == n + 3 * layers - 3


@pytest.mark.parametrize(("n", "layers"), [(68, 2), (68, 4), (108, 2), (108, 4)])
@pytest.mark.parametrize("order", ["matrix", "time"])
def test_wide_compiles_are_proved_by_matrix_product_states(n: int, layers: int, order: str) -> None:
    built = qc.compile(synthesize(_ansatz(n, layers, order)), target=f"line({n})")
    assert built.n_swaps == 0
    certificate = qc.certify(built)
    assert certificate.ok
    assert "matrix-product states" in certificate.method
    assert certificate.distance < 1e-10
