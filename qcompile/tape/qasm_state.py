"""What a reading of OpenQASM knows so far: registers, names, gates, and the rows it has made."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence

from qcompile.errors import InputError, nearest
from qcompile.tape.builder import TapeBuilder
from qcompile.tape.expr import Angle, Expr
from qcompile.tape.expr_text import parse_expr
from qcompile.tape.qasm_gates import Definition
from qcompile.tape.qasm_scan import Scanner
from qcompile.tape.records import Condition

__all__ = ["Bit", "State"]

Bit = tuple[str, int]

_CONSTANTS = {
    2: {"pi": 3.141592653589793},
    3: {name: value for names, value in (
        (("pi", "π"), 3.141592653589793), (("tau", "τ"), 6.283185307179586), (("euler", "ℇ"), 2.718281828459045)
    ) for name in names},
}  # fmt: skip
# Text in which the only name can be pi: its value does not depend on the program.
_NUMERIC = re.compile(r"(?:[\s\d.+\-*/,]|\bpi\b|(?<=[\d.])[eE](?=[-+\d]))*")
_MAX_STEPS = 1_000_000
_MAX_QUBITS = 1_000_000


class State(ABC):
    """Shared state of the readers.

    Attributes:
        b: Receives the rows.
        registers: Qubits of each declared register or alias, in order of declaration.
        lookup: Index of each single qubit by the text that names it.
        bits: Size of each register of bits; the register is a measurement key.
        measured: Bits that some measurement may have written.
        condition: What must hold for the present statement.
        pending: Single-bit measurements that are not yet a row: they are joined while they follow one another.
        steps: Turns of loops so far; shared by all readers of one text.
    """

    def __init__(self, scan: Scanner, builder: TapeBuilder | None = None) -> None:
        self.scan = scan
        self.b = TapeBuilder(0) if builder is None else builder
        self.version = 3
        self.in_gate = False
        self.gates: dict[str, Definition] = {}
        self.library: set[str] = set()
        self.registers: dict[str, list[int]] = {}
        self.aliases: dict[str, list[int]] = {}
        self.lookup: dict[str, int] = {}
        self.bits: dict[str, int] = {}
        self.constants: dict[str, Angle] = {}
        self.measured: set[Bit] = set()
        self.condition: Condition | None = None
        self.pending: dict[Bit, int] = {}
        self.numbers: dict[str, tuple[float, ...] | None] = {}
        self.steps = [0]

    @abstractmethod
    def statements(self, end: str = "") -> None:
        """Read statements up to `end`."""

    @abstractmethod
    def block(self) -> None:
        """Read one statement, or several in braces."""

    @abstractmethod
    def child(self, names: Sequence[str], params: Sequence[str]) -> State:
        """Return a reader of a gate's body."""

    def count_step(self) -> None:
        """Count one turn of a loop.

        Raises:
            InputError: The unrolled program is too long.
        """
        self.steps[0] += 1
        if self.steps[0] > _MAX_STEPS:
            raise self.scan.error(f"takes more than {_MAX_STEPS} turns of loops", hint="use shorter loops")

    # Numbers -----------------------------------------------------------------------------------------------------

    def plain_numbers(self, text: str) -> tuple[float, ...] | None:
        """Return the numbers of a list of angles that holds no names, or None; each text is read once."""
        if text in self.numbers:
            return self.numbers[text]
        out: tuple[float, ...] | None = None
        try:
            out = tuple(float(part) for part in text.split(","))
        except ValueError:
            if _NUMERIC.fullmatch(text):
                try:
                    out = tuple(parse_expr(part).const for part in text.split(","))
                except InputError:
                    out = None  # read again by the long way, which names the place
        if out is not None and not all(abs(v) < 1e300 for v in out):
            out = None
        self.numbers[text] = out
        return out

    def expression(self, text: str, start: int) -> Expr:
        """Return a formula over constants and parameters."""
        if not text:
            raise self.scan.error("misses an expression", at=start)
        where = self.scan.place(start)
        return parse_expr(
            text, where=where, symbol=lambda name: self.symbol(name, start), constants=_CONSTANTS[self.version]
        )

    def symbol(self, name: str, start: int) -> Angle:
        """Return the value of a name in the formula that begins at `start`."""
        if name in self.constants:
            return self.constants[name]
        if name in ("true", "false"):
            return float(name == "true")
        raise self.scan.error(f"has the unknown name {name!r}", at=start, hint=nearest(name, [*self.constants, "pi"]))

    def integer(self, text: str, start: int) -> int:
        """Return a formula that must be a whole number."""
        value = self.expression(text, start)
        if not value.is_number or not value.const.is_integer():
            raise self.scan.error(f"has {text!r} where a whole number is expected", at=start)
        return int(value.const)

    # Registers ---------------------------------------------------------------------------------------------------

    def declare_qubits(self, name: str, size: int | None, at: int) -> None:
        """Add a register of qubits; `size` None is a single qubit."""
        if name in self.registers or name in self.aliases or name in self.bits:
            raise self.scan.error(f"declares {name!r} twice", at=at)
        n = 1 if size is None else size
        if not 1 <= n <= _MAX_QUBITS - self.b.n_qubits:
            raise self.scan.error(f"declares {n} qubits", at=at, hint=f"use 1 to {_MAX_QUBITS}")
        first = self.b.n_qubits
        self.b.n_qubits += n
        self.registers[name] = list(range(first, first + n))
        self.lookup.update({f"{name}[{k}]": first + k for k in range(n)})
        if size is None:
            self.lookup[name] = first

    def declare_bits(self, name: str, size: int, at: int) -> None:
        """Add a register of bits."""
        if name in self.registers or name in self.bits:
            raise self.scan.error(f"declares {name!r} twice", at=at)
        if not 1 <= size <= _MAX_QUBITS:
            raise self.scan.error(f"declares {size} bits", at=at, hint=f"use 1 to {_MAX_QUBITS}")
        self.bits[name] = size

    def indices(self, size: int, name: str) -> list[int] | None:
        """Read `[...]` behind the name of a register of `size`: the places meant, or None for no index."""
        scan = self.scan
        if not scan.next_is("["):
            return None
        text, start = scan.until("]")
        scan.take("]")
        parts = text[1:-1].split(",") if text.startswith("{") and text.endswith("}") else [text]
        found: list[int] = []
        for part in parts:
            bounds = part.split(":")
            if len(bounds) == 1:
                found.append(self.integer(part.strip(), start))
                continue
            if len(bounds) > 3:
                raise scan.error(f"has the range {text!r}", at=start, hint="write [first:last] or [first:step:last]")
            step = self.integer(bounds[1].strip(), start) if len(bounds) == 3 else 1
            first = self.integer(bounds[0].strip(), start) if bounds[0].strip() else 0
            last = self.integer(bounds[-1].strip(), start) if bounds[-1].strip() else size - 1
            if step == 0:
                raise scan.error("has a range of step 0", at=start)
            first, last = (v + size if v < 0 else v for v in (first, last))
            found += range(first, last + (1 if step > 0 else -1), step)
        for k in found:
            if not -size <= k < size:
                raise scan.error(f"has the index {k} of {name!r}", at=start, hint=f"use 0 to {size - 1}")
        return [k % size for k in found]

    def qubits(self) -> tuple[list[int], bool]:
        """Read an operand: its qubits, and whether it is a register."""
        scan = self.scan
        token = scan.peek()
        if token.startswith("$") and self.version == 3:
            scan.take()
            index = int(token[1:])
            if self.registers or index >= _MAX_QUBITS:
                raise scan.error(f"uses the hardware qubit {token}", hint="use declared or hardware qubits, not both")
            self.b.n_qubits = max(self.b.n_qubits, index + 1)
            return [index], False
        name = scan.name("a qubit")
        register = self.registers.get(name, self.aliases.get(name))
        if register is None:
            if name in self.lookup:  # a qubit of a gate's body
                return [self.lookup[name]], False
            raise scan.error(
                f"has the unknown qubit {name!r}",
                at=scan.at - len(name),
                hint=nearest(name, [*self.registers, *self.aliases]),
            )
        text_is_range = scan.peek() == "["
        chosen = self.indices(len(register), name)
        many = chosen is None or len(chosen) != 1 or not text_is_range
        out = register if chosen is None else [register[k] for k in chosen]
        if self.version == 3 and scan.next_is("++"):
            rest, _ = self.qubits()
            return [*out, *rest], True
        return list(out), many and name not in self.lookup

    def bit_operand(self) -> list[Bit]:
        """Read a bit or a register of bits."""
        scan = self.scan
        name = scan.name("a bit")
        if name not in self.bits:
            raise scan.error(f"has the unknown bit {name!r}", at=scan.at - len(name), hint=nearest(name, self.bits))
        chosen = self.indices(self.bits[name], name)
        return [(name, k) for k in (range(self.bits[name]) if chosen is None else chosen)]

    # Measurements ------------------------------------------------------------------------------------------------

    def measure_into(self, qubits: Sequence[int], bits: Sequence[Bit]) -> None:
        """Measure qubits into bits, one by one."""
        if len(qubits) != len(bits):
            raise self.scan.error(f"measures {len(qubits)} qubits into {len(bits)} bits")
        if len(set(qubits)) != len(qubits) or len(set(bits)) != len(bits):
            raise self.scan.error("measures one qubit, or into one bit, twice")
        if self.condition is not None and {key for key, _ in bits} & set(self.condition.keys):
            raise self.scan.error("measures into the bits of its own condition", hint="use another register")
        taken = set(self.pending.values())
        if any(bit in self.pending for bit in bits) or taken & set(qubits) or self.condition is not None:
            self.flush()
        self.pending.update(zip(bits, qubits, strict=True))
        self.measured |= set(bits)
        if self.condition is not None:
            self.flush()

    def flush(self) -> None:
        """Make rows of the measurements that are waiting: one for each run of neighbouring bits."""
        if not self.pending:
            return
        waiting, self.pending = self.pending, {}
        by_key: dict[str, list[int]] = {}
        for key, bit in waiting:
            by_key.setdefault(key, []).append(bit)
        for key, places in by_key.items():
            places.sort()
            start = 0
            for k in range(1, len(places) + 1):
                if k == len(places) or places[k] != places[k - 1] + 1:
                    run = places[start:k]
                    where = [waiting[key, bit] for bit in run]
                    self.b.measure(*where, key=key, offset=run[0], condition=self.condition)
                    start = k
