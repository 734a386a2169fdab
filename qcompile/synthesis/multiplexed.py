"""Multiplexed (uniformly controlled) rotations and diagonal unitaries, by parity networks in Gray order.

A rotation of angle alpha_x, chosen by k control bits x, is the product over masks m of rotations by

    theta_m = 2^-k sum_x (-1)^(x.m) alpha_x

about the axis times the parity of the masked bits (Mottonen, Vartiainen, Bergholm, Salomaa 2004). Parities are walked
in Gray order, one CNOT a step, 2^k in all; masks of angle zero are left out and their steps joined. The map is
linear, so angles may be expressions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qcompile.errors import InputError
from qcompile.synthesis.emit import add_rotation, is_zero
from qcompile.tape import Angle, Expr, Op, Tape, TapeBuilder

__all__ = [
    "add_diagonal",
    "add_multiplexed_rotation",
    "diagonal",
    "multiplexed_rotation",
    "parity_angles",
    "parity_steps",
]


def parity_angles(angles: Sequence[Angle] | np.ndarray) -> list[Angle]:
    """Return theta_m for the 2^k angles alpha_x (x and m with the first control as most significant bit).

    Raises:
        InputError: The number of angles is no power of two.
    """
    size = len(angles)
    if size == 0 or size & (size - 1):
        raise InputError(
            f"has {size} angles", where="multiplexed rotation", hint="give one for each of the 2^k control values"
        )
    if any(isinstance(a, Expr) and not a.is_number for a in angles):
        out: list[Angle] = list(angles)
        half = size // 2
        while half:
            nxt = list(out)
            for start in range(0, size, 2 * half):
                for i in range(start, start + half):
                    low, high = Expr.of(out[i]), Expr.of(out[i + half])
                    nxt[i], nxt[i + half] = (low + high) * 0.5, (low - high) * 0.5
            out, half = nxt, half // 2
        return out
    values = np.array([float(a) for a in angles])
    half = size // 2
    while half:
        pairs = values.reshape(-1, 2, half)
        values = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1).reshape(-1) * 0.5
        half //= 2
    return [float(v) for v in values]


def parity_steps(angles: Sequence[Angle] | np.ndarray) -> tuple[list[tuple[int, Angle]], int]:
    """Return `(flips, angle)` steps and the closing flips of a multiplexed rotation.

    Each step first toggles the controls in the bit mask `flips` (first control most significant) and then rotates;
    after the last
    one the controls of the closing mask are toggled, which leaves the parity even.
    """
    thetas = parity_angles(angles)
    steps: list[tuple[int, Angle]] = []
    at = 0
    for index in range(len(thetas)):
        mask = index ^ (index >> 1)
        if not is_zero(thetas[mask]):
            steps.append((at ^ mask, thetas[mask]))
            at = mask
    return steps, at


def _toggle(builder: TapeBuilder, axis: str, controls: Sequence[int], target: int, mask: int) -> None:
    """Append the gates that flip the sign of the axis by the masked controls."""
    for bit, control in enumerate(reversed(controls)):
        if mask >> bit & 1:
            builder.add(Op.CZ if axis == "x" else Op.CX, control, target)


def add_multiplexed_rotation(
    builder: TapeBuilder,
    axis: str,
    angles: Sequence[Angle] | np.ndarray,
    controls: Sequence[int],
    target: int,
    *,
    reverse: bool = False,
) -> None:
    """Append R_axis(angles[x]) on `target`, x the value of `controls` (first most significant); `reverse` mirrors
    the gate order.
    """
    steps, closing = parity_steps(angles)
    if not reverse:
        for flips, angle in steps:
            _toggle(builder, axis, controls, target, flips)
            add_rotation(builder, axis, target, angle)
        _toggle(builder, axis, controls, target, closing)
        return
    _toggle(builder, axis, controls, target, closing)
    for flips, angle in reversed(steps):
        add_rotation(builder, axis, target, angle)
        _toggle(builder, axis, controls, target, flips)


def multiplexed_rotation(axis: str, angles: Sequence[Angle] | np.ndarray) -> Tape:
    """Return R_axis(angles[x]) on the last qubit, chosen by the value x of the qubits before it: at most 2^k CX (CZ
    for axis x).

    Args:
        axis: `x`, `y` or `z`.
        angles: 2^k angles in radians, numbers or expressions.

    >>> multiplexed_rotation("y", [0.1, 0.3]).ops()
    ['ry(0.2) 1', 'cx 0 1', 'ry(-0.1) 1', 'cx 0 1']
    """
    if axis not in ("x", "y", "z"):
        raise InputError(f"is {axis!r}", where="axis", hint="use x, y or z")
    k = len(angles).bit_length() - 1
    builder = TapeBuilder(k + 1)
    add_multiplexed_rotation(builder, axis, angles, range(k), k)
    return builder.build()


def add_diagonal(builder: TapeBuilder, phases: Sequence[Angle] | np.ndarray, qubits: Sequence[int]) -> None:
    """Append diag(exp(i phases)) on `qubits`, phase included: at most 2^n - 2 CX for n qubits.

    The pairs of the last qubit are a multiplexed Rz of their differences; their means are a diagonal on the qubits
    before it.
    """
    values: list[Angle] = list(phases)
    if len(values) != 1 << len(qubits):
        raise InputError(f"has {len(values)} phases", where="diagonal", hint=f"give {1 << len(qubits)}")
    for q in range(len(qubits) - 1, -1, -1):
        pairs = [(values[i], values[i + 1]) for i in range(0, len(values), 2)]
        add_multiplexed_rotation(builder, "z", [_minus(high, low) for low, high in pairs], qubits[:q], qubits[q])
        values = [_minus(low, _scaled(_minus(low, high), 0.5)) for low, high in pairs]
    builder.phase = builder.phase + values[0]


def _minus(a: Angle, b: Angle) -> Angle:
    """Return a - b."""
    return a - b if isinstance(a, Expr) or not isinstance(b, Expr) else Expr.of(a) - b


def _scaled(a: Angle, factor: float) -> Angle:
    """Return factor a."""
    return a * factor


def diagonal(phases: Sequence[Angle] | np.ndarray) -> Tape:
    """Return diag(exp(i phases)): at most 2^n - 2 CX, 2^n - 1 Rz and the global phase (the mean of the phases).

    Phases are radians, numbers or expressions. Numbers that a tensor structure makes vanish cost no gates.

    >>> diagonal([0, 0, 0, 3.141592653589793]).is_two_qubit.sum()
    np.int64(2)
    """
    n = max(len(phases).bit_length() - 1, 0)
    if len(phases) != 1 << n:
        raise InputError(
            f"has {len(phases)} phases", where="diagonal", hint="give one for each of the 2^n basis states"
        )
    builder = TapeBuilder(n)
    add_diagonal(builder, phases, range(n))
    return builder.build()
