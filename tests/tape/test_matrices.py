"""Laws of the gates: unitary, equal to Cirq's, axes and symmetries as declared."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import cirq
import numpy as np
import pytest
from numpy.typing import NDArray

from qcompile.tape import SPECS, Op
from qcompile.tape.matrices import adjoint_op, gate_matrices_of, gate_matrix
from qcompile.tape.opcodes import ALIASES, ARITY, AXES, IS_SELF_INVERSE, IS_SYMMETRIC, IS_UNITARY, N_ANGLES
from tests.tape.samples import NAMED_OPS, arity_of

PI = math.pi
PAULIS = {1: cirq.unitary(cirq.X), 2: cirq.unitary(cirq.Y), 3: cirq.unitary(cirq.Z)}

# Written with Cirq's own classes, independently of the doors.
CIRQ: dict[Op, Callable[..., Any]] = {
    Op.I: lambda: cirq.I,
    Op.X: lambda: cirq.X,
    Op.Y: lambda: cirq.Y,
    Op.Z: lambda: cirq.Z,
    Op.H: lambda: cirq.H,
    Op.S: lambda: cirq.S,
    Op.SDG: lambda: cirq.S**-1,
    Op.T: lambda: cirq.T,
    Op.TDG: lambda: cirq.T**-1,
    Op.SX: lambda: cirq.X**0.5,
    Op.SXDG: lambda: cirq.X**-0.5,
    Op.RX: lambda t: cirq.rx(t),
    Op.RY: lambda t: cirq.ry(t),
    Op.RZ: lambda t: cirq.rz(t),
    Op.P: lambda t: cirq.Z ** (t / PI),
    Op.PHXZ: lambda x, z, a: cirq.PhasedXZGate(x_exponent=x / PI, z_exponent=z / PI, axis_phase_exponent=a / PI),
    Op.GPI: lambda t: cirq.PhasedXPowGate(phase_exponent=t / PI),
    Op.GPI2: lambda t: cirq.PhasedXPowGate(phase_exponent=t / PI, exponent=0.5, global_shift=-0.5),
    Op.CX: lambda: cirq.CX,
    Op.CY: lambda: cirq.ControlledGate(cirq.Y),
    Op.CZ: lambda: cirq.CZ,
    Op.CH: lambda: cirq.ControlledGate(cirq.H),
    Op.SWAP: lambda: cirq.SWAP,
    Op.ISWAP: lambda: cirq.ISWAP,
    Op.ISWAPDG: lambda: cirq.ISWAP**-1,
    Op.SQISWAP: lambda: cirq.SQRT_ISWAP,
    Op.SQISWAPDG: lambda: cirq.SQRT_ISWAP_INV,
    Op.SYC: lambda: cirq.FSimGate(PI / 2, PI / 6),
    Op.CRX: lambda t: cirq.ControlledGate(cirq.rx(t)),
    Op.CRY: lambda t: cirq.ControlledGate(cirq.ry(t)),
    Op.CRZ: lambda t: cirq.ControlledGate(cirq.rz(t)),
    Op.CP: lambda t: cirq.CZ ** (t / PI),
    Op.RXX: lambda t: cirq.XXPowGate(exponent=t / PI, global_shift=-0.5),
    Op.RYY: lambda t: cirq.YYPowGate(exponent=t / PI, global_shift=-0.5),
    Op.RZZ: lambda t: cirq.ZZPowGate(exponent=t / PI, global_shift=-0.5),
    Op.FSIM: lambda t, f: cirq.FSimGate(t, f),
    Op.CCX: lambda: cirq.CCX,
    Op.CCZ: lambda: cirq.CCZ,
    Op.CSWAP: lambda: cirq.CSWAP,
}


def sample(op: Op, seed: int = 0) -> tuple[NDArray[np.complex128], int]:
    """Return five matrices of a gate and its number of qubits."""
    rng = np.random.default_rng([seed, int(op)])
    n = arity_of(op, rng)
    return gate_matrices_of(op, rng.normal(scale=3, size=(5, 3)), n_qubits=n), n


@pytest.mark.parametrize("op", NAMED_OPS)
def test_every_gate_is_unitary(op: Op) -> None:
    matrices, n = sample(op)
    assert matrices.shape == (5, 2**n, 2**n)
    assert matrices.dtype == np.complex128
    np.testing.assert_allclose(
        matrices @ matrices.conj().transpose(0, 2, 1), np.eye(2**n)[None] + 0 * matrices, atol=1e-14
    )


@pytest.mark.parametrize("op", list(CIRQ))
def test_every_gate_equals_cirqs_global_phase_included(op: Op) -> None:
    rng = np.random.default_rng(int(op))
    for _ in range(3):
        angles = [float(v) for v in rng.normal(scale=3, size=SPECS[op].n_angles)]
        np.testing.assert_allclose(gate_matrix(op, *angles), cirq.unitary(CIRQ[op](*angles)), atol=1e-13)


def test_u3_is_the_published_matrix() -> None:
    t, p, k = 0.7, -1.1, 2.3
    wanted = [
        [math.cos(t / 2), -np.exp(1j * k) * math.sin(t / 2)],
        [np.exp(1j * p) * math.sin(t / 2), np.exp(1j * (p + k)) * math.cos(t / 2)],
    ]
    np.testing.assert_allclose(gate_matrix(Op.U3, t, p, k), wanted, atol=1e-15)


def test_ecr_is_the_echoed_cross_resonance() -> None:
    # RZX(pi/4), X on the control, RZX(-pi/4), the first qubit being the control.
    x, z = PAULIS[1], PAULIS[3]
    half = math.cos(PI / 8) * np.eye(4) - 1j * math.sin(PI / 8) * np.kron(z, x)
    np.testing.assert_allclose(gate_matrix(Op.ECR), half.conj().T @ np.kron(x, np.eye(2)) @ half, atol=1e-15)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_gates_of_any_width_act_on_the_all_ones_state_alone(n: int) -> None:
    x, phase = np.eye(2**n, dtype=complex), np.eye(2**n, dtype=complex)
    x[-2:, -2:] = PAULIS[1]
    phase[-1, -1] = np.exp(0.3j)
    np.testing.assert_array_equal(gate_matrix(Op.MCX, n_qubits=n), x)
    np.testing.assert_allclose(gate_matrix(Op.MCP, 0.3, n_qubits=n), phase, atol=1e-15)


@pytest.mark.parametrize("op", NAMED_OPS)
def test_declared_axes_commute_with_the_gate(op: Op) -> None:
    matrices, n = sample(op, seed=1)
    for k, axis in enumerate(SPECS[op].axes):
        for pauli in PAULIS.values() if axis == 4 else [PAULIS[axis]] if axis else []:
            big = np.eye(1)
            for q in range(n):
                big = np.kron(big, pauli if q == k else np.eye(2))
            np.testing.assert_allclose(big @ matrices, matrices @ big, atol=1e-13)


@pytest.mark.parametrize("op", NAMED_OPS)
def test_declared_symmetry_holds(op: Op) -> None:
    matrices, n = sample(op, seed=2)
    equal = True
    for order in itertools.permutations(range(n)):
        axes = [0, *(1 + q for q in order), *(1 + n + q for q in order)]
        moved = matrices.reshape(5, *[2] * (2 * n)).transpose(axes).reshape(matrices.shape)
        equal = equal and bool(np.allclose(moved, matrices, atol=1e-13))
    if SPECS[op].symmetric:
        assert equal
    elif n > 1:
        assert not equal


@pytest.mark.parametrize("op", NAMED_OPS)
def test_declared_inverses_invert(op: Op) -> None:
    matrices, n = sample(op, seed=3)
    assert bool(np.allclose(matrices @ matrices, np.eye(2**n), atol=1e-12)) == SPECS[op].self_inverse
    found = adjoint_op(op)
    if found is not None:
        rng = np.random.default_rng([3, int(op)])
        arity_of(op, rng)
        angles = rng.normal(scale=3, size=(5, 3)) * found[1]
        inverse = gate_matrices_of(found[0], angles, n_qubits=n)
        np.testing.assert_allclose(inverse @ matrices, np.eye(2**n)[None] + 0 * matrices, atol=1e-13)


def test_tables_repeat_the_specs() -> None:
    for op, spec in SPECS.items():
        assert (ARITY[op], N_ANGLES[op], IS_UNITARY[op]) == (spec.arity, spec.n_angles, spec.unitary)
        assert (IS_SYMMETRIC[op], IS_SELF_INVERSE[op]) == (spec.symmetric, spec.self_inverse)
        assert tuple(AXES[op][: len(spec.axes)]) == spec.axes
        assert ALIASES[spec.name] is op


def test_codes_without_a_matrix_are_refused() -> None:
    with pytest.raises(KeyError, match="measure"):
        gate_matrix(Op.MEASURE)
