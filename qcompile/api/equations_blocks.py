"""Equations that are circuits: encodings, ansatz, layers, phase exploration, dephasing."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

from qcompile import ir
from qcompile.api.equations_rows import Checks, Rows, equal, holds, near
from qcompile.errors import InputError
from qcompile.synthesis.blocks import synthesize, tape_counts
from qcompile.tape import tape_state, tape_unitary

__all__ = ["ROWS", "golden_angles", "kron", "literal_ansatz", "turn"]

Complex = NDArray[np.complex128]

ROWS = Rows()

_PAULI = {"x": np.array([[0, 1], [1, 0]]), "y": np.array([[0, -1j], [1j, 0]]), "z": np.diag([1, -1])}
_CX = np.eye(4)[[0, 1, 3, 2]]


def turn(axis: str, angle: float) -> Complex:
    """Return exp(-i angle P / 2) by the matrix exponential."""
    return np.asarray(expm(-0.5j * angle * _PAULI[axis]), dtype=np.complex128)


def kron(*factors: Any) -> Complex:
    """Return the tensor product, first factor most significant."""
    return np.asarray(reduce(np.kron, factors), dtype=np.complex128)


def golden_angles(layers: int, n: int) -> NDArray[np.float64]:
    """Return theta[l, i, axis] = 0.1 + 0.3 l + 0.2 i + 0.05 axis, counted from 0."""
    layer, qubit, axis = np.indices((layers, n, 3))
    return np.asarray(0.1 + 0.3 * layer + 0.2 * qubit + 0.05 * axis, dtype=np.float64)


def literal_ansatz(angles: NDArray[np.float64]) -> Complex:
    """Return eq. 18 as a product of full matrices, written from left to right as printed."""
    layers, n, _ = angles.shape
    out = np.eye(2**n, dtype=np.complex128)
    for layer in range(layers):
        out = out @ kron(*(turn("z", a[2]) @ turn("y", a[1]) @ turn("x", a[0]) for a in angles[layer]))
        for j in range(n - 1):
            out = out @ kron(np.eye(2**j), _CX, np.eye(2 ** (n - j - 2)))
    return out


@ROWS.add(
    7,
    "amplitude encoding of a vector",
    "BLOCK",
    "qcompile.ir.AmplitudeEncoding",
    "simulated circuit against x / norm(x) with its signs; 2^n - 2 CNOT and 2^n - 1 Ry quoted for real data",
    note="the printed vector is not normalised, so no circuit prepares it; x / norm(x) is prepared, a zero vector "
    "is an error; the cheapest exact method is chosen by the data, the tree's counts are the worst case",
)
def _eq_7() -> Checks:
    rng = np.random.default_rng(7)
    for size in (5, 16, 64):
        x = rng.normal(size=size)
        n = max(1, (size - 1).bit_length())
        for method in ("tree", "auto"):
            tape = synthesize(ir.AmplitudeEncoding(x, method=method))
            wanted = np.pad(x, (0, 2**n - size)) / np.sqrt((x**2).sum())
            yield near(f"state of {size} entries by {method}", tape_state(tape), wanted, atol=1e-12)
            if method == "tree":
                counts = tape_counts(tape)
                yield equal(f"CNOT, Ry at n = {n}", (counts.cnot, counts.rotation), (2**n - 2, 2**n - 1))
    try:
        ir.AmplitudeEncoding([0.0, 0.0])
        yield holds("zero vector refused", False)
    except InputError:
        yield holds("zero vector refused", True)


@ROWS.add(
    10,
    "phase encoding: moduli and phases of a vector",
    "BLOCK",
    "qcompile.ir.PhaseEncoding",
    "simulated circuit against the vector built by atan2 and exp; 2^(n+1) - 4 CNOT quoted for the tree",
    note="the normalisation is not printed and is added; the phase of a zero entry does not matter",
)
def _eq_10() -> Checks:
    rng = np.random.default_rng(10)
    x, theta = rng.normal(size=8), rng.uniform(-3, 3, 8)
    phi = np.arctan2(1e-8, x) + theta
    wanted = np.abs(x) * np.exp(1j * phi) / np.sqrt((x**2).sum())
    block = ir.PhaseEncoding(x, theta)
    yield near("state", tape_state(synthesize(block)), wanted, atol=1e-12)
    tree = tape_counts(synthesize(ir.AmplitudeEncoding(block.encoded(), method="tree")))
    yield equal("CNOT, rotations of the tree at n = 3", (tree.cnot, tree.rotation), (2**4 - 4, 2**4 - 2))
    plain = tape_state(synthesize(ir.PhaseEncoding(x)))
    yield near("without theta it is eq. 7", plain, x / np.sqrt((x**2).sum()), atol=1e-7)


def _ansatz() -> Checks:
    rng = np.random.default_rng(18)
    for n, layers in ((2, 1), (3, 3), (5, 2)):
        theta = rng.uniform(-np.pi, np.pi, (layers, n, 3))
        tape = synthesize(ir.Ansatz(n, layers, theta))
        yield near(f"unitary n = {n}, L = {layers}", tape_unitary(tape), literal_ansatz(theta), atol=1e-10)
        yield equal("CNOT", tape_counts(tape).cnot, (n - 1) * layers)
    quoted = {(3, "matrix"): 0.107527667 - 0.514485406j, (3, "time"): 0.162853574 - 0.503195562j}
    quoted |= {(4, "matrix"): -0.131891425 - 0.257473980j, (4, "time"): -0.070020219 - 0.281540737j}
    for (n, order), corner in quoted.items():
        found = tape_unitary(synthesize(ir.Ansatz(n, 2, golden_angles(2, n), product_order=order)))[0, 0]
        yield near(f"U[0, 0] n = {n} {order}", found, corner, atol=6e-10)


ROWS.add(
    18,
    "hardware-efficient ansatz: rotations and a CNOT ladder, L layers",
    "BLOCK",
    "qcompile.ir.Ansatz",
    "simulated circuit against the literal product of numpy kron matrices, and quoted matrix elements in both orders",
    note="theta is a triple for each qubit and layer; the order of the product is an option, matrix order by default",
    same_as=(33, 75),
)(_ansatz)
ROWS.alias(33, 18, "U_att, the ansatz of attention")
ROWS.alias(75, 18, "U_total, the ansatz of the whole model")


@ROWS.add(
    19,
    "single rotation Rz Ry Rx",
    "BLOCK",
    "qcompile.ir.EulerRotation",
    "simulated circuit against matrix exponentials, and quoted entries at angles 0.3, 0.5, 0.7",
    note="an operator product: the rotation about x acts first; determinant 1",
)
def _eq_19() -> Checks:
    found = tape_unitary(synthesize(ir.EulerRotation([0.3, 0.5, 0.7])))
    yield near("matrix", found, turn("z", 0.7) @ turn("y", 0.5) @ turn("x", 0.3), atol=1e-12)
    yield near("R[0, 0]", found[0, 0], 0.912627 - 0.293777j, atol=6e-7)
    yield near("R[1, 0]", found[1, 0], 0.279444 - 0.052132j, atol=6e-7)
    yield near("determinant", np.linalg.det(found), 1.0 + 0j, atol=1e-12)


@ROWS.add(
    20,
    "uniform superposition over any N",
    "BLOCK",
    "qcompile.ir.UniformSuperposition",
    "simulated circuits against N^-1/2 on the first N entries for N = 1..40; quoted numbers of controlled gates",
    note="ket i of 1..N is basis state i - 1; without ancillas and measurements for N no power of two",
)
def _eq_20() -> Checks:
    worst = 0.0
    for size in range(1, 41):
        state = tape_state(synthesize(ir.UniformSuperposition(size)))
        worst = max(worst, float(np.abs(state - np.where(np.arange(state.size) < size, size**-0.5, 0)).max()))
    yield near("largest error, N = 1..40", worst, 0.0, atol=1e-12)
    for size, number in ((6, 1), (160, 2), (7, 3), (8, 0)):
        two = int(synthesize(ir.UniformSuperposition(size)).is_two_qubit.sum())
        yield equal(f"controlled gates at N = {size}", two, number)


@ROWS.add(
    34,
    "phase layer: Rz and Ry of shared angles",
    "BLOCK",
    "qcompile.ir.PhaseLayer",
    "simulated circuit against kron of exponentials of the summed angle; quoted elements at angles 0.1, 0.2, 0.3",
    note="the product is a two-qubit operator; on n qubits a lift is stated: alternate (default) or two named qubits",
)
def _eq_34() -> Checks:
    tape = synthesize(ir.PhaseLayer(2, 3, [0.1, 0.2, 0.3]))
    found = tape_unitary(tape)
    yield near("unitary", found, kron(turn("z", 0.6), turn("y", 0.6)), atol=1e-12)
    yield near("<00; U; 00>", found[0, 0], 0.912668 - 0.282321j, atol=6e-7)
    yield near("<++; U; ++>", found.sum() / 4, 0.912668 + 0j, atol=6e-7)
    yield equal("CNOT", tape_counts(tape).cnot, 0)
    lifted = tape_unitary(synthesize(ir.PhaseLayer(3, 1, [0.6])))
    yield near("lift to 3 qubits", lifted, kron(turn("z", 0.6), turn("y", 0.6), turn("z", 0.6)), atol=1e-12)


@ROWS.add(
    36,
    "router: layers of H Rz H",
    "BLOCK",
    "qcompile.ir.Router",
    "simulated circuit, before and after the rule, against kron of Rx(sum of angles); quoted outcome probabilities",
    note="collapses to one layer of Rx for every L (S1): no entangling gate",
)
def _eq_36() -> Checks:
    rng = np.random.default_rng(36)
    theta = rng.uniform(-np.pi, np.pi, (7, 5))
    block = ir.Router(5, 7, theta)
    wanted = kron(*(turn("x", t) for t in theta.sum(axis=0)))
    yield near("unitary n = 5, L = 7", tape_unitary(synthesize(block)), wanted, atol=1e-10)
    short, _ = ir.simplify(block)
    yield near("after collapse", tape_unitary(synthesize(short)), wanted, atol=1e-10)
    yield equal("rotations after collapse", short.counts().rotation, 5)
    p = np.abs(tape_state(synthesize(ir.Router(3, 4, [0.1, 0.2, 0.3, 0.4])))) ** 2
    quoted = [0.456802, 0.136331, 0.136331, 0.040687, 0.136331, 0.040687, 0.040687, 0.012143]
    yield near("probabilities n = 3, angles 0.1 .. 0.4", p, quoted, atol=6e-7)


@ROWS.add(
    39,
    "rotary rotation Rz(w) Rx(pi/2)",
    "BLOCK",
    "qcompile.ir.RotaryRotation",
    "simulated circuit, in two gates and in one, against matrix exponentials and quoted entries at w = 1",
)
def _eq_39() -> Checks:
    for merged in (False, True):
        found = tape_unitary(synthesize(ir.RotaryRotation(1.0, is_merged=merged)))
        yield near("one gate" if merged else "two gates", found, turn("z", 1.0) @ turn("x", np.pi / 2), atol=1e-12)
        yield near("U[1, 0]", found[1, 0], 0.339005 - 0.620545j, atol=6e-7)


@ROWS.add(
    43,
    "phase dynamics with a decay rate",
    "CLAIM BLOCK",
    "qcompile.ir.Dephasing",
    "Kraus operators of the circuit's channel against the exponential of the Lindblad generator",
    note="as printed a scalar rate is added to an operator and the commutator of a scalar is 0; read as dephasing "
    "D(rho) = (g/2)(Z rho Z - rho), off-diagonals shrink by exp(-g t)",
)
def _eq_43() -> Checks:
    import cirq

    z = np.diag([1.0, -1.0])
    for rate, time in ((1.7, 0.4), (0.3, 3.0)):
        wanted = expm(time * rate / 2 * (np.kron(z, z) - np.eye(4)))
        kraus: Any = cirq.kraus(synthesize(ir.Dephasing(rate, time)).opaques[0].payload)
        found = sum(np.kron(k, np.conj(k)) for k in kraus)
        yield near(f"channel g = {rate}, t = {time}", found, wanted, atol=1e-12)


@ROWS.add(
    54,
    "overlap of U psi_i and U psi_j",
    "BLOCK",
    "qcompile.ir.ComputeUncompute",
    "after the rules no gate of U is left, and the value is the inner product of the two vectors for every theta",
    note="U-dagger U = 1, so the value does not depend on theta and its gradient is 0; the pair is cancelled",
)
def _eq_54() -> Checks:
    rng = np.random.default_rng(54)
    x, y = rng.normal(size=8), rng.normal(size=8)
    inner = float(x @ y) ** 2 / float((x @ x) * (y @ y))
    one, two = ir.AmplitudeEncoding(x), ir.AmplitudeEncoding(y)
    u = ir.Ansatz(3, 2, rng.uniform(-3, 3, (2, 3, 3)))
    readout = ir.Readout("c", ir.ComputeUncompute(two, u >> u.adjoint(), one), range(3), "all_zero")
    before = np.abs(tape_state(synthesize(readout.block))[0]) ** 2
    short, _ = ir.simplify(readout)
    yield near("value with U-dagger U in place", before, inner, atol=1e-12)
    yield near("value without", np.abs(tape_state(synthesize(short.block))[0]) ** 2, inner, atol=1e-12)
    left, alone = tape_counts(synthesize(short.block)).cnot, tape_counts(synthesize(one)).cnot
    other = tape_counts(synthesize(two)).cnot
    yield holds(f"only the preparations' CNOT are left ({left} of {alone} + {other})", left <= alone + other)


@ROWS.add(
    55,
    "phase exploration: a phase for each of some states",
    "BLOCK",
    "qcompile.ir.PhaseExploration",
    "eigenvalues of the simulated circuit against exp(i t) on the states and 1 elsewhere; quoted defect sqrt 5",
    note="as printed unitary only for a complete orthonormal set; completed by the identity on the rest of the space",
)
def _eq_55() -> Checks:
    rng = np.random.default_rng(55)
    v = np.linalg.qr(rng.normal(size=(8, 3)) + 1j * rng.normal(size=(8, 3)))[0]
    t = np.array([0.3, 1.1, -0.7])
    whole = tape_unitary(synthesize(ir.PhaseExploration(3, t, list(v.T))))
    wanted = np.sort(np.concatenate([t, np.zeros(5)]))
    yield near("eigenphases", np.sort(np.angle(np.linalg.eigvals(whole))), wanted, atol=1e-9)
    yield near("on its states", whole @ v, v * np.exp(1j * t), atol=1e-10)
    printed = (v * np.exp(1j * t)) @ v.conj().T
    yield near("defect of the printed sum", np.linalg.norm(printed.conj().T @ printed - np.eye(8)), 5**0.5, atol=1e-9)
    one_hot = synthesize(ir.PhaseExploration(3, t))
    yield near("one-hot states", np.diag(tape_unitary(one_hot))[[4, 2, 1]], np.exp(1j * t), atol=1e-12)
    yield equal("CNOT for one-hot states", tape_counts(one_hot).cnot, 0)


@ROWS.add(
    73,
    "interface from classical vectors to states",
    "BLOCK",
    "qcompile.ir.Preparation",
    "amplitudes read back from Cirq's simulator against the data, for every encoding",
    note="the encodings of eqs. 7 and 10, angle, basis and uniform; a spec names the one it wants",
)
def _eq_73() -> Checks:
    import cirq

    from qcompile.tape.cirq_out import to_cirq

    rng = np.random.default_rng(73)
    x = rng.normal(size=6)
    angles = rng.uniform(-3, 3, 3)
    product = kron(*([np.cos(a / 2), np.sin(a / 2)] for a in angles))
    cases: tuple[tuple[str, ir.Preparation, Any], ...] = (
        ("amplitude", ir.AmplitudeEncoding(x), np.pad(x, (0, 2)) / np.sqrt(x @ x)),
        ("phase", ir.PhaseEncoding(x), np.pad(x, (0, 2)) / np.sqrt(x @ x)),
        ("angle", ir.AngleEncoding(angles), product),
        ("basis", ir.BasisEncoding(5, 3), np.eye(8)[5]),
        ("uniform", ir.UniformSuperposition(6), np.where(np.arange(8) < 6, 6**-0.5, 0)),
    )
    for name, block, wanted in cases:
        circuit = to_cirq(synthesize(block))
        state = cirq.final_state_vector(circuit, qubit_order=cirq.LineQubit.range(3), dtype=np.complex128)
        # Only phase encoding is off by eps = 1e-8 in its angles.
        yield near(name, state, wanted, atol=1e-7 if name == "phase" else 1e-10)
