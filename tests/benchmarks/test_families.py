"""Circuits made for the comparison, and the harness on two tiny jobs."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest

from qcompile.tape.qasm_read import read_qasm
from qcompile.tape.simulate import tape_state, tape_unitary
from tests.benchmarks.devices import shipped_devices
from tests.benchmarks.families import FAMILIES, circuit
from tests.benchmarks.jobs import Job, own_jobs
from tests.benchmarks.known import qubikos, queko
from tests.benchmarks.pairs import clipped, geometric_mean, read_pairs
from tests.benchmarks.peers import COLUMNS, measure, run
from tests.benchmarks.table import write_tables
from tests.benchmarks.tolerance import without_tiny_rotations

GRID = [(r * 4 + k, r * 4 + k + 1) for r in range(4) for k in range(3)]
GRID += [(r * 4 + k, r * 4 + k + 4) for r in range(3) for k in range(4)]
NOISE = {"f1": 0.999, "f2": 0.99, "t1q_ns": 25.0, "t2q_ns": 40.0, "T_us": 80.0}
LINE = {"n": 4, "edges": [[0, 1], [1, 2], [2, 3]], "directed": [], "native_two_qubit": "cz", **NOISE}
SIZES = sorted({(f, *size) for f, (_, quick, _) in FAMILIES.items() for size in quick})


def _pairs(qasm: str) -> list[tuple[int, int]]:
    tape = read_qasm(qasm, where="test")
    return [(int(a), int(b)) for a, b in tape.qubits[tape.is_two_qubit]]


@pytest.mark.parametrize(("family", "n", "second"), SIZES)
def test_circuits_parse_and_repeat(family: str, n: int, second: int) -> None:
    text = circuit(family, n, second, 5)
    assert text == circuit(family, n, second, 5)
    assert len(read_qasm(text, where="test")) == text.count("\n") - 3
    if family not in ("qft", "ghz"):
        assert text != circuit(family, n, second, 6)


def test_hadamard_test_reads_the_real_part_of_the_ansatz() -> None:
    n = 3
    test = tape_state(read_qasm(circuit("htest", n, 2, 5), where="test"))
    controlled = [line for line in circuit("htest", n, 2, 5).splitlines() if line.startswith("c")]
    plain = [line[1:].replace("q[0],", "", 1) for line in controlled]
    assert len(plain) == 2 * (3 * n + n - 1)
    shifted = "\n".join(plain)
    for q in range(1, n + 1):
        shifted = shifted.replace(f"q[{q}]", f"q[{q - 1}]")
    ansatz = tape_unitary(read_qasm(f'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[{n}];\n{shifted}\n', where="test"))
    zero = np.linalg.norm(test[: 2**n]) ** 2
    assert 2 * zero - 1 == pytest.approx(ansatz[0, 0].real, abs=1e-12)


def test_state_preparation_is_a_general_state() -> None:
    real = tape_state(read_qasm(circuit("stateprep", 5, 0, 5), where="test"))
    full = tape_state(read_qasm(circuit("stateprep", 5, 1, 5), where="test"))
    assert np.abs(real.imag).max() < 1e-12
    assert np.abs(full / full[0] * abs(full[0])).min() > 0
    assert np.abs((full / full[0]).imag).max() > 1e-3
    assert np.count_nonzero(np.abs(real) > 1e-6) == 32


def test_amplitude_estimation_has_phases_in_pairs() -> None:
    """The reading k and its mirror image 2^m - k are equally likely: the Grover operator turns both ways."""
    m, state = 4, 3
    psi = tape_state(read_qasm(circuit("ae", m, state, 5), where="test"))
    p = (np.abs(psi.reshape(2**m, 2**state)) ** 2).sum(axis=1)
    assert p.sum() == pytest.approx(1)
    # Evaluation qubit k holds the power 2^k; the transform without swaps leaves the most significant bit in the last.
    k = np.arange(2**m)
    reading = sum(((k >> (m - 1 - q)) & 1) << q for q in range(m))
    ordered = {}
    for name, order in (("plain", k), ("reversed", reading)):
        by = np.zeros(2**m)
        by[order] = p
        ordered[name] = np.abs(by - by[(-k) % 2**m]).max()
    assert min(ordered.values()) < 1e-9


def test_queko_runs_without_a_swap_under_its_hidden_labels() -> None:
    n, depth = 16, 12
    text = queko(n, GRID, depth, 3)
    assert text == queko(n, GRID, depth, 3)
    label = np.random.default_rng([3, n, depth]).permutation(n)
    place = np.argsort(label)
    coupled = {frozenset(e) for e in GRID}
    assert all(frozenset((int(place[a]), int(place[b]))) in coupled for a, b in _pairs(text))
    front = [0] * n
    for a, b in _pairs(text):
        front[a] = front[b] = max(front[a], front[b]) + 1
    assert max(front) >= depth


def test_qubikos_needs_a_swap_in_every_section() -> None:
    n, swaps = 16, 4
    text = qubikos(n, GRID, swaps, 0, 3)
    pairs = _pairs(text)
    # Sections follow each other on one chain of shared qubits: cut greedily where some qubit has more than 4 partners.
    sections, partners = 0, [set() for _ in range(n)]
    for a, b in pairs:
        partners[a].add(b)
        partners[b].add(a)
        if max(map(len, partners)) > 4:
            sections, partners = sections + 1, [set() for _ in range(n)]
    assert sections == swaps
    # And each gate shares a qubit with the one before it, so that the order is forced.
    assert all({*one} & {*two} for one, two in itertools.pairwise(pairs))


def test_small_rotations_are_found_and_dropped() -> None:
    assert without_tiny_rotations(circuit("qft", 12, 0, 0)) is None
    text = without_tiny_rotations(circuit("qft", 32, 0, 0))
    assert text is not None
    assert 496 - text.count("cu1") == sum(32 - k for k in range(15, 32))


def test_jobs_fit_their_devices() -> None:
    devices = shipped_devices()
    jobs = own_jobs([7], full=False)
    assert {j.family for j in jobs} == {*FAMILIES, "queko", "qubikos"}
    assert {j.device_name for j in jobs} <= set(devices)
    assert all(int(j.qasm.split("qreg q[")[1].split("]")[0]) <= j.device["n"] for j in jobs)


def test_harness_measures_resumes_refreshes_and_writes_tables(tmp_path: Path) -> None:
    jobs = [
        Job(device_name="line", name="hea", family="hea", qasm=circuit("hea", 4, 1, 1), device=LINE),
        Job(
            device_name="line",
            name="queko",
            family="queko",
            qasm=queko(4, [(0, 1), (1, 2), (2, 3)], 3, 1),
            device=LINE,
            route_only=True,
            optimum=0,
        ),
    ]
    path = tmp_path / "rows.csv"
    run(jobs, path, compilers=["qcompile"], seeds=[0])
    with path.open() as file:
        first, second = list(csv.DictReader(file))
    assert tuple(first) == COLUMNS
    assert (first["n2"], first["d2"], first["verified"], first["error"]) == ("3", "3", "exact", "")
    assert float(first["cpu_s"]) > 0
    assert (second["n_swaps"], second["optimum"], second["verified"]) == ("0", "0", "exact")
    before = path.read_text()
    run(jobs, path, compilers=["qcompile"], seeds=[0])
    assert path.read_text() == before
    run(jobs[:1], path, compilers=["qcompile"], seeds=[0], refresh=["qcompile"], only="hea")
    assert path.read_text().count("\n") == 3
    assert {p.circuit: p.ours("n_swaps") for p in read_pairs(path)} == {"hea": 0, "queko": 0}
    write_tables(path, tmp_path)
    assert "| queko | queko | line | 0 | 0 |" in (tmp_path / "results.md").read_text()


def test_metrics_leave_out_virtual_gates() -> None:
    head = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\n'
    text = head + "rz(0.3) q[0];\ncx q[0],q[1];\nsx q[0];\nrz(1) q[0];\nsx q[0];\n"
    assert measure(text, LINE)["n2"] == 1
    assert measure(text, LINE)["depth"] == 2


def test_means_are_clipped() -> None:
    assert clipped(9) == 2
    assert clipped(0.1) == 0.5
    assert geometric_mean([0.25, 4.0, None]) == pytest.approx(1)
    assert geometric_mean([]) is None
