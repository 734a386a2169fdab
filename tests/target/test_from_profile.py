"""Targets from the shipped profiles: laws for all of them, and numbers that were worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hardware_profiles import list_profiles, load_profile
from hardware_profiles.library import profile_from_data
from qcompile.target import Target
from qcompile.target.thermal import thermal_error

MACHINES = (*list_profiles("device"), *list_profiles("model"))


@pytest.mark.parametrize("name", MACHINES)
def test_every_machine_is_a_target(name: str) -> None:
    target, profile = Target.load(name), load_profile(name)
    assert target == Target.from_profile(profile)
    assert (target.name, target.profile_id) == (name, name)
    assert target.n_qubits >= 9
    assert target.sources
    # Nine qubits in one piece: enough for the smallest of the paper's circuits.
    assert np.bincount(target.components[target.enabled]).max() >= 9
    assert np.all(target.edges[:, 0] < target.edges[:, 1])
    assert np.all(target.enabled[target.edges])
    for gate in target.natives:
        assert np.all((gate.error > 0) | np.isnan(gate.error))
        assert np.nanmax(gate.error, initial=0) <= 1
        assert np.all((gate.duration_s > 0) | np.isnan(gate.duration_s))
    works = np.any([gate.available for gate in target.natives], axis=0)
    assert works.all()
    for _, values in target.qubit_columns()[1:]:
        assert np.all((values > 0) | (values == 0) | np.isnan(values))
    known = ~np.isnan(target.t1_s) & ~np.isnan(target.t2_s)
    assert np.all(target.t2_s[known] <= 2 * target.t1_s[known])
    assert np.all((target.readout_p10 < 0.5) | np.isnan(target.readout_p10) | (target.readout_p10 <= 1))


def test_t2_is_clipped_where_seventeen_qubits_say_more_than_twice_t1() -> None:
    clipped = 0
    for name in MACHINES:
        target, profile = Target.load(name), load_profile(name)
        column = profile.qubit_figures.t2
        if column is None or profile.qubit_figures.t1 is None:
            continue
        _, cells = profile.lookup(column, per="qubit")
        stated = np.array([np.nan if cell is None else cell for cell in cells])
        above = int(np.sum(stated > target.t2_s)) if stated.size == target.n_qubits else 0
        assert (above > 0) == any("clipped" in note for note in target.notes)
        clipped += above
    assert clipped == 17


def test_errors_are_process_infidelities() -> None:
    boston, willow = Target.load("ibm_boston"), Target.load("google_willow_105")
    profile = load_profile("ibm_boston")
    assert profile.edge_table is not None
    assert profile.topology is not None
    for row, (pair, cell) in enumerate(zip(profile.topology.edges, profile.edge_table.cells("cz_error"), strict=True)):
        edge = boston.edge_index(*pair)
        if cell is not None and edge >= 0 and row % 7 == 0:
            assert boston.native("cz").error[edge] == pytest.approx(1.25 * cell)
    assert np.median(willow.native("cz").error) == pytest.approx(3.44282e-3)
    assert np.median(willow.error_1q) == pytest.approx(4.04617e-4)
    assert Target.load("quantinuum_h2_1_56").native("rzz").error[0] == pytest.approx(1.25 * 0.001055)
    assert Target.load("quantinuum_h2_1_56").idle_error_per_layer == pytest.approx(1.5 * 0.000203)
    assert Target.load("ionq_forte_36").native("rzz").error[0] == pytest.approx(1.25 * 0.0068)


def test_cycle_errors_lose_their_one_qubit_gates() -> None:
    target, profile = Target.load("google_weber_53"), load_profile("google_weber_53")
    assert profile.edge_table is not None
    assert profile.topology is not None
    cycle = profile.edge_table.cells("sqrt_iswap_parallel_pauli_error_per_cycle")
    gate = target.native("sqrtiswap")
    a, b = target.edges[:, 0], target.edges[:, 1]
    limits = [thermal_error(gate.duration_s, target.t1_s[q], target.t2_s[q]) for q in (a, b)]
    floor = 1 - (1 - limits[0]) * (1 - limits[1])
    whole = 1 - (1 - gate.error) * (1 - target.error_1q[a]) * (1 - target.error_1q[b])
    for pair, cell in zip(profile.topology.edges, cycle, strict=True):
        edge = target.edge_index(*pair)
        # Where less than decoherence would be left, decoherence is: no gate is free.
        assert whole[edge] == pytest.approx(cell) or (whole[edge] > cell and gate.error[edge] == floor[edge])
    assert np.all(gate.error >= floor)
    assert int(np.sum(gate.error == floor)) == 10
    assert any("set to decoherence" in note for note in target.notes)


def test_what_the_vendors_play() -> None:
    sets = {name: (Target.load(name).one_qubit, [g.name for g in Target.load(name).natives]) for name in MACHINES}
    assert sets["google_weber_53"] == ("phxz", ["syc", "sqrtiswap"])
    assert sets["google_willow_105"] == ("phxz", ["cz"])
    assert sets["ibm_brisbane"] == ("zsx", ["ecr"])
    assert sets["ibm_boston"] == ("zsx", ["cz", "rzz"])
    assert sets["ionq_aria_25"] == ("gpi", ["rxx"])
    assert sets["ionq_forte_36"] == ("gpi", ["rzz"])
    assert sets["quantinuum_helios_98"] == ("phxz", ["rzz"])
    assert sets["rigetti_ankaa_3_84"] == ("zsx", ["iswap"])
    assert sets["neutral_atom_zoned"] == ("phxz", ["cz"])
    assert all(Target.load(name).virtual_z == (name != "neutral_atom_zoned") for name in MACHINES)
    assert Target.load("ibm_boston").native("rzz").angle_range == (0.0, np.pi / 2)
    assert Target.load("quantinuum_helios_98").native("rzz").angle_range is None
    limits = {name: Target.load(name).max_parallel_2q for name in MACHINES}
    assert {name: limit for name, limit in limits.items() if limit is not None} == {
        "ionq_aria_25": 1,
        "ionq_forte_36": 1,
        "neutral_atom_zoned": 140,
        "quantinuum_h2_1_56": 4,
        "quantinuum_helios_98": 8,
    }


@pytest.mark.parametrize("name", ["ibm_brisbane", "ibm_sherbrooke"])
def test_eagle_couplings_have_a_direction(name: str) -> None:
    target, profile = Target.load(name), load_profile(name)
    gate = target.native("ecr")
    assert set(gate.direction.tolist()) == {-1, 1}
    assert profile.topology is not None
    for a, b in profile.topology.edges:
        edge = target.edge_index(a, b)
        if edge >= 0:
            assert gate.direction[edge] == (1 if a < b else -1)


def test_dead_gates_and_qubits_are_gone() -> None:
    boston, kingston = Target.load("ibm_boston"), Target.load("ibm_kingston")
    assert np.flatnonzero(~boston.enabled).tolist() == [146]
    assert np.flatnonzero(~kingston.enabled).tolist() == [96, 112, 113, 131, 146]
    assert all(boston.edge_index(146, q) < 0 for q in range(156))
    # Marrakesh: 13 dead CZ, of which 2 pairs still have a fractional gate.
    marrakesh = Target.load("ibm_marrakesh")
    assert int(marrakesh.native("cz").available.sum()) == 176 - 13
    assert marrakesh.n_edges == int(np.sum(marrakesh.native("cz").available | marrakesh.native("rzz").available))


def test_unknown_stays_unknown() -> None:
    helios = Target.load("quantinuum_helios_98")
    assert np.all(np.isnan(helios.t1_s))
    assert np.all(np.isnan(helios.native("rzz").duration_s))
    assert helios.idle_error_per_layer is None
    assert Target.load("ibm_miami").capabilities == frozenset()
    assert Target.load("rigetti_ankaa_3_84").capabilities is None
    assert any("do not say which" in note for note in Target.load("google_sycamore_2019").notes)


def test_errors_without_decoherence_get_it() -> None:
    # An error that excludes decoherence, as Aer-style models state it: the target adds T1 and T2 of the gate window.
    origin = {"status": "assumed", "statistic": "exact", "source": "model", "date": "2026"}
    kind = {"metric": "depolarizing_lambda", "num_qubits": 2, "includes_decoherence": False}
    data = {
        "id": "extra",
        "display_name": "Extra",
        "vendor": "me",
        "technology": "superconducting",
        "kind": "model",
        "snapshot": "2026",
        "sources": {"model": {"title": "t", "ref": "r", "date": "2026", "kind": "k", "read": "full"}},
        "topology": {"kind": "graph", "n_qubits": 2, "edges": [[1, 0]]},
        "gates": [{"name": "cz", "arity": 2}],
        "operations": [{"gate": "cz", "error": "e", "duration": "t"}],
        "qubit_figures": {"t1": "t1", "t2": "t2"},
        "figures": {
            "e": {**origin, "value": 0.016, "unit": "1", "error": kind},
            "t": {**origin, "value": 4e-8, "unit": "s"},
            "t1": {**origin, "value": 4e-5, "unit": "s"},
            "t2": {**origin, "value": 1e-5, "unit": "s"},
        },
    }
    gate = Target.from_profile(profile_from_data(data, name="extra")).natives[0]
    one = float(thermal_error(4e-8, 4e-5, 1e-5))
    assert gate.error[0] == pytest.approx(1 - (1 - 0.015) * (1 - one) ** 2)
    garnet = load_profile("iqm_garnet_20")
    assert garnet.edge_table is not None
    # The vendor's model, worked out the same way elsewhere: lambda on top of 40 ns of decoherence on both qubits.
    first = Target.from_profile(garnet)
    extra = garnet.edge_table.cells("cz_depolarizing_lambda")[0] * 15 / 16
    thermal = thermal_error(4e-8, first.t1_s[[0, 1]], first.t2_s[[0, 1]])
    total = 1 - (1 - extra) * (1 - thermal[0]) * (1 - thermal[1])
    assert first.native("cz").error[first.edge_index(0, 1)] == pytest.approx(total, rel=2e-2)
