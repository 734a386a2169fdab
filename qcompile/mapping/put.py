"""A circuit whose two-qubit gates are all on couplings already, put where it belongs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qcompile.errors import InputError
from qcompile.mapping.layout import Layout, layout_array
from qcompile.mapping.route import Routed
from qcompile.tape import LayoutWitness, Tape
from qcompile.target import Target

__all__ = ["put"]


def put(tape: Tape, target: Target, place: ArrayLike) -> Routed:
    """Return the tape on the physical qubits `place[k]`, nothing else changed.

    Raises:
        InputError: A two-qubit gate is on no coupling, or `place` is no layout.
    """
    full = layout_array(np.asarray(place), tape.n_qubits, target.n_qubits)
    moved = tape.relabeled(full[: tape.n_qubits], n_qubits=target.n_qubits, qubit_names=target.qubit_names)
    coupled = np.zeros((target.n_qubits, target.n_qubits), np.bool_)
    coupled[target.edges[:, 0], target.edges[:, 1]] = coupled[target.edges[:, 1], target.edges[:, 0]] = True
    pairs = moved.qubits[moved.is_two_qubit]
    if not coupled[pairs[:, 0], pairs[:, 1]].all():
        raise InputError("puts a two-qubit gate beside the couplings", where="layout", hint="route the circuit")
    events = np.repeat(np.arange(len(tape), dtype=np.int32)[:, None], 2, axis=1)
    return Routed(
        tape=moved,
        layout=Layout(n_logical=tape.n_qubits, initial=full, final=full),
        n_swaps=0,
        cost=float(len(pairs)),
        engine="put",
        witness=LayoutWitness(events=events, initial=full, final=full),
    )
