"""Laws of multiplexed rotations and diagonals: dense matrix, gate count, symbols."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.synthesis.multiplexed import add_multiplexed_rotation, diagonal, multiplexed_rotation
from qcompile.tape import Expr, TapeBuilder, tape_unitary

PAULI = {
    "x": np.array([[0, 1], [1, 0]], complex),
    "y": np.array([[0, -1j], [1j, 0]]),
    "z": np.diag([1, -1]).astype(complex),
}


def dense(axis: str, angles: npt.ArrayLike) -> npt.NDArray[np.complex128]:
    blocks = [np.cos(t / 2) * np.eye(2) - 1j * np.sin(t / 2) * PAULI[axis] for t in np.asarray(angles)]
    return np.asarray(scipy.linalg.block_diag(*blocks))


@given(st.sampled_from("xyz"), st.integers(0, 5), st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=40, deadline=None)
def test_multiplexed_rotation(axis: str, k: int, seed: int, reverse: bool) -> None:
    angles = np.random.default_rng(seed).uniform(-7, 7, 1 << k)
    builder = TapeBuilder(k + 1)
    add_multiplexed_rotation(builder, axis, angles, range(k), k, reverse=reverse)
    tape = builder.build()
    assert np.abs(tape_unitary(tape) - dense(axis, angles)).max() < 1e-12
    assert tape.is_two_qubit.sum() == (1 << k if k else 0)
    assert len(tape) - tape.is_two_qubit.sum() == 1 << k


@given(st.integers(0, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_diagonal(n: int, seed: int) -> None:
    phases = np.random.default_rng(seed).uniform(-7, 7, 1 << n)
    tape = diagonal(phases)
    assert np.abs(tape_unitary(tape) - np.diag(np.exp(1j * phases))).max() < 1e-12
    assert tape.is_two_qubit.sum() == max(0, (1 << n) - 2)
    assert len(tape) - tape.is_two_qubit.sum() == (1 << n) - 1


def test_structure_costs_less() -> None:
    # Angles that do not depend on the second control; a diagonal that is a product.
    assert multiplexed_rotation("y", [0.3, 0.3, 0.5, 0.5]).is_two_qubit.sum() == 2
    assert diagonal(np.add.outer([0, 0.4], [0, 0.3]).ravel()).is_two_qubit.sum() == 0
    assert len(multiplexed_rotation("z", [0.0] * 8)) == 0


def test_symbols_pass_through() -> None:
    names = [f"t{k}" for k in range(8)]
    tape = multiplexed_rotation("y", [Expr.symbol(name) for name in names])
    values = dict(zip(names, np.linspace(-1, 2, 8), strict=True))
    assert np.abs(tape_unitary(tape.bind(values)) - dense("y", list(values.values()))).max() < 1e-12
    tape = diagonal([Expr.symbol(name) for name in names[:4]])
    few = {name: values[name] for name in names[:4]}
    expected = np.diag(np.exp(1j * np.array(list(few.values()))))
    assert np.abs(tape_unitary(tape.bind(few)) - expected).max() < 1e-12


def test_wrong_sizes() -> None:
    with pytest.raises(InputError, match="3 angles"):
        multiplexed_rotation("y", [1, 2, 3])
    with pytest.raises(InputError, match="use x, y or z"):
        multiplexed_rotation("w", [1, 2])
    with pytest.raises(InputError, match="3 phases"):
        diagonal([1, 2, 3])
