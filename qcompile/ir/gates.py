"""The smallest blocks: one fixed gate, one rotation, one layer of rotations, a CNOT ladder, a global phase."""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import field, frozen

from qcompile.errors import InputError, nearest
from qcompile.ir.angles import Angles
from qcompile.ir.block import Block
from qcompile.ir.counts import Counts
from qcompile.ir.fields import to_angles, to_axes, to_axis, to_expr, to_qubits, to_width
from qcompile.ir.sizes import Size
from qcompile.tape.expr import Expr

__all__ = ["FIXED_GATES", "EulerRotation", "Gate", "GlobalPhase", "Ladder", "Rotation", "RotationLayer"]

# Name to (qubits, name of the inverse).
FIXED_GATES: dict[str, tuple[int, str]] = {
    "h": (1, "h"),
    "x": (1, "x"),
    "y": (1, "y"),
    "z": (1, "z"),
    "s": (1, "sdg"),
    "sdg": (1, "s"),
    "t": (1, "tdg"),
    "tdg": (1, "t"),
    "cx": (2, "cx"),
    "cz": (2, "cz"),
    "swap": (2, "swap"),
    "ccx": (3, "ccx"),
    "ccz": (3, "ccz"),
    "cswap": (3, "cswap"),
}


@frozen
class Gate(Block):
    """A gate without an angle, by its OpenQASM name."""

    name: str = field()

    @name.validator
    def _known(self, _: Any, value: str) -> None:
        if value not in FIXED_GATES:
            raise InputError(f"is {value!r}", where="gate", hint=nearest(value, FIXED_GATES))

    @property
    def n_qubits(self) -> int:
        """Qubits of the gate."""
        return FIXED_GATES[self.name][0]

    def adjoint(self) -> Block:
        """Return the inverse gate."""
        return Gate(FIXED_GATES[self.name][1])

    def formula(self) -> Counts:
        """Return one gate; a SWAP counts as three CNOT, a controlled SWAP as two and a Toffoli gate."""
        if self.n_qubits == 1:
            return Counts(t=1) if self.name in ("t", "tdg") else Counts(one_qubit=1)
        if self.n_qubits == 2:
            number = 3 if self.name == "swap" else 1
            return Counts(cnot=number, depth_two_qubit=number)
        number = 2 if self.name == "cswap" else 0
        return Counts(cnot=number, toffoli=1, depth_two_qubit=number or 1)


@frozen
class Rotation(Block):
    """R_P(angle) = exp(-i angle P / 2) on one qubit, P = X, Y or Z."""

    equation: ClassVar[str] = "19"
    axis: str = field(converter=to_axis)
    angle: Expr = field(converter=to_expr)

    @property
    def n_qubits(self) -> int:
        """One."""
        return 1

    def adjoint(self) -> Block:
        """Return the rotation by the negative angle."""
        return Rotation(self.axis, -self.angle)

    def formula(self) -> Counts:
        """Return one rotation."""
        return Counts(rotation=1)


@frozen
class EulerRotation(Block):
    """R = Rz(theta_z) Ry(theta_y) Rx(theta_x) of eq. 19: the rotation about x acts first. `angles` has shape [3]."""

    equation: ClassVar[str] = "19"
    angles: Angles = field(converter=to_angles)

    def __attrs_post_init__(self) -> None:
        self.angles.check_shape(3, where="single rotation: angles")

    @property
    def n_qubits(self) -> int:
        """One."""
        return 1

    def adjoint(self) -> Block:
        """Return the three inverse rotations, z first."""
        return RotationLayer(1, ("z", "y", "x"), Angles.of([[-self.angles[2], -self.angles[1], -self.angles[0]]]))

    def formula(self) -> Counts:
        """Return three rotations."""
        return Counts(rotation=3)


@frozen
class RotationLayer(Block):
    """On each qubit the rotations about `axes`, the first axis first; `angles` has shape [n_qubits, len(axes)]."""

    n_qubits: Size = field(converter=to_qubits)
    axes: tuple[str, ...] = field(converter=to_axes)
    angles: Angles = field(converter=to_angles)

    def __attrs_post_init__(self) -> None:
        self.angles.check_shape(self.n_qubits, len(self.axes), where="rotation layer: angles")

    def adjoint(self) -> Block:
        """Return the inverse rotations in reverse order."""
        k = len(self.axes)
        rows = [[-self.angles[q, k - 1 - j] for j in range(k)] for q in range(self.width)]
        return RotationLayer(self.n_qubits, self.axes[::-1], Angles.of(rows))

    def formula(self) -> Counts:
        """Return n rotations an axis."""
        return Counts(rotation=self.n_qubits * len(self.axes))


@frozen
class Ladder(Block):
    """prod_j CNOT(j, j+1), the lower qubit number is the control.

    Attributes:
        n_qubits: Width.
        order: `matrix`: an operator product, so CNOT(n-2, n-1) acts first and y_0 = x_0, y_{j+1} = x_j + x_{j+1}.
            `time`: CNOT(0, 1) acts first and y_k = x_0 + ... + x_k. The two are inverse to each other.
        form: `staircase`: n - 1 CNOT on a line, which pipeline with the next ladder. `log`: a Brent-Kung prefix network
            in place, about 2n CNOT at depth 2 log2 n, for all-to-all links.
    """

    n_qubits: Size = field(converter=to_qubits)
    order: str = field(default="matrix")
    form: str = field(default="staircase", kw_only=True)

    @order.validator
    def _known(self, _: Any, value: str) -> None:
        if value not in ("matrix", "time"):
            raise InputError(f"is {value!r}", where="cnot_ladder", hint="use matrix or time")

    @form.validator
    def _known_form(self, _: Any, value: str) -> None:
        if value not in ("staircase", "log"):
            raise InputError(f"is {value!r}", where="ladder: form", hint="use staircase or log")

    def adjoint(self) -> Block:
        """Return the ladder in the other direction."""
        return Ladder(self.n_qubits, "time" if self.order == "matrix" else "matrix", form=self.form)

    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Return (control, target) in order of time."""
        n = self.width
        up = _prefix_network(n) if self.form == "log" else tuple((j, j + 1) for j in range(n - 1))
        return up[::-1] if self.order == "matrix" else up

    def formula(self) -> Counts:
        """Return n - 1 CNOT in as many steps; for the log form those of the network."""
        if self.form == "log":
            return Counts(cnot=len(self.pairs()), depth_two_qubit=depth_of_pairs(self.pairs()))
        return Counts(cnot=self.n_qubits - 1, depth_two_qubit=self.n_qubits - 1)


def _prefix_network(n: int) -> tuple[tuple[int, int], ...]:
    """Return CNOT that turn x into its prefix parities: sums over blocks going up, filled in going down."""
    pairs: list[tuple[int, int]] = []
    step = 1
    while 2 * step <= n:
        pairs += [(k - step, k) for k in range(2 * step - 1, n, 2 * step)]
        step *= 2
    while step >= 1:
        pairs += [(k, k + step) for k in range(2 * step - 1, n - step, 2 * step)]
        step //= 2
    return tuple(pairs)


def depth_of_pairs(pairs: tuple[tuple[int, int], ...]) -> int:
    """Return the depth of two-qubit gates in the order given, each as early as its qubits allow."""
    ready: dict[int, int] = {}
    for a, b in pairs:
        ready[a] = ready[b] = max(ready.get(a, 0), ready.get(b, 0)) + 1
    return max(ready.values(), default=0)


def gray_walk(controls: tuple[int, ...]) -> list[int]:
    """Return the controls toggled between the steps of a Gray code, the first the most significant; it ends there."""
    return [controls[len(controls) - (i & -i).bit_length()] for i in range(1, 1 << len(controls))]


@frozen
class GlobalPhase(Block):
    """exp(i angle) times the identity: nothing on its own, a relative phase once controlled."""

    n_qubits: Size = field(converter=to_width)
    angle: Expr = field(converter=to_expr)

    def adjoint(self) -> Block:
        """Return the opposite phase."""
        return GlobalPhase(self.n_qubits, -self.angle)

    def formula(self) -> Counts:
        """Return no gates."""
        return Counts()
