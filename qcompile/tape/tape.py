"""A circuit as read-only columns, so that passes and routing are array kernels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from attrs import field, fields, frozen
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError
from qcompile.tape import columns
from qcompile.tape.expr import Angle, Expr, evaluate_exprs
from qcompile.tape.opcodes import ARITY, IS_UNITARY, SPECS, Op
from qcompile.tape.records import Call, Condition, Measurement, Opaque

if TYPE_CHECKING:
    import cirq

__all__ = ["COLUMNS", "Tape"]

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

COLUMNS = ("opcode", "qubits", "angle", "expr", "wide", "payload", "condition", "tag", "origin", "fence")


def _expr(value: Angle) -> Expr:
    return Expr.of(value)


def _content(expr: Expr) -> str:
    return repr((expr.const + 0.0, expr.terms, expr.program))


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Tape:
    """A circuit in columns, one row an operation, in an order that respects every dependency.

    Attributes:
        n_qubits: Width; qubits are 0..n_qubits-1 and qubit 0 is the most significant bit.
        opcode: uint8[n], values of `Op`.
        qubits: int32[n, 2], the first two qubits of each row, -1 where there is none.
        angle: float64[n, 3], radians; meaningless where `expr` is not -1.
        expr: int32[n, 3], row of `exprs` for a symbolic angle, else -1.
        wide: int32[n], row of `wide_indptr` for rows on more than two qubits, else -1.
        payload: int32[n], row of mat1, mat2, mat3, measurements, opaques or calls (by opcode), else -1.
        condition: int32[n], row of `conditions`, or -1.
        tag: int32[n], row of `tags`, or -1.
        origin: int32[n], row of `origins`: the block that the row came from, or -1.
        fence: int32[n], 0, or the number of a region whose rows keep their order and stay together.
        phase: Global phase in radians: the tape means exp(i phase) times the product of its rows.
        qubit_names: One name a qubit.
    """

    n_qubits: int
    opcode: NDArray[np.uint8] = field(converter=columns.codes)
    qubits: Ints = field(converter=columns.pairs)
    angle: Floats = field(converter=columns.angle_triples)
    expr: Ints = field(converter=columns.triples)
    wide: Ints = field(converter=columns.ints)
    payload: Ints = field(converter=columns.ints)
    condition: Ints = field(converter=columns.ints)
    tag: Ints = field(converter=columns.ints)
    origin: Ints = field(converter=columns.ints)
    fence: Ints = field(converter=columns.ints)
    wide_indptr: Ints = field(converter=columns.ints)
    wide_indices: Ints = field(converter=columns.ints)
    mat1: Complex = field(factory=lambda: np.zeros((0, 2, 2), dtype=np.complex128), converter=columns.matrices)
    mat2: Complex = field(factory=lambda: np.zeros((0, 4, 4), dtype=np.complex128), converter=columns.matrices)
    mat3: Complex = field(factory=lambda: np.zeros((0, 8, 8), dtype=np.complex128), converter=columns.matrices)
    exprs: tuple[Expr, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    conditions: tuple[Condition, ...] = ()
    opaques: tuple[Opaque, ...] = ()
    calls: tuple[Call, ...] = ()
    tags: tuple[tuple[Any, ...], ...] = ()
    origins: tuple[str, ...] = ()
    phase: Expr = field(default=Expr(), converter=_expr)
    qubit_names: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not self.qubit_names:
            object.__setattr__(self, "qubit_names", tuple(f"q{k}" for k in range(self.n_qubits)))

    def __len__(self) -> int:
        return len(self.opcode)

    def __repr__(self) -> str:
        return f"<Tape of {len(self)} rows on {self.n_qubits} qubits, {int(self.is_two_qubit.sum())} two-qubit>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tape) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    # Cirq at the doors ------------------------------------------------------------------------------------------

    @staticmethod
    def from_cirq(circuit: cirq.AbstractCircuit, *, qubit_order: Any = None) -> Tape:
        """Return a Cirq circuit as a tape; see `qcompile.tape.cirq_in.from_cirq`."""
        from qcompile.tape.cirq_in import from_cirq

        return from_cirq(circuit, qubit_order=qubit_order)

    def to_cirq(self, *, qubits: Sequence[cirq.Qid] | None = None) -> cirq.Circuit:
        """Return the tape as a Cirq circuit; see `qcompile.tape.cirq_out.to_cirq`."""
        from qcompile.tape.cirq_out import to_cirq

        return to_cirq(self, qubits=qubits)

    # What the rows are -------------------------------------------------------------------------------------------

    @cached_property
    def arity(self) -> Ints:
        """Number of qubits of each row, int32[n]."""
        out = (self.qubits[:, 0] >= 0).astype(np.int32) + (self.qubits[:, 1] >= 0)
        if len(self.wide_indptr) > 1:
            at = self.wide >= 0
            out[at] = np.diff(self.wide_indptr)[self.wide[at]]
        return out

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Number of rows of each operation code, int64[128]."""
        return np.bincount(self.opcode, minlength=len(ARITY))

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What was worked out of the tape, kept by those who may need it again; no part of its content."""
        return {}

    def holds(self, *ops: Op) -> bool:
        """Return whether some row has one of the codes."""
        return any(self.counts[op] for op in ops)

    @cached_property
    def n_two_qubit(self) -> int:
        """Number of rows that are two-qubit unitaries."""
        return int(self.counts @ _IS_PAIR)

    @cached_property
    def is_two_qubit(self) -> NDArray[np.bool_]:
        """Whether each row is a two-qubit unitary, bool[n]."""
        return cast(NDArray[np.bool_], ARITY[self.opcode] == 2)

    @cached_property
    def is_symbolic(self) -> NDArray[np.bool_]:
        """Whether each row has a symbolic angle, bool[n]."""
        if not self.exprs:
            return np.zeros(len(self), dtype=np.bool_)
        return cast(NDArray[np.bool_], (self.expr >= 0).any(axis=1))

    @property
    def is_unitary(self) -> bool:
        """Whether every row is a unconditional unitary or a barrier."""
        quiet = IS_UNITARY[self.opcode] | (self.opcode == Op.BARRIER)
        return bool(quiet.all()) and not (self.condition >= 0).any() and not self.calls

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Parameters in order of first appearance."""
        used = self.expr[self.expr >= 0]
        names = dict.fromkeys(name for k in used for name in self.exprs[k].names)
        names.update(dict.fromkeys(self.phase.names))
        for call in self.calls:
            bound = {name for run in call.bindings for name, _ in run}
            names.update(dict.fromkeys(n for n in call.tape.parameters if n not in bound))
            names.update(
                dict.fromkeys(n for run in call.bindings for _, v in run if isinstance(v, Expr) for n in v.names)
            )
        return tuple(names)

    def qubits_of(self, row: int) -> tuple[int, ...]:
        """Return the qubits of one row, in the order of its gate."""
        at = int(self.wide[row])
        if at >= 0:
            return tuple(int(q) for q in self.wide_indices[self.wide_indptr[at] : self.wide_indptr[at + 1]])
        return tuple(int(q) for q in self.qubits[row] if q >= 0)

    def angles_of(self, row: int) -> tuple[Angle, ...]:
        """Return the angles of one row: floats, or expressions where symbolic."""
        n = SPECS[Op(int(self.opcode[row]))].n_angles
        return tuple(
            self.exprs[self.expr[row, k]] if self.expr[row, k] >= 0 else float(self.angle[row, k]) for k in range(n)
        )

    def ops(self) -> list[str]:
        """Return one short line a row, for doctests and messages."""
        out = []
        for row in range(len(self)):
            name = SPECS[Op(int(self.opcode[row]))].name
            angles = ",".join(str(a) if isinstance(a, Expr) else f"{a:.12g}" for a in self.angles_of(row))
            text = f"{name}({angles})" if angles else name
            out.append(" ".join([text, *map(str, self.qubits_of(row))]))
        return out

    # Rows chosen, moved, joined ----------------------------------------------------------------------------------

    def replace(self, **changes: Any) -> Tape:
        """Return the tape with some columns or tables replaced."""
        own = self.__dict__
        values = {name: own[name] for name in _CONVERTERS}  # not `evolve`: what stays was converted once already
        for name, value in changes.items():
            if name not in values:
                raise TypeError(f"a tape has no {name}")
            converter = _CONVERTERS[name]
            values[name] = value if converter is None else converter(value)
        out = object.__new__(Tape)
        out.__dict__.update(values)
        out.__attrs_post_init__()
        return out

    def take(self, rows: ArrayLike) -> Tape:
        """Return the rows chosen by an index or mask, in that order, with the same tables."""
        index = np.asarray(rows)
        if index.dtype == np.bool_:
            index = np.flatnonzero(index)
        return self.replace(**{name: getattr(self, name)[index] for name in COLUMNS})

    def with_phase(self, extra: Angle) -> Tape:
        """Return the tape with `extra` radians added to the global phase."""
        return self.replace(phase=self.phase + Expr.of(extra))

    def relabeled(self, to: ArrayLike, *, n_qubits: int | None = None, qubit_names: tuple[str, ...] = ()) -> Tape:
        """Return the tape with qubit k renamed to `to[k]`."""
        table = np.append(np.asarray(to, dtype=np.int32), np.int32(-1))  # index -1 stays -1
        width = self.n_qubits if n_qubits is None else n_qubits
        names = qubit_names or (self.qubit_names if width == self.n_qubits else ())
        return self.replace(
            n_qubits=width,
            qubits=table[self.qubits],
            wide_indices=table[self.wide_indices],
            qubit_names=names,
        )

    @staticmethod
    def concat(tapes: Sequence[Tape]) -> Tape:
        """Return the tapes one after another on the same qubits."""
        from qcompile.tape.join import concat

        return concat(tapes)

    def adjoint(self) -> Tape:
        """Return the inverse of a unitary tape.

        Raises:
            InputError: A row is not unitary.
        """
        from qcompile.tape.join import adjoint

        return adjoint(self)

    def inlined(self) -> Tape:
        """Return the tape with every CALL replaced by its runs."""
        from qcompile.tape.join import inlined

        return inlined(self) if self.calls else self

    # Parameters --------------------------------------------------------------------------------------------------

    def bind(self, values: Mapping[str, Angle]) -> Tape:
        """Return the tape with parameters replaced by numbers or expressions; the others stay.

        Raises:
            InputError: A name is no parameter of the tape, or a value is not finite.
        """
        unknown = sorted(set(values) - set(self.parameters))
        if unknown:
            from qcompile.errors import nearest

            raise InputError(f"{unknown[0]!r} is no parameter", where="bind", hint=nearest(unknown[0], self.parameters))
        if self.calls:
            return self.inlined().bind(values)
        numbers = {name: value for name, value in values.items() if not isinstance(value, Expr)}
        if len(numbers) == len(self.parameters):
            return self._at(numbers)
        new = tuple(expr.substitute(values) for expr in self.exprs)
        angle, index = self.angle.copy(), self.expr.copy()
        is_number = np.array([e.is_number for e in new], dtype=bool)
        const = np.array([e.const for e in new])
        at = index >= 0
        hit = at.copy()
        hit[at] = is_number[index[at]]
        angle[hit] = const[index[hit]]
        index[hit] = -1
        if not np.isfinite(angle[hit]).all():
            raise InputError("gives an angle that is not finite", where="bind", hint="bind finite numbers")
        return self.replace(angle=angle, expr=index, exprs=new, phase=self.phase.substitute(values))

    def _at(self, values: Mapping[str, float]) -> Tape:
        """Return the tape with numbers for all its parameters."""
        at = self.expr >= 0
        angle = self.angle.copy()
        names = self.parameters
        point = np.array([[float(values[name]) for name in names]])
        used, place = np.unique(self.expr[at], return_inverse=True)  # the table may hold others, with other parameters
        exprs = [*(self.exprs[k] for k in used), self.phase]
        table = evaluate_exprs(exprs, names, point, memo=self.memo)[0]
        angle[at] = table[place]
        if not np.isfinite(angle[at]).all() or not np.isfinite(table[-1]):
            raise InputError("gives an angle that is not finite", where="bind", hint="bind finite numbers")
        return self.replace(angle=angle, expr=np.full_like(self.expr, -1), exprs=(), phase=float(table[-1]))

    def angles_at(self, values: Floats, names: Sequence[str] | None = None) -> Floats:
        """Return every angle at many parameter sets.

        Args:
            values: Shape [n_sets, n_parameters].
            names: Parameters by column; the default is `parameters`.

        Returns:
            Shape [n_sets, n, 3].
        """
        out = np.broadcast_to(self.angle, (len(values), *self.angle.shape)).copy()
        at = self.expr >= 0
        if at.any():
            table = evaluate_exprs(self.exprs, self.parameters if names is None else names, values)
            out[:, at] = table[:, self.expr[at]]
        return out

    # Identity ----------------------------------------------------------------------------------------------------

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content: rows with what they point at, not how the tables happen to be laid out."""
        sha = hashlib.sha256()
        head: dict[str, Any] = {"n": self.n_qubits, "phase": _content(self.phase), "names": self.qubit_names}
        at = self.expr >= 0
        used, first = np.unique(self.expr[at], return_index=True)
        numbers: dict[str, int] = {}  # of the expressions by content, in order of first appearance
        number_of = np.full(len(self.exprs) + 1, -1, dtype=np.int32)
        for k in used[np.argsort(first)]:
            number_of[k] = numbers.setdefault(_content(self.exprs[k]), len(numbers))
        head["exprs"] = list(numbers)
        for table, ops in (("mat1", Op.MAT1), ("mat2", Op.MAT2), ("mat3", Op.MAT3)):
            rows = self.payload[self.opcode == ops]
            sha.update(table.encode() + np.ascontiguousarray(getattr(self, table)[rows] + 0.0).tobytes())
        for op, items in ((Op.MEASURE, self.measurements), (Op.OPAQUE, self.opaques)):
            head[op.name] = [repr(items[k]) for k in self.payload[self.opcode == op]]
        head["calls"] = [
            (self.calls[k].tape.digest, self.calls[k].repetitions, repr(self.calls[k].bindings))
            for k in self.payload[self.opcode == Op.CALL]
        ]
        head["conditions"] = [repr(self.conditions[k]) for k in self.condition[self.condition >= 0]]
        head["tags"] = [repr(self.tags[k]) for k in self.tag[self.tag >= 0]]
        head["wide"] = [self.qubits_of(int(row)) for row in np.flatnonzero(self.wide >= 0)]
        sha.update(json.dumps(head, sort_keys=True).encode())
        angle = np.where(at, 0.0, self.angle) + 0.0  # no negative zeros
        for array in (
            self.opcode,
            self.qubits,
            angle,
            number_of[self.expr],
            self.condition >= 0,
            self.tag >= 0,
            self.fence,
        ):
            sha.update(np.ascontiguousarray(array).tobytes())
        return sha.hexdigest()


_CONVERTERS: dict[str, Callable[[Any], Any] | None] = {
    a.name: cast(Callable[[Any], Any] | None, a.converter) for a in fields(Tape)
}
_IS_PAIR = (ARITY == 2).astype(np.int64)
