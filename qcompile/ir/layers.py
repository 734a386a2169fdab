"""Blocks without entanglers: phase layer (34), router (36), rotary rotation (39)."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.ir.angles import Angles
from qcompile.ir.block import Block
from qcompile.ir.combinators import Sequence
from qcompile.ir.counts import Counts
from qcompile.ir.fields import as_tuple, family_or_angles, to_expr, to_layers, to_qubits
from qcompile.ir.gates import Gate, Rotation, RotationLayer
from qcompile.ir.sizes import Size
from qcompile.tape.expr import Expr

__all__ = ["PhaseLayer", "RotaryRotation", "Router"]


@frozen
class PhaseLayer(Block):
    """U_phase = prod_l Rz(theta_l) x Ry(theta_l), a two-qubit product lifted to n qubits.

    Attributes:
        n_qubits: n.
        layers: L.
        angles: Shape [L], by default the family `theta`.
        lift: `alternate`: Rz(theta_l) on qubits 0, 2, 4..., Ry(theta_l) on 1, 3, 5.... `named`: Rz and Ry on the two
            qubits of `named`, identity elsewhere. The paper prints no lift, so it is always stated.
    """

    equation: ClassVar[str] = "34"
    n_qubits: Size = field(converter=to_qubits)
    layers: Size = field(converter=to_layers)
    angles: Angles = field(default=Angles.symbols("theta"), converter=family_or_angles)
    lift: str = field(default="alternate", kw_only=True)
    named: tuple[int, int] = field(default=(0, 1), kw_only=True, converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "angles", _family(self.angles, self.layers))
        self.angles.check_shape(self.layers, where="phase layer: angles")
        if self.lift not in ("alternate", "named"):
            raise InputError(f"is {self.lift!r}", where="phase layer: lift", hint="use alternate or named")
        if self.lift == "named":
            a, b = self.named
            if a == b or min(a, b) < 0 or (isinstance(self.n_qubits, int) and max(a, b) >= self.n_qubits):
                raise InputError(f"is {[a, b]}", where="phase layer: named", hint="use two different qubits")

    def axis_of(self, qubit: int) -> str:
        """Return the axis of a qubit's rotation, empty where nothing acts."""
        if self.lift == "alternate":
            return "z" if qubit % 2 == 0 else "y"
        return {self.named[0]: "z", self.named[1]: "y"}.get(qubit, "")

    def adjoint(self) -> Block:
        """Return the layers in reverse order with negative angles."""
        angles = Angles.of([-e for e in reversed(list(self.angles))])
        return PhaseLayer(self.n_qubits, self.layers, angles, lift=self.lift, named=self.named)

    def expand(self) -> Sequence:
        """Return the single rotations, layer L first as in an operator product (they commute)."""
        out: list[Block] = []
        for layer in reversed(range(self.angles.sizes[0])):
            for q in range(self.width):
                if axis := self.axis_of(q):
                    out.append(Rotation(axis, self.angles[layer]).on(q, of=self.n_qubits))
        return Sequence(tuple(out), n_qubits=self.n_qubits)

    def formula(self) -> Counts:
        """Return n L rotations, 2 L for the named lift."""
        return Counts(rotation=(self.n_qubits if self.lift == "alternate" else 2) * self.layers)


@frozen
class Router(Block):
    """U_route = prod_l H^n Rz(theta_l) H^n, with one angle a layer or one a layer and qubit.

    Attributes:
        n_qubits: n.
        layers: L.
        angles: Shape [L] (shared) or [L, n] (per qubit), by default the family `theta` per qubit.
    """

    equation: ClassVar[str] = "36"
    n_qubits: Size = field(converter=to_qubits)
    layers: Size = field(converter=to_layers)
    angles: Angles = field(default=Angles.symbols("theta"), converter=family_or_angles)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "angles", _family(self.angles, self.layers, self.n_qubits))
        if self.is_shared:
            self.angles.check_shape(self.layers, where="router: angles")
        else:
            self.angles.check_shape(self.layers, self.n_qubits, where="router: angles")

    @property
    def is_shared(self) -> bool:
        """Whether all qubits of a layer have one angle."""
        return len(self.angles.shape) == 1

    def angle(self, layer: int, qubit: int) -> Expr:
        """Return one angle."""
        return self.angles[layer] if self.is_shared else self.angles[layer, qubit]

    def adjoint(self) -> Block:
        """Return the layers in reverse order with negative angles."""
        rows = [self.angles.take(k) for k in reversed(range(self.angles.sizes[0]))]
        values = [-r[()] for r in rows] if self.is_shared else [[-e for e in r] for r in rows]
        return Router(self.n_qubits, self.layers, Angles.of(values))

    def expand(self) -> Sequence:
        """Return the gates as printed: Hadamards, Rz, Hadamards, layer L first."""
        n = self.width
        walls = [Gate("h").on(q, of=n) for q in range(n)]
        out: list[Block] = []
        for layer in reversed(range(self.angles.sizes[0])):
            row = Angles.of([[self.angle(layer, q)] for q in range(n)])
            out += [*walls, RotationLayer(n, ("z",), row), *walls]
        return Sequence(tuple(out), n_qubits=self.n_qubits)

    def formula(self) -> Counts:
        """Return 2 n L Hadamards and n L rotations."""
        return Counts(one_qubit=2 * self.n_qubits * self.layers, rotation=self.n_qubits * self.layers)


@frozen
class RotaryRotation(Block):
    """U_rot(omega) = Rz(omega) Rx(pi/2) on one qubit, the rotation about x first.

    Attributes:
        omega: Angle of eq. 40, radians.
        is_merged: Made as one PhasedXZ gate (one pulse, the z rotation virtual) and a global phase.
    """

    equation: ClassVar[str] = "39"
    omega: Expr = field(converter=to_expr)
    is_merged: bool = field(default=False, kw_only=True)

    @property
    def n_qubits(self) -> int:
        """One."""
        return 1

    def formula(self) -> Counts:
        """Return two rotations, one when merged."""
        return Counts(rotation=1 if self.is_merged else 2)


def _family(angles: Angles, *shape: Size) -> Angles:
    """Give a family without a shape the shape it should have."""
    return Angles.symbols(angles.name, *shape) if angles.elements is None and not angles.shape else angles
