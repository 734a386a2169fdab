"""The base of every block: widths, parameters, counts, contract, and the two ways to put blocks together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import attrs

from qcompile.errors import InputError, nearest
from qcompile.ir.angles import Angles, expand_values
from qcompile.ir.circuits import circuit_counts
from qcompile.ir.contract import Contract
from qcompile.ir.counts import Counts
from qcompile.ir.sizes import Size, as_size, concrete, substitute_size
from qcompile.ir.vectors import Vector
from qcompile.tape.expr import Expr

if TYPE_CHECKING:
    import sympy

__all__ = ["Block"]

B = TypeVar("B", bound="Block")


class Block(ABC):
    """A frozen value that means a map on `n_qubits` qubits; qubit 0 is the most significant.

    Subclasses are `attrs.frozen`; their fields are sizes, angles, vectors, blocks and plain options, which is all
    that the generic operations here look at.

    Class attributes:
        equation: Where the paper defines the block, or empty.
    """

    __slots__ = ()
    equation: ClassVar[str] = ""

    @property
    @abstractmethod
    def n_qubits(self) -> Size:
        """Width."""

    @abstractmethod
    def formula(self) -> Counts:
        """Return gate counts as formulas in the sizes, at once: `is_exact`, or upper bounds where numbers decide."""

    def counts(self) -> Counts:
        """Return the gate counts of the synthesized circuit.

        They are the formulas; where those are bounds or know no depth, and every size and the data are known, they are
        taken from the circuit.
        """
        formula = self.formula()
        if (formula.is_exact and formula.depth_two_qubit is not None) or self.sizes or self.has_generic_data:
            return formula
        return circuit_counts(self) or formula

    @property
    def contract(self) -> Contract:
        """What a compile of this block must keep."""
        return Contract()

    def adjoint(self) -> Block:
        """Return the inverse; its own inverse gives the block back."""
        from qcompile.ir.combinators import Adjoint

        return Adjoint(self)

    def controlled(self, n_controls: int = 1) -> Block:
        """Return the block with controls put before its qubits; the global phase becomes a relative one."""
        from qcompile.ir.combinators import Controlled

        return Controlled(self, n_controls)

    def on(self, *qubits: int, of: Size) -> Block:
        """Return the block on some qubits of a wider register, identity elsewhere."""
        from qcompile.ir.combinators import On

        return On(self, qubits, of)

    def __rshift__(self, other: Block) -> Block:
        from qcompile.ir.combinators import sequence

        return sequence(self, other)

    def __matmul__(self, other: Block) -> Block:
        from qcompile.ir.combinators import parallel

        return parallel(self, other)

    def children(self) -> tuple[Block, ...]:
        """Return the blocks this one is built of."""
        return tuple(part for part in _parts(self) if isinstance(part, Block))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Free parameters in order of first appearance."""
        names: dict[str, None] = {}
        for part in _parts(self):
            if isinstance(part, Block | Angles):
                names.update(dict.fromkeys(part.parameters))
            elif isinstance(part, Expr):
                names.update(dict.fromkeys(part.names))
        return tuple(names)

    @property
    def sizes(self) -> tuple[str, ...]:
        """Names of the sizes that are still symbols."""
        names: set[str] = set()
        for part in _parts(self):
            if isinstance(part, Block):
                names.update(part.sizes)
            elif isinstance(part, Angles):
                for size in part.shape:
                    names.update(_free(size))
            elif isinstance(part, Vector):
                names.update(_free(part.length))
            else:
                names.update(_free(part))
        return tuple(sorted(names))

    @property
    def width(self) -> int:
        """`n_qubits` as an int; InputError while a size is free."""
        return concrete(self.n_qubits, where=f"width of {self.title}")

    def bind(self: B, values: Mapping[str, Any]) -> B:
        """Return the block with parameters replaced by numbers, expressions, or one array for a whole family.

        Raises:
            InputError: A name is no parameter of the block.
        """
        known = set(self.parameters)
        scalars = expand_values(values)
        for name in values:
            if name not in known and not any(n.startswith(f"{name}_") and n in known for n in scalars):
                raise InputError(f"{name!r} is no parameter", where=f"bind {self.title}:", hint=nearest(name, known))
        used = {name: value for name, value in scalars.items() if name in known}
        return self.map_leaves(
            angles=lambda a: a.bind(used),
            expr=lambda e: e.substitute({n: used[n] for n in e.names if n in used}),
        )

    def with_sizes(self: B, sizes: Mapping[str, Size]) -> B:
        """Return the block with named sizes replaced."""
        new = {name: as_size(value, where=f"size {name}") for name, value in sizes.items()}
        return self.map_leaves(
            angles=lambda a: a.with_sizes(new),
            size=lambda s: substitute_size(s, new),
            vector=lambda v: v.with_sizes(dict(new)),
        )

    @property
    def has_generic_data(self) -> bool:
        """Whether a vector in the block has no values."""
        return any(
            part.has_generic_data if isinstance(part, Block) else isinstance(part, Vector) and part.is_generic
            for part in _parts(self)
        )

    def with_data(self: B, seed: int) -> B:
        """Return the block with generic data filled by seed, so that it can be synthesized."""
        counter = iter(range(1 << 30))
        return self.map_leaves(vector=lambda v: v.instance(seed + next(counter)) if v.is_generic else v)

    def map_leaves(
        self: B,
        *,
        angles: Callable[[Angles], Angles] | None = None,
        expr: Callable[[Expr], Expr] | None = None,
        size: Callable[[Size], Size] | None = None,
        vector: Callable[[Vector], Vector] | None = None,
    ) -> B:
        """Return the block with every leaf of the named kinds replaced, children included."""

        def change(value: Any) -> Any:
            if isinstance(value, Block):
                return value.map_leaves(angles=angles, expr=expr, size=size, vector=vector)
            if isinstance(value, Angles):
                return angles(value) if angles else value
            if isinstance(value, Expr):
                return expr(value) if expr else value
            if isinstance(value, Vector):
                return vector(value) if vector else value
            if isinstance(value, tuple):
                return tuple(change(v) for v in value)
            return size(value) if size and _is_symbolic(value) else value

        old = {f.name: getattr(self, f.name) for f in attrs.fields(type(self)) if f.init}  # type: ignore[arg-type]
        new = {name: change(value) for name, value in old.items()}
        changed = {name.lstrip("_"): new[name] for name in old if new[name] is not old[name]}
        return attrs.evolve(self, **changed) if changed else self  # type: ignore[misc]

    def map_children(self: B, function: Callable[[Block], Block]) -> B:
        """Return the block with a function applied to its children."""

        def change(value: Any) -> Any:
            if isinstance(value, Block):
                return function(value)
            return tuple(change(v) for v in value) if isinstance(value, tuple) else value

        old = {f.name: getattr(self, f.name) for f in attrs.fields(type(self)) if f.init}  # type: ignore[arg-type]
        changed = {name: new for name, value in old.items() if (new := change(value)) != value}
        return attrs.evolve(self, **changed) if changed else self  # type: ignore[misc]

    @property
    def title(self) -> str:
        """Name of the kind of block."""
        return type(self).__name__

    def describe(self) -> str:
        """Return one line for `tree`: the kind and its plain options."""
        shown = []
        for f in attrs.fields(type(self)):  # type: ignore[arg-type]
            value = getattr(self, f.name)
            is_blocks = isinstance(value, tuple) and any(isinstance(v, Block) for v in value)
            if not f.repr or isinstance(value, Block) or is_blocks or value in (None, ()):
                continue
            shown.append(f"{f.name}={value}")
        return f"{self.title}({', '.join(shown)})"

    def tree(self, indent: int = 0) -> str:
        """Return the block and what it is built of, one line each, with counts."""
        eq = f"  [eq. {self.equation}]" if self.equation else ""
        lines = [f"{'  ' * indent}{self.describe()}: {self.n_qubits} qubits, {self.counts()}{eq}"]
        lines += [child.tree(indent + 1) for child in self.children()]
        return "\n".join(lines)


def _parts(block: Block) -> Iterator[Any]:
    for f in attrs.fields(type(block)):  # type: ignore[arg-type]
        value = getattr(block, f.name)
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def _is_symbolic(value: Any) -> bool:
    return hasattr(value, "free_symbols") and not isinstance(value, Expr)


def _free(value: Any) -> set[str]:
    if not _is_symbolic(value):
        return set()
    expression: sympy.Expr = value
    return {str(s) for s in expression.free_symbols}
