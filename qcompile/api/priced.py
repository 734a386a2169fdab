"""What may be priced of a program: never a circuit that stands on an amplitude computed beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcompile.api.simplified import simplify
from qcompile.ir import Program

if TYPE_CHECKING:
    from qcompile.api.compiled import CompiledProgram
    from qcompile.tape import Tape

__all__ = ["NOT_PRICED", "priced", "priced_program"]

NOT_PRICED = "eigenbasis-of-powers"


def priced_program(program: Program) -> Program:
    """Return the simplified program for an estimate: amplitudes are estimated, not known."""
    return simplify(program, without=(NOT_PRICED,))[0]


def priced(built: CompiledProgram) -> tuple[Program, dict[str, Tape]]:
    """Return the program and circuits of a compiled model for an estimate.

    A readout whose amplitude was computed when compiling is replaced by the one that estimates it, which is counted by
    its formulas.
    """
    known = {name for name, readout in built.program.items() if readout.precomputed}
    tapes = {name: one.source for name, one in built.items() if name not in known}
    if not known:
        return built.program, tapes
    full = priced_program(built.original)
    readouts = [full[r.name] if r.name in known else r for r in built.program.readouts]
    return built.program.with_readouts(readouts), tapes
