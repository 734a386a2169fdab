"""Equal tolerance: which circuits a peer approximates by default, and the same circuit with the same error."""

from __future__ import annotations

import re
from math import pi

__all__ = ["without_tiny_rotations"]

#: Qiskit's preset managers take a two-qubit rotation of this angle (of `cu1`) for the identity.
TINY = pi / 2**15
_ROTATION = re.compile(r"^\s*(cu1|cp|crz|crx|cry|rzz|rxx|ryy)\(([^()]*)\)")


def _angle(text: str) -> float | None:
    factors = re.split(r"([*/])", text.replace(" ", "").replace("pi", repr(pi)))
    try:
        value = float(factors[0])
        for sign, factor in zip(factors[1::2], factors[2::2], strict=True):
            value = value * float(factor) if sign == "*" else value / float(factor)
    except ValueError:
        return None
    return value


def without_tiny_rotations(qasm: str) -> str | None:
    """Return the circuit without its two-qubit rotations of at most pi/2^15, or None when it has none.

    >>> without_tiny_rotations("cu1(pi/65536) q[0],q[1];") is None
    False
    """
    kept, lines = [], qasm.splitlines()
    for line in lines:
        found = _ROTATION.match(line)
        angle = _angle(found[2]) if found else None
        if angle is None or not 0 < abs(angle) <= TINY * (1 + 1e-6):
            kept.append(line)
    return "\n".join(kept) + "\n" if len(kept) < len(lines) else None
