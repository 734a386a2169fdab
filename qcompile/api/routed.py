"""Layout and routing alone: gates as they were, inserted SWAPs visible."""

from __future__ import annotations

import numpy as np

from qcompile.api.compiled import Compiled
from qcompile.api.options import Options
from qcompile.deadline import was_cut_short
from qcompile.errors import InputError
from qcompile.mapping import route
from qcompile.passes import Step
from qcompile.tape import SPECS, Op, Tape
from qcompile.tape.opcodes import IS_UNITARY
from qcompile.target import Target

__all__ = ["route_only"]


def route_only(tape: Tape, target: Target, options: Options) -> Compiled:
    """Return the circuit on the machine's couplings.

    Raises:
        InputError: The circuit does not fit, or holds a gate on more than two qubits.
    """
    flat = tape.inlined()
    wide = IS_UNITARY[flat.opcode] & (flat.arity > 2)
    if wide.any():
        row = int(np.argmax(wide))
        raise InputError(
            f"{SPECS[Op(int(flat.opcode[row]))].name!r} acts on {flat.arity[row]} qubits",
            where=f"operation {row}",
            hint="decompose it before routing, or use qc.compile",
        )
    done = route(
        flat,
        target,
        options.initial_layout,
        seed=options.seed,
        effort=options.effort,
        objective="swaps",
        allowed_qubits=options.allowed_qubits,
        elide_swaps=False,
    )
    return Compiled(
        name="circuit",
        source=tape,
        tape=done.tape,
        target=target,
        initial_layout=done.initial_layout,
        final_layout=done.final_layout,
        n_swaps=done.n_swaps,
        steps=(Step(flat, done.tape, done.witness),),
        ledger=(),
        options=options,
        cut_short=was_cut_short(),
    )
