"""Laws of gates with many controls: dense matrix, ancillas given back, CX counts."""

from __future__ import annotations

import cirq
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.synthesis.multi_controlled import (
    add_controlled,
    add_margolus,
    add_mcp,
    add_mcrotation,
    add_mcx,
    add_toffoli,
    multi_controlled,
    n_cx_mcp,
    n_cx_mcrotation,
    n_cx_mcx,
)
from qcompile.tape import Expr, TapeBuilder, tape_unitary
from qcompile.tape.simulate import apply_rows

X = cirq.unitary(cirq.X)
Matrix = npt.NDArray[np.complex128]


def controlled(matrix: Matrix, k: int) -> Matrix:
    out = np.eye(2 << k, dtype=complex)
    out[-2:, -2:] = matrix
    return out


@pytest.mark.parametrize("k", range(7))
def test_mcx_without_ancillas(k: int) -> None:
    tape = multi_controlled(X, k)
    assert np.abs(tape_unitary(tape) - controlled(X, k)).max() < 1e-12
    assert tape.is_two_qubit.sum() == n_cx_mcx(k)


@pytest.mark.parametrize("k", range(3, 6))
def test_mcx_with_dirty_ancillas(k: int) -> None:
    for dirty in {1, k - 2}:
        tape = multi_controlled(X, k, dirty=dirty)
        assert np.abs(tape_unitary(tape) - np.kron(controlled(X, k), np.eye(1 << dirty))).max() < 1e-12
        assert tape.is_two_qubit.sum() == n_cx_mcx(k, 0, dirty)


@pytest.mark.parametrize("k", range(3, 6))
def test_mcx_with_clean_ancillas(k: int) -> None:
    tape = multi_controlled(X, k, clean=k - 2)
    columns = tape_unitary(tape)[:, :: 1 << (k - 2)]
    expected = np.kron(controlled(X, k), np.eye(1 << (k - 2)))[:, :: 1 << (k - 2)]
    assert np.abs(columns - expected).max() < 1e-12
    assert tape.is_two_qubit.sum() == 6 * k - 6


@given(st.integers(0, 6), st.integers(0, 3), st.integers(0, 3), st.booleans(), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_any_ancillas(k: int, clean: int, dirty: int, is_x: bool, seed: int) -> None:
    """Random columns with the clean ancillas in zero: the gate, ancillas as they were, and the count that was said."""
    clean, dirty = min(clean, 7 - k), min(dirty, max(0, 7 - k - clean))
    u = X if is_x else cirq.testing.random_unitary(2, random_state=seed)
    tape = multi_controlled(u, k, clean=clean, dirty=dirty)
    rng = np.random.default_rng(seed)
    shape = (2 << k, 1 << clean, 1 << dirty, 3)
    columns = np.zeros(shape, dtype=complex)
    columns[:, 0] = rng.normal(size=(2 << k, 1 << dirty, 3)) + 1j * rng.normal(size=(2 << k, 1 << dirty, 3))
    wanted = np.einsum("ij,jcdk->icdk", controlled(u, k), columns)
    assert np.abs(apply_rows(tape, columns.reshape(-1, 3)) - wanted.reshape(-1, 3)).max() < 1e-12
    if is_x:
        assert tape.is_two_qubit.sum() == n_cx_mcx(k, clean, dirty)


def test_known_counts() -> None:
    assert [n_cx_mcx(k) for k in range(5)] == [0, 1, 6, 14, 30]
    assert [n_cx_mcx(k, 0, k - 2) for k in range(4, 8)] == [26, 34, 42, 50]
    # Quadratic, not exponential.
    assert n_cx_mcx(12) < 2100
    assert n_cx_mcx(12, 0, 1) <= 16 * 12
    assert n_cx_mcrotation(12) <= 16 * 12


def test_toffoli_and_margolus() -> None:
    b = TapeBuilder(3)
    add_toffoli(b, 0, 1, 2)
    assert np.abs(tape_unitary(b.build()) - cirq.unitary(cirq.CCNOT)).max() < 1e-14
    assert b.build().is_two_qubit.sum() == 6
    b = TapeBuilder(3)
    add_margolus(b, 0, 1, 2)
    expected = cirq.unitary(cirq.CCNOT)
    expected[5, 5] = -1
    assert np.abs(tape_unitary(b.build()) - expected).max() < 1e-14
    assert b.build().is_two_qubit.sum() == 3


@given(st.integers(0, 6), st.floats(-7, 7))
@settings(max_examples=25, deadline=None)
def test_phase(m: int, angle: float) -> None:
    b = TapeBuilder(max(m, 1))
    add_mcp(b, angle, range(m))
    expected = np.ones(1 << max(m, 1), complex)
    expected[-1 if m else slice(None)] = np.exp(1j * angle)
    assert np.abs(tape_unitary(b.build()) - np.diag(expected)).max() < 1e-12
    assert b.build().is_two_qubit.sum() <= n_cx_mcp(m)


def test_phase_with_clean_ancillas() -> None:
    b = TapeBuilder(9)
    add_mcp(b, 0.7, range(5), clean=range(5, 9))
    columns = tape_unitary(b.build())[:, ::16]
    expected = np.kron(np.diag(np.exp(1j * 0.7 * (np.arange(32) == 31))), np.eye(16))[:, ::16]
    assert np.abs(columns - expected).max() < 1e-12
    assert b.build().is_two_qubit.sum() == 24


@given(st.sampled_from("xyz"), st.integers(0, 6), st.floats(-7, 7))
@settings(max_examples=25, deadline=None)
def test_rotation(axis: str, k: int, angle: float) -> None:
    b = TapeBuilder(k + 1)
    add_mcrotation(b, axis, angle, range(k), k)
    gate = {"x": cirq.rx, "y": cirq.ry, "z": cirq.rz}[axis](angle)
    assert np.abs(tape_unitary(b.build()) - controlled(cirq.unitary(gate), k)).max() < 1e-12
    assert b.build().is_two_qubit.sum() <= n_cx_mcrotation(k)


def test_symbols_pass_through() -> None:
    t = Expr.symbol("t")
    b = TapeBuilder(7)
    add_mcp(b, t, range(7))
    add_mcrotation(b, "y", 2 * t, range(6), 6)
    phase = np.diag(np.exp(0.3j * (np.arange(128) == 127)))
    expected = controlled(cirq.unitary(cirq.ry(0.6)), 6) @ phase
    assert np.abs(tape_unitary(b.build().bind({"t": 0.3})) - expected).max() < 1e-12


@given(st.integers(0, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_any_gate(k: int, seed: int) -> None:
    u = cirq.testing.random_unitary(2, random_state=seed)
    tape = multi_controlled(u, k)
    assert np.abs(tape_unitary(tape) - controlled(u, k)).max() < 1e-12
    if k == 1:
        assert tape.is_two_qubit.sum() == 2


@pytest.mark.parametrize("gate", [cirq.H, cirq.Y, cirq.Z, cirq.S, cirq.T, cirq.I, cirq.Z**-0.3, cirq.X**0.5])
def test_named_gates(gate: cirq.Gate) -> None:
    for k in (1, 2, 3):
        b = TapeBuilder(k + 1)
        add_controlled(b, cirq.unitary(gate), range(k), k)
        assert np.abs(tape_unitary(b.build()) - controlled(cirq.unitary(gate), k)).max() < 1e-13
    assert multi_controlled(cirq.unitary(cirq.H), 1).is_two_qubit.sum() == 1
    assert multi_controlled(cirq.unitary(cirq.H), 2).is_two_qubit.sum() == 6


def test_not_a_gate() -> None:
    with pytest.raises(InputError, match="no 2x2 unitary"):
        multi_controlled([[1, 1], [0, 1]], 2)
    with pytest.raises(InputError, match="no 2x2 unitary"):
        multi_controlled(np.eye(4), 2)
    b = TapeBuilder(1)
    add_mcx(b, [], 0)
    assert b.build().ops() == ["x 0"]
