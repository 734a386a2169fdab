"""OpenQASM statements that act on names and order: declarations, constants, conditions, loops."""

from __future__ import annotations

import re

from qcompile.tape.expr import Angle, Expr
from qcompile.tape.qasm_state import Bit, State
from qcompile.tape.records import Condition

__all__ = ["Flow"]

_COMPARE = re.compile(r"==|!=|<=|>=|<|>")
_BIT = re.compile(r"\s*([^\W\d]\w*)\s*(?:\[([^\[\]]*)\])?\s*")
_BINARY_TEXT = re.compile(r'"([01_]+)"')


class Flow(State):
    """Reads declarations, conditions and loops."""

    def size(self) -> int | None:
        """Read `[n]`, if any."""
        scan = self.scan
        if not scan.next_is("["):
            return None
        out = self.integer(*scan.until("]"))
        scan.take("]")
        return out

    def qreg(self) -> None:
        """Read `qreg q[n];`."""
        self.scan.take("qreg")
        at = self.scan.next_at()
        name = self.scan.name("the name of a register")
        size = self.size()
        self.declare_qubits(name, size, at)
        self.scan.take(";")

    def creg(self) -> None:
        """Read `creg c[n];`."""
        self.scan.take("creg")
        at = self.scan.next_at()
        name = self.scan.name("the name of a register")
        size = self.size()
        self.declare_bits(name, 1 if size is None else size, at)
        self.scan.take(";")

    def qubit(self) -> None:
        """Read `qubit[n] q;`."""
        self.scan.take("qubit")
        size = self.size()
        at = self.scan.next_at()
        self.declare_qubits(self.scan.name("the name of a register"), size, at)
        self.scan.take(";")

    def bit(self) -> None:
        """Read `bit[n] c;`, perhaps with a measurement."""
        scan = self.scan
        scan.take("bit")
        size = self.size()
        at = scan.next_at()
        name = scan.name("the name of a register")
        self.declare_bits(name, 1 if size is None else size, at)
        if scan.next_is("="):
            text = scan.peek()
            if text == "measure":
                self.measure_to([(name, k) for k in range(self.bits[name])])
                return
            scan.take()
            if text.strip('"').strip("0_") or text == '""':
                raise scan.error(f"sets {name!r} to {text}", at=at, hint="bits start at zero and are only measured")
        scan.take(";")

    def output(self) -> None:
        """Read `output bit[n] c;`."""
        self.scan.take("output")
        if self.scan.peek() != "bit":
            raise self.scan.error(f"has an output of type {self.scan.peek()!r}", hint="outputs are bits")
        self.bit()

    def is_assignment(self, token: str) -> bool:
        """Return whether the statement sets bits."""
        return self.version == 3 and token in self.bits

    def assignment(self) -> None:
        """Read `c = measure q;`."""
        bits = self.bit_operand()
        self.scan.take("=")
        self.measure_to(bits)

    def measure_to(self, bits: list[Bit]) -> None:
        """Read `measure q;` behind an equals sign."""
        scan = self.scan
        if scan.peek() != "measure":
            raise scan.error("sets bits by arithmetic", hint="only measurements can set bits")
        scan.take()
        qubits, _ = self.qubits()
        scan.take(";")
        self.measure_into(qubits, bits)

    def type_name(self) -> str:
        """Read a type with its optional width."""
        kind = self.scan.take()
        self.size()
        return kind

    def constant(self) -> None:
        """Read `const int n = 4;` and the like; variables are constants that a loop may set again."""
        scan = self.scan
        scan.next_is("const")
        kind = self.type_name()
        at = scan.next_at()
        name = scan.name("a name")
        if not scan.next_is("="):
            raise scan.error(f"declares {name!r} without a value", at=at, hint=f"write {kind} {name} = ...;")
        value = self.expression(*scan.until(";"))
        scan.take(";")
        if kind in ("int", "uint") and not (value.is_number and value.const.is_integer()):
            raise scan.error(f"sets {name!r} to {value}", at=at, hint="use a whole number")
        self.constants[name] = value.const if value.is_number else value

    def input(self) -> None:
        """Read `input float[64] theta;`: a parameter."""
        scan = self.scan
        scan.take("input")
        at = scan.next_at()
        kind = self.type_name()
        if kind not in ("float", "angle"):
            raise scan.error(f"has an input of type {kind!r}", at=at, hint="inputs are float or angle")
        name = scan.name("the name of an input")
        scan.take(";")
        self.constants[name] = Expr.symbol(name)

    def alias(self) -> None:
        """Read `let a = q[0:3];`."""
        scan = self.scan
        scan.take("let")
        at = scan.next_at()
        name = scan.name("a name")
        if name in self.registers or name in self.bits:
            raise scan.error(f"declares {name!r} twice", at=at)
        scan.take("=")
        self.aliases[name] = self.qubits()[0]
        for k, q in enumerate(self.aliases[name]):
            self.lookup[f"{name}[{k}]"] = q
        scan.take(";")

    def box(self) -> None:
        """Read a box: its statements, its duration ignored."""
        self.scan.take("box")
        if self.scan.next_is("["):
            self.scan.until("]")
            self.scan.take("]")
        self.block()

    # Loops -------------------------------------------------------------------------------------------------------

    def loop(self) -> None:
        """Read a loop over a range or a set, once a value."""
        scan = self.scan
        scan.take("for")
        if scan.peek() in ("int", "uint", "float", "angle"):
            self.type_name()
        name = scan.name("the name of a loop variable")
        scan.take("in")
        values = self.loop_values()
        before = self.constants.get(name)
        start = scan.at
        for value in values:
            self.count_step()
            scan.at = start
            self.constants[name] = value
            self.block()
        if not values:
            scan.skip_block()
        if before is None:
            self.constants.pop(name, None)
        else:
            self.constants[name] = before

    def loop_values(self) -> list[Angle]:
        """Read `[first:last]`, `[first:step:last]` or `{a, b}`."""
        scan = self.scan
        if scan.next_is("{"):
            out: list[Angle] = []
            while True:
                out.append(float(self.expression(*scan.until(",}"))))
                if scan.take() == "}":
                    return out
        scan.take("[")
        text, start = scan.until("]")
        scan.take("]")
        parts = [self.integer(part.strip(), start) for part in text.split(":")]
        if len(parts) not in (2, 3) or (len(parts) == 3 and parts[1] == 0):
            raise scan.error(f"loops over [{text}]", at=start, hint="write [first:last] or [first:step:last]")
        step = parts[1] if len(parts) == 3 else 1
        span = range(parts[0], parts[-1] + (1 if step > 0 else -1), step)
        if len(span) > 1_000_000:
            raise scan.error(f"loops {len(span)} times", at=start, hint="use at most 1000000")
        return [float(v) for v in span]

    # Conditions --------------------------------------------------------------------------------------------------

    def conditional(self) -> None:
        """Read `if (...) ... else ...`."""
        scan = self.scan
        scan.take("if")
        scan.take("(")
        text, start = scan.until(")")
        scan.take(")")
        test = self.test(text, start)
        self.branch(test, start)
        if self.version == 3 and scan.next_is("else"):
            self.branch(not test if isinstance(test, bool) else _negated(test), start)

    def branch(self, test: Condition | bool, start: int) -> None:
        """Read a block that runs when `test` holds."""
        outer = self.condition
        if outer is not None and isinstance(test, Condition):
            if outer.negate or test.negate:
                raise self.scan.error("nests conditions that are no plain equalities", at=start, hint="flatten them")
            test = _both(outer, test)
        if test is False:
            self.scan.skip_block()
            return
        if isinstance(test, Condition):
            self.condition = test
        self.block()
        self.flush()
        self.condition = outer

    def test(self, text: str, start: int) -> Condition | bool:
        """Return what a condition asks of measured bits; a bool when it is known while reading."""
        self.flush()
        terms = _terms(text)
        if len(terms) > 1:
            whole: Condition | bool = True
            for term in terms:
                one = self.test(term.strip(), start)
                if isinstance(whole, bool) or isinstance(one, bool):
                    whole = one if whole is True else whole if one is True else False
                elif whole.negate or one.negate:
                    raise self.scan.error(f"has the condition {text!r}", at=start, hint="join equalities only")
                else:
                    whole = _both(whole, one)
            return whole
        if "||" in text:
            raise self.scan.error(f"has the condition {text!r}", at=start, hint="'||' is not supported")
        text = text.strip()
        if text.startswith("!") and not text.startswith("!="):
            inner = self.test(text[1:].strip(), start)
            return not inner if isinstance(inner, bool) else _negated(inner)
        if text.startswith("(") and text.endswith(")"):
            return self.test(text[1:-1], start)
        match = _COMPARE.search(text)
        left = text[: match.start()] if match else text
        right, sign = (text[match.end() :], match[0]) if match else ("0", "!=")
        bits = self.named_bits(left, start)
        if bits is None and match is not None:
            bits = self.named_bits(right, start)
            left, right = right, left
            sign = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign)
        if bits is None:
            a, b = (self.expression(side.strip(), start) for side in (left, right))
            if not (a.is_number and b.is_number):
                raise self.scan.error(f"has the condition {text!r} on a parameter", at=start)
            x, y = a.const, b.const
            return {"==": x == y, "!=": x != y, "<": x < y, ">": x > y, "<=": x <= y, ">=": x >= y}[sign]
        if sign not in ("==", "!="):
            raise self.scan.error(f"has the condition {text!r}", at=start, hint="compare bits by == or !=")
        binary = _BINARY_TEXT.fullmatch(right.strip())
        value = int(binary[1].replace("_", ""), 2) if binary else self.integer(right.strip(), start)
        return self.compare(bits, value, negate=sign == "!=")

    def named_bits(self, text: str, start: int) -> list[Bit] | None:
        """Return the bits that a side of a comparison names, least significant first, or None for a number."""
        match = _BIT.fullmatch(text)
        if match is None or match[1] not in self.bits:
            return None
        name, size = match[1], self.bits[match[1]]
        if match[2] is None:
            return [(name, k) for k in range(size)]
        k = self.integer(match[2].strip(), start)
        if not -size <= k < size:
            raise self.scan.error(f"has the index {k} of {name!r}", at=start, hint=f"use 0 to {size - 1}")
        return [(name, k % size)]

    def compare(self, bits: list[Bit], value: int, *, negate: bool) -> Condition | bool:
        """Return `bits == value`; bits that nothing has measured are zero."""
        holds = 0 <= value < 1 << len(bits)
        wanted = {bit: value >> k & 1 for k, bit in enumerate(bits)}
        if not holds or any(v for bit, v in wanted.items() if bit not in self.measured):
            return negate
        left = {bit: v for bit, v in wanted.items() if bit in self.measured}
        if not left:
            return not negate
        made = _condition(left)
        return _negated(made) if negate else made


def _terms(text: str) -> list[str]:
    """Return the parts of a text between `&&` outside brackets."""
    out, depth, start = list[str](), 0, 0
    for k, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if depth == 0 and text.startswith("&&", k):
            out.append(text[start:k])
            start = k + 2
    return [*out, text[start:]]


def _condition(wanted: dict[Bit, int]) -> Condition:
    bits = tuple(reversed(wanted))  # first most significant
    value = 0
    for bit in bits:
        value = value << 1 | wanted[bit]
    return Condition(tuple(dict.fromkeys(key for key, _ in bits)), "bits", bits, value)


def _negated(test: Condition) -> Condition:
    if len(test.bits) == 1 and not test.negate:
        return Condition(test.keys, "bits", test.bits, 1 - test.value)
    return Condition(test.keys, "bits", test.bits, test.value, not test.negate)


def _wanted(test: Condition) -> dict[Bit, int]:
    return {bit: test.value >> k & 1 for k, bit in enumerate(reversed(test.bits))}


def _both(one: Condition, other: Condition) -> Condition | bool:
    """Return two equalities as one, or False when they contradict each other."""
    first, second = _wanted(one), _wanted(other)
    if any(first.get(bit, v) != v for bit, v in second.items()):
        return False
    return _condition({**first, **second})
