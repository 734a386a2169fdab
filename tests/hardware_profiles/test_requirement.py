"""Machines against the paper's minimum: the comparison that was made by hand, line by line."""

from __future__ import annotations

import pytest

from hardware_profiles import Criterion, check, list_profiles, load_profile
from hardware_profiles.surface_patch import has_surface_code_patch
from qcompile.errors import InputError


def lines(name: str, **options: str) -> dict[str, Criterion]:
    return {line.name: line for line in check(load_profile(name), "paper-minimum", **options)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "n", "t2", "fidelity", "readout", "connectivity", "statuses"),
    [
        ("ibm_boston", 155, 353e-6, 0.9987, 0.9949, "heavy-hex", "pass pass fail pass fail"),
        ("ibm_pittsburgh", 155, 317e-6, 0.9985, 0.9955, "heavy-hex", "pass pass fail pass fail"),
        ("ibm_miami", 120, 242e-6, 0.9971, 0.982, "grid, surface-code-compatible", "pass pass fail fail pass"),
        ("ibm_berlin", 120, 248e-6, 0.9979, 0.979, "grid, surface-code-compatible", "pass pass fail fail pass"),
        ("google_willow_105", 105, 89e-6, 0.9972, 0.9927, "grid, surface-code-compatible", "pass fail fail pass pass"),
        ("quantinuum_helios_98", 98, None, 0.9992, 0.9997, "all-to-all", "fail unknown pass pass pass"),
        ("quantinuum_h2_1_56", 56, None, 0.9989, 0.999, "all-to-all", "fail unknown fail pass pass"),
        ("ionq_forte_36", 36, 1.0, 0.9932, 0.9959, "all-to-all", "fail pass fail pass pass"),
    ],
)
def test_the_paper_minimum(
    name: str, n: int, t2: float | None, fidelity: float, readout: float, connectivity: str, statuses: str
) -> None:
    found = lines(name)
    names = ("num_qubits", "t2", "gate_fidelity", "measurement_fidelity", "connectivity")
    assert " ".join(found[key].status for key in names) == statuses
    assert found["num_qubits"].found == n
    assert found["t2"].found == (None if t2 is None else pytest.approx(t2, rel=5e-3))
    assert found["gate_fidelity"].found == pytest.approx(fidelity, abs=6e-5)
    assert found["measurement_fidelity"].found == pytest.approx(readout, abs=5e-4)
    assert found["connectivity"].found == connectivity


def test_willow_is_compared_by_its_measured_t2() -> None:
    found = lines("google_willow_105")["t2"]
    assert found.note == "mean cpmg T2"
    assert found.required == ">= 100 us"


@pytest.mark.parametrize("name", [*list_profiles("device"), *list_profiles("model")])
def test_no_machine_meets_it_and_unknown_is_not_a_failure(name: str) -> None:
    found = lines(name)
    assert list(found) == list(load_profile("paper-minimum").requirements)
    assert any(line.status == "fail" for line in found.values())
    for line in found.values():
        assert (line.found is None) == (line.status == "unknown")


def test_read_as_one_qubit_fidelity_boston_fails_on_connectivity_alone() -> None:
    found = lines("ibm_boston", fidelity_reading="single_qubit")
    assert [name for name, line in found.items() if line.status == "fail"] == ["connectivity"]
    assert found["gate_fidelity"].note == "median average fidelity of sx"
    assert lines("ibm_boston")["gate_fidelity"].note == "median average fidelity of cz"


def test_the_control_stack_of_sycamore_misses_by_its_converters() -> None:
    found = lines("google_sycamore_2019")
    assert (found["dac_adc_bits"].found, found["dac_adc_bits"].status) == (8, "fail")
    assert (found["sampling_rate"].found, found["sampling_rate"].status) == (1e9, "pass")
    assert (found["control_channels"].found, found["control_channels"].status) == (277, "pass")
    assert found["control_channels"].required == ">= 2 * num_qubits = 106"
    assert found["control_latency"].status == "unknown"


def test_what_cannot_be_compared() -> None:
    boston = load_profile("ibm_boston")
    with pytest.raises(InputError, match="is of kind device; use one of kind requirement"):
        check(boston, "ibm_miami")
    with pytest.raises(InputError, match="is of kind requirement; compare a device or a model"):
        check(load_profile("paper-minimum"), "paper-minimum")
    with pytest.raises(InputError, match="use two_qubit or single_qubit"):
        check(boston, "paper-minimum", fidelity_reading="best")  # type: ignore[arg-type]
    assert boston.check("paper-minimum") == check(boston, load_profile("paper-minimum"))


def lattice(rows: int, columns: int) -> list[tuple[int, int]]:
    across = [(r * columns + c, r * columns + c + 1) for r in range(rows) for c in range(columns - 1)]
    return across + [(r * columns + c, (r + 1) * columns + c) for r in range(rows - 1) for c in range(columns)]


def test_which_graphs_hold_a_surface_code_patch() -> None:
    # The patch lies on a lattice turned by 45 degrees and reaches over a diamond: 5 x 5 upright sites hold it, 4 x 4
    # have too few qubits.
    assert has_surface_code_patch(25, lattice(5, 5))
    assert not has_surface_code_patch(16, lattice(4, 4))
    assert not has_surface_code_patch(40, lattice(2, 20))
    ring = [(q, (q + 1) % 30) for q in range(30)]
    assert not has_surface_code_patch(30, ring)
