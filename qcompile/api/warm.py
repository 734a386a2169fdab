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


def warm() -> None:
    """Run a small circuit through every stage for each native gate."""
    tape = tape_of(_CIRCUIT)
    for native in _NATIVES:
        for edges in ([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)], "all_to_all"):
            built = compile_(tape, target=Target.from_couplings(6, edges, native=native))
            certify(built)
            check(built)


if __name__ == "__main__":
    print("compiling kernels ...", file=sys.stderr, flush=True)
    warm()
