"""What the gate names of OpenQASM mean here.

Matrices are those of `opcodes`: `U` and `u3` have a real upper left entry (the published matrix of both versions up to
a global phase, and what Qiskit reads), `u1` and `p` are diag(1, e^{it}), `rx`, `ry`, `rz`, `rxx`, `ryy`, `rzz` have
determinant 1. OpenQASM 2 fixes gates only up to a global phase; controlled gates are exact.
"""

from __future__ import annotations

from attrs import field, frozen

from qcompile.tape.opcodes import SPECS, Op
from qcompile.tape.tape import Tape

__all__ = ["LIBRARY_TEXT", "Definition", "natives", "same_native"]

_COMMON = {
    "id": Op.I,
    "x": Op.X,
    "y": Op.Y,
    "z": Op.Z,
    "h": Op.H,
    "s": Op.S,
    "sdg": Op.SDG,
    "t": Op.T,
    "tdg": Op.TDG,
    "sx": Op.SX,
    "rx": Op.RX,
    "ry": Op.RY,
    "rz": Op.RZ,
    "p": Op.P,
    "u1": Op.P,
    "u3": Op.U3,
    "cx": Op.CX,
    "cy": Op.CY,
    "cz": Op.CZ,
    "ch": Op.CH,
    "swap": Op.SWAP,
    "crx": Op.CRX,
    "cry": Op.CRY,
    "crz": Op.CRZ,
    "cp": Op.CP,
    "ccx": Op.CCX,
    "cswap": Op.CSWAP,
}
_ONLY = {
    2: {
        "u": Op.U3,
        "sxdg": Op.SXDG,
        "cu1": Op.CP,
        "rxx": Op.RXX,
        "rzz": Op.RZZ,
        "ryy": Op.RYY,
        "c3x": Op.MCX,
        "c4x": Op.MCX,
    },
    3: {"phase": Op.P, "cphase": Op.CP, "CX": Op.CX},
}
WIDTHS = {"c3x": 4, "c4x": 5}

# The rest of both libraries, in terms of the gates above.
LIBRARY_TEXT = {
    "u2": "gate u2(phi, lambda) q { u3(pi/2, phi, lambda) q; }",
    "u0": "gate u0(gamma) q { id q; }",
    "cu": "gate cu(theta, phi, lambda, gamma) c, t { p(gamma) c; ctrl @ u3(theta, phi, lambda) c, t; }",
    "cu3": "gate cu3(theta, phi, lambda) c, t { ctrl @ u3(theta, phi, lambda) c, t; }",
    "csx": "gate csx c, t { ctrl @ sx c, t; }",
    "c3sqrtx": "gate c3sqrtx a, b, c, t { ctrl(3) @ sx a, b, c, t; }",
    "rccx": "gate rccx a, b, c { h c; t c; cx b, c; tdg c; cx a, c; t c; cx b, c; tdg c; h c; }",
    "rc3x": (
        "gate rc3x a, b, c, d { h d; t d; cx c, d; tdg d; h d; cx a, d; t d; cx b, d; tdg d; cx a, d; t d;"
        " cx b, d; tdg d; h d; t d; cx c, d; tdg d; h d; }"
    ),
}
_LIBRARY_ONLY = {2: set(LIBRARY_TEXT), 3: {"u2", "cu"}}


@frozen
class Definition:
    """A gate that a program may call.

    Attributes:
        name: As called.
        n_qubits: How many qubits it takes.
        params: Names of its angles.
        op: Its code, when it has one.
        tape: Its body in terms of `params`, when it has none.
        phase: Global phase by which it exceeds the gate of `op`.
        opaque: Declared by `opaque`: no body is known.
    """

    name: str
    n_qubits: int
    params: tuple[str, ...] = ()
    op: Op | None = None
    tape: Tape | None = field(default=None, eq=False)
    phase: float = 0.0
    opaque: bool = False


def natives(version: int, *, library: bool) -> dict[str, Definition]:
    """Return the gates that need no definition: the built-in ones, or those of the standard library."""
    found = {**_COMMON, **_ONLY[version]} if library else {"U": Op.U3} | ({"CX": Op.CX} if version == 2 else {})
    return {
        name: Definition(name, WIDTHS.get(name, SPECS[op].arity), _ANGLES[: SPECS[op].n_angles], op)
        for name, op in found.items()
    }


_ANGLES = ("theta", "phi", "lambda")


def library_names(version: int) -> set[str]:
    """Return the names of `LIBRARY_TEXT` that the standard library of a version has."""
    return _LIBRARY_ONLY[version]


# Two parameter sets tell apart gates that agree by accident at one.
_PROBES = ((0.37, 1.21, -0.83), (2.05, -0.59, 0.41))


def same_native(made: Definition) -> Definition:
    """Return a user's definition as the tape's own gate when name, shape and matrix agree, else as it is.

    A gate without angles may differ by a constant global phase, which is kept in `phase`.
    """
    import numpy as np

    from qcompile.tape.matrices import gate_matrix
    from qcompile.tape.opcodes import ALIASES
    from qcompile.tape.simulate import tape_unitary

    op, tape = ALIASES.get(made.name), made.tape
    if op is None or tape is None or not SPECS[op].unitary or op in (Op.MAT1, Op.MAT2, Op.MAT3, Op.MCX, Op.MCP):
        return made
    spec = SPECS[op]
    if spec.arity != made.n_qubits or spec.n_angles != len(made.params) or not tape.is_unitary:
        return made
    if not set(tape.parameters) <= set(made.params):
        return made
    phase = 0.0
    for probe in _PROBES[: 2 if spec.n_angles else 1]:
        values = dict(zip(made.params, probe, strict=False))
        found = tape_unitary(tape.bind({k: v for k, v in values.items() if k in tape.parameters}))
        wanted = gate_matrix(op, *probe[: spec.n_angles])
        if not spec.n_angles:
            phase = float(np.angle(np.vdot(wanted, found)))
            phase = 0.0 if abs(phase) < 1e-12 else phase
        if not np.allclose(found, np.exp(1j * phase) * wanted, rtol=0, atol=1e-10):
            return made
    return Definition(made.name, made.n_qubits, made.params, op, None, phase)
