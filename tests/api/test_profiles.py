"""Every machine that can hold it compiles the model `nano`, verified exactly, every witness replayed."""

import pytest

import qcompile as qc
from hardware_profiles import list_profiles, load_profile
from qcompile.spec import ModelSpec, preset_text

MACHINES = [
    name
    for name in list_profiles()
    if str(load_profile(name).kind) in ("device", "model") and qc.Target.load(name).enabled.sum() >= 9
]


@pytest.fixture(scope="module")
def nano() -> ModelSpec:
    return qc.load_model(preset_text("nano"))


@pytest.mark.parametrize("machine", MACHINES)
def test_nano_is_exact_on_every_machine(nano: ModelSpec, machine: str) -> None:
    built = qc.compile(nano, target=machine)
    certificates = qc.certify(built)
    assert set(certificates) == set(built)
    assert len(built) >= 5
    for name, certificate in certificates.items():
        assert certificate.ok, (name, str(certificate), certificate.replay)
        assert certificate.distance is not None
        assert certificate.distance < 1e-9
        assert certificate.replay.ok
        assert "exact" in certificate.method


def test_the_papers_requirement_is_information_and_names_number_and_limit(nano: ModelSpec) -> None:
    lines = {
        line.name: line for line in qc.check(qc.compile(nano, target="google_willow_105")).lines if not line.binding
    }
    assert lines["gate_fidelity"].status.value == "fail"
    assert lines["gate_fidelity"].found == pytest.approx(0.99725, abs=1e-5)
    assert lines["t2"].status.value == "fail"
    assert lines["num_qubits"].status.value == "pass"
