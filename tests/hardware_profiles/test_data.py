"""The shipped files: each loads, each number has a source, stored statistics are those of the tables."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import hardware_profiles
from hardware_profiles import find, list_profiles, load_profile
from hardware_profiles.checks import figures_of
from hardware_profiles.library import profile_from_data
from hardware_profiles.schema import HardwareProfile

NAMES = list_profiles()
DEVICES = (*list_profiles("device"), *list_profiles("model"))


def test_what_is_shipped() -> None:
    assert len(NAMES) == 24
    assert len(list_profiles("device")) == 21
    assert list_profiles("model") == ("neutral_atom_zoned",)
    assert list_profiles("requirement") == ("paper-minimum",)
    assert list_profiles("assumption") == ("surface_code_assumptions",)


@pytest.mark.parametrize("name", NAMES)
def test_every_profile_loads_and_keeps_its_content(name: str) -> None:
    profile = load_profile(name)
    assert profile.id == name
    again = HardwareProfile.model_validate_json(profile.canonical())
    assert again == profile
    assert again.content_hash() == profile.content_hash()
    assert hash(again) == hash(profile)


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_a_source_that_exists(name: str) -> None:
    profile = load_profile(name)
    figures = list(figures_of(profile))
    columns = [c for t in (profile.qubit_table, profile.edge_table) if t is not None for c in t.columns]
    keys = [figure.source for _, figure in figures] + [column.source for column in columns]
    keys += [line.source for line in profile.requirements.values() if line.source is not None]
    assert keys, name
    assert set(keys) <= set(profile.sources)
    for _, figure in figures:
        assert figure.date
        assert figure.status in ("measured", "datasheet", "assumed", "derived")


@pytest.mark.parametrize("name", NAMES)
def test_files_are_small_and_name_no_local_path(name: str) -> None:
    text = find(name).read_text()
    assert len(text) < 60_000
    assert not re.search(r"/(home|work|tmp|root)/", text)


@pytest.mark.parametrize("name", DEVICES)
def test_no_gate_error_is_a_bare_number(name: str) -> None:
    profile = load_profile(name)
    for op in profile.operations:
        gate = profile.gate(op.gate)
        assert gate is not None
        if op.error is not None:
            head, _ = profile.lookup(op.error, per="edge" if gate.arity == 2 else "qubit")
            assert head.error is not None
            assert head.error.num_qubits == gate.arity


@pytest.mark.parametrize("name", [n for n in DEVICES if n.startswith(("google_w", "google_r", "ibm"))])
def test_stored_medians_are_those_of_the_tables(name: str) -> None:
    profile = load_profile(name)
    columns = {
        "t1_median": "t1",
        "t2_median": "t2",
        "t2_effective_median": "t2_effective",
        "single_qubit_error_pauli_median": "rb_pauli_error",
        "single_qubit_error_sx_median": "sx_error",
        "two_qubit_error_cz_median": "cz_error",
        "two_qubit_error_ecr_median": "ecr_error",
        "two_qubit_error_rzz_median": "rzz_error",
        "two_qubit_error_cz_simultaneous_pauli_median": "cz_parallel_pauli_error_per_cycle",
        "two_qubit_error_syc_simultaneous_pauli_median": "syc_parallel_pauli_error_per_cycle",
        "readout_error_measure2_median": "measure2_error",
    }
    medians = profile.summary()
    found = {figure: column for figure, column in columns.items() if figure in profile.figures}
    assert len(found) >= 3
    for figure, column in found.items():
        # Figures are stored with six digits.
        assert medians[column] == pytest.approx(float(profile.figures[figure].value), rel=1e-5)


@pytest.mark.parametrize(
    ("name", "gate", "n_dead"),
    [
        ("ibm_sherbrooke", "ecr", 9),
        ("ibm_torino", "cz", 11),
        ("ibm_marrakesh", "cz", 13),
        ("ibm_fez", "cz", 7),
        ("ibm_kingston", "cz", 7),
        ("ibm_miami", "cz", 7),
        ("ibm_berlin", "cz", 6),
        ("ibm_pittsburgh", "cz", 5),
        ("ibm_brisbane", "ecr", 1),
        ("ibm_boston", "cz", 1),
    ],
)
def test_gates_reported_with_error_one_are_disabled_not_unknown(name: str, gate: str, n_dead: int) -> None:
    profile = load_profile(name)
    op = next(op for op in profile.operations if op.gate == gate)
    assert len(op.disabled) == n_dead
    assert profile.edge_table is not None
    cells = profile.edge_table.cells(f"{gate}_error")
    assert {k for k, cell in enumerate(cells) if cell is None} == set(op.disabled)
    assert max(cell for cell in cells if cell is not None) < 0.8


def test_willow_agrees_with_its_data_sheet() -> None:
    profile = load_profile("google_willow_105")
    assert profile.qubit_table is not None
    assert profile.edge_table is not None
    one = profile.qubit_table.cells("rb_pauli_error")
    two = profile.edge_table.cells("cz_parallel_pauli_error_per_cycle")
    # The calibration gives Pauli errors, the sheet average ones: 0.035 % and 0.33 %.
    assert sum(one) / len(one) * 2 / 3 == pytest.approx(3.52e-4, rel=2e-3)
    assert sum(two) / len(two) * 4 / 5 == pytest.approx(3.27e-3, rel=2e-3)


def test_sycamore_errors_are_pauli_errors() -> None:
    figures = load_profile("google_sycamore_2019").figures
    cycle, one = figures["two_qubit_cycle_error_simultaneous"], figures["single_qubit_error_simultaneous"]
    assert cycle.value - 2 * one.value == pytest.approx(figures["two_qubit_error_simultaneous"].value, abs=2e-4)


def test_assumptions_keep_every_set() -> None:
    profile = load_profile("surface_code_assumptions")
    assert len(profile.assumptions) == 11
    assert len(profile.codes) == 3
    gate = profile.assumptions["qubit_gate_ns_e3"].figures["two_qubit_gate_error"]
    assert gate.rate is not None
    assert gate.rate.pauli == 0.001
    # Pinned from the SI1000 paper: public implementations disagree.
    assert profile.assumptions["si1000"].formulas == {
        "parameter": "p",
        "one_qubit_gate_depolarizing": "p/10",
        "two_qubit_gate_depolarizing": "p",
        "reset_flip": "2p",
        "measurement_flip": "5p",
        "idle_depolarizing": "p/10",
        "idle_during_measure_or_reset_depolarizing": "2p",
        "metric": "pauli_error (Stim convention)",
    }


def test_files_are_written_in_one_order(tmp_path: Path) -> None:
    data = json.loads(find("ionq_forte_36").read_text())
    shuffled = dict(reversed(list(data.items())))
    assert profile_from_data(shuffled, name="x").content_hash() == load_profile("ionq_forte_36").content_hash()


def test_the_front_door_is_complete() -> None:
    for name in hardware_profiles.__all__:
        assert getattr(hardware_profiles, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        hardware_profiles.nothing  # noqa: B018
