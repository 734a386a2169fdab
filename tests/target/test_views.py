"""Targets as Cirq sees them: decoherence, devices, noise."""

from __future__ import annotations

import math

import cirq
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.target import Target
from qcompile.target.cirq_gates import ECR
from qcompile.target.thermal import residual_error, thermal_error
from qcompile.target.views import cirq_qubits, gateset, noise_model, to_cirq_device


def entanglement_infidelity(kraus: list[np.ndarray]) -> float:
    d = kraus[0].shape[0]
    return float(1 - sum(abs(np.trace(k)) ** 2 for k in kraus) / d**2)


def channel_error(circuit: cirq.Circuit, ideal: cirq.Circuit, qubits: list[cirq.Qid]) -> float:
    """Return e_F of a noisy circuit once the ideal one is undone, from what it does to half of entangled pairs."""
    n = len(qubits)
    partners = cirq.NamedQubit.range(n, prefix="z")
    entangle = cirq.Circuit([cirq.H(q), cirq.CNOT(q, p)] for q, p in zip(qubits, partners, strict=True))
    rho = cirq.DensityMatrixSimulator(dtype=np.complex128).simulate(
        entangle + circuit + cirq.inverse(ideal) + cirq.inverse(entangle), qubit_order=[*qubits, *partners]
    )
    return 1 - float(np.real(rho.final_density_matrix[0, 0]))


# -- decoherence -------------------------------------------------------------------------------------------------------


def test_thermal_error_of_the_worked_example() -> None:
    error = float(thermal_error(50e-9, 100e-6, 80e-6))
    assert error == pytest.approx(4.3737e-4, rel=1e-4)
    assert error * 2 / 3 == pytest.approx(2.9158e-4, rel=1e-4)


@given(t1=st.floats(1e-6, 1e-3), ratio=st.floats(0.01, 2), t=st.floats(1e-9, 1e-5))
@settings(max_examples=50, deadline=None)
def test_thermal_error_is_that_of_the_channel(t1: float, ratio: float, t: float) -> None:
    t2 = ratio * t1
    damp = cirq.kraus(cirq.amplitude_damp(-math.expm1(-t / t1)))
    dephase = cirq.kraus(cirq.phase_damp(-math.expm1(-2 * t / t2 + t / t1)))
    channel = [a @ b for a in dephase for b in damp]
    assert float(thermal_error(t, t1, t2)) == pytest.approx(entanglement_infidelity(channel), rel=1e-6, abs=1e-14)


@given(t1=st.floats(1e-6, 1e-3), t=st.floats(1e-9, 1e-6))
@settings(max_examples=50, deadline=None)
def test_thermal_error_agrees_with_cirq(t1: float, t: float) -> None:
    # Cirq's formula, (T1 rates) 1/T1 and pure dephasing 1/Tphi, is the first order of ours.
    theirs = cirq.qis.decoherence_pauli_error(t1 * 1e9, 2 * t1 * 1e9, t * 1e9)
    t2 = 1 / (1 / (2 * t1) + 1 / (2 * t1))
    assert float(thermal_error(t, t1, t2)) == pytest.approx(theirs, rel=max(1e-9, 3 * t / t1))


def test_unknown_times_give_unknown_errors_and_no_time_none() -> None:
    assert math.isnan(float(thermal_error(1e-8, math.nan, 1e-5)))
    assert math.isnan(float(thermal_error(1e-8, 1e-5, math.nan)))
    assert float(thermal_error(0.0, math.nan, math.nan)) == 0
    assert thermal_error([0, 1e-8], [1e-5, 1e-5], [1e-5, 1e-5]).shape == (2,)


@given(e=st.floats(0, 0.5), th=st.lists(st.floats(0, 0.1), max_size=3))
def test_residual_and_thermal_make_up_the_whole(e: float, th: list[float]) -> None:
    left = float(residual_error(e, *th))
    whole = 1 - (1 - left) * math.prod(1 - part for part in th)
    assert whole == pytest.approx(max(e, 1 - math.prod(1 - part for part in th)), abs=1e-12)


def test_how_often_the_reported_error_is_below_the_limit() -> None:
    # Counted by hand for the same snapshots: couplings below the T1, T2 limit.
    for name, gate, count in (("ibm_brisbane", "ecr", 37), ("ibm_sherbrooke", "ecr", 26), ("ibm_fez", "cz", 2)):
        target = Target.load(name)
        native = target.native(gate)
        a, b = target.edges[native.available].T
        time = native.duration_s[native.available]
        limits = [thermal_error(time, target.t1_s[q], target.t2_s[q]) for q in (a, b)]
        assert int(np.sum(residual_error(native.error[native.available], *limits) == 0)) == count


# -- devices -----------------------------------------------------------------------------------------------------------


def test_qubits() -> None:
    assert cirq_qubits(Target.load("google_willow_105"))[0] == cirq.GridQubit(0, 6)
    assert cirq_qubits(Target.load("ionq_forte_36"))[3] == cirq.LineQubit(3)
    # The order of the indices is Cirq's own, so that sorting the qubits changes nothing.
    for name in ("google_willow_105", "google_weber_53", "ibm_boston", "ibm_brisbane", "rigetti_ankaa_3_84"):
        qubits = cirq_qubits(Target.load(name))
        assert list(qubits) == sorted(qubits)


def test_a_device_takes_what_the_target_plays() -> None:
    willow = to_cirq_device(Target.load("google_willow_105"))
    a, b = cirq.GridQubit(6, 6), cirq.GridQubit(6, 7)
    symbol = sympy.Symbol("t")
    willow.validate_circuit(
        cirq.Circuit(
            cirq.PhasedXZGate(x_exponent=0.1, z_exponent=symbol, axis_phase_exponent=0.3)(a),
            cirq.CZ(a, b).with_tags("kept"),
            cirq.X(b) ** symbol,
            cirq.measure(a, key="m"),
            cirq.Z(b).with_classical_controls("m"),
            cirq.CircuitOperation(cirq.FrozenCircuit(cirq.CZ(b, a)), repetitions=3),
            cirq.global_phase_operation(1j),
            cirq.reset(a),
        )
    )
    assert len(willow.metadata.qubit_set) == 105
    assert willow.metadata.nx_graph.number_of_edges() == 182


@pytest.mark.parametrize(
    ("name", "operation", "message"),
    [
        ("google_willow_105", cirq.X(cirq.GridQubit(0, 0)), "has no qubit"),
        ("google_willow_105", cirq.CZ(cirq.GridQubit(6, 6), cirq.GridQubit(6, 8)), "are not coupled"),
        ("google_willow_105", cirq.CNOT(cirq.GridQubit(6, 6), cirq.GridQubit(6, 7)), "is not native"),
        ("google_willow_105", cirq.CZ(cirq.GridQubit(6, 6), cirq.GridQubit(6, 7)) ** 0.5, "is not native"),
        ("google_willow_105", cirq.H(cirq.GridQubit(6, 6)), "is not in the one-qubit set phxz"),
        ("line(3)", cirq.CCZ(*(cirq.GridQubit(0, c) for c in range(3))), "plays gates of one and two qubits"),
        ("rigetti_ankaa_3_84", cirq.X(cirq.GridQubit(6, 0)), "cannot be used"),
        ("rigetti_ankaa_3_84", cirq.X(cirq.GridQubit(0, 0)) ** 0.3, "is not in the one-qubit set zsx"),
        ("ionq_forte_36", cirq.X(cirq.LineQubit(0)) ** 0.3, "is not in the one-qubit set gpi"),
    ],
)
def test_a_device_refuses_the_rest(name: str, operation: cirq.Operation, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        to_cirq_device(Target.load(name)).validate_operation(operation)


def test_directions_and_angles_are_validated() -> None:
    eagle = Target.from_couplings(3, [(0, 1), (1, 2)], "ecr", directed=[(1, 0), (1, 2)])
    device, q = to_cirq_device(eagle), cirq.LineQubit.range(3)
    device.validate_operation(ECR(q[1], q[0]))
    with pytest.raises(ValueError, match="works only from"):
        device.validate_operation(ECR(q[0], q[1]))

    boston = Target.load("ibm_boston")
    device = to_cirq_device(boston)
    a, b = (device.qubits[k] for k in boston.edges[0])
    for angle in (0.1, np.pi / 2, 0.3 - 2 * np.pi):
        device.validate_operation(cirq.ZZPowGate(exponent=angle / np.pi, global_shift=-0.5)(a, b))
    device.validate_operation(cirq.ZZ(a, b) ** sympy.Symbol("t"))
    for angle in (-0.1, np.pi):
        with pytest.raises(ValueError, match="is not native"):
            device.validate_operation(cirq.ZZ(a, b) ** (angle / np.pi))


@pytest.mark.parametrize(
    "name", ["google_weber_53", "ibm_brisbane", "ibm_boston", "ionq_aria_25", "rigetti_ankaa_3_84"]
)
def test_gatesets_hold_the_native_gates(name: str) -> None:
    target = Target.load(name)
    native: dict[str, cirq.Gate] = {
        "syc": cirq.FSimGate(np.pi / 2, np.pi / 6),
        "sqrtiswap": cirq.SQRT_ISWAP,
        "cz": cirq.CZ,
        "ecr": ECR,
        "rzz": cirq.ZZ**0.3,
        "rxx": cirq.XX**0.3,
        "iswap": cirq.ISWAP,
    }
    gates = gateset(target)
    for gate in target.natives:
        assert native[gate.name] in gates
    assert cirq.CCX not in gates
    assert cirq.X**0.5 in gates


# -- noise -------------------------------------------------------------------------------------------------------------


def test_a_noisy_gate_has_the_reported_error() -> None:
    target = Target.load("google_willow_105")
    model = noise_model(target)
    qubits = cirq_qubits(target)
    checked = 0
    for edge in range(0, target.n_edges, 23):
        a, b = target.edges[edge]
        ideal = cirq.Circuit(cirq.CZ(qubits[a], qubits[b]))
        found = channel_error(ideal.with_noise(model), ideal, [qubits[a], qubits[b]])
        native = target.native("cz")
        limits = [thermal_error(native.duration_s[edge], target.t1_s[q], target.t2_s[q]) for q in (a, b)]
        expected = max(native.error[edge], 1 - math.prod(1 - float(limit) for limit in limits))
        assert found == pytest.approx(expected, rel=5e-3)
        checked += 1
    assert checked == 8


def test_a_noisy_pulse_has_the_reported_error_and_virtual_ones_none() -> None:
    target = Target.load("ibm_boston")
    model, q = noise_model(target), cirq_qubits(target)[3]
    ideal = cirq.Circuit(cirq.X(q) ** 0.5)
    assert channel_error(ideal.with_noise(model), ideal, [q]) == pytest.approx(target.error_1q[3], rel=5e-3)
    virtual = cirq.Circuit(cirq.Z(q) ** 0.3, cirq.I(q))
    assert virtual.with_noise(model) == virtual


def test_spectators_decohere_while_others_are_read() -> None:
    target = Target.load("ibm_boston")
    model, qubits = noise_model(target), cirq_qubits(target)
    noisy = cirq.Circuit(model.noisy_moment(cirq.Moment(cirq.measure(qubits[0])), [qubits[0], qubits[1]]))
    on_spectator = cirq.Circuit(op for op in noisy.all_operations() if qubits[1] in op.qubits)
    expected = thermal_error(target.duration_readout_s[0], target.t1_s[1], target.t2_s[1])
    assert channel_error(on_spectator, cirq.Circuit(), [qubits[1]]) == pytest.approx(float(expected), rel=1e-6)


@pytest.mark.parametrize("prepared", [0, 1])
def test_readout_errors_flip_each_way_with_its_own_probability(prepared: int) -> None:
    target = Target.load("google_willow_105")
    model, q = noise_model(target), cirq_qubits(target)[7]
    noisy = cirq.Circuit(model.noisy_moment(cirq.Moment(cirq.measure(q)), [q]))
    flips = [op for op in noisy.all_operations() if not isinstance(op.gate, cirq.MeasurementGate)]
    circuit = cirq.Circuit([cirq.X(q)] * prepared, flips)
    rho = cirq.final_density_matrix(circuit, qubit_order=[q], dtype=np.complex128)
    wrong = float(np.real(rho[1 - prepared, 1 - prepared]))
    assert wrong == pytest.approx(target.readout_p10[7] if prepared == 0 else target.readout_p01[7], rel=1e-6)


def test_memory_errors_reach_the_waiting_qubits_only() -> None:
    target = Target.load("quantinuum_h2_1_56")
    model, q = noise_model(target), cirq.LineQubit.range(3)
    circuit = cirq.Circuit(cirq.ZZ(q[0], q[1]) ** 0.5, cirq.I(q[2])).with_noise(model)
    rates = {op.qubits: op.gate.p for op in circuit.all_operations() if isinstance(op.gate, cirq.DepolarizingChannel)}
    assert rates == {
        (q[0], q[1]): pytest.approx(1.25 * 0.001055),
        (q[2],): pytest.approx(1.5 * 0.000203),
    }


def test_unknown_numbers_add_no_noise() -> None:
    target = Target.load("line(2)")
    circuit = cirq.Circuit(cirq.CZ(*cirq_qubits(target)), cirq.measure(*cirq_qubits(target)))
    assert circuit.with_noise(noise_model(target)) == circuit


def test_gates_that_are_not_native_are_refused_not_left_silent() -> None:
    target = Target.load("google_willow_105")
    a, b = cirq.GridQubit(6, 6), cirq.GridQubit(6, 7)
    with pytest.raises(InputError, match="is not native; compile to cz"):
        cirq.Circuit(cirq.CNOT(a, b)).with_noise(noise_model(target))


def test_cirq_google_and_we_add_about_the_same_noise() -> None:
    # A thousand moments of the same circuit: same order of magnitude as the vendor's own model of the same data.
    import cirq_google

    properties = cirq_google.engine.load_device_noise_properties("willow_pink")
    theirs = cirq_google.NoiseModelFromGoogleNoiseProperties(properties)
    target = Target.load("google_willow_105")
    a, b = cirq.GridQubit(6, 6), cirq.GridQubit(6, 7)
    ideal = cirq.Circuit(
        [cirq.PhasedXZGate(x_exponent=0.5, z_exponent=0, axis_phase_exponent=0).on_each(a, b), cirq.CZ(a, b)]
    )
    ours_error = channel_error(ideal.with_noise(noise_model(target)), ideal, [a, b])
    their_error = channel_error(ideal.with_noise(theirs), ideal, [a, b])
    assert ours_error == pytest.approx(their_error, rel=0.3)
