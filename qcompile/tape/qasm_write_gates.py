"""How the tape's gates are spelled in OpenQASM, and definitions of those that its libraries lack, phase included."""

from __future__ import annotations

import math

from qcompile.tape.opcodes import SPECS, Op

__all__ = ["DEFINITIONS", "angle_text", "definition_text", "spelled"]

_STANDARD = {
    Op.I, Op.X, Op.Y, Op.Z, Op.H, Op.S, Op.SDG, Op.T, Op.TDG, Op.SX, Op.RX, Op.RY, Op.RZ, Op.U3, Op.CX, Op.CY, Op.CZ,
    Op.CH, Op.SWAP, Op.CRX, Op.CRY, Op.CRZ, Op.CCX, Op.CSWAP, Op.P, Op.CP,
}  # fmt: skip
_QELIB_TOO = {Op.SXDG, Op.RXX, Op.RZZ}
_OLD_NAMES = {Op.P: "u1", Op.CP: "cu1"}

# name -> (parameters, qubits, body, gates that must be defined before); p and cp are spelled u1 and cu1 in version 2.
DEFINITIONS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "sxdg": ("", "a", "h a; p(-pi/2) a; h a;", ()),
    "rxx": ("t", "a, b", "h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b;", ()),
    "ryy": (
        "t",
        "a, b",
        "rx(pi/2) a; rx(pi/2) b; cx a, b; rz(t) b; cx a, b; rx(-pi/2) a; rx(-pi/2) b;",
        (),
    ),
    "rzz": ("t", "a, b", "cx a, b; rz(t) b; cx a, b;", ()),
    "phxz": ("x, z, a", "q", "p(-a) q; h q; p(x) q; h q; p(a + z) q;", ()),
    "gpi": ("t", "q", "p(-t) q; x q; p(t) q;", ()),
    "gpi2": ("t", "q", "rz(-t) q; rx(pi/2) q; rz(t) q;", ()),
    "iswap": ("", "a, b", "s a; s b; h a; cx a, b; cx b, a; h b;", ()),
    "iswapdg": ("", "a, b", "h b; cx b, a; cx a, b; h a; sdg b; sdg a;", ()),
    "sqiswap": ("", "a, b", "rxx(-pi/4) a, b; ryy(-pi/4) a, b;", ("rxx", "ryy")),
    "sqiswapdg": ("", "a, b", "rxx(pi/4) a, b; ryy(pi/4) a, b;", ("rxx", "ryy")),
    "fsim": ("t, f", "a, b", "rxx(t) a, b; ryy(t) a, b; cp(-f) a, b;", ("rxx", "ryy")),
    "syc": ("", "a, b", "rxx(pi/2) a, b; ryy(pi/2) a, b; cp(-pi/6) a, b;", ("rxx", "ryy")),
    "ecr": ("", "a, b", "h b; cx a, b; rz(pi/2) b; cx a, b; h b; x a;", ()),
    "ccz": ("", "a, b, c", "h c; ccx a, b, c; h c;", ()),
    "ccp": ("t", "a, b, c", "cp(t/2) b, c; cx a, b; cp(-t/2) b, c; cx a, b; cp(t/2) a, c;", ()),
}


def spelled(op: Op, version: int) -> tuple[str, bool]:
    """Return the name of a gate in a version, and whether it needs a definition."""
    if version == 2 and op in _OLD_NAMES:
        return _OLD_NAMES[op], False
    return SPECS[op].name, op not in _STANDARD and not (version == 2 and op in _QELIB_TOO)


def definition_text(name: str, version: int) -> list[str]:
    """Return the lines that define a gate, what it needs first."""
    params, qubits, body, needs = DEFINITIONS[name]
    out = []
    for need in needs:
        if not (version == 2 and need == "rxx"):
            out += definition_text(need, version)
    if version == 2:
        body = body.replace("cp(", "cu1(").replace(" p(", " u1(")
        body = "u1(" + body[2:] if body.startswith("p(") else body
    return [*out, f"gate {name}{f'({params})' if params else ''} {qubits} {{ {body} }}"]


def _multiples() -> dict[float, str]:
    out: dict[float, str] = {}
    for d in (16, 12, 8, 6, 5, 4, 3, 2, 1):
        for k in range(-4 * d, 4 * d + 1):
            if k:
                top = ("" if k > 0 else "-") + ("pi" if abs(k) == 1 else f"{abs(k)}*pi")
                out[k * math.pi / d] = top if d == 1 else f"{top}/{d}"
    return out


_MULTIPLES = _multiples()


def angle_text(value: float) -> str:
    """Return a number that reads back as the same number; multiples of pi by name.

    >>> angle_text(1.5707963267948966), angle_text(0.3)
    ('pi/2', '0.3')
    """
    return _MULTIPLES.get(value) or repr(value + 0.0)
