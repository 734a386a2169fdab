"""Gate counts of blocks as sympy formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy
from attrs import field, frozen

from qcompile.ir.sizes import Size, substitute_size

__all__ = ["Counts"]


@frozen(kw_only=True)
class Counts(Mapping[str, "Size | None"]):
    """What the synthesized circuit of a block holds, before any pass.

    Attributes:
        cnot: Two-qubit gates of CNOT or CZ kind.
        rotation: Gates with an angle on one qubit (Rx, Ry, Rz).
        one_qubit: Clifford gates on one qubit (H, X, S...).
        t: T gates and their adjoints; what rotations and Toffoli gates need is added by `t_total`.
        toffoli: Gates on three or more qubits of Toffoli kind.
        measurement: Measured qubits.
        reset: Resets and other non-unitary operations.
        depth_two_qubit: Depth when only CNOT and Toffoli gates count, a step each; None where no formula is known.
        is_exact: Equality with the synthesized circuit; False for an upper bound, where data or angles decide.
    """

    cnot: Size = 0
    rotation: Size = 0
    one_qubit: Size = 0
    t: Size = 0
    toffoli: Size = 0
    measurement: Size = 0
    reset: Size = 0
    depth_two_qubit: Size | None = 0
    is_exact: bool = field(default=True)

    ADDED = ("cnot", "rotation", "one_qubit", "t", "toffoli", "measurement", "reset")

    def __getitem__(self, key: str) -> Size | None:
        if key not in (*self.ADDED, "depth_two_qubit"):
            raise KeyError(key)
        value: Size | None = getattr(self, key)
        return value

    def __iter__(self) -> Iterator[str]:
        yield from (*self.ADDED, "depth_two_qubit")

    def __len__(self) -> int:
        return len(self.ADDED) + 1

    def then(self, other: Counts) -> Counts:
        """Return the counts of one after the other; the depth is known when at most one of them has any."""
        if self.depth_two_qubit == 0:
            depth = other.depth_two_qubit
        else:
            depth = self.depth_two_qubit if other.depth_two_qubit == 0 else None
        return self._sum(other, depth)

    def beside(self, other: Counts) -> Counts:
        """Return the counts of both on disjoint qubits."""
        a, b = self.depth_two_qubit, other.depth_two_qubit
        return self._sum(other, None if a is None or b is None else _largest(a, b))

    def _sum(self, other: Counts, depth: Size | None) -> Counts:
        sums = {key: _plain(getattr(self, key) + getattr(other, key)) for key in self.ADDED}
        return Counts(**sums, depth_two_qubit=depth, is_exact=self.is_exact and other.is_exact)

    def times(self, number: Size) -> Counts:
        """Return the counts of `number` repetitions in sequence."""
        sums = {key: _plain(getattr(self, key) * number) for key in self.ADDED}
        depth = self.depth_two_qubit if self.depth_two_qubit == 0 or number == 1 else None
        return Counts(**sums, depth_two_qubit=0 if number == 0 else depth, is_exact=self.is_exact)

    def t_total(self, per_rotation: Size, per_toffoli: Size = 7) -> Size:
        """Return the T gates in all, when a rotation is made of `per_rotation` and a Toffoli gate of `per_toffoli`.

        Seven is the circuit without measurements; four holds with an ancilla and a measurement.
        """
        return _plain(self.t + per_rotation * self.rotation + per_toffoli * self.toffoli)

    def with_sizes(self, sizes: Mapping[str, Size]) -> Counts:
        """Return the formulas with named sizes replaced."""
        sums = {key: substitute_size(getattr(self, key), sizes) for key in self.ADDED}
        return Counts(**sums, depth_two_qubit=_depth_at(self.depth_two_qubit, sizes), is_exact=self.is_exact)

    def __str__(self) -> str:
        sign = "" if self.is_exact else "<= "
        parts = [f"{key} {sign}{value}" for key, value in self.items() if value not in (0, None)]
        return ", ".join(parts) or "no gates"


def _depth_at(depth: Size | None, sizes: Mapping[str, Size]) -> Size | None:
    """Return a depth with sizes replaced, None where its formula is not known at that size."""
    if depth is None or isinstance(depth, int):
        return depth
    named = {s: sizes[str(s)] for s in depth.free_symbols if str(s) in sizes}
    value = depth.subs(named)
    return None if value.is_number and not value.is_Integer else substitute_size(value, {})


def _plain(value: Size) -> Size:
    if isinstance(value, int):
        return value
    expanded = sympy.expand(value)
    return int(expanded) if expanded.is_Integer else expanded


def _largest(a: Size, b: Size) -> Size:
    if isinstance(a, int) and isinstance(b, int):
        return max(a, b)
    if a == 0 or b == 0:
        return b if a == 0 else a
    return sympy.Max(a, b)
