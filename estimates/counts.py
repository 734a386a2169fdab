"""What a circuit costs before error correction: counts of logical operations, as numbers or as formulas."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import attrs
from attrs import field, frozen

from qcompile.errors import InputError

__all__ = ["Count", "LogicalCounts", "larger", "sympy_number"]

Count: TypeAlias = Any
"""An int, or a sympy expression in the sizes of a model (n, L, E, ...)."""

_SUMMED = ("t", "ccz", "rotations", "rotation_depth", "measurements", "cliffords", "cnot")


def _check_count(instance: object, attribute: Any, value: Count) -> None:
    if hasattr(value, "free_symbols"):
        return
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value < 0 or value != int(value):
        raise InputError(f"is {value!r}", where=f"counts.{attribute.name}", hint="use an integer from 0 or a formula")


def _as_int(value: Count) -> Count:
    if hasattr(value, "free_symbols"):
        return int(value) if getattr(value, "is_Integer", False) else value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    # numpy's integers have an index; what is no number at all is left for the validator to name.
    return int(value) if hasattr(value, "__index__") and not isinstance(value, bool) else value


@frozen(kw_only=True)
class LogicalCounts:
    """Counts of one execution of a circuit. Every value is an int or a sympy formula.

    Attributes:
        n_qubits: Algorithm qubits, ancillas included.
        t: T gates and their adjoints, those inside rotations left out.
        ccz: Gates that consume one CCZ state: CCZ, CCX, CSWAP, And.
        rotations: One-qubit rotations by an angle that is no multiple of pi/4.
        rotation_depth: Layers that contain a rotation; rotations in one layer share their time.
        measurements: Measured bits.
        cliffords: Clifford gates, two-qubit ones included.
        cnot: Two-qubit Clifford gates (CNOT, CZ and the like; a SWAP counts 3, an ISWAP 2). Part of `cliffords`.

    >>> layer = LogicalCounts(n_qubits=4, rotations=12, rotation_depth=3, cnot=3, cliffords=3)
    >>> (layer * 2).rotations
    24
    """

    n_qubits: Count = field(converter=_as_int, validator=_check_count)
    t: Count = field(default=0, converter=_as_int, validator=_check_count)
    ccz: Count = field(default=0, converter=_as_int, validator=_check_count)
    rotations: Count = field(default=0, converter=_as_int, validator=_check_count)
    rotation_depth: Count = field(default=None, validator=attrs.validators.optional(_check_count))
    measurements: Count = field(default=0, converter=_as_int, validator=_check_count)
    cliffords: Count = field(default=0, converter=_as_int, validator=_check_count)
    cnot: Count = field(default=0, converter=_as_int, validator=_check_count)

    def __attrs_post_init__(self) -> None:
        # Rotations one after another is the worst case, and the honest one where nothing is known of the order.
        depth = self.rotations if self.rotation_depth is None else self.rotation_depth
        object.__setattr__(self, "rotation_depth", _as_int(depth))

    def __add__(self, other: LogicalCounts) -> LogicalCounts:
        """Return the counts of one circuit after the other on the same qubits."""
        if not isinstance(other, LogicalCounts):
            return NotImplemented
        sums = {name: getattr(self, name) + getattr(other, name) for name in _SUMMED}
        return LogicalCounts(n_qubits=larger(self.n_qubits, other.n_qubits), **sums)

    def __mul__(self, times: Count) -> LogicalCounts:
        """Return the counts of `times` executions, one after another."""
        return LogicalCounts(n_qubits=self.n_qubits, **{name: getattr(self, name) * times for name in _SUMMED})

    __rmul__ = __mul__

    @property
    def symbols(self) -> tuple[str, ...]:
        """Names of the sizes that are not bound yet, sorted."""
        found: set[str] = set()
        for name in ("n_qubits", *_SUMMED):
            found |= {str(s) for s in getattr(getattr(self, name), "free_symbols", ())}
        return tuple(sorted(found))

    def evaluate(self, **sizes: float) -> LogicalCounts:
        """Return the counts with sizes put in, by name.

        Raises:
            InputError: A name is no symbol of these counts.
        """
        unknown = sorted(set(sizes) - set(self.symbols))
        if unknown:
            known = ", ".join(self.symbols) or "none"
            raise InputError(f"has no size {unknown[0]!r}", where="counts", hint=f"its sizes are: {known}")
        return LogicalCounts(**{name: sympy_number(value, sizes) for name, value in self.to_dict(raw=True).items()})

    def to_dict(self, *, raw: bool = False) -> dict[str, Any]:
        """Return the counts by name; formulas become text unless `raw`."""
        values = {name: getattr(self, name) for name in ("n_qubits", *_SUMMED)}
        return values if raw else {k: (str(v) if hasattr(v, "free_symbols") else v) for k, v in values.items()}


def sympy_number(value: Count, sizes: Mapping[str, float]) -> Count:
    """Return a count with sizes put in by symbol name, as an int when nothing is left open."""
    if not hasattr(value, "free_symbols"):
        return value
    bound = value.subs({s: sizes[str(s)] for s in value.free_symbols if str(s) in sizes})
    if getattr(bound, "free_symbols", None):
        return bound
    number = float(bound)
    # A count is whole; what is left is rounding of log2 and the like inside ceilings.
    return int(bound) if number == int(number) else round(number)


def larger(a: Count, b: Count) -> Count:
    """Return the larger of two counts, a sympy `Max` where one is a formula."""
    if hasattr(a, "free_symbols") or hasattr(b, "free_symbols"):
        import sympy

        return sympy.Max(a, b)
    return max(a, b)
