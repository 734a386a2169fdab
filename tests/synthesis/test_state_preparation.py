"""Laws of state preparation: the vector itself, phase included, at no more than the known CNOT counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.synthesis.state_preparation import METHODS, n_cx_generic, prepare_state, prepare_uniform
from qcompile.synthesis.uniform_state import n_cz_uniform
from qcompile.tape import Tape, tape_state

Vector = npt.NDArray[np.complex128]
CX_COMPLEX = {1: 0, 2: 1, 3: 3, 4: 7, 5: 18, 6: 42, 7: 93, 8: 199, 9: 418, 10: 867}
REQUIRED = {4: 9, 6: 47, 8: 215, 10: 919}


def assert_prepares(tape: Tape, vector: npt.ArrayLike, atol: float = 1e-12) -> None:
    wanted = np.zeros(1 << tape.n_qubits, complex)
    values = np.asarray(vector, dtype=complex)
    wanted[: values.size] = values / np.linalg.norm(values)
    assert np.abs(tape_state(tape) - wanted).max() < atol


def random_vector(rng: np.random.Generator, size: int, kind: str) -> Vector:
    """A vector of one of the kinds that models produce."""
    v = rng.normal(size=size) + (1j * rng.normal(size=size) if "complex" in kind else 0.0)
    if "sparse" in kind:
        v[rng.permutation(size)[rng.integers(1, 4) :]] = 0
    if "sign" in kind:
        v = np.sign(v.real)
    if "phase" in kind:
        v = np.exp(1j * v.real)
    if "equal" in kind:
        v = np.full(size, v[0])
    return v.astype(complex) if np.abs(v).max() > 0 else np.ones(size, complex)


@given(
    st.integers(1, 40),
    st.sampled_from(["real", "complex", "sparse real", "sparse complex", "sign", "phase", "equal complex"]),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_any_vector(size: int, kind: str, seed: int) -> None:
    v = random_vector(np.random.default_rng(seed), size, kind)
    tape = prepare_state(v)
    assert tape.n_qubits == max(1, (size - 1).bit_length())
    assert_prepares(tape, v)
    n = tape.n_qubits
    assert tape.is_two_qubit.sum() <= (1 << n) - n - 1


@pytest.mark.parametrize("n", CX_COMPLEX)
def test_cnot_counts_of_generic_states(n: int) -> None:
    rng = np.random.default_rng(n)
    complex_state = rng.normal(size=1 << n) + 1j * rng.normal(size=1 << n)
    tape = prepare_state(complex_state)
    assert_prepares(tape, complex_state)
    assert tape.is_two_qubit.sum() == CX_COMPLEX[n] == n_cx_generic(n) <= (1 << n) - n - 1
    assert CX_COMPLEX[n] <= REQUIRED.get(n, CX_COMPLEX[n])
    real = prepare_state(complex_state.real)
    assert_prepares(real, complex_state.real)
    assert real.is_two_qubit.sum() <= CX_COMPLEX[n]


@pytest.mark.parametrize("method", ["tree", "chain", "schmidt", "sparse"])
@given(st.integers(1, 5), st.booleans(), st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_each_method(method: str, n: int, real: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    v = random_vector(rng, 1 << n, rng.choice(["", "sparse "]) + ("real" if real else "complex"))
    tape = prepare_state(v, method=method)
    assert_prepares(tape, v, 1e-11)
    if method == "tree":
        assert tape.is_two_qubit.sum() <= ((1 << n) - n - 1 if real else (2 << n) - n - 3)


def test_cheap_inputs_are_recognised() -> None:
    rng = np.random.default_rng(2)

    def cost(v: npt.ArrayLike) -> int:
        tape = prepare_state(v)
        assert_prepares(tape, v)
        return int(tape.is_two_qubit.sum())

    def local(k: int) -> Vector:
        return rng.normal(size=k) + 1j * rng.normal(size=k)

    product = local(2)
    for _ in range(5):
        product = np.kron(product, local(2))
    assert cost(product) == 0
    assert cost(-1j * np.eye(32)[19]) == 0
    assert cost(np.ones(64)) == 0
    assert [cost(np.ones(size)) for size in (6, 7, 160)] == [1, 3, 2]
    ghz = np.zeros(32)
    ghz[[0, 31]] = 1
    assert cost(ghz) == 4
    w_state = np.zeros(32)
    w_state[[1, 2, 4, 8, 16]] = 1
    assert cost(w_state) <= 7
    # Two pairs, interleaved.
    pairs = np.einsum("ac,bd->abcd", local(4).reshape(2, 2), local(4).reshape(2, 2)).ravel()
    assert cost(pairs) == 2
    sparse = np.zeros(256, complex)
    sparse[[3, 77, 200]] = local(3)
    assert cost(sparse) <= 20
    # Schmidt rank 2 along the chain: one CNOT, then two a qubit.
    chain = rng.normal(size=(1, 2, 2))
    for k in range(7):
        chain = np.einsum("xpa,aqb->xpqb", chain, rng.normal(size=(2, 2, 1 if k == 6 else 2)))
        chain = chain.reshape(1, -1, chain.shape[-1])
    assert cost(chain.ravel()) == 13


def test_tiny_and_huge_vectors_keep_their_shape() -> None:
    v = np.array([1.0, -2.0, 0.5, 1e-9])
    for scale in (1e-200, 1e200):
        assert_prepares(prepare_state(v * scale), v)
    assert_prepares(prepare_state([1.0, 1e-12, 0, 0, 0, 1e-13, 0, 1]), [1.0, 1e-12, 0, 0, 0, 1e-13, 0, 1], 1e-13)


def test_nearly_structured_states() -> None:
    rng = np.random.default_rng(4)
    for eps in (1e-15, 1e-13, 1e-11, 1e-9, 1e-7):
        for base in (np.ones(16), np.eye(16)[3], np.kron([1, 1j, 0, 0], [1, 0, 0, 1])):
            v = base + eps * (rng.normal(size=16) + 1j * rng.normal(size=16))
            assert_prepares(prepare_state(v), v)


@pytest.mark.parametrize("size", [*range(1, 70), 100, 127, 128, 160, 199])
def test_uniform(size: int) -> None:
    tape = prepare_uniform(size)
    assert_prepares(tape, np.ones(size), 1e-14)
    assert tape.is_two_qubit.sum() == n_cz_uniform(size)


def test_bad_input() -> None:
    for bad, text in (([], "no or non-finite"), ([0, 0], "is zero"), ([1, np.nan], "non-finite")):
        with pytest.raises(InputError, match=text):
            prepare_state(bad)
    with pytest.raises(InputError, match="use auto or one of"):
        prepare_state([1, 2], method="magic")
    with pytest.raises(InputError, match="another kind"):
        prepare_state([1, 2, 3, 4], method="basis")
    with pytest.raises(InputError, match="from 1"):
        prepare_uniform(0)
    assert set(METHODS) == {"basis", "uniform", "product", "sparse", "chain", "tree", "schmidt"}
