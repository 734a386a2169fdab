"""What a compile returns: the native circuit with everything needed to check, judge, price, bind and run it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from qcompile.api.options import Options
from qcompile.ir import Contract, Program, Readout
from qcompile.passes import LedgerEntry, Pipeline, Step
from qcompile.passes.slots import slots_of
from qcompile.schedule import Schedule, schedule
from qcompile.tape import Angle, RegionWitness, Tape
from qcompile.target import Target

if TYPE_CHECKING:
    import cirq

    from qcompile.ir.rules import Trace
    from qcompile.spec import ModelSpec

__all__ = ["Compiled", "CompiledProgram"]

Ints = NDArray[np.int32]


@frozen(kw_only=True, eq=False, repr=False)
class Compiled:
    """A circuit on a machine.

    Attributes:
        name: How reports call it.
        source: The logical tape that was given.
        tape: The native physical tape.
        target: The machine.
        initial_layout: int32[n_physical]; entry i is the physical qubit on which logical qubit i starts; entries from
            the circuit's width on are the qubits it does not use.
        final_layout: int32[n_physical]; the same at the end.
        n_swaps: Inserted swaps, each absorbed or bridge swap counting one.
        steps: Each rewrite with its witness, for replay.
        ledger: Passes with counts and wall time.
        options: As given.
        contract: What the circuit keeps of its source.
        readout: The readout that the circuit serves, for circuits of a program.
        cut_short: Whether `time_limit` ended a search.
    """

    name: str
    source: Tape
    tape: Tape
    target: Target
    initial_layout: Ints
    final_layout: Ints
    n_swaps: int
    steps: Sequence[Step]
    ledger: tuple[LedgerEntry, ...]
    options: Options
    contract: Contract = field(factory=Contract)
    readout: Readout | None = None
    cut_short: bool = False

    def __repr__(self) -> str:
        m = self.metrics
        return f"<Compiled {self.name} for {self.target.name}: {m['n2']} two-qubit gates, depth {m['d2']}>"

    @property
    def n_qubits(self) -> int:
        """Width of the logical circuit."""
        return self.source.n_qubits

    @cached_property
    def error_bound(self) -> float:
        """Bound on the operator-norm distance from the source that `max_error` was used for; 0 without it."""
        return math.fsum(s.witness.claimed for s in self.steps if isinstance(s.witness, RegionWitness))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Parameters that are still free."""
        return self.tape.parameters

    @cached_property
    def circuit(self) -> cirq.Circuit:
        """The native circuit: on GridQubits where the machine has a grid, else on LineQubits."""
        from qcompile.tape.cirq_out import to_cirq
        from qcompile.target.views import cirq_qubits

        return to_cirq(self.tape, qubits=cirq_qubits(self.target))

    @cached_property
    def qasm(self) -> str:
        """The native circuit as OpenQASM 3; qubit k is the machine's qubit k."""
        from qcompile.tape.qasm_write import write_qasm

        return write_qasm(self.tape)

    @cached_property
    def schedule(self) -> Schedule:
        """As soon as possible, with the machine's durations and limits."""
        return schedule(self.tape, self.target)

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """Compiler-neutral counts: `n2` native two-qubit gates, `d2` their depth, `depth` with one-qubit pulses, and
        `log10esp` with the machine's own median errors and durations, None where those are unknown."""
        from qcompile.api.figures import neutral_metrics

        return neutral_metrics(self.tape, self.target)

    @cached_property
    def slots(self) -> Pipeline:
        """Where bound numbers go: runs of one-qubit gates to fuse, and blocks to decompose again."""
        return slots_of(self.tape, self.target)

    def bind(self, values: Mapping[str, Angle]) -> Compiled:
        """Return the compiled circuit with parameters bound.

        Numbers for all parameters go into `slots`, found at the first call: no pass searches again. A circuit so bound
        equals the bound circuit compiled, up to layouts.

        Raises:
            InputError: A name is no parameter of the circuit, or a value is no number.
        """
        from qcompile.api.binding import bind

        return bind(self, values)

    def _repr_html_(self) -> str:
        from qcompile.report.html import compiled_table

        return compiled_table(self)


@frozen(kw_only=True, eq=False, repr=False)
class CompiledProgram(Mapping[str, Compiled]):
    """The compiled circuits of a program, by the name of their readout.

    Attributes:
        program: After the structural rules.
        original: Before them.
        circuits: In the order of the program.
        target: The machine.
        trace: What each structural rule did and saved.
        spec: The file, when there was one.
        seed: Of the compile.
    """

    program: Program
    original: Program
    circuits: dict[str, Compiled]
    target: Target
    trace: Trace
    spec: ModelSpec | None = None
    seed: int = 0

    def __getitem__(self, name: str) -> Compiled:
        return self.circuits[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.circuits)

    def __len__(self) -> int:
        return len(self.circuits)

    def __repr__(self) -> str:
        return f"<CompiledProgram {self.program.name} for {self.target.name}: {', '.join(self)}>"

    def bind(self, values: Mapping[str, Angle]) -> CompiledProgram:
        """Return the program with parameters bound in every circuit that has them."""
        bound = {name: one.bind({k: v for k, v in values.items() if k in one.parameters}) for name, one in self.items()}
        return evolve(self, circuits=bound)

    def _repr_html_(self) -> str:
        from qcompile.report.html import compiled_table

        return "".join(compiled_table(one) for one in self.values())
