"""Idle qubits of the machine lent to a circuit: they start in 0 and return to 0."""

from __future__ import annotations

import numpy as np

from qcompile.api.options import Options
from qcompile.passes import Step
from qcompile.tape import LayoutWitness, Op, Tape
from qcompile.target import Target

__all__ = ["n_ancillas", "widened"]


def n_ancillas(tape: Tape, target: Target, options: Options) -> int:
    """Return how many idle qubits the gates with many controls can use: one less than their controls.

    0 when the caller does not grant ancillas or places every qubit by name.
    """
    if not options.ancillas or options.initial_layout is not None or not isinstance(options.final_layout, str):
        return 0
    wide = np.isin(tape.opcode, (Op.MCX, Op.MCP)) & (tape.arity > 3) & (tape.condition < 0)
    if not wide.any():
        return 0
    room = int(target.enabled.sum()) if options.allowed_qubits is None else len(options.allowed_qubits)
    return max(0, min(int(tape.arity[wide].max()) - 1, room - tape.n_qubits))


def widened(tape: Tape, n: int) -> Step:
    """Return the step to a tape with `n` more qubits, which no row touches."""
    width = tape.n_qubits + n
    names = tuple(f"ancilla {k}" for k in range(n))
    wider = tape.replace(n_qubits=width, qubit_names=(*tape.qubit_names, *names) if tape.qubit_names else ())
    same = np.arange(len(tape))
    witness = LayoutWitness(events=np.stack([same, same], axis=1), initial=np.arange(width), final=np.arange(width))
    return Step(tape, wider, witness)
