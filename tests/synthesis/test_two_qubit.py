"""Laws of two-qubit synthesis: the product is the input at 1e-10, with the fewest native gates."""

from __future__ import annotations

import cirq
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.kernels.kak import weyl_coordinates
from qcompile.synthesis.two_qubit import NATIVE_OPS, cost, cost_after_swap, decompose, native_op
from qcompile.tape import Op
from tests.kernels.test_kak import hard_cases

SWAP = cirq.unitary(cirq.SWAP)
MOST = {"cz": 3, "cx": 3, "ecr": 3, "iswap": 3, "sqrtiswap": 3, "syc": 4, "rzz": 3, "rxx": 3}


@pytest.mark.parametrize("native", NATIVE_OPS)
def test_hard_cases_are_rebuilt(native: str) -> None:
    u = hard_cases()
    blocks = decompose(u, native)
    assert np.abs(blocks.unitaries() - u).max() < 5e-12
    assert np.array_equal(blocks.n_native, cost(weyl_coordinates(u), native))
    assert blocks.n_native.max() <= MOST[native]
    local = blocks.local @ blocks.local.conj().swapaxes(-1, -2)
    assert np.abs(local - np.eye(2)).max() < 1e-13


@pytest.mark.parametrize("native", NATIVE_OPS)
@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_random_unitaries_are_rebuilt(native: str, seed: int) -> None:
    u = cirq.testing.random_unitary(4, random_state=seed)[None]
    blocks = decompose(u, native)
    assert np.abs(blocks.unitaries() - u).max() < 1e-12
    assert blocks.n_native[0] == cost(weyl_coordinates(u), native)[0] <= MOST[native]


@pytest.mark.parametrize("native", NATIVE_OPS)
def test_a_native_gate_costs_one(native: str) -> None:
    op = NATIVE_OPS[native]
    gate = {Op.RZZ: cirq.ZZ**0.2, Op.RXX: cirq.XX**0.4}.get(op)
    named = {
        Op.CZ: cirq.CZ, Op.CX: cirq.CNOT, Op.ISWAP: cirq.ISWAP, Op.SQISWAP: cirq.SQRT_ISWAP,
        Op.SYC: cirq.FSimGate(np.pi / 2, np.pi / 6), Op.ECR: cirq.CNOT,
    }  # fmt: skip
    blocks = decompose(cirq.unitary(gate or named[op])[None], native)
    assert blocks.n_native.tolist() == [1]


@pytest.mark.parametrize("native", NATIVE_OPS)
def test_cost_after_swap(native: str) -> None:
    rng = np.random.default_rng(1)
    u = np.array([cirq.testing.random_unitary(4, random_state=int(rng.integers(2**31))) for _ in range(20)])
    named = np.array([cirq.unitary(g) for g in (cirq.CZ, cirq.CNOT, cirq.SWAP, cirq.ISWAP, cirq.IdentityGate(2))])
    u = np.concatenate([u, named, hard_cases()[::14]])
    swapped = decompose(np.ascontiguousarray(SWAP @ u), native).n_native
    assert np.array_equal(cost_after_swap(weyl_coordinates(u), native), swapped)


def test_a_swap_next_to_a_cnot_is_cheap() -> None:
    cnot = weyl_coordinates(cirq.unitary(cirq.CNOT)[None])
    after = {name: int(cost_after_swap(cnot, name)[0]) for name in ("cz", "rzz", "sqrtiswap", "iswap", "syc")}
    assert after == {"cz": 2, "rzz": 2, "sqrtiswap": 2, "iswap": 1, "syc": 3}


def test_angles_of_free_rotations_are_in_range() -> None:
    blocks = decompose(hard_cases(), "rzz")
    used = np.arange(blocks.theta.shape[1]) < blocks.n_native[:, None]
    assert np.all((blocks.theta[used] > 0) & (blocks.theta[used] <= np.pi / 2 + 1e-11))
    assert np.all(blocks.theta[~used] == 0)


def test_diagonal_gates_need_few_pulses() -> None:
    named = np.array([cirq.unitary(g) for g in (cirq.CZ, cirq.CZ**0.3, cirq.ZZ**0.2, cirq.CNOT)])
    pulses = {}
    for native in ("cz", "rzz", "syc"):
        local = decompose(named, native).local
        pulses[native] = (np.abs(local[..., 0, 1]) > 1e-12).sum(axis=(1, 2)).tolist()
    # CZ^t in CZ: three pulses, all on one qubit; native ZZ rotations turn their sign by a half turn on one qubit.
    assert pulses["cz"] == [0, 3, 3, 2]
    assert pulses["rzz"] == [2, 2, 0, 4]
    assert pulses["syc"][:3] == [3, 3, 3]


def test_frames_are_pushed_to_the_end() -> None:
    rng = np.random.default_rng(8)
    z = [np.diag(np.exp(1j * rng.normal(size=2))) for _ in range(2)]
    for native, matrix in (("cz", cirq.unitary(cirq.CZ)), ("iswap", cirq.unitary(cirq.ISWAP))):
        blocks = decompose((matrix @ np.kron(*z))[None], native)
        assert np.abs(blocks.local[0, 0] - np.eye(2)).max() < 1e-12
        assert np.abs(blocks.unitaries()[0] - matrix @ np.kron(*z)).max() < 1e-12


def test_an_empty_batch() -> None:
    assert decompose(np.zeros((0, 4, 4), complex), "cz").unitaries().shape == (0, 4, 4)


def test_unknown_native_gate() -> None:
    with pytest.raises(InputError, match="did you mean cz"):
        native_op("czz")
    with pytest.raises(InputError, match="use one of"):
        native_op(Op.CRX)
