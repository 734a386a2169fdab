"""One compiler in one process: reads jobs as JSON lines, compiles, times the compile alone, answers as JSON lines.

Run as `python -m tests.benchmarks.worker NAME`. A job holds `qasm` (OpenQASM 2), `device`, `seed`, `route_only`, `warm`
(compile twice, time the second), `verify` and `cirq` (our answers only: check it, and time the way from and to Cirq).
The answer holds `cpu_s`, `wall_s`, `peak_rss_mb` and `qasm`, the compiled circuit.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["COMPILERS", "answer_to", "forget_peak", "main", "peak_mb", "target_of", "timed"]

Job = dict[str, Any]
Compile = Callable[[], Any]
Prepared = tuple[Compile, Callable[[Any], str]]


def target_of(device: Job) -> Any:
    """Return the machine of a comparison as our target."""
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

    tape, target = read_qasm(job["qasm"], where="benchmark"), target_of(job["device"])
    door = qc.route if job.get("route_only") else qc.compile

    def run() -> Any:
        return door(tape, target=target, seed=job["seed"], effort=effort)

    return run, lambda built: write_qasm(built.tape, version="2.0")


def _own_extras(job: Job, built: Any) -> dict[str, Any]:
    """Return what only our answers have: swaps, the check, and the way from and to Cirq."""
    import qcompile as qc
    from qcompile.tape.cirq_in import from_cirq
    from qcompile.tape.cirq_out import to_cirq

    extras: dict[str, Any] = {"n_swaps": built.n_swaps}
    if job.get("verify"):
        try:
            certificate = qc.certify(built)
            how = "exact" if certificate.proof and certificate.distance is not None else "replay"
            if how == "replay" and certificate.replay.ok is not True:
                how = "sampled"
            extras["verified"] = how if certificate.ok else "WRONG"
            extras["verify_note"] = f"{certificate.method}; {certificate.n_active} active"
        except MemoryError:
            extras["verified"] = "too large"
    if job.get("cirq"):
        circuit = to_cirq(built.source)
        begin = time.process_time()
        from_cirq(circuit)
        middle = time.process_time()
        _ = built.circuit
        extras |= {"from_cirq_s": middle - begin, "to_cirq_s": time.process_time() - middle}
    return extras


def _coupling(device: Job) -> Any:
    from qiskit.transpiler import CouplingMap

    if device["edges"] == "all_to_all":
        return None
    directed = device.get("directed")
    if directed:
        return CouplingMap([list(e) for e in directed])
    return CouplingMap([[a, b] for a, b in device["edges"]] + [[b, a] for a, b in device["edges"]])


def prepare_qiskit(job: Job, level: int, exact: bool = False) -> Prepared:
    """Return Qiskit's preset pass manager on a circuit loaded in its own type.

    `exact` leaves out the pass that takes small rotations for the identity; the preset has no switch for it.
    """
    from qiskit import qasm2
    from qiskit.transpiler import generate_preset_pass_manager

    circuit = qasm2.loads(job["qasm"], custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    device = job["device"]
    native = device["native_two_qubit"]
    basis = {"sqrtiswap": "cz", "syc": "cz"}.get(native, native)
    one = ["u3", "cx", "swap"] if job.get("route_only") else [basis, "rz", "sx", "x"]
    manager = generate_preset_pass_manager(
        optimization_level=level, coupling_map=_coupling(device), basis_gates=one, seed_transpiler=job["seed"]
    )
    if job.get("route_only"):
        manager.init = manager.translation = manager.optimization = None
        return lambda: manager.run(circuit), qasm2.dumps
    if exact:
        for stage in ("init", "translation", "optimization"):
            setattr(manager, stage, _without(getattr(manager, stage), "RemoveIdentityEquivalent"))
    if native in ("sqrtiswap", "syc"):
        return _then_cirq(lambda: manager.run(circuit), native)
    return lambda: manager.run(circuit), qasm2.dumps


def _without(stage: Any, name: str) -> Any:
    """Return a stage of a pass manager without one pass, nested controllers included."""
    from qiskit.transpiler import PassManager

    def strip(task: Any) -> None:
        inner = getattr(task, "tasks", None)
        if inner is not None:
            task.tasks = tuple(t for t in inner if type(t).__name__ != name)
            for t in task.tasks:
                strip(t)

    flow = stage.to_flow_controller()
    strip(flow)
    return PassManager(list(flow.tasks))


def _then_cirq(routed: Compile, native: str) -> Prepared:
    """Return Qiskit's routing followed by Cirq's retargeting: the bar on Google's gates."""
    import cirq
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

        return write_qasm(from_cirq(circuit).replace(phase=0.0), version="2.0")

    return run, write


def prepare_tket(job: Job, pauli: int) -> Prepared:
    """Return tket's full peephole optimisation, mapping and rebase; mapping alone for routing jobs.

    With `pauli`, its greedy synthesis of Pauli gadgets comes first.
    """
    from pytket.architecture import Architecture
    from pytket.circuit import OpType
    from pytket.passes import (
        AutoRebase,
        DefaultMappingPass,
        FullPeepholeOptimise,
        GreedyPauliSimp,
        SequencePass,
        SynthesiseTket,
    )
    from pytket.qasm import circuit_from_qasm_str, circuit_to_qasm_str

    source = circuit_from_qasm_str(job["qasm"])
    device = job["device"]
    mapping = []
    if device["edges"] != "all_to_all":
        mapping = [DefaultMappingPass(Architecture([tuple(e) for e in device["edges"]]))]
    passes: list[Any] = mapping
    if not job.get("route_only"):
        native = {"cz": OpType.CZ, "rzz": OpType.ZZPhase, "rxx": OpType.XXPhase, "ecr": OpType.ECR}[
            device["native_two_qubit"]
        ]
        first = [GreedyPauliSimp()] if pauli else []
        passes = [*first, FullPeepholeOptimise(allow_swaps=True), *mapping]
        if mapping:
            passes.append(SynthesiseTket())
        passes.append(AutoRebase({native, OpType.Rz, OpType.Rx}))
    sequence = SequencePass(passes, strict=False)

    def run() -> Any:
        circuit = source.copy()
        sequence.apply(circuit)
        return circuit

    def write(circuit: Any) -> str:
        from pytket.passes import DecomposeBoxes

        DecomposeBoxes().apply(circuit)
        return str(circuit_to_qasm_str(circuit, header="qelib1"))

    return run, write


def prepare_cirq(job: Job, _: int) -> Prepared:
    """Return Cirq's own way: decompose, `RouteCQC`, retarget."""
    import cirq
    import networkx as nx

    from qcompile.tape.cirq_in import from_cirq
    from qcompile.tape.cirq_out import to_cirq
    from qcompile.tape.qasm_read import read_qasm
    from qcompile.tape.qasm_write import write_qasm

    device = job["device"]
    native = device["native_two_qubit"]
    if native == "syc":
        import cirq_google

        gateset: Any = cirq_google.SycamoreTargetGateset()
    else:
        gateset = {"cz": cirq.CZTargetGateset, "sqrtiswap": cirq.SqrtIswapTargetGateset}[native]()
    source = to_cirq(read_qasm(job["qasm"], where="benchmark"))
    graph = nx.Graph([(cirq.LineQubit(a), cirq.LineQubit(b)) for a, b in device["edges"]])

    def run() -> Any:
        circuit = cirq.optimize_for_target_gateset(source, gateset=gateset, max_num_passes=None)
        routed = cirq.RouteCQC(graph)(circuit)
        return cirq.optimize_for_target_gateset(routed, gateset=gateset, max_num_passes=None)

    return run, lambda circuit: write_qasm(from_cirq(circuit).replace(phase=0.0), version="2.0")


COMPILERS: dict[str, Callable[[Job], Prepared]] = {
    "qcompile": lambda job: prepare_qcompile(job, 1),
    "qcompile-e2": lambda job: prepare_qcompile(job, 2),
    "qiskit-o2": lambda job: prepare_qiskit(job, 2),
    "qiskit-o3": lambda job: prepare_qiskit(job, 3),
    "qiskit-o2-exact": lambda job: prepare_qiskit(job, 2, exact=True),
    "qiskit-o3-exact": lambda job: prepare_qiskit(job, 3, exact=True),
    "tket": lambda job: prepare_tket(job, 0),
    "tket-pauli": lambda job: prepare_tket(job, 1),
    "cirq": lambda job: prepare_cirq(job, 0),
}

#: A compile of this many seconds counts although it was the first of its circuit: the process itself is warm by then.
LONG_S = 10.0
_TINY = """OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
h q[0];
cx q[0],q[1];
rz(0.3) q[1];
cx q[1],q[2];
cx q[0],q[3];
cx q[0],q[2];
cx q[1],q[3];
"""


def forget_peak() -> None:
    """Reset the peak of the resident memory where the system allows it (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak_mb() -> float:
    """Return the peak since `forget_peak`, or of the whole process where that is all that is known."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return float(line.split()[1]) / 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(run: Compile) -> tuple[Any, float, float]:
    """Return the result, wall seconds and CPU seconds of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def answer_to(name: str, job: Job) -> dict[str, Any]:
    """Return one compiler's answer to one job."""
    run, write = COMPILERS[name](job)
    forget_peak()
    result, wall, cpu = timed(run)
    if job.get("warm") and cpu < LONG_S:
        result, wall, cpu = timed(run)
    answer: dict[str, Any] = {"wall_s": wall, "cpu_s": cpu, "peak_rss_mb": peak_mb(), "qasm": write(result)}
    if name.startswith("qcompile"):
        answer |= _own_extras(job, result)
    elif job.get("route_only"):
        gates = [line.split()[0] for line in answer["qasm"].splitlines() if line.strip()]
        answer["n_swaps"] = gates.count("swap") + gates.count("bridge")
    return answer


def main() -> None:
    """Answer jobs until the input ends."""
    name, warm_devices = sys.argv[1], set()
    for line in sys.stdin:
        job = json.loads(line)
        try:
            device = json.dumps(job["device"])
            if device not in warm_devices:
                warm_devices.add(device)
                COMPILERS[name]({**job, "qasm": _TINY})[0]()
            answer = answer_to(name, job)
        except Exception as error:  # a peer's failure is a row of the table, not the end of the run
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
