"""The hardware-efficient ansatz of eqs. 18, 33 and 75: layers of rotations and a CNOT ladder."""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import evolve, field, frozen

from qcompile.errors import InputError, nearest
from qcompile.ir.angles import Angles
from qcompile.ir.block import Block
from qcompile.ir.combinators import Sequence
from qcompile.ir.counts import Counts
from qcompile.ir.fields import family_or_angles, to_axes, to_layers, to_qubits
from qcompile.ir.gates import Ladder, RotationLayer, depth_of_pairs
from qcompile.ir.sizes import Size, as_size

__all__ = ["OMISSIONS", "Ansatz", "ladder_depth"]

OMISSIONS = ("first_ladder", "last_ladder", "first_axis", "last_axis", "redundant")


def _sorted(value: Any) -> tuple[str, ...]:
    return tuple(sorted(set(value)))


@frozen
class Ansatz(Block):
    """U(theta) = prod_l ( prod_i R_i(theta[l, i]) prod_j CNOT(j, j+1) ) on a line of qubits.

    Attributes:
        n_qubits: n.
        layers: L.
        angles: Shape [L, n, len(rotations)], by default the family `theta`.
        product_order: `matrix`: an operator product, so layer L acts first and in each layer the ladder acts before the
            rotations. `time`: the left factor acts first: layer 1 first, rotations before the ladder.
        cnot_ladder: Direction of the ladder, see `Ladder`; by default that of `product_order`.
        rotations: Axes in order of time; eq. 19's Rz Ry Rx is x, y, z in both product orders.
        ladder_form: `staircase` or `log`, see `Ladder`.
        omit: Parts that a structural rule found to change nothing in their place: the ladder at either end, the first
            axis of the rotations that act first, the last axis of those that act last, and `redundant`: about x on the
            last qubit and about z on the first at the L - 1 inner boundaries.
    """

    equation: ClassVar[str] = "18"
    n_qubits: Size = field(converter=to_qubits)
    layers: Size = field(converter=to_layers)
    angles: Angles = field(default=Angles.symbols("theta"), converter=family_or_angles)
    product_order: str = field(default="matrix", kw_only=True)
    cnot_ladder: str = field(default="", kw_only=True)
    rotations: tuple[str, ...] = field(default=("x", "y", "z"), converter=to_axes, kw_only=True)
    ladder_form: str = field(default="staircase", kw_only=True)
    omit: tuple[str, ...] = field(default=(), converter=_sorted, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.angles.elements is None and not self.angles.shape:
            shape = (self.layers, self.n_qubits, len(self.rotations))
            object.__setattr__(self, "angles", Angles.symbols(self.angles.name, *shape, labels=self.rotations))
        self.angles.check_shape(self.layers, self.n_qubits, len(self.rotations), where="ansatz: angles")
        if not self.cnot_ladder:
            object.__setattr__(self, "cnot_ladder", self.product_order)
        for name, value in (("product_order", self.product_order), ("cnot_ladder", self.cnot_ladder)):
            if value not in ("matrix", "time"):
                raise InputError(f"is {value!r}", where=f"ansatz: {name}", hint="use matrix or time")
        if not self.rotations or len(set(self.rotations)) != len(self.rotations):
            raise InputError(
                f"are {list(self.rotations)}", where="ansatz: rotations", hint="name each axis at most once"
            )
        if self.ladder_form not in ("staircase", "log"):
            raise InputError(f"is {self.ladder_form!r}", where="ansatz: ladder_form", hint="use staircase or log")
        for item in self.omit:
            if item not in OMISSIONS:
                raise InputError(f"is {item!r}", where="ansatz: omit", hint=nearest(item, OMISSIONS))
        ladder_first = self.product_order == "matrix"
        if ("last_ladder" if ladder_first else "first_ladder") in self.omit:
            raise InputError(f"is {list(self.omit)}", where="ansatz: omit", hint="that end has no ladder")

    def without(self, *parts: str) -> Ansatz:
        """Return the ansatz with more parts left out."""
        return evolve(self, omit=(*self.omit, *parts))

    @property
    def ladder(self) -> Ladder:
        """The ladder of each layer."""
        return Ladder(self.n_qubits, self.cnot_ladder, form=self.ladder_form)

    @property
    def n_ladders(self) -> Size:
        """Ladders that are left."""
        return self.layers - sum(1 for part in ("first_ladder", "last_ladder") if part in self.omit)

    def in_time(self) -> tuple[int, ...]:
        """Return indices of the layers in order of time."""
        layers = range(self._n_layers)
        return tuple(reversed(layers)) if self.product_order == "matrix" else tuple(layers)

    @property
    def _n_layers(self) -> int:
        return self.angles.sizes[0]

    def keeps(self, step: int, qubit: int, axis: int) -> bool:
        """Return whether the rotation about `rotations[axis]` on `qubit` at the `step`-th layer in time is there."""
        last, n = self._n_layers - 1, self.width
        if "first_axis" in self.omit and step == 0 and axis == 0:
            return False
        if "last_axis" in self.omit and step == last and axis == len(self.rotations) - 1:
            return False
        if "redundant" in self.omit and n > 1:
            if step > 0 and qubit == n - 1 and self.rotations[axis] == "x":
                return False
            if step < last and qubit == 0 and self.rotations[axis] == "z":
                return False
        return True

    def steps(self) -> tuple[Block, ...]:
        """Return ladders and rotation layers in order of time; what is omitted is left out.

        A rotation layer of which single rotations are omitted keeps them with angle 0, so use `keeps` to count.
        """
        out: list[Block] = []
        n, k = self.width, len(self.rotations)
        ladder = self.ladder
        for step, layer in enumerate(self.in_time()):
            rows = [[self.angles[layer, q, a] if self.keeps(step, q, a) else 0.0 for a in range(k)] for q in range(n)]
            kept = [a for a in range(k) if any(self.keeps(step, q, a) for q in range(n))]
            axes = tuple(self.rotations[a] for a in kept)
            layer_of = RotationLayer(n, axes, Angles.of([[row[a] for a in kept] for row in rows])) if kept else None
            pair: list[Block | None] = [ladder, layer_of] if self.product_order == "matrix" else [layer_of, ladder]
            if step == 0 and "first_ladder" in self.omit:
                pair[0] = None
            if step == self._n_layers - 1 and "last_ladder" in self.omit:
                pair[1] = None
            out += [part for part in pair if part is not None]
        return tuple(out)

    def expand(self) -> Sequence:
        """Return the same map as a sequence of smaller blocks."""
        return Sequence(self.steps(), n_qubits=self.n_qubits)

    def formula(self) -> Counts:
        """Return (n-1) CNOT a ladder, n rotations an axis and layer, less what is omitted."""
        n, layers, k = self.n_qubits, self.layers, len(self.rotations)
        rotation = k * n * layers
        rotation = rotation - n * sum(1 for part in ("first_axis", "last_axis") if part in self.omit)
        if "redundant" in self.omit and not (isinstance(n, int) and n < 2):
            rotation = rotation - 2 * (layers - 1)
        ladders = self.n_ladders
        if self.ladder_form == "log":
            pairs = self.ladder.pairs()
            depth = depth_of_pairs(pairs * ladders) if isinstance(ladders, int) else None
            return Counts(cnot=len(pairs) * ladders, rotation=rotation, depth_two_qubit=depth)
        return Counts(cnot=(n - 1) * ladders, rotation=rotation, depth_two_qubit=ladder_depth(n, ladders))


def ladder_depth(n_qubits: Size, ladders: Size) -> Size:
    """Return the two-qubit depth of ladders with rotations between: they pipeline, two steps apart (n >= 3)."""
    if (isinstance(ladders, int) and ladders == 0) or (isinstance(n_qubits, int) and n_qubits == 1):
        return 0
    if isinstance(n_qubits, int) and n_qubits == 2:
        return ladders
    value: Any = n_qubits - 1 + 2 * (ladders - 1)
    return as_size(value)
