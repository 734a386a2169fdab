"""What one row costs on a machine: its length, its error, and whether it is a pulse at all."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.tape import SPECS, Op, Tape
from qcompile.target import Target

__all__ = ["NATIVE_OPS", "RowCosts", "is_diagonal_1q", "row_costs"]

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

PS_PER_S = 1e12
#: Name of the native gate that plays an operation; the adjoint differs by virtual Z rotations only.
NATIVE_OPS = {
    Op.CZ: "cz",
    Op.ECR: "ecr",
    Op.CX: "cx",
    Op.SQISWAP: "sqrtiswap",
    Op.SQISWAPDG: "sqrtiswap",
    Op.ISWAP: "iswap",
    Op.ISWAPDG: "iswap",
    Op.SYC: "syc",
    Op.RZZ: "rzz",
    Op.RXX: "rxx",
    Op.FSIM: "fsim",
}
_DIAGONAL = np.isin(np.arange(128), [Op.I, Op.Z, Op.S, Op.SDG, Op.T, Op.TDG, Op.RZ, Op.P])
_SINGLE_PULSE = {
    "phxz": np.arange(128) < Op.CX,
    "zsx": np.isin(np.arange(128), [Op.X, Op.Y, Op.SX, Op.SXDG, Op.H]),
    "gpi": np.isin(np.arange(128), [Op.X, Op.Y, Op.SX, Op.SXDG, Op.H, Op.GPI, Op.GPI2]),
}
_ATOL = 1e-12


@frozen(eq=False)
class RowCosts:
    """Length and error of every row; nan and -1 are unknown.

    Attributes:
        duration_ps: int64[n], whole picoseconds, rounded; -1 where the machine does not say.
        error: float[n], process infidelity e_F of a unitary row; 0 for virtual ones and for rows that are no gates.
        pulses: int64[n], physical one-qubit pulses of the row.
        unknown: (row, what is missing) in row order.
    """

    duration_ps: Longs
    error: Floats
    pulses: Longs
    unknown: tuple[tuple[int, str], ...]


def is_diagonal_1q(tape: Tape) -> Flags:
    """Return which rows are one-qubit gates that are diagonal for every value of their symbols, bool[n]."""
    out = _DIAGONAL[tape.opcode].copy()
    for op, column in ((Op.PHXZ, 0), (Op.U3, 0)):
        at = tape.opcode == op
        period = np.abs(np.remainder(tape.angle[:, column] + np.pi, 2 * np.pi) - np.pi)
        out |= at & (tape.expr[:, column] < 0) & (period < _ATOL)
    rows = np.flatnonzero(tape.opcode == Op.MAT1)
    if rows.size:
        m = tape.mat1[tape.payload[rows]]
        out[rows] = np.maximum(np.abs(m[:, 0, 1]), np.abs(m[:, 1, 0])) < _ATOL
    return np.asarray(out, dtype=np.bool_)


def row_costs(tape: Tape, target: Target) -> RowCosts:
    """Return what each row of a physical tape without calls costs.

    A one-qubit gate that is not native counts as the pulses it takes: one on a PhasedXZ machine, two where pulses have
    fixed angles. A two-qubit gate that the machine does not play on that pair has no known cost.
    """
    n = len(tape)
    duration = np.zeros(n)
    error = np.zeros(n)
    pulses = np.zeros(n, dtype=np.int64)
    unknown: dict[int, str] = {}
    first = tape.qubits[:, 0]
    one = (tape.opcode < Op.CX) & ~(is_diagonal_1q(tape) & target.virtual_z)
    pulses[one] = np.where(_SINGLE_PULSE[target.one_qubit][tape.opcode[one]], 1, 2)
    duration[one] = pulses[one] * target.duration_1q_s[first[one]]
    error[one] = 1 - (1 - target.error_1q[first[one]]) ** pulses[one]
    _two_qubit(tape, target, duration, error, unknown)
    for row in np.flatnonzero((tape.arity > 2) & (tape.opcode < Op.MEASURE)):
        duration[row] = error[row] = math.nan
        unknown[int(row)] = f"{SPECS[Op(int(tape.opcode[row]))].name} is not native"
    for row in np.flatnonzero(tape.opcode == Op.MEASURE):
        duration[row] = np.max(target.duration_readout_s[list(tape.qubits_of(int(row)))], initial=0.0)
    reset = tape.opcode == Op.RESET
    duration[reset] = target.duration_reset_s[first[reset]]
    for row in np.flatnonzero((tape.opcode == Op.OPAQUE) | (tape.opcode == Op.CALL)):
        duration[row] = error[row] = math.nan
        unknown[int(row)] = "cost of an opaque operation"
    for row in np.flatnonzero(np.isnan(duration) | np.isnan(error)):
        name = SPECS[Op(int(tape.opcode[row]))].name
        lacks = [text for text, v in (("duration", duration[row]), ("error", error[row])) if math.isnan(v)]
        unknown.setdefault(int(row), f"{' and '.join(lacks)} of {name}")
    whole = np.where(np.isnan(duration), -1, np.rint(np.nan_to_num(duration) * PS_PER_S)).astype(np.int64)
    return RowCosts(whole, error, pulses, tuple(sorted(unknown.items())))


def _two_qubit(tape: Tape, target: Target, duration: Floats, error: Floats, unknown: dict[int, str]) -> None:
    rows = np.flatnonzero(tape.is_two_qubit & (tape.opcode < Op.CCX))
    if not rows.size:
        return
    a, b = tape.qubits[rows, 0].astype(np.int64), tape.qubits[rows, 1].astype(np.int64)
    low, high = np.minimum(a, b), np.maximum(a, b)
    keys = target.edges[:, 0].astype(np.int64) * target.n_qubits + target.edges[:, 1]
    wanted = low * target.n_qubits + high
    place = np.searchsorted(keys, wanted)
    coupled = place < keys.size
    coupled[coupled] = keys[place[coupled]] == wanted[coupled]
    duration[rows] = error[rows] = math.nan
    played = np.zeros(rows.size, dtype=bool)
    for gate in target.natives:
        codes = [op for op, name in NATIVE_OPS.items() if name == gate.name]
        at = np.flatnonzero(coupled & np.isin(tape.opcode[rows], codes))
        edge = place[at]
        forward = np.where(a[at] < b[at], 1, -1)
        fits = gate.available[edge] & ((gate.direction[edge] == 0) | (gate.direction[edge] == forward))
        duration[rows[at[fits]]] = gate.duration_s[edge[fits]]
        error[rows[at[fits]]] = gate.error[edge[fits]]
        played[at[fits]] = True
    for k in np.flatnonzero(~played):
        name = SPECS[Op(int(tape.opcode[rows[k]]))].name
        unknown[int(rows[k])] = f"{name} is not native on qubits {int(a[k])}, {int(b[k])}"
