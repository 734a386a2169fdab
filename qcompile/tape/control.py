"""A unitary tape under controls, or raised to a power: what `ctrl @` and `pow(k) @` mean, phase included."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.kernels.euler import zyz_angles
from qcompile.tape.builder import TapeBuilder
from qcompile.tape.expr import Angle, Expr
from qcompile.tape.opcodes import IS_UNITARY, SPECS, Op
from qcompile.tape.tape import Tape

__all__ = ["controlled", "power"]

Complex = NDArray[np.complex128]

_PI = math.pi
# How many leading qubits of a gate are controls, and what the rest of it is.
_SPLIT: dict[Op, tuple[int, Op]] = {
    Op.CX: (1, Op.X),
    Op.CY: (1, Op.Y),
    Op.CZ: (1, Op.Z),
    Op.CH: (1, Op.H),
    Op.CRX: (1, Op.RX),
    Op.CRY: (1, Op.RY),
    Op.CRZ: (1, Op.RZ),
    Op.CP: (1, Op.P),
    Op.CCX: (2, Op.X),
    Op.CCZ: (2, Op.Z),
    Op.CSWAP: (1, Op.SWAP),
}
_ONE_CONTROL = {base: op for op, (n, base) in _SPLIT.items() if n == 1}
_PHASES = {Op.Z: _PI, Op.S: _PI / 2, Op.SDG: -_PI / 2, Op.T: _PI / 4, Op.TDG: -_PI / 4}
_X_POWERS = {Op.SX: _PI / 2, Op.SXDG: -_PI / 2}
_FSIMS = {
    Op.ISWAP: (-_PI / 2, 0.0),
    Op.ISWAPDG: (_PI / 2, 0.0),
    Op.SQISWAP: (-_PI / 4, 0.0),
    Op.SQISWAPDG: (_PI / 4, 0.0),
    Op.SYC: (_PI / 2, _PI / 6),
}


def controlled(tape: Tape, values: Sequence[int] = (1,)) -> Tape:
    """Return `tape` run only when every control has its value.

    Args:
        tape: Unitary; its global phase becomes a phase of the controls.
        values: One 0 or 1 a control.

    Returns:
        A tape with the controls as qubits 0..k-1 and qubit q of `tape` as qubit k + q.

    Raises:
        InputError: The tape is not unitary.
    """
    body, k = tape.inlined(), len(values)
    usable = (IS_UNITARY[body.opcode] | (body.opcode == Op.BARRIER)) & (body.condition < 0)
    if not usable.all():
        name = SPECS[Op(int(body.opcode[int(np.argmin(usable))]))].name
        raise InputError(f"cannot be controlled: it holds {name!r}", where="circuit", hint="control unitary circuits")
    out = _Controls(k + tape.n_qubits)
    zeros = [c for c, value in enumerate(values) if not value]
    for c in zeros:
        out.add(Op.X, c)
    for row in range(len(body)):
        out.builder.origin = body.origins[body.origin[row]] if body.origin[row] >= 0 else ""
        out.tags = body.tags[body.tag[row]] if body.tag[row] >= 0 else ()
        op, at = Op(int(body.opcode[row])), int(body.payload[row])
        targets = [k + q for q in body.qubits_of(row)]
        if op in (Op.MAT1, Op.MAT2, Op.MAT3):
            out.matrix(range(k), targets, (body.mat1, body.mat2, body.mat3)[len(targets) - 1][at])
        else:
            out.gate(op, range(k), targets, body.angles_of(row))
    out.builder.origin, out.tags = "", ()
    out.phase(range(k), body.phase)
    for c in zeros:
        out.add(Op.X, c)
    return out.builder.build()


class _Controls:
    """Appends gates under controls; conjugations that cancel when the controls are off stay without them."""

    def __init__(self, n_qubits: int) -> None:
        self.builder = TapeBuilder(n_qubits)
        self.tags: tuple[object, ...] = ()

    def add(self, op: Op, *qubits: int, angles: Sequence[Angle] = ()) -> None:
        self.builder.add(op, *qubits, angles=angles, tags=self.tags)

    def phase(self, controls: Sequence[int], angle: Angle) -> None:
        """Multiply by exp(i angle) when all `controls` are 1."""
        expr = Expr.of(angle)
        if expr.is_number and expr.const == 0.0:
            return
        m = len(controls)
        if m == 0:
            self.builder.phase = self.builder.phase + expr
        elif expr.is_number and expr.const == _PI and m <= 3:
            self.add((Op.Z, Op.CZ, Op.CCZ)[m - 1], *controls)
        else:
            self.add((Op.P, Op.CP)[m - 1] if m <= 2 else Op.MCP, *controls, angles=[angle])

    def flip(self, controls: Sequence[int], target: int) -> None:
        k = len(controls)
        self.add((Op.X, Op.CX, Op.CCX)[k] if k <= 2 else Op.MCX, *controls, target)

    def gate(self, op: Op, controls: Sequence[int], targets: Sequence[int], angles: Sequence[Angle]) -> None:
        n, base = (
            (len(targets) - 1, Op.X if op is Op.MCX else Op.P) if op in (Op.MCX, Op.MCP) else _SPLIT.get(op, (0, op))
        )
        controls, targets = [*controls, *targets[:n]], list(targets[n:])
        a = targets[0]
        if base is Op.BARRIER:
            self.add(base, *targets)
        elif base is Op.I:
            return
        elif base is Op.X:
            self.flip(controls, a)
        elif base in _PHASES:
            self.phase([*controls, a], _PHASES[base])
        elif base is Op.P:
            self.phase([*controls, a], angles[0])
        elif base in _X_POWERS:
            self.add(Op.H, a)
            self.phase([*controls, a], _X_POWERS[base])
            self.add(Op.H, a)
        elif not controls:
            self.add(base, *targets, angles=angles)
        elif len(controls) == 1 and base in _ONE_CONTROL:
            self.add(_ONE_CONTROL[base], *controls, *targets, angles=angles)
        elif len(targets) == 1:
            self.one_qubit(base, controls, a, angles)
        else:
            self.two_qubit(base, controls, targets, angles)

    def one_qubit(self, op: Op, controls: Sequence[int], a: int, angles: Sequence[Angle]) -> None:
        if op is Op.Y:  # Y = S X S^-1
            self.around(a, [(Op.SDG, ())], [(Op.S, ())], lambda: self.flip(controls, a))
        elif op is Op.H:  # H = RY(pi/4) Z RY(-pi/4)
            turn = lambda: self.phase([*controls, a], _PI)  # noqa: E731 - reads like the line above
            self.around(a, [(Op.RY, (-_PI / 4,))], [(Op.RY, (_PI / 4,))], turn)
        elif op in (Op.RZ, Op.RY):  # X R(-t) X = R(t)
            half = Expr.of(angles[0]) * 0.5
            for angle in (half, -half):
                self.add(op, a, angles=[angle])
                self.flip(controls, a)
        elif op is Op.RX:
            self.around(a, [(Op.H, ())], [(Op.H, ())], lambda: self.one_qubit(Op.RZ, controls, a, angles))
        elif op is Op.GPI:  # P(t) X P(-t)
            t = Expr.of(angles[0])
            self.around(a, [(Op.P, (-t,))], [(Op.P, (t,))], lambda: self.flip(controls, a))
        elif op is Op.GPI2:  # RZ(t) RX(pi/2) RZ(-t)
            t = Expr.of(angles[0])
            inner = lambda: self.gate(Op.RX, controls, [a], [_PI / 2])  # noqa: E731 - reads like the line above
            self.around(a, [(Op.RZ, (-t,))], [(Op.RZ, (t,))], inner)
        elif op is Op.PHXZ:  # P(z) P(a) [H P(x) H] P(-a)
            x, z, axis = (Expr.of(v) for v in angles)
            inner = lambda: self.phase([*controls, a], x)  # noqa: E731 - reads like the line above
            self.around(a, [(Op.P, (-axis,)), (Op.H, ())], [(Op.H, ()), (Op.P, (axis,))], inner)
            self.phase([*controls, a], z)
        else:
            self.u3(controls, a, angles)

    def u3(self, controls: Sequence[int], a: int, angles: Sequence[Angle]) -> None:
        """U3(t, p, l) = exp(i (p+l)/2) A X B X C with A B C = 1 (Barenco et al. 1995, lemma 4.3)."""
        theta, phi, lam = (Expr.of(v) for v in angles)
        self.add(Op.RZ, a, angles=[(lam - phi) * 0.5])
        self.flip(controls, a)
        self.add(Op.RZ, a, angles=[(phi + lam) * -0.5])
        self.add(Op.RY, a, angles=[theta * -0.5])
        self.flip(controls, a)
        self.add(Op.RY, a, angles=[theta * 0.5])
        self.add(Op.RZ, a, angles=[phi])
        self.phase(controls, (phi + lam) * 0.5)

    def two_qubit(self, op: Op, controls: Sequence[int], targets: Sequence[int], angles: Sequence[Angle]) -> None:
        a, b = targets
        if op is Op.SWAP:
            self.add(Op.CX, b, a)
            self.flip([*controls, a], b)
            self.add(Op.CX, b, a)
        elif op in (Op.RXX, Op.RYY, Op.RZZ):
            before: dict[Op, list[tuple[Op, tuple[Angle, ...]]]] = {
                Op.RXX: [(Op.H, ())],
                Op.RYY: [(Op.RX, (_PI / 2,))],  # Y = RX(-pi/2) Z RX(pi/2)
                Op.RZZ: [],
            }
            after = [(g, tuple(-Expr.of(v) for v in t)) for g, t in before[op]]
            for q in targets:
                for g, t in before[op]:
                    self.add(g, q, angles=t)
            self.add(Op.CX, a, b)
            self.gate(Op.RZ, controls, [b], angles)
            self.add(Op.CX, a, b)
            for q in targets:
                for g, t in after:
                    self.add(g, q, angles=t)
        elif op is Op.FSIM or op in _FSIMS:  # exp(-i theta (XX + YY) / 2) and a controlled phase
            theta, phi = angles if op is Op.FSIM else _FSIMS[op]
            self.gate(Op.RXX, controls, targets, [theta])
            self.gate(Op.RYY, controls, targets, [theta])
            self.phase([*controls, a, b], -Expr.of(phi))
        elif op is Op.ECR:  # X on a times RZX(pi/2)
            self.add(Op.H, b)
            self.gate(Op.RZZ, controls, targets, [_PI / 2])
            self.add(Op.H, b)
            self.flip(controls, a)
        else:
            raise InputError(f"has no controlled form of {SPECS[op].name!r}", where="circuit")

    def around(
        self,
        a: int,
        before: Sequence[tuple[Op, tuple[Angle, ...]]],
        after: Sequence[tuple[Op, tuple[Angle, ...]]],
        inner: Callable[[], None],
    ) -> None:
        """Append `inner` between gates that undo each other."""
        for op, angles in before:
            self.add(op, a, angles=angles)
        inner()
        for op, angles in after:
            self.add(op, a, angles=angles)

    def matrix(self, controls: Sequence[int], targets: Sequence[int], matrix: Complex) -> None:
        """Append a matrix under controls: exactly as a larger matrix, as U3 or, when wide, by way of smaller gates."""
        d = len(matrix)
        if not controls:
            self.builder.add_matrix(matrix, *targets, tags=self.tags)
        elif d == 2:
            angles, phase = zyz_angles(np.ascontiguousarray(matrix)[None])
            phi, theta, lam = (float(v) for v in angles[0])
            self.u3(controls, targets[0], (theta, phi, lam))
            self.phase(controls, float(phase[0]) - (phi + lam) / 2)
        elif len(controls) + len(targets) <= 3:
            big = np.eye(2 ** len(controls) * d, dtype=np.complex128)
            big[-d:, -d:] = matrix
            self.builder.add_matrix(big, *controls, *targets, tags=self.tags)
        else:
            import cirq

            from qcompile.tape.cirq_in import from_cirq

            line = cirq.LineQubit.range(len(targets))
            circuit = cirq.Circuit(cirq.decompose_once(cirq.MatrixGate(matrix).on(*line)))
            inner = from_cirq(circuit, qubit_order=line)
            self.builder.extend(controlled(inner, [1] * len(controls)), [*controls, *targets])


_SCALED = (Op.RX, Op.RY, Op.RZ, Op.P, Op.RXX, Op.RYY, Op.RZZ, Op.CRX, Op.CRY, Op.CRZ, Op.CP, Op.MCP, Op.FSIM)


def power(tape: Tape, exponent: float) -> Tape:
    """Return `tape` to a power: repetition for integers, else the principal power of its matrix.

    Raises:
        InputError: A power that is no integer of a tape on more than 3 qubits or, unless it is one rotation, with
            unbound parameters.
    """
    if float(exponent).is_integer():
        n = abs(int(exponent))
        if n * len(tape) > 1_000_000:
            raise InputError(f"is {exponent} for {len(tape)} gates", where="power", hint="use a smaller power")
        once = tape.adjoint() if exponent < 0 else tape
        return Tape.concat([once] * n) if n else tape.take(np.zeros(0, dtype=np.intp)).replace(phase=Expr())
    if len(tape) <= 1 and (not len(tape) or Op(int(tape.opcode[0])) in _SCALED):
        if tape.is_symbolic.any() or not tape.phase.is_number:
            exprs = tuple(e * exponent for e in tape.exprs)
            return tape.replace(angle=tape.angle * exponent, exprs=exprs, phase=tape.phase * exponent)
    elif tape.is_symbolic.any() or not tape.phase.is_number:
        raise InputError(f"is {exponent} for a symbolic circuit", where="power", hint="use an integer")
    if tape.n_qubits > 3:
        raise InputError(f"is {exponent} for {tape.n_qubits} qubits", where="power", hint="use an integer")
    from scipy.linalg import schur

    from qcompile.tape.simulate import tape_unitary

    triangle, basis = schur(tape_unitary(tape), output="complex")  # diagonal, for the matrix is normal
    phases = np.angle(np.diag(triangle))
    phases[np.isclose(phases, -_PI, rtol=0, atol=1e-12)] = _PI  # a -1 has one principal root, whatever its rounding
    out = TapeBuilder(tape.n_qubits, tape.qubit_names)
    if tape.n_qubits:
        out.add_matrix((basis * np.exp(1j * phases * exponent)) @ basis.conj().T, *range(tape.n_qubits))
    else:
        out.phase = Expr(float(phases[0]) * exponent)
    return out.build()
