"""Rows one at a time: for readers, synthesis and tests."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from qcompile.errors import InputError, nearest
from qcompile.tape.expr import Angle, Expr
from qcompile.tape.expr_text import parse_expr
from qcompile.tape.opcodes import ALIASES, ARITY, N_ANGLES, SPECS, Op
from qcompile.tape.records import Call, Condition, Measurement, Opaque
from qcompile.tape.tape import Tape

__all__ = ["TapeBuilder", "tape_of"]

K = TypeVar("K", bound=Hashable)
_OUTER_COMMA = re.compile(r",(?![^(]*\))")  # not inside brackets
_ARITY, _N_ANGLES = ARITY.tolist(), N_ANGLES.tolist()  # lists: read once a gate
_MATRIX_OPS = {1: Op.MAT1, 2: Op.MAT2, 3: Op.MAT3}


def _row(table: dict[K, int], value: K) -> int:
    return table.setdefault(value, len(table))


class TapeBuilder:
    """Collects rows and makes a `Tape`.

    Args:
        n_qubits: Width of the tape.

    >>> b = TapeBuilder(2)
    >>> b.add("h", 0)
    >>> b.add("rzz", 0, 1, angles=[0.5])
    >>> b.build().ops()
    ['h 0', 'rzz(0.5) 0 1']
    """

    def __init__(self, n_qubits: int, qubit_names: tuple[str, ...] = ()) -> None:
        self.n_qubits, self.qubit_names = n_qubits, qubit_names
        self.phase: Expr = Expr()
        self._codes: list[int] = []
        self._qubits: list[int] = []  # two a row; flat lists of numbers, for the garbage collector walks tuples
        self._angles: tuple[list[int], list[int], list[float]] = ([], [], [])  # row, column, value
        self._symbolic: list[tuple[int, int, int]] = []  # row, column, expression
        self._sparse: list[tuple[int, str, int]] = []  # row, column name, value: rare columns
        self._wide: list[tuple[int, ...]] = []
        self._mats: dict[int, list[NDArray[np.complex128]]] = {1: [], 2: [], 3: []}
        self._exprs: dict[Expr, int] = {}
        self._measurements: dict[Measurement, int] = {}
        self._conditions: dict[Condition, int] = {}
        self._opaques: list[Opaque] = []
        self._calls: list[Call] = []
        self._tags: dict[tuple[Any, ...], int] = {}
        self._origins: dict[str, int] = {}
        self.origin = ""
        self.fence = 0

    def __len__(self) -> int:
        return len(self._codes)

    def add(
        self,
        op: Op | str,
        *qubits: int,
        angles: Sequence[Angle] = (),
        condition: Condition | None = None,
        tags: tuple[Any, ...] = (),
    ) -> None:
        """Append a gate, a reset or a barrier; `angles` in radians."""
        code = ALIASES[op] if isinstance(op, str) else op
        if len(angles) != _N_ANGLES[code] or (_ARITY[code] and len(qubits) != _ARITY[code]):
            raise InputError(
                f"{SPECS[code].name!r} got {len(qubits)} qubits and {len(angles)} angles",
                where="gate",
                hint=f"it takes {SPECS[code].arity or 'any number of'} qubits and {SPECS[code].n_angles} angles",
            )
        row = len(self._codes)
        self._append(code, qubits, condition, tags)
        for k, value in enumerate(angles):
            if type(value) is not float and isinstance(value, Expr) and not value.is_number:
                self._symbolic.append((row, k, _row(self._exprs, value)))
            else:
                self._angles[0].append(row)
                self._angles[1].append(k)
                self._angles[2].append(float(value))

    def add_plain(self, code: int, qubits: Sequence[int], angles: Sequence[Angle] = ()) -> bool:
        """Append a gate on one or two valid qubits with numbers for angles, unchecked: for readers in a hurry.

        Returns:
            False, with nothing appended, when an angle is symbolic or the row needs an origin or a fence.
        """
        if self.origin or self.fence:
            return False
        if angles:
            for value in angles:
                if type(value) is not float:
                    return False
            rows, columns, values = self._angles
            for k, value in enumerate(angles):
                rows.append(len(self._codes))
                columns.append(k)
                values.append(value)  # type: ignore[arg-type] # a float, as checked above
        self._codes.append(code)
        self._qubits.append(qubits[0])
        self._qubits.append(qubits[1] if len(qubits) == 2 else -1)
        return True

    def add_matrix(
        self,
        matrix: NDArray[np.complex128],
        *qubits: int,
        condition: Condition | None = None,
        tags: tuple[Any, ...] = (),
    ) -> None:
        """Append a unitary given as a matrix on one, two or three qubits."""
        k = len(qubits)
        self._sparse.append((len(self._codes), "payload", len(self._mats[k])))
        self._mats[k].append(np.asarray(matrix, dtype=np.complex128))
        self._append(_MATRIX_OPS[k], qubits, condition, tags)

    def measure(
        self,
        *qubits: int,
        key: str,
        offset: int = 0,
        invert: tuple[bool, ...] = (),
        condition: Condition | None = None,
        tags: tuple[Any, ...] = (),
    ) -> None:
        """Append a measurement of some qubits into bits `offset`, `offset + 1`, ... of `key`."""
        while invert and not invert[-1]:
            invert = invert[:-1]
        index = _row(self._measurements, Measurement(key, offset, invert))
        self._sparse.append((len(self._codes), "payload", index))
        self._append(Op.MEASURE, qubits, condition, tags)

    def opaque(
        self, item: Opaque, *qubits: int, condition: Condition | None = None, tags: tuple[Any, ...] = ()
    ) -> None:
        """Append an operation that is kept as it is."""
        self._sparse.append((len(self._codes), "payload", len(self._opaques)))
        self._opaques.append(item)
        self._append(Op.OPAQUE, qubits, condition, tags)

    def call(self, call: Call, *qubits: int, tags: tuple[Any, ...] = ()) -> None:
        """Append runs of a sub-tape."""
        self._sparse.append((len(self._codes), "payload", len(self._calls)))
        self._calls.append(call)
        self._append(Op.CALL, qubits, None, tags)

    def extend(
        self,
        tape: Tape,
        qubits: Sequence[int] | None = None,
        *,
        condition: Condition | None = None,
        tags: tuple[Any, ...] = (),
    ) -> None:
        """Append a whole tape, its qubit k on `qubits[k]`, phase included.

        Args:
            tape: What to append.
            qubits: Where; the default is the same qubits.
            condition: A condition for every row; the rows must have none of their own.
            tags: Tags put before those of each row.

        Raises:
            InputError: A row has a condition already.
        """
        outer, outer_tags = condition, tags
        if outer is not None:
            if (tape.condition >= 0).any():
                raise InputError("holds a condition inside a condition", where="circuit", hint="use one condition")
            tape = tape.inlined()
        to = list(range(tape.n_qubits)) if qubits is None else list(qubits)
        self.phase = self.phase + tape.phase
        origin, fence = self.origin, self.fence
        for row in range(len(tape)):
            where = [to[q] for q in tape.qubits_of(row)]
            code, at = Op(int(tape.opcode[row])), int(tape.payload[row])
            condition = tape.conditions[tape.condition[row]] if tape.condition[row] >= 0 else outer
            tags = (*outer_tags, *tape.tags[tape.tag[row]]) if tape.tag[row] >= 0 else outer_tags
            if tape.origin[row] >= 0 and not origin:
                self.origin = tape.origins[tape.origin[row]]
            if tape.fence[row]:
                self.fence = int(tape.fence[row])
            if code in (Op.MAT1, Op.MAT2, Op.MAT3):
                matrices = (tape.mat1, tape.mat2, tape.mat3)[len(where) - 1]
                self.add_matrix(matrices[at], *where, condition=condition, tags=tags)
            elif code is Op.MEASURE:
                m = tape.measurements[at]
                self.measure(*where, key=m.key, offset=m.offset, invert=m.invert, condition=condition, tags=tags)
            elif code is Op.OPAQUE:
                self.opaque(tape.opaques[at], *where, condition=condition, tags=tags)
            elif code is Op.CALL:
                self.call(tape.calls[at], *where, tags=tags)
            else:
                self.add(code, *where, angles=tape.angles_of(row), condition=condition, tags=tags)
            self.origin, self.fence = origin, fence

    def _append(
        self,
        code: Op,
        qubits: Sequence[int],
        condition: Condition | None,
        tags: tuple[Any, ...],
    ) -> None:
        for q in qubits:
            if not 0 <= q < self.n_qubits:
                raise InputError(f"is {q}", where="qubit", hint=f"use 0 to {self.n_qubits - 1}")
        if len(qubits) > 1 and len(set(qubits)) != len(qubits):
            raise InputError(f"{SPECS[code].name!r} acts twice on one qubit of {tuple(qubits)}", where="gate")
        row = len(self._codes)
        if len(qubits) > 2:
            self._sparse.append((row, "wide", len(self._wide)))
            self._wide.append(tuple(qubits))
        if condition is not None:
            self._sparse.append((row, "condition", _row(self._conditions, condition)))
        if tags:
            self._sparse.append((row, "tag", _row(self._tags, tags)))
        if self.origin:
            self._sparse.append((row, "origin", _row(self._origins, self.origin)))
        if self.fence:
            self._sparse.append((row, "fence", self.fence))
        self._codes.append(int(code))
        self._qubits += qubits if len(qubits) == 2 else (*qubits[:2], -1, -1)[:2]

    def build(self) -> Tape:
        """Return the tape."""
        n = len(self._codes)
        columns = {name: np.full(n, -1, dtype=np.int32) for name in ("wide", "payload", "condition", "tag", "origin")}
        columns["fence"] = np.zeros(n, dtype=np.int32)
        for row, name, value in self._sparse:
            columns[name][row] = value
        expr = np.full((n, 3), -1, dtype=np.int32)
        for row, k, index in self._symbolic:
            expr[row, k] = index
        angle = np.zeros((n, 3), dtype=np.float64)
        angle[self._angles[0], self._angles[1]] = self._angles[2]
        indptr = np.zeros(len(self._wide) + 1, dtype=np.int32)
        np.cumsum([len(w) for w in self._wide], out=indptr[1:])
        mats = {
            f"mat{k}": np.array(items, dtype=np.complex128).reshape(len(items), 2**k, 2**k)
            for k, items in self._mats.items()
        }
        return Tape(
            n_qubits=self.n_qubits,
            opcode=self._codes,
            qubits=np.array(self._qubits, dtype=np.int32).reshape(n, 2),
            angle=angle,
            expr=expr,
            **columns,
            wide_indptr=indptr,
            wide_indices=[q for w in self._wide for q in w],
            **mats,
            exprs=tuple(self._exprs),
            measurements=tuple(self._measurements),
            conditions=tuple(self._conditions),
            opaques=tuple(self._opaques),
            calls=tuple(self._calls),
            tags=tuple(self._tags),
            origins=tuple(self._origins),
            phase=self.phase,
            qubit_names=self.qubit_names,
        )


def tape_of(text: str, *, n_qubits: int = 0) -> Tape:
    """Return a tape from a short text, for examples: gates separated by `;`, angles in parentheses.

    >>> tape_of("h 0; rz(pi/2) 1; cx 0 1").ops()
    ['h 0', 'rz(1.57079632679) 1', 'cx 0 1']
    """
    rows: list[tuple[str, list[Angle], list[int]]] = []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        head, _, tail = part.rpartition(")")
        name, _, inner = head.partition("(") if head else (part.split()[0], "", "")
        qubits = tail.split() if head else part.split()[1:]
        angles: list[Angle] = [parse_expr(a) for a in _OUTER_COMMA.split(inner)] if inner else []
        rows.append((name.strip(), angles, [int(q) for q in qubits]))
    builder = TapeBuilder(n_qubits or 1 + max((q for _, _, qs in rows for q in qs), default=-1))
    for name, angles, where in rows:
        if name == "measure":
            builder.measure(*where, key="m")
        elif name not in ALIASES:
            raise InputError(f"{name!r} is no gate", where="tape_of", hint=nearest(name, ALIASES))
        else:
            builder.add(name, *where, angles=[a.const if isinstance(a, Expr) and a.is_number else a for a in angles])
    return builder.build()
