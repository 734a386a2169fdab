"""What a circuit spends: survival multiplies, idle counts only in gaps, unknown stays unknown."""

from __future__ import annotations

import math
from typing import Any

import attrs
import cirq
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.budget import account, coherence_need, esp, exposure, idle_error
from qcompile.schedule import schedule
from qcompile.tape import Tape, TapeBuilder, tape_of
from qcompile.target import Target


def machine(n: int = 4, **changes: Any) -> Target:
    target = Target.from_couplings(n, "all_to_all", "cz", f1=0.999, f2=0.99, t1q_s=25e-9, t2q_s=42e-9, T_s=70e-6)
    known = {
        "duration_readout_s": np.full(n, 600e-9),
        "duration_reset_s": np.full(n, 160e-9),
        "readout_p10": np.full(n, 0.004),
        "readout_p01": np.full(n, 0.012),
        "t2_s": np.full(n, 90e-6),
    }
    return attrs.evolve(target, **{**known, **changes})


def measured(text: str, n: int) -> Tape:
    b = TapeBuilder(n)
    b.extend(tape_of(text, n_qubits=n))
    b.measure(*range(n), key="m")
    return b.build()


def test_idle_error_is_that_of_cirq() -> None:
    """e_F = 4.3737e-4 for T1 = 100 us, T2 = 80 us, t = 50 ns; and the Pauli error of Cirq for any."""
    assert float(idle_error(50e-9, 100e-6, 80e-6)) == pytest.approx(4.3737e-4, rel=1e-4)
    for t in (10.0, 400.0, 5000.0):
        wanted = cirq.qis.decoherence_pauli_error(t1_ns=100e3, tphi_ns=1 / (1 / 80e3 - 1 / 200e3), gate_time_ns=t)
        assert float(idle_error(t * 1e-9, 100e-6, 80e-6)) == pytest.approx(float(wanted), rel=1e-9)
    channel = cirq.kraus(cirq.amplitude_damp(1 - math.exp(-0.3)))
    fidelity = sum(abs(np.trace(k)) ** 2 for k in channel) / 4
    assert float(idle_error(0.3, 1.0, 2.0)) == pytest.approx(1 - fidelity, rel=1e-12)


def test_one_circuit_by_hand() -> None:
    tape = measured("h 0; cz 0 1", 2)
    found = esp(schedule(tape, machine()), machine())
    # Qubit 1 waits for nothing before its first gate, qubit 0 for nothing at all.
    assert found.esp == pytest.approx(0.999 * 0.99 * 0.992**2, rel=1e-12)
    assert found.by_cause["idle"] == 1.0
    assert found.survival("readout") == pytest.approx(0.992**2)
    assert found.waterfall[-1][1] == pytest.approx(found.esp)
    assert float(np.prod(found.by_qubit)) == pytest.approx(found.partial)
    assert found.worst_qubits(1)[0][0] == 0


def test_waiting_costs_what_the_thermal_channel_costs() -> None:
    tape = measured("cz 0 1; cz 1 2; cz 1 2; cz 0 1", 3)
    found = esp(schedule(tape, machine()), machine())
    waits = [84e-9, 42e-9]  # qubit 0 between its gates; qubit 2 until all are read together
    idle = math.prod(1 - float(idle_error(t, 70e-6, 90e-6)) for t in waits)
    assert found.survival("idle") == pytest.approx(idle, rel=1e-12)
    assert found.survival("two_qubit_gates") == pytest.approx(0.99**4)


def test_nothing_waits_after_a_reset_or_before_its_first_gate() -> None:
    b = TapeBuilder(2)
    b.extend(tape_of("cz 0 1; cz 0 1"))
    b.add("reset", 1)
    b.extend(tape_of("h 0; h 0; h 0; h 0; h 0; h 0; h 0; h 0; h 0; h 0; h 0; h 0; h 0; h 0"))
    assert esp(schedule(b.build(), machine()), machine()).survival("idle") == 1.0


def test_unknown_figures_leave_a_partial_product_and_a_list() -> None:
    target = machine(readout_p01=np.array([0.01, math.nan, 0.01, 0.01]))
    found = esp(schedule(measured("cz 0 1", 2), target), target)
    assert found.esp is None
    assert found.missing == (("readout error of qubit 1", 1),)
    assert found.missing_causes == {"readout"}
    assert found.partial == pytest.approx(0.99 * (1 - 0.007))
    no_t2 = machine(t2_s=np.full(4, math.nan))
    waits = esp(schedule(measured("cz 0 1; cz 1 2; cz 0 1", 3), no_t2), no_t2)
    assert "idle" in waits.missing_causes
    spent = account(schedule(measured("cz 0 1; cz 1 2; cz 0 1", 3), no_t2), no_t2)
    assert spent.found["exposure_t2"].value is None
    assert spent.found["exposure_t2"].at_least == pytest.approx(126e-9 / 140e-6)
    assert spent.found["esp"].at_most < 1


def test_an_unknown_readout_time_at_the_end_spoils_nothing_before_it() -> None:
    target = machine(duration_readout_s=np.full(4, math.nan))
    made = schedule(measured("cz 0 1; cz 1 2; cz 0 1", 3), target)
    assert made.makespan_s is None
    assert esp(made, target).esp is not None
    assert exposure(made, target).worst_t2 == pytest.approx(126e-9 / 90e-6)
    left_alive = schedule(tape_of("cz 0 1; cz 1 2", n_qubits=3), machine(duration_1q_s=np.full(4, math.nan)))
    assert left_alive.makespan_s is not None


def test_memory_error_per_layer_counts_waiting_layers() -> None:
    target = machine(6, t1_s=np.full(6, math.nan), t2_s=np.full(6, math.nan), idle_error_per_layer=2e-4)
    tape = measured("cz 0 1; cz 1 2; cz 2 3; cz 0 1", 4)
    found = esp(schedule(tape, target), target)
    # Layers: (0 1), (1 2), (2 3)(0 1). Qubit 0 waits in the second; 1 in none; 2 and 3 in none.
    assert found.survival("idle") == pytest.approx(1 - 2e-4)
    assert found.esp is not None


def test_exposure_runs_from_the_first_gate_to_the_readout_or_the_end() -> None:
    target = machine()
    read = exposure(schedule(measured("cz 0 1; cz 1 2", 3), target), target)
    assert read.held_s.tolist() == pytest.approx([84e-9, 84e-9, 42e-9])
    alive = exposure(schedule(tape_of("cz 0 1; cz 1 2", n_qubits=4), target), target)
    assert alive.held_s.tolist() == pytest.approx([84e-9, 84e-9, 42e-9, 0])
    assert alive.worst_t1 == pytest.approx(84e-9 / 70e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31))
def test_more_gates_never_raise_the_product(seed: int) -> None:
    rng = np.random.default_rng(seed)
    b = TapeBuilder(4)
    last = 1.0
    for _ in range(12):
        x, y = (int(q) for q in rng.permutation(4)[:2])
        b.add("cz", x, y)
        found = esp(schedule(b.build(), machine()), machine())
        assert found.esp is not None
        assert found.esp <= last + 1e-15
        last = found.esp


def test_three_readings_of_eq_76() -> None:
    n, layers = 8, 10
    target = Target.from_couplings(
        n, "all_to_all", "cx", f1=1.0, f2=1.0, t1q_s=25e-9, t2q_s=40e-9, T_s=70e-6, one_qubit="phxz"
    )
    b = TapeBuilder(n)
    for _ in range(layers):
        for k in reversed(range(n - 1)):
            b.add("cx", k, k + 1)
        for q in range(n):
            b.add("phxz", q, angles=[1.0, 0.1, 0.2])
    need = coherence_need(schedule(b.build(), target), target)
    assert need.serial_s == pytest.approx(3.05e-6)
    assert need.critical_path_s == pytest.approx(1.25e-6)
    assert need.idle_survival is not None
    assert 0.9 < need.idle_survival < 1.0
