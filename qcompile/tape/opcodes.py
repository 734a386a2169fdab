"""The gates a tape can hold: one number, one name and one exact matrix each.

Conventions: qubit 0 of a gate is the most significant bit of its matrix; angles are radians; R_P(t) = exp(-i t P / 2);
`P(t)` is diag(1, e^{it}); `PHXZ(x, z, a)` is P(z) P(a) [H P(x) H] P(-a), that is `cirq.PhasedXZGate` with exponents
times pi. Matrices keep their global phase.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from attrs import frozen

__all__ = [
    "ALIASES",
    "ARITY",
    "AXES",
    "IS_SELF_INVERSE",
    "IS_SYMMETRIC",
    "IS_UNITARY",
    "N_ANGLES",
    "SPECS",
    "Op",
    "OpSpec",
]


class Op(IntEnum):
    """Operation codes, stable across versions: they enter content digests."""

    I = 0  # noqa: E741 - the field's name for the identity
    X = 1
    Y = 2
    Z = 3
    H = 4
    S = 5
    SDG = 6
    T = 7
    TDG = 8
    SX = 9
    SXDG = 10
    RX = 11
    RY = 12
    RZ = 13
    P = 14
    U3 = 15
    PHXZ = 16
    GPI = 17
    GPI2 = 18
    MAT1 = 19

    CX = 32
    CY = 33
    CZ = 34
    CH = 35
    SWAP = 36
    ISWAP = 37
    ISWAPDG = 38
    SQISWAP = 39
    SQISWAPDG = 40
    ECR = 41
    SYC = 42
    CRX = 43
    CRY = 44
    CRZ = 45
    CP = 46
    RXX = 47
    RYY = 48
    RZZ = 49
    FSIM = 50
    MAT2 = 51

    CCX = 64
    CCZ = 65
    CSWAP = 66
    MAT3 = 67
    MCX = 68
    MCP = 69

    MEASURE = 96
    RESET = 97
    BARRIER = 98
    OPAQUE = 99
    CALL = 100


@frozen
class OpSpec:
    """What a pass needs to know of an operation code.

    Attributes:
        name: Lower-case OpenQASM-like name.
        arity: Number of qubits; 0 means any number.
        n_angles: How many of the three angle columns are used.
        axes: For each qubit the Pauli basis in which the gate is block diagonal on that wire: 1 X, 2 Y, 3 Z, 0 none,
            4 diagonal in every basis (identity). Two gates that share only wires of equal non-zero axis commute.
        symmetric: Exchanging the qubits leaves the matrix as it is.
        self_inverse: The gate squares to the identity.
        unitary: The code denotes a unitary.
    """

    name: str
    arity: int
    n_angles: int = 0
    axes: tuple[int, ...] = ()
    symmetric: bool = False
    self_inverse: bool = False
    unitary: bool = True


SPECS: dict[Op, OpSpec] = {
    Op.I: OpSpec("id", 1, 0, (4,), False, True),
    Op.X: OpSpec("x", 1, 0, (1,), False, True),
    Op.Y: OpSpec("y", 1, 0, (2,), False, True),
    Op.Z: OpSpec("z", 1, 0, (3,), False, True),
    Op.H: OpSpec("h", 1, 0, (0,), False, True),
    Op.S: OpSpec("s", 1, 0, (3,)),
    Op.SDG: OpSpec("sdg", 1, 0, (3,)),
    Op.T: OpSpec("t", 1, 0, (3,)),
    Op.TDG: OpSpec("tdg", 1, 0, (3,)),
    Op.SX: OpSpec("sx", 1, 0, (1,)),
    Op.SXDG: OpSpec("sxdg", 1, 0, (1,)),
    Op.RX: OpSpec("rx", 1, 1, (1,)),
    Op.RY: OpSpec("ry", 1, 1, (2,)),
    Op.RZ: OpSpec("rz", 1, 1, (3,)),
    Op.P: OpSpec("p", 1, 1, (3,)),
    Op.U3: OpSpec("u3", 1, 3, (0,)),
    Op.PHXZ: OpSpec("phxz", 1, 3, (0,)),
    Op.GPI: OpSpec("gpi", 1, 1, (0,), False, True),
    Op.GPI2: OpSpec("gpi2", 1, 1, (0,)),
    Op.MAT1: OpSpec("mat1", 1, 0, (0,)),
    Op.CX: OpSpec("cx", 2, 0, (3, 1), False, True),
    Op.CY: OpSpec("cy", 2, 0, (3, 2), False, True),
    Op.CZ: OpSpec("cz", 2, 0, (3, 3), True, True),
    Op.CH: OpSpec("ch", 2, 0, (3, 0), False, True),
    Op.SWAP: OpSpec("swap", 2, 0, (0, 0), True, True),
    Op.ISWAP: OpSpec("iswap", 2, 0, (0, 0), True),
    Op.ISWAPDG: OpSpec("iswapdg", 2, 0, (0, 0), True),
    Op.SQISWAP: OpSpec("sqiswap", 2, 0, (0, 0), True),
    Op.SQISWAPDG: OpSpec("sqiswapdg", 2, 0, (0, 0), True),
    Op.ECR: OpSpec("ecr", 2, 0, (0, 1), False, True),
    Op.SYC: OpSpec("syc", 2, 0, (0, 0), True),
    Op.CRX: OpSpec("crx", 2, 1, (3, 1)),
    Op.CRY: OpSpec("cry", 2, 1, (3, 2)),
    Op.CRZ: OpSpec("crz", 2, 1, (3, 3)),
    Op.CP: OpSpec("cp", 2, 1, (3, 3), True),
    Op.RXX: OpSpec("rxx", 2, 1, (1, 1), True),
    Op.RYY: OpSpec("ryy", 2, 1, (2, 2), True),
    Op.RZZ: OpSpec("rzz", 2, 1, (3, 3), True),
    Op.FSIM: OpSpec("fsim", 2, 2, (0, 0), True),
    Op.MAT2: OpSpec("mat2", 2, 0, (0, 0)),
    Op.CCX: OpSpec("ccx", 3, 0, (3, 3, 1), False, True),
    Op.CCZ: OpSpec("ccz", 3, 0, (3, 3, 3), True, True),
    Op.CSWAP: OpSpec("cswap", 3, 0, (3, 0, 0), False, True),
    Op.MAT3: OpSpec("mat3", 3, 0, (0, 0, 0)),
    Op.MCX: OpSpec("mcx", 0, 0, (), False, True),
    Op.MCP: OpSpec("mcp", 0, 1, (), True),
    Op.MEASURE: OpSpec("measure", 0, unitary=False),
    Op.RESET: OpSpec("reset", 1, 0, (0,), unitary=False),
    Op.BARRIER: OpSpec("barrier", 0, unitary=False),
    Op.OPAQUE: OpSpec("opaque", 0, unitary=False),
    Op.CALL: OpSpec("call", 0, unitary=False),
}

# OpenQASM spells some of these differently.
ALIASES: dict[str, Op] = {spec.name: op for op, spec in SPECS.items()} | {
    "u": Op.U3,
    "u1": Op.P,
    "phase": Op.P,
    "cu1": Op.CP,
    "cphase": Op.CP,
    "cnot": Op.CX,
    "toffoli": Op.CCX,
    "fredkin": Op.CSWAP,
    "iden": Op.I,
}

_SIZE = 128


def _table(values: dict[Op, int]) -> np.ndarray:
    table = np.zeros(_SIZE, dtype=np.int8)
    for op, value in values.items():
        table[op] = value
    table.setflags(write=False)
    return table


ARITY = _table({op: spec.arity for op, spec in SPECS.items()})
N_ANGLES = _table({op: spec.n_angles for op, spec in SPECS.items()})
IS_UNITARY = _table({op: int(spec.unitary) for op, spec in SPECS.items()}).astype(bool)
IS_SYMMETRIC = _table({op: int(spec.symmetric) for op, spec in SPECS.items()}).astype(bool)
IS_SELF_INVERSE = _table({op: int(spec.self_inverse) for op, spec in SPECS.items()}).astype(bool)

AXES = np.zeros((_SIZE, 3), dtype=np.int8)
for _op, _spec in SPECS.items():
    for _k, _axis in enumerate(_spec.axes):
        AXES[_op, _k] = _axis
AXES.setflags(write=False)
