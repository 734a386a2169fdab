"""Compile every kernel once, so that the first real command is not the slow one: `python -m qcompile.api.warm`."""

from __future__ import annotations

import sys

from qcompile.api.front import compile as compile_
from qcompile.api.results import certify, check
from qcompile.tape import tape_of
from qcompile.target import Target

__all__ = ["warm"]

_NATIVES = ("cz", "ecr", "sqrtiswap", "iswap", "syc", "rzz", "rxx")
_CIRCUIT = "h 0; cx 0 1; rz(0.3) 1; cx 1 2; ry(0.2) 2; cx 0 2; ccx 0 1 3; rzz(0.4) 2 3; swap 0 3; cx 3 0; cx 0 1; h 2"
#: A cascade of controlled phases, a Pauli program, and a ring that a line nearly holds: ways of their own.
_WAYS = (
    "; ".join(f"h {k}; " + "; ".join(f"cp({0.9 / (j - k)}) {j} {k}" for j in range(k + 1, 8)) for k in range(7)),
    "; ".join(
        f"cx {k} {k + 1}; cx {k + 1} {(k + 3) % 6}; rz(0.{k + 1}) {(k + 3) % 6}; cx {k + 1} {(k + 3) % 6}; h {k}"
        for k in range(5)
    ),
    "; ".join(f"cx {k} {(k + 1) % 8}; ry(0.{k + 1}) {k}" for k in range(8)) + "; cx 0 4; cx 2 6; h 2; cx 2 6",
)
_GRID = [(3 * r + c, 3 * r + c + 1) for r in range(3) for c in range(2)] + [(q, q + 3) for q in range(6)]


def warm() -> None:
    """Run a small circuit through every stage for each native gate, and some that take ways of their own."""
    for way in _WAYS:
        for target in (Target.from_couplings(9, _GRID), Target.from_couplings(9, "all_to_all")):
            built = compile_(tape_of(way), target=target)
            certify(built)
            check(built)
            compile_(tape_of(way), target=target, objective="depth")
    tape = tape_of(_CIRCUIT)
    for native in _NATIVES:
        for edges in ([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)], "all_to_all"):
            built = compile_(tape, target=Target.from_couplings(6, edges, native=native))
            certify(built)
            check(built)


if __name__ == "__main__":
    print("compiling kernels ...", file=sys.stderr, flush=True)
    warm()
