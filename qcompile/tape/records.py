"""What some rows of a tape point at: measurements, classical conditions, calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

if TYPE_CHECKING:
    from qcompile.tape.tape import Tape

__all__ = ["Call", "Condition", "Measurement", "Opaque"]


@frozen
class Measurement:
    """A measurement in the Z basis of the qubits of its row, all at once.

    Attributes:
        key: Name of the classical register.
        offset: Bit of the register that the first qubit fills (0 is the first, most significant for Cirq).
        invert: Whether each outcome is flipped; shorter than the qubits means False for the rest.
    """

    key: str
    offset: int = 0
    invert: tuple[bool, ...] = ()


@frozen
class Condition:
    """A classical condition on earlier measurements.

    Attributes:
        keys: Keys that must have been measured before.
        kind: `nonzero` (any bit of the key), `bits` (the listed bits, first most significant, compared with `value`),
            or `cirq` (`payload` is a tuple of `cirq.Condition`s that are kept as they are and must all hold).
        bits: (key, bit offset) pairs for `bits`; `value` is the integer they must spell.
        negate: Holds when the condition does not.
    """

    keys: tuple[str, ...]
    kind: str = "nonzero"
    bits: tuple[tuple[str, int], ...] = ()
    value: int = 0
    negate: bool = False
    payload: Any = field(default=None, eq=lambda value: repr(value))


@frozen
class Opaque:
    """An operation that is kept as it is: a channel, or a gate with no known unitary.

    Attributes:
        text: What it is called in messages.
        payload: The `cirq.Gate`, or a `cirq.Operation` that has no gate; None for an opaque gate of OpenQASM 2, whose
            `text` is its name and angles.
    """

    text: str
    payload: Any = field(eq=lambda value: repr(value))


@frozen
class Call:
    """A sub-tape that is run `repetitions` times on the qubits of the row, its angles advanced between runs.

    Attributes:
        tape: The body; its qubit k is the k-th qubit of the row.
        repetitions: How often it runs.
        bindings: For each repetition, values for the body's parameters by name (numbers or expressions);
            empty when every run is the same.
    """

    tape: Tape
    repetitions: int = 1
    bindings: tuple[tuple[tuple[str, Any], ...], ...] = ()
