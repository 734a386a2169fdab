"""Gates with many controls as CX and one-qubit gates, with and without ancillas.

Ancillas are `clean` (known to be zero, given back as zero) or `dirty` (in any state, given back as found); idle
controls of a split gate serve as dirty ones. CX counts for k controls, the least applicable is taken:

    X, k <= 2       0, 1, 6
    X, k - 2 clean  6k - 6                (relative-phase Toffoli, 3 CX each, and one Toffoli)
    X, k - 2 dirty  8k - 6                (Iten, Colbeck, Kukuljan, Home, Christandl 2016)
    X, 1 dirty      four half gates       (Barenco et al. 1995, lemma 7.3)
    phase, no help  2^m - 2 on m qubits, or a phase on m - 1 and a rotation
    rotation        2^k, or four half X   (Vale, Azevedo, Araujo, Araujo, da Silva 2023)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from qcompile.errors import InputError
from qcompile.synthesis.emit import add_one_qubit, add_rotation
from qcompile.synthesis.multiplexed import add_diagonal, add_multiplexed_rotation
from qcompile.tape import Angle, Expr, Op, Tape, TapeBuilder

__all__ = [
    "add_controlled",
    "add_margolus",
    "add_mcp",
    "add_mcrotation",
    "add_mcx",
    "add_toffoli",
    "multi_controlled",
    "n_cx_mcp",
    "n_cx_mcrotation",
    "n_cx_mcx",
]

ComplexArray = npt.NDArray[np.complex128]
_EIGHTH = 0.25 * math.pi


def add_toffoli(builder: TapeBuilder, first: int, second: int, target: int) -> None:
    """Append the exact Toffoli gate: 6 CX."""
    builder.add(Op.H, target)
    builder.add(Op.CX, second, target)
    builder.add(Op.TDG, target)
    builder.add(Op.CX, first, target)
    builder.add(Op.T, target)
    builder.add(Op.CX, second, target)
    builder.add(Op.TDG, target)
    builder.add(Op.CX, first, target)
    builder.add(Op.T, second)
    builder.add(Op.T, target)
    builder.add(Op.H, target)
    builder.add(Op.CX, first, second)
    builder.add(Op.T, first)
    builder.add(Op.TDG, second)
    builder.add(Op.CX, first, second)


def add_margolus(builder: TapeBuilder, first: int, second: int, target: int) -> None:
    """Append the relative-phase Toffoli of Margolus: 3 CX, Toffoli times a sign -1 on |1 0 1>; its own inverse."""
    _margolus_half(builder, second, target, opening=True)
    builder.add(Op.CX, first, target)
    _margolus_half(builder, second, target, opening=False)


def _margolus_half(builder: TapeBuilder, control: int, target: int, *, opening: bool) -> None:
    """Append the part before (opening) or after the middle CX."""
    angle = _EIGHTH if opening else -_EIGHTH
    builder.add(Op.RY, target, angles=[angle])
    builder.add(Op.CX, control, target)
    builder.add(Op.RY, target, angles=[angle])


@cache
def n_cx_mcx(k: int, clean: int = 0, dirty: int = 0) -> int:
    """Return the number of CX of `add_mcx` for k controls and so many ancillas."""
    return _mcx_plan(k, clean, dirty)[0]


@cache
def _mcx_plan(k: int, clean: int, dirty: int) -> tuple[int, str]:
    """Return (CX count, method) of the cheapest X with k controls."""
    if k <= 2:
        return (0, 1, 6)[k], "small"
    plans = [(n_cx_mcp(k + 1), "phase")]
    if clean >= k - 2:
        plans.append((6 * k - 6, "clean"))
    if clean + dirty >= k - 2:
        plans.append((8 * k - 6, "dirty"))
    if clean + dirty >= 1 and k >= 4:
        a, b = _halves(k)
        plans.append((2 * n_cx_mcx(a, 0, k - a + 1) + 2 * n_cx_mcx(b, 0, k - b + 1), "split"))
    return min(plans)


def _halves(k: int) -> tuple[int, int]:
    """Return how many controls act on the borrowed qubit and how many, it included, on the target."""
    a = (k + 1) // 2
    return a, k - a + 1


def add_mcx(
    builder: TapeBuilder,
    controls: Sequence[int],
    target: int,
    *,
    clean: Sequence[int] = (),
    dirty: Sequence[int] = (),
) -> None:
    """Append X on `target` where all controls are 1, with the fewest CX the ancillas allow."""
    k = len(controls)
    method = _mcx_plan(k, len(clean), len(dirty))[1]
    if method == "small":
        if k == 0:
            builder.add(Op.X, target)
        elif k == 1:
            builder.add(Op.CX, controls[0], target)
        else:
            add_toffoli(builder, controls[0], controls[1], target)
    elif method == "phase":
        builder.add(Op.H, target)
        add_mcp(builder, math.pi, [*controls, target])
        builder.add(Op.H, target)
    elif method == "clean":
        chain = list(clean[: k - 2])
        _and_chain(builder, controls[: k - 1], chain, undo=False)
        add_toffoli(builder, controls[-1], chain[-1], target)
        _and_chain(builder, controls[: k - 1], chain, undo=True)
    elif method == "dirty":
        chain = [*dirty, *clean][: k - 2]
        for _ in range(2):
            add_toffoli(builder, controls[-1], chain[-1], target)
            _dirty_vee(builder, controls[: k - 1], chain)
    else:
        spare = [*dirty, *clean][0]
        a, _ = _halves(k)
        low, high = list(controls[:a]), [*controls[a:], spare]
        for _ in range(2):
            add_mcx(builder, low, spare, dirty=[*high[:-1], target])
            add_mcx(builder, high, target, dirty=low)


def _and_chain(builder: TapeBuilder, controls: Sequence[int], chain: Sequence[int], *, undo: bool) -> None:
    """Append the conjunctions chain[0] = c0 c1, chain[i] = c(i+1) chain[i-1], up to phases that the undoing takes
    back.
    """
    gates = [(controls[0], controls[1], chain[0])]
    gates += [(controls[i + 1], chain[i - 1], chain[i]) for i in range(1, len(chain))]
    for first, second, target in reversed(gates) if undo else gates:
        add_margolus(builder, first, second, target)


def _dirty_vee(builder: TapeBuilder, controls: Sequence[int], chain: Sequence[int]) -> None:
    """Append the palindrome of relative-phase Toffolis down and up the chain; the inner halves of each pair cancel."""
    for i in range(len(chain) - 1, 0, -1):
        _margolus_half(builder, controls[i + 1], chain[i], opening=True)
        builder.add(Op.CX, chain[i - 1], chain[i])
    add_margolus(builder, controls[0], controls[1], chain[0])
    for i in range(1, len(chain)):
        builder.add(Op.CX, chain[i - 1], chain[i])
        _margolus_half(builder, controls[i + 1], chain[i], opening=False)


@cache
def n_cx_mcp(m: int) -> int:
    """Return the number of CX of a phase on |1...1> of m qubits, without ancillas."""
    if m <= 1:
        return 0
    return min((1 << m) - 2, n_cx_mcrotation(m - 1) + n_cx_mcp(m - 1))


@cache
def n_cx_mcrotation(k: int) -> int:
    """Return the number of CX of a rotation with k controls, without ancillas."""
    if k == 0:
        return 0
    a = (k + 1) // 2
    split = 2 * n_cx_mcx(a, 0, k - a) + 2 * n_cx_mcx(k - a, 0, a) if k >= 2 else 1 << k
    return min(1 << k, split)


def add_mcp(
    builder: TapeBuilder,
    angle: Angle,
    qubits: Sequence[int],
    *,
    clean: Sequence[int] = (),
    dirty: Sequence[int] = (),
) -> None:
    """Append the phase exp(i angle) on |1...1> of `qubits`; `angle` may be an expression. No qubit: a global phase."""
    m = len(qubits)
    if m == 0:
        builder.phase = builder.phase + angle
        return
    numeric = not isinstance(angle, Expr) or angle.is_number
    if numeric and m >= 3 and abs(math.remainder(float(angle) - math.pi, 2 * math.pi)) < 1e-13:
        method = _mcx_plan(m - 1, len(clean), len(dirty))
        if method[1] != "phase" and method[0] < n_cx_mcp(m):
            builder.add(Op.H, qubits[-1])
            add_mcx(builder, qubits[:-1], qubits[-1], clean=clean, dirty=dirty)
            builder.add(Op.H, qubits[-1])
            return
    if len(clean) >= m - 1 and m >= 3 and 6 * (m - 1) < n_cx_mcp(m):
        # The conjunction of all qubits in one ancilla, a plain phase on it.
        chain = list(clean[: m - 1])
        _and_chain(builder, qubits, chain, undo=False)
        builder.add(Op.P, chain[-1], angles=[angle])
        _and_chain(builder, qubits, chain, undo=True)
        return
    if m <= 2 or (1 << m) - 2 <= n_cx_mcrotation(m - 1) + n_cx_mcp(m - 1):
        phases: list[Angle] = [*([0.0] * ((1 << m) - 1)), angle]
        add_diagonal(builder, phases, qubits)
        return
    # diag(1, e^{i angle}) = e^{i angle/2} Rz(angle).
    add_mcrotation(builder, "z", angle, qubits[:-1], qubits[-1])
    add_mcp(builder, angle * 0.5, qubits[:-1], dirty=[qubits[-1], *dirty])


def add_mcrotation(builder: TapeBuilder, axis: str, angle: Angle, controls: Sequence[int], target: int) -> None:
    """Append R_axis(angle) on `target` where all controls are 1; `angle` may be an expression."""
    k = len(controls)
    if k == 0:
        add_rotation(builder, axis, target, angle)
        return
    if n_cx_mcrotation(k) == 1 << k:
        angles: list[Angle] = [*([0.0] * ((1 << k) - 1)), angle]
        add_multiplexed_rotation(builder, axis, angles, controls, target)
        return
    if axis == "x":
        builder.add(Op.H, target)
        add_mcrotation(builder, "z", angle, controls, target)
        builder.add(Op.H, target)
        return
    a = (k + 1) // 2
    halves = [(controls[:a], controls[a:]), (controls[a:], controls[:a])]
    for _ in range(2):
        for sign, (own, idle) in zip((-0.25, 0.25), halves, strict=True):
            add_mcx(builder, own, target, dirty=idle)
            add_rotation(builder, axis, target, angle * sign)


def add_controlled(
    builder: TapeBuilder,
    matrix: ComplexArray,
    controls: Sequence[int],
    target: int,
    *,
    clean: Sequence[int] = (),
    dirty: Sequence[int] = (),
) -> None:
    """Append a one-qubit unitary on `target` where all controls are 1, its phase included: 2 CX for one control."""
    if not controls:
        add_one_qubit(builder, target, matrix)
        return
    frame, low, high = _eigenbasis(matrix)
    if abs(low) < 1e-13 or abs(high) < 1e-13:
        # A reflection or a phase about some axis: the multi-controlled phase alone.
        if abs(high) < 1e-13:
            frame, low, high = frame[:, ::-1], high, low
        add_one_qubit(builder, target, frame.conj().T)
        if len(controls) == 1 and abs(abs(high) - math.pi) < 1e-13:
            builder.add(Op.CZ, controls[0], target)
        else:
            add_mcp(builder, high, [*controls, target], clean=clean, dirty=dirty)
        add_one_qubit(builder, target, frame)
        return
    add_one_qubit(builder, target, frame.conj().T)
    add_mcrotation(builder, "z", high - low, controls, target)
    add_one_qubit(builder, target, frame)
    add_mcp(builder, 0.5 * (low + high), controls, clean=clean, dirty=[target, *dirty])


def _eigenbasis(matrix: ComplexArray) -> tuple[ComplexArray, float, float]:
    """Return (V, a, b) with the 2x2 unitary = V diag(e^{ia}, e^{ib}) V^dagger, by one real-axis rotation (no
    LAPACK).
    """
    half = 0.5 * float(np.angle(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]))
    special = matrix * np.exp(-1j * half)
    # special = cos(t) - i sin(t) (n . sigma).
    axis = np.array([-special[0, 1].imag, -special[0, 1].real, -special[0, 0].imag])
    sine = float(np.sqrt(axis @ axis))
    t = math.atan2(sine, float(special[0, 0].real))
    if sine < 1e-15:
        return np.eye(2, dtype=np.complex128), *(_turn(half - t), _turn(half + t))
    x, y, z = (float(v) / sine for v in axis)
    polar, azimuth = math.atan2(math.hypot(x, y), z), math.atan2(y, x)
    c, s, e = math.cos(0.5 * polar), math.sin(0.5 * polar), complex(math.cos(azimuth), math.sin(azimuth))
    frame = np.array([[c, -s * e.conjugate()], [s * e, c]], dtype=np.complex128)
    return frame, _turn(half - t), _turn(half + t)


def _turn(angle: float) -> float:
    """Return the angle in [-pi, pi]."""
    return math.remainder(angle, 2 * math.pi)


def multi_controlled(matrix: npt.ArrayLike, n_controls: int, *, clean: int = 0, dirty: int = 0) -> Tape:
    """Return a 2x2 unitary with controls: qubits are the controls, the target, then the clean and the dirty ancillas.

    Raises:
        InputError: The matrix is not a 2x2 unitary.

    >>> multi_controlled([[0, 1], [1, 0]], 2).is_two_qubit.sum()
    np.int64(6)
    """
    array = np.asarray(matrix, dtype=np.complex128)
    if array.shape != (2, 2) or np.abs(array @ array.conj().T - np.eye(2)).max() > 1e-8:
        raise InputError("is no 2x2 unitary", where="matrix", hint="give two orthonormal rows")
    builder = TapeBuilder(n_controls + 1 + clean + dirty)
    first = n_controls + 1
    spare, borrowed = range(first, first + clean), range(first + clean, first + clean + dirty)
    if np.abs(array - np.array([[0, 1], [1, 0]])).max() < 1e-15:
        add_mcx(builder, range(n_controls), n_controls, clean=spare, dirty=borrowed)
    else:
        add_controlled(builder, array, range(n_controls), n_controls, clean=spare, dirty=borrowed)
    return builder.build()
