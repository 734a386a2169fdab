"""One compiler in one process: reads jobs as JSON lines, compiles, times the compile alone, answers as JSON lines.

Run as `python -m tests.benchmarks.worker NAME`. A job holds `qasm` (OpenQASM 2), `device`, `seed`, `route_only`; the
answer holds `cpu_s`, `wall_s`, `peak_rss_mb` and `qasm`, the compiled circuit.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

__all__ = ["COMPILERS", "main"]

Job = dict[str, Any]
Compile = Callable[[], Any]
Prepared = tuple[Compile, Callable[[Any], str]]


def _target(device: Job) -> Any:
    from qcompile.target import Target

    edges = device["edges"]
    return Target.from_couplings(
        device["n"],
        edges if isinstance(edges, str) else [tuple(e) for e in edges],
        native=device["native_two_qubit"],
        directed=[tuple(e) for e in device.get("directed") or ()],
        f1=device["f1"],
        f2=device["f2"],
        t1q_s=device["t1q_ns"] * 1e-9,
        t2q_s=device["t2q_ns"] * 1e-9,
        T_s=device["T_us"] * 1e-6,
    )


def prepare_qcompile(job: Job, effort: int) -> Prepared:
    """Return the timed call and how its result is written."""
    import qcompile as qc
    from qcompile.tape.qasm_read import read_qasm
    from qcompile.tape.qasm_write import write_qasm

    tape, target = read_qasm(job["qasm"], where="benchmark"), _target(job["device"])
    if job.get("route_only"):
        return lambda: qc.route(tape, target, seed=job["seed"], effort=effort), lambda b: write_qasm(
            b.tape, version="2.0"
        )
    return (
        lambda: qc.compile(tape, target=target, seed=job["seed"], effort=effort),
        lambda b: write_qasm(b.tape, version="2.0"),
    )


def _coupling(device: Job) -> Any:
    from qiskit.transpiler import CouplingMap

    if device["edges"] == "all_to_all":
        return None
    directed = device.get("directed")
    if directed:
        return CouplingMap([list(e) for e in directed])
    return CouplingMap([[a, b] for a, b in device["edges"]] + [[b, a] for a, b in device["edges"]])


def prepare_qiskit(job: Job, level: int) -> Prepared:
    """Return Qiskit's preset pass manager on a circuit loaded in its own type."""
    from qiskit import qasm2
    from qiskit.transpiler import generate_preset_pass_manager

    circuit = qasm2.loads(job["qasm"], custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    device = job["device"]
    native = device["native_two_qubit"]
    basis = {"sqrtiswap": "cz", "syc": "cz"}.get(native, native)
    one = ["rz", "sx", "x"]
    manager = generate_preset_pass_manager(
        optimization_level=level,
        coupling_map=_coupling(device),
        basis_gates=[basis, *one],
        seed_transpiler=job["seed"],
    )
    if native in ("sqrtiswap", "syc"):
        return _then_cirq(lambda: manager.run(circuit), native)
    return lambda: manager.run(circuit), qasm2.dumps


def _then_cirq(routed: Compile, native: str) -> Prepared:
    """Return Qiskit's routing followed by Cirq's retargeting: the bar on Google's gates."""
    import cirq
    import numpy as np
    from qiskit import qasm2

    if native == "syc":
        import cirq_google

        gateset: Any = cirq_google.SycamoreTargetGateset()
    else:
        gateset = cirq.SqrtIswapTargetGateset()

    def run() -> Any:
        from qcompile.tape.cirq_out import to_cirq
        from qcompile.tape.qasm_read import read_qasm

        circuit = to_cirq(read_qasm(qasm2.dumps(routed()), where="peer"))
        return cirq.optimize_for_target_gateset(circuit, gateset=gateset, max_num_passes=None)

    def write(circuit: Any) -> str:
        from qcompile.tape.cirq_in import from_cirq
        from qcompile.tape.qasm_write import write_qasm

        tape = from_cirq(circuit)
        return write_qasm(tape.replace(phase=0.0), version="2.0") if np.isfinite(len(tape)) else ""

    return run, write


def prepare_tket(job: Job, _: int) -> Prepared:
    """Return tket's full peephole optimisation, mapping and rebase."""
    from pytket.architecture import Architecture
    from pytket.circuit import OpType
    from pytket.passes import AutoRebase, DefaultMappingPass, FullPeepholeOptimise, SequencePass, SynthesiseTket
    from pytket.qasm import circuit_from_qasm_str, circuit_to_qasm_str

    source = circuit_from_qasm_str(job["qasm"])
    device = job["device"]
    passes: list[Any] = [FullPeepholeOptimise(allow_swaps=True)]
    if device["edges"] != "all_to_all":
        passes += [DefaultMappingPass(Architecture([tuple(e) for e in device["edges"]])), SynthesiseTket()]
    native = {"cz": OpType.CZ, "rzz": OpType.ZZPhase, "rxx": OpType.XXPhase, "ecr": OpType.ECR}[
        device["native_two_qubit"]
    ]
    passes.append(AutoRebase({native, OpType.Rz, OpType.Rx}))
    sequence = SequencePass(passes, strict=False)

    def run() -> Any:
        circuit = source.copy()
        sequence.apply(circuit)
        return circuit

    return run, lambda circuit: circuit_to_qasm_str(circuit, header="hqslib1" if native is OpType.ZZPhase else "qelib1")


COMPILERS: dict[str, Callable[[Job], Prepared]] = {
    "qcompile": lambda job: prepare_qcompile(job, 1),
    "qcompile-e2": lambda job: prepare_qcompile(job, 2),
    "qiskit-o2": lambda job: prepare_qiskit(job, 2),
    "qiskit-o3": lambda job: prepare_qiskit(job, 3),
    "tket": lambda job: prepare_tket(job, 0),
}


def main() -> None:
    """Answer jobs until the input ends."""
    prepare = COMPILERS[sys.argv[1]]
    for line in sys.stdin:
        job = json.loads(line)
        try:
            run, write = prepare(job)
            if job.get("warm"):
                run()
            wall, cpu = time.perf_counter(), time.process_time()
            result = run()
            answer = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
            answer["qasm"] = write(result)
        except Exception as error:  # a peer's failure is a row of the table, not the end of the run
            answer = {"error": f"{type(error).__name__}: {error}"[:500]}
        answer["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
