"""Eighteen ways to write CCZ with two-qubit gates, and what they become on a target of another basis.

CCZ = exp(i pi/8) times rotations by pi/4 about Z_a, Z_b, Z_c and Z_a Z_b Z_c and by -pi/4 about the three pairs. A
form is a list of steps on the qubits 0, 1, 2 of the gate:

- `("r", i, -1, t)`: rotation by t about S_i;
- `("f", i, j, 0)`: flip j under control of i, which maps S_j to S_i S_j;
- `("rr", i, j, t)`: rotation by t about S_i S_j.

S is Z, or X for the target of a CCX. `gadget` forms flip b under control of a around the three-body term and leave
two pair terms free, five two-qubit gates in all; `walk` forms (Shende, Markov 2009, six CNOT) let both others
flip t in turn.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["FORMS", "KINDS", "Step", "form_table"]

Step = tuple[str, int, int, float]
_T = math.pi / 4
KINDS = ("r", "f", "rr")


def _gadget(a: int, b: int, c: int, early: bool) -> tuple[Step, ...]:
    core: list[Step] = [("f", a, b, 0.0), ("rr", b, c, _T), ("r", b, -1, -_T), ("f", a, b, 0.0)]
    pair: list[Step] = [("rr", b, c, -_T)]
    rest: list[Step] = [("rr", a, c, -_T), ("r", a, -1, _T), ("r", b, -1, _T), ("r", c, -1, _T)]
    return tuple(pair + core + rest if early else core + pair + rest)


def _walk(a: int, b: int, t: int) -> tuple[Step, ...]:
    return (
        ("r", t, -1, _T),
        ("f", b, t, 0.0),
        ("r", t, -1, -_T),
        ("f", a, t, 0.0),
        ("r", t, -1, _T),
        ("f", b, t, 0.0),
        ("r", t, -1, -_T),
        ("f", a, t, 0.0),
        ("rr", a, b, -_T),
        ("r", a, -1, _T),
        ("r", b, -1, _T),
    )


_ORDERS: tuple[tuple[int, int, int], ...] = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
#: The phase is pi/8 in every form.
FORMS: tuple[tuple[Step, ...], ...] = (
    *(_walk(a, b, t) for a, b, t in _ORDERS),
    *(_gadget(a, b, c, early) for a, b, c in _ORDERS for early in (False, True)),
)


def form_table() -> NDArray[np.int8]:
    """Return int8[n_forms, n_steps, 3]: kind (1 r, 2 f, 3 rr, 0 nothing), i and j of each step, for kernels."""
    out = np.zeros((len(FORMS), max(map(len, FORMS)), 3), dtype=np.int8)
    for row, form in enumerate(FORMS):
        for k, (kind, i, j, _) in enumerate(form):
            out[row, k] = (KINDS.index(kind) + 1, i, j)
    return out
