"""The one verb: a model, a program, a circuit or a list of them onto a machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from qcompile.api.compiled import Compiled, CompiledProgram
from qcompile.api.options import make_options, time_limit_of
from qcompile.api.pipeline import compile_tape
from qcompile.deadline import deadline
from qcompile.errors import InputError
from qcompile.ir import Block, Program
from qcompile.tape import Tape
from qcompile.target import Target

if TYPE_CHECKING:
    import cirq

    from qcompile.spec import ModelSpec

    Circuit = cirq.AbstractCircuit

__all__ = ["Progress", "as_tape", "as_target", "compile", "route"]

Progress = Callable[[str, int, int], None]


def as_target(target: Target | str | Path | None) -> Target:
    """Return a target from a value, a name or a path.

    Raises:
        InputError: There is none of that name.
    """
    if isinstance(target, Target):
        return target
    if target is None:
        raise InputError("is missing", where="target", hint="name a machine; `qcompile targets` lists them")
    return Target.load(target)


def as_tape(circuit: Any) -> Tape:
    """Return a tape from a tape, a Cirq circuit, a block, OpenQASM text or a path to a circuit.

    Unitaries on 4 to 8 qubits and state preparations without a decomposition are written as gates.

    Raises:
        InputError: It is none of these.
    """
    from qcompile.api.opened import open_gates

    return open_gates(_read(circuit))


def _read(circuit: Any) -> Tape:
    if isinstance(circuit, Tape):
        return circuit
    if isinstance(circuit, Block):
        from qcompile.synthesis.blocks import synthesize

        return synthesize(circuit)
    if isinstance(circuit, Path):
        from qcompile.tape.files import load_circuit

        return load_circuit(circuit)
    if isinstance(circuit, str):
        from qcompile.tape.qasm_read import read_qasm

        if "OPENQASM" in circuit:
            return read_qasm(circuit, where="circuit")
        raise InputError(f"is the text {circuit[:40]!r}", where="circuit", hint="use qc.load_circuit for a file")
    import cirq

    if isinstance(circuit, cirq.Operation | cirq.Moment):
        circuit = cirq.Circuit(circuit)
    if isinstance(circuit, cirq.AbstractCircuit):
        from qcompile.tape.cirq_in import from_cirq

        return from_cirq(circuit)
    raise InputError(
        f"is a {type(circuit).__name__}", where="circuit", hint="give a Tape, a cirq.Circuit, a Block or a model"
    )


@overload
def compile(
    source: ModelSpec | Program,
    *,
    target: Target | str | Path,
    seed: int | None = None,
    effort: int = 1,
    objective: str | None = None,
    no_simplify: Iterable[str] = (),
    progress: Progress | None = None,
    **options: Any,
) -> CompiledProgram: ...
@overload
def compile(
    source: Tape | Circuit | Block | str | Path,
    *,
    target: Target | str | Path,
    seed: int | None = None,
    effort: int = 1,
    objective: str | None = None,
    no_simplify: Iterable[str] = (),
    progress: Progress | None = None,
    **options: Any,
) -> Compiled: ...
@overload
def compile(
    source: list[Any] | tuple[Any, ...],
    *,
    target: Target | str | Path,
    seed: int | None = None,
    effort: int = 1,
    objective: str | None = None,
    no_simplify: Iterable[str] = (),
    progress: Progress | None = None,
    **options: Any,
) -> list[Compiled]: ...
def compile(
    source: Any,
    *,
    target: Target | str | Path,
    seed: int | None = None,
    effort: int = 1,
    objective: str | None = None,
    no_simplify: Iterable[str] = (),
    progress: Progress | None = None,
    **options: Any,
) -> Any:
    """Compile for a machine.

    Args:
        source: A `ModelSpec` or `Program`; a `Tape`, `cirq.Circuit`, `Block`, OpenQASM text or path; or a list of
            circuits.
        target: A `Target`, the name of a shipped machine, a profile file, or a form such as `grid(4,5)`.
        seed: Of every random choice; the default is the spec's seed, else 0.
        effort: 0 to 3.
        objective: `two_qubit_gates`, `depth`, `makespan`, `esp` or `swaps`; the default is the spec's, else the first.
        no_simplify: Structural rules to leave out, or `all`; for models.
        progress: Called with (name, done, total).
        options: The other fields of `qcompile.api.options.Options`. `time_limit` is for all circuits together; searches
            that it stops are marked `cut_short`, and only then may the same seed give another circuit.

    Returns:
        A mapping of readouts for a model, one value for a circuit, a list for a list.

    Raises:
        InputError: Something given cannot be used.
    """
    machine = as_target(target)
    from qcompile.spec import ModelSpec, lower_spec

    if objective is None:
        wanted = source.noisy.objective if isinstance(source, ModelSpec) and source.noisy is not None else None
        objective = wanted or "two_qubit_gates"
    given = {"effort": effort, "objective": objective, **options}

    with deadline(time_limit_of(given)):  # one limit for all circuits
        if isinstance(source, ModelSpec):
            spec_seed = source.seed if seed is None else seed
            return _compile_program(lower_spec(source), machine, spec_seed, given, no_simplify, progress, spec=source)
        if isinstance(source, Program):
            program_seed = source.seed if seed is None else seed
            return _compile_program(source, machine, program_seed, given, no_simplify, progress)
        if isinstance(source, list | tuple):
            circuits = list(source)
            return [
                _compile_circuit(one, machine, seed or 0, given, progress, k, len(circuits))
                for k, one in enumerate(circuits)
            ]
        return _compile_circuit(source, machine, seed or 0, given, progress, 0, 1)


def _compile_circuit(
    source: Any, target: Target, seed: int, given: dict[str, Any], progress: Progress | None, k: int, total: int
) -> Compiled:
    tape = as_tape(source)
    name = source.stem if isinstance(source, Path) else "circuit" if total == 1 else f"circuit {k}"
    options = make_options(n_logical=tape.n_qubits, n_physical=target.n_qubits, seed=seed, **given)
    if progress:
        progress(name, k, total)
    built = compile_tape(tape, target, options, name=name)
    if progress:
        progress(name, k + 1, total)
    return built


def _compile_program(
    program: Program,
    target: Target,
    seed: int,
    given: dict[str, Any],
    no_simplify: Iterable[str],
    progress: Progress | None,
    spec: ModelSpec | None = None,
) -> CompiledProgram:
    from qcompile.api.simplified import readout_options, simplify
    from qcompile.synthesis.blocks import synthesize_readout

    simplified, trace = simplify(
        program, target=target, without=no_simplify, objective=str(given["objective"]), options=given, seed=seed
    )
    circuits: dict[str, Compiled] = {}
    for k, (name, readout) in enumerate(simplified.items()):
        if progress:
            progress(name, k, len(simplified))
        tape = synthesize_readout(readout)
        wanted = readout_options(given, name, seed)
        options = make_options(n_logical=tape.n_qubits, n_physical=target.n_qubits, **wanted)
        circuits[name] = compile_tape(tape, target, options, name=name, readout=readout, contract=readout.contract)
        if progress:
            progress(name, k + 1, len(simplified))
    return CompiledProgram(
        program=simplified, original=program, circuits=circuits, target=target, trace=trace, spec=spec, seed=seed
    )


def route(circuit: Any, target: Target | str | Path, *, seed: int = 0, effort: int = 1, **options: Any) -> Compiled:
    """Lay out and route only: no gate is rewritten, inserted SWAPs stay visible.

    Args:
        circuit: As for `compile`, gates on at most two qubits.
        target: The machine; its native gates do not matter here.
        seed: Of every random choice.
        effort: 0 to 3.
        options: `objective` (default `swaps`), `initial_layout`, `allowed_qubits`, `time_limit`.

    Raises:
        InputError: The circuit does not fit, or holds a gate on more than two qubits.
    """
    from qcompile.api.routed import route_only

    machine, tape = as_target(target), as_tape(circuit)
    given = {"objective": "swaps", **options}
    checked = make_options(n_logical=tape.n_qubits, n_physical=machine.n_qubits, seed=seed, effort=effort, **given)
    with deadline(checked.time_limit):
        return route_only(tape, machine, checked)
