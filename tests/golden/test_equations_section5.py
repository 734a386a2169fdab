"""Values computed elsewhere (numpy 2.4, fixed angles) that pin the conventions down to the last sign."""

from __future__ import annotations

import numpy as np
import pytest

from qcompile import ir
from qcompile.synthesis.blocks import synthesize
from qcompile.tape import tape_unitary
from qcompile.verify.reference import reference_unitary, reference_value

ATOL = 6e-10


def angles(layers: int, n: int) -> np.ndarray:
    """Return theta[l, i, axis] = 0.1 + 0.3 l + 0.2 i + 0.05 axis, all counted from 0."""
    layer, qubit, axis = np.indices((layers, n, 3))
    return 0.1 + 0.3 * layer + 0.2 * qubit + 0.05 * axis


UNITARIES = [
    (2, 1, "matrix", 0.935049753 - 0.258303701j, 0.139726517, None),
    (2, 1, "time", 0.935049753 - 0.258303701j, 0.139726517, None),
    (3, 2, "matrix", 0.107527667 - 0.514485406j, 0.054987178, 0.366348851),
    (3, 2, "time", 0.162853574 - 0.503195562j, 0.055251037, 0.356847990),
    (4, 2, "matrix", -0.131891425 - 0.257473980j, 0.032261321, None),
    (4, 2, "time", -0.070020219 - 0.281540737j, 0.030012286, None),
]


@pytest.mark.parametrize(("n", "layers", "order", "corner", "overlap", "trace"), UNITARIES)
def test_ansatz(n: int, layers: int, order: str, corner: complex, overlap: float, trace: float | None) -> None:
    block = ir.Ansatz(n, layers, angles(layers, n), product_order=order)
    for unitary in (reference_unitary(block), tape_unitary(synthesize(block))):
        assert unitary[0, 0] == pytest.approx(corner, abs=ATOL)
        assert abs(unitary[0].sum()) ** 2 / 2**n == pytest.approx(overlap, abs=ATOL)
        if trace is not None:
            assert abs(np.trace(unitary)) / 2**n == pytest.approx(trace, abs=ATOL)


def test_overlap_of_the_ansatz_by_compute_uncompute() -> None:
    block = ir.ComputeUncompute(ir.UniformSuperposition(8), ir.Ansatz(3, 2, angles(2, 3)), ir.BasisEncoding(0, 3))
    assert reference_value(ir.Readout("r", block, range(3), "all_zero")) == pytest.approx(0.054987178, abs=ATOL)


def test_router_with_shared_angles() -> None:
    readout = ir.Readout("router", ir.Router(3, 4, [0.1, 0.2, 0.3, 0.4]), range(3), "distribution")
    expected = [0.456802, 0.136331, 0.136331, 0.040687, 0.136331, 0.040687, 0.040687, 0.012143]
    np.testing.assert_allclose(reference_value(readout), expected, atol=6e-7)


def test_phase_layer() -> None:
    for block in (ir.PhaseLayer(2, 3, [0.1, 0.2, 0.3]), ir.PhaseLayer(2, 1, [0.6])):
        for unitary in (reference_unitary(block), tape_unitary(synthesize(block))):
            assert np.angle(unitary[0, 0]) == pytest.approx(-0.3, abs=1e-12)
            assert unitary[0, 0] == pytest.approx(0.912668 - 0.282321j, abs=6e-7)
            assert unitary.sum() / 4 == pytest.approx(0.912668, abs=6e-7)
            assert unitary[2, 0] == 0


def test_rotary_rotation() -> None:
    expected = np.array([[0.620545 - 0.339005j, -0.339005 - 0.620545j], [0.339005 - 0.620545j, 0.620545 + 0.339005j]])
    for merged in (False, True):
        block = ir.RotaryRotation(1.0, is_merged=merged)
        np.testing.assert_allclose(reference_unitary(block), expected, atol=6e-7)
        np.testing.assert_allclose(tape_unitary(synthesize(block)), expected, atol=6e-7)


def test_single_rotation() -> None:
    unitary = reference_unitary(ir.EulerRotation([0.3, 0.5, 0.7]))
    assert unitary[0, 0] == pytest.approx(0.912627 - 0.293777j, abs=6e-7)
    assert unitary[1, 0] == pytest.approx(0.279444 - 0.052132j, abs=6e-7)


def test_rotations_have_determinant_one() -> None:
    """A Hadamard test of Rz(0.8) on ket 0 gives the phase -0.4, which Z**(0.8/pi) would not."""
    parts = [
        float(
            reference_value(
                ir.Readout(
                    "r",
                    ir.HadamardTest(ir.identity(1), ir.Rotation("z", 0.8), ir.identity(1), part=p),
                    (0,),
                    "expectation",
                )
            )
        )
        for p in ("real", "imag")
    ]
    assert np.arctan2(parts[1], parts[0]) == pytest.approx(-0.4)


@pytest.mark.parametrize("n", [4, 6, 8])
def test_ladders_are_inverse_to_each_other(n: int) -> None:
    whole = ir.Ladder(n) >> ir.Ladder(n, "time")
    np.testing.assert_array_equal(reference_unitary(whole), np.eye(2**n))


def test_ladder_bits() -> None:
    """MATRIX: y_1 = x_1, y_{j+1} = x_j + x_{j+1}. TIME: prefix sums."""
    for index in range(8):
        x = [index >> 2 & 1, index >> 1 & 1, index & 1]
        matrix = [x[0], x[0] ^ x[1], x[1] ^ x[2]]
        time = [x[0], x[0] ^ x[1], x[0] ^ x[1] ^ x[2]]
        for order, y in (("matrix", matrix), ("time", time)):
            column = reference_unitary(ir.Ladder(3, order))[:, index]
            assert column[4 * y[0] + 2 * y[1] + y[2]] == 1


def test_signed_input_keeps_its_signs() -> None:
    block = ir.AmplitudeEncoding([3.0, -4.0, 0.0, 12.0], method="tree")
    state = tape_unitary(synthesize(block))[:, 0]
    np.testing.assert_allclose(state, np.array([3, -4, 0, 12]) / 13, atol=1e-15)


@pytest.mark.parametrize("n", range(2, 9))
def test_preparation_counts(n: int) -> None:
    """2^n - 2 CNOT and 2^n - 1 Ry for real data, twice the CNOT for complex data."""
    rng = np.random.default_rng(n)
    real = ir.AmplitudeEncoding(rng.normal(size=2**n), method="tree").counts()
    assert (real.cnot, real.rotation) == (2**n - 2, 2**n - 1)
    data = rng.normal(size=2**n) + 1j * rng.normal(size=2**n)
    both = ir.AmplitudeEncoding(data, method="tree").counts()
    assert (both.cnot, both.rotation) == (2 ** (n + 1) - 4, 2 ** (n + 1) - 2)


@pytest.mark.parametrize(("size", "operations"), [(6, 1), (160, 2), (7, 3), (8, 0)])
def test_uniform_superposition_counts(size: int, operations: int) -> None:
    tape = synthesize(ir.UniformSuperposition(size))
    assert int(tape.is_two_qubit.sum()) == operations


def test_phase_encoding_angles() -> None:
    phases = ir.PhaseEncoding([-0.5, 0.0, 0.5]).phases()
    np.testing.assert_allclose(phases, [np.pi - 2e-8, np.pi / 2, 2e-8], atol=1e-15)


@pytest.mark.parametrize(("norm", "passes"), [(0.1001, True), (0.0999, False), (0.001, False)])
def test_encoding_defect_of_eq_8(norm: float, passes: bool) -> None:
    defect = ir.Vector.of([norm]).encoding_defect
    assert defect is not None
    assert (defect <= 1e-6) is passes


def test_frobenius_distance_of_the_two_orders() -> None:
    """The product order matters: the two readings are far apart for random angles."""
    rng = np.random.default_rng(3)
    theta = rng.uniform(-np.pi, np.pi, size=(2, 4, 3))
    one, two = (reference_unitary(ir.Ansatz(4, 2, theta, product_order=o)) for o in ("matrix", "time"))
    assert np.linalg.norm(one - two) > 1
