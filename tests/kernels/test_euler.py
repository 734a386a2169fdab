"""Laws of the one-qubit forms: the product of what is emitted is the input, phase included."""

from __future__ import annotations

import cirq
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.kernels.euler import gpi_angles, phxz_exponents, zsx_angles, zyz_angles

SX = np.array([[1 + 1j, 1 - 1j], [1 - 1j, 1 + 1j]]) / 2
Matrix = npt.NDArray[np.complex128]


def rz(t: float) -> Matrix:
    return np.diag([np.exp(-0.5j * t), np.exp(0.5j * t)])


def ry(t: float) -> Matrix:
    return np.array([[np.cos(t / 2), -np.sin(t / 2)], [np.sin(t / 2), np.cos(t / 2)]], dtype=complex)


def gpi(f: float) -> Matrix:
    return np.array([[0, np.exp(-1j * f)], [np.exp(1j * f), 0]])


def gpi2(f: float) -> Matrix:
    return np.array([[1, -1j * np.exp(-1j * f)], [-1j * np.exp(1j * f), 1]]) / np.sqrt(2)


def batch() -> Matrix:
    """Random unitaries, the poles, the Cliffords' axes, and the neighbourhood of each."""
    rng = np.random.default_rng(3)
    out = [cirq.testing.random_unitary(2, random_state=k) for k in range(50)]
    for base in (0.0, np.pi / 2, np.pi):
        for eps in (0.0, 1e-16, 1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-3):
            for sign in (1, -1):
                a, c, g = rng.uniform(-7, 7, 3)
                out.append(np.exp(1j * g) * rz(a) @ ry(base + sign * eps) @ rz(c))
    quarter = [0.0, np.pi / 2, np.pi, -np.pi / 2]
    out += [rz(a) @ ry(b) @ rz(c) for a in quarter for b in quarter for c in quarter]
    out += [cirq.unitary(g) for g in (cirq.X, cirq.Y, cirq.Z, cirq.H, cirq.S, cirq.T, cirq.I, cirq.X**0.5)]
    return np.array(out, dtype=np.complex128)


U = batch()


def rebuilt(form: str, u: Matrix) -> Matrix:
    """The product of the emitted gates, phase included."""
    if form == "zyz":
        angles, phase = zyz_angles(u)
        parts = [rz(a) @ ry(b) @ rz(c) for a, b, c in angles]
    elif form == "phxz":
        angles, phase = phxz_exponents(u)
        parts = [
            cirq.unitary(cirq.PhasedXZGate(x_exponent=x, z_exponent=z, axis_phase_exponent=a)) for x, z, a in angles
        ]
    elif form == "zsx":
        angles, pulses, phase = zsx_angles(u)
        parts = [
            (rz(a), rz(a) @ SX @ rz(c), rz(a) @ SX @ rz(b) @ SX @ rz(c))[n]
            for (a, b, c), n in zip(angles, pulses, strict=True)
        ]
    else:
        angles, kind, phase = gpi_angles(u)
        parts = [
            rz(z) @ (np.eye(2), gpi2(f), gpi2(s) @ gpi2(f), gpi(f))[n]
            for (z, s, f), n in zip(angles, kind, strict=True)
        ]
    return np.array([np.exp(1j * p) * v for p, v in zip(phase, parts, strict=True)])


@pytest.mark.parametrize("form", ["zyz", "phxz", "zsx", "gpi"])
def test_the_product_is_the_input(form: str) -> None:
    assert np.abs(rebuilt(form, U) - U).max() < 5e-13


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_forms_on_random_unitaries(seed: int) -> None:
    rng = np.random.default_rng(seed)
    u = np.array([cirq.testing.random_unitary(2, random_state=int(rng.integers(2**31))) for _ in range(3)])
    for form in ("zyz", "phxz", "zsx", "gpi"):
        assert np.abs(rebuilt(form, u) - u).max() < 1e-13


def test_fewest_pulses() -> None:
    named = np.array([cirq.unitary(g) for g in (cirq.T, cirq.H, cirq.X**0.5, cirq.X, cirq.Y, cirq.rx(0.3))])
    angles, pulses, _ = zsx_angles(named)
    assert pulses.tolist() == [0, 1, 1, 2, 2, 2]
    assert angles[3].tolist() == [0.0, 0.0, 0.0]
    assert gpi_angles(named)[1].tolist() == [0, 1, 1, 3, 3, 2]


def test_noise_is_snapped_to_exact_zeros() -> None:
    noisy = np.array([rz(1e-15) @ ry(1e-15), rz(np.pi / 2 + 2e-14)])
    exponents, _ = phxz_exponents(noisy)
    assert exponents.tolist() == [[0.0, 0.0, 0.0], [0.0, 0.5, 0.0]]
