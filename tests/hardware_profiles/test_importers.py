"""Profiles from other people's formats and from the short form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cirq
import cirq_google
import networkx as nx
import pytest

from hardware_profiles import load_profile
from hardware_profiles.import_cirq import profile_from_cirq_device
from hardware_profiles.importers import profile_from_csv, profile_from_edges, profile_from_networkx
from hardware_profiles.library import profile_from_data
from qcompile.errors import InputError

SHORT = """
name: ring_4
error_metric: average_gate_infidelity
native: cz
technology: superconducting
t1: 80 us
t2: 60 us
error_1q: 0.0003
duration_1q: 25 ns
error: 0.003
couplings:
  - [0, 1]
  - {qubits: [1, 2], error: 0.004, duration: 42 ns}
  - {qubits: [2, 3], enabled: false}
  - [3, 0]
qubits: {3: {t1: 12 us, p10: 0.01, p01: 0.02}}
"""


def test_the_short_form(tmp_path: Path) -> None:
    path = tmp_path / "ring_4.yaml"
    path.write_text(SHORT)
    profile = load_profile(path)
    assert profile.qubit_table is not None
    assert profile.edge_table is not None
    assert profile.qubit_table.cells("t1") == pytest.approx((80e-6, 80e-6, 80e-6, 12e-6))
    assert profile.qubit_table.cells("p10") == (None, None, None, 0.01)
    assert profile.edge_table.cells("error") == (0.003, 0.004, 0.003, 0.003)
    assert profile.edge_table.cells("duration") == (None, pytest.approx(42e-9), None, None)
    assert profile.operations[1].disabled == (2,)
    assert profile.figures["duration_1q"].value == pytest.approx(25e-9)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"couplings": [{"qubits": [0, 1], "error": 1.7}]},
            "ring.json: couplings[0].error is 1.7; use a number less than",
        ),
        ({"couplings": [{"qubits": [0, 1], "error": 0.9}]}, "edge_table.error[0] is 0.9; use a number from 0 to 0.8"),
        ({"couplings": [[0, 0]]}, "ring.json: couplings[0].qubits is [0, 0]; use two different qubits from 0 to 0"),
        ({"n_qubits": 2, "couplings": [[0, 5]]}, "ring.json: couplings[0].qubits is [0, 5]"),
        ({"couplings": "all_to_all"}, "ring.json: n_qubits is missing"),
        ({"couplings": [[0, 1]], "error": 0.1, "error_metric": None}, "ring.json: error_metric is missing"),
        ({"couplings": [[0, 1]], "t1": "-3 us"}, "ring.json: t1 is '-3 us'"),
        ({"couplings": [[0, 1]], "t1": 8e-5}, "ring.json: t1 is 8e-05; use text"),
        ({"couplings": [[0, 1]], "native": "cy"}, "ring.json: native is 'cy'"),
        ({"couplings": [[0, 1]], "qubits": {"7": {"t1": "1 us"}}}, "ring.json: qubits names qubit 7"),
    ],
)
def test_a_wrong_short_form_is_told_where(changes: dict[str, Any], message: str) -> None:
    data = {"name": "ring", "error_metric": "average_gate_infidelity", **changes}
    with pytest.raises(InputError) as caught:
        profile_from_data({key: value for key, value in data.items() if value is not None}, name="ring.json")
    assert message in str(caught.value)


def test_an_all_to_all_short_form() -> None:
    data = {"name": "ions", "couplings": "all_to_all", "n_qubits": 5, "native": "rzz", "max_parallel_2q": 1}
    profile = profile_from_data({**data, "error": 0.002, "error_metric": "pauli_error"}, name="ions")
    assert profile.topology is not None
    assert profile.topology.all_to_all
    rate = profile.figures["error"].rate
    assert rate is not None
    assert rate.average == pytest.approx(0.0016)


def test_an_edge_list() -> None:
    profile = profile_from_edges(
        [(0, 1), (1, 2)], errors=[0.01, None], error_metric="pauli_error", durations_s=[4e-8, 5e-8], t1="50 us"
    )
    assert profile.edge_table is not None
    assert profile.edge_table.cells("error") == (0.01, None)
    assert profile.edge_table.cells("duration") == (pytest.approx(4e-8), pytest.approx(5e-8))
    with pytest.raises(InputError, match="error_metric is missing"):
        profile_from_edges([(0, 1)], errors=[0.01])
    with pytest.raises(InputError, match="errors has 1 entries; give one per pair, 2"):
        profile_from_edges([(0, 1), (1, 2)], errors=[0.01], error_metric="pauli_error")


def test_csv_files_state_their_units(tmp_path: Path) -> None:
    edges, qubits = tmp_path / "lab.csv", tmp_path / "qubits.csv"
    edges.write_text("a,b,error[average_gate_infidelity],duration[ns]\n0,1,0.003,40\n1,2,,44\n")
    qubits.write_text("qubit,t1[us],p10,p01\n0,81.5,0.01,0.02\n2,70,,0.03\n")
    profile = profile_from_csv(edges, qubits)
    assert profile.id == "lab"
    assert profile.edge_table is not None
    assert profile.qubit_table is not None
    assert profile.edge_table.cells("duration") == (pytest.approx(4e-8), pytest.approx(4.4e-8))
    assert profile.qubit_table.cells("t1") == (pytest.approx(81.5e-6), None, pytest.approx(70e-6))
    assert profile.qubit_table.cells("p10") == (0.01, None, None)

    edges.write_text("a,b,error,duration\n0,1,0.003,40\n")
    with pytest.raises(
        InputError, match=r"lab.csv: column error has no metric; write error\[average_gate_infidelity\]"
    ):
        profile_from_csv(edges)
    with pytest.raises(InputError, match=r"lab.csv: column duration has no unit; write duration\[s\]"):
        profile_from_csv(edges, error_metric="pauli_error")
    assert profile_from_csv(edges, error_metric="pauli_error", duration_unit="ns").edge_table is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("a,c\n", "has the column 'c'"),
        ("a\n0\n", "has no column 'b'"),
        ("a,b\n0\n", "line 2 has 1 cells; give 2"),
        ("a,b\n0,x\n", "line 2, b is 'x'; use a qubit index"),
        ("a,b\n0,\n", "line 2 has an empty cell"),
        ("a,b,duration[furlong]\n0,1,3\n", "has the unit 'furlong'"),
    ],
)
def test_wrong_csv_files(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "lab.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        profile_from_csv(path)
    assert message in str(caught.value)


def test_a_networkx_graph() -> None:
    profile = profile_from_networkx(nx.path_graph(4), name="path", native="sqrtiswap")
    assert profile.topology is not None
    assert profile.topology.edges == ((0, 1), (1, 2), (2, 3))
    assert not profile.topology.directed
    directed = profile_from_networkx(nx.DiGraph([(1, 0), (1, 2)]), native="ecr")
    assert directed.topology is not None
    assert directed.topology.edges == ((1, 0), (1, 2))
    assert directed.topology.directed


def test_willow_of_cirq_google_has_our_couplings_and_durations() -> None:
    device = cirq_google.engine.create_device_from_processor_id("willow_pink")
    imported, ours = profile_from_cirq_device(device, name="willow_pink"), load_profile("google_willow_105")
    assert imported.topology is not None
    assert ours.topology is not None
    assert imported.topology.labels == ours.topology.labels
    assert imported.topology.coordinates == ours.topology.coordinates
    assert set(imported.topology.edges) == {(min(e), max(e)) for e in ours.topology.edges}
    assert [gate.name for gate in imported.gates] == ["cz", "phased_xz", "physical_z", "virtual_z"]
    for theirs, figure in (
        ("cz_duration", "two_qubit_duration_cz"),
        ("phased_xz_duration", "single_qubit_duration"),
        ("physical_z_duration", "physical_z_duration"),
        ("measure_duration", "readout_duration"),
        ("reset_duration", "reset_duration"),
    ):
        assert imported.figures[theirs].value == pytest.approx(ours.figures[figure].value)
    # The two ZPowGates stay apart: 22 ns with the tag, nothing without.
    assert imported.figures["virtual_z_duration"].value == 0


def test_a_readout_of_four_milliseconds_is_refused() -> None:
    device = cirq_google.engine.create_device_from_processor_id("weber")
    with pytest.raises(InputError, match=r"measurement takes 0\.004 s; pass readout_s"):
        profile_from_cirq_device(device)
    profile = profile_from_cirq_device(device, readout_s=4e-6)
    assert [op.gate for op in profile.two_qubit_operations()] == ["syc", "sqrt_iswap", "cz"]
    # A length of 0 for CZ means that nobody filled it in.
    assert profile.two_qubit_operations()[2].duration is None


def test_a_device_without_gateset_needs_a_native_gate() -> None:
    class Line(cirq.Device):
        @property
        def metadata(self) -> cirq.DeviceMetadata:
            return cirq.DeviceMetadata(cirq.LineQubit.range(3), nx.path_graph(cirq.LineQubit.range(3)))

    with pytest.raises(InputError, match="pass native"):
        profile_from_cirq_device(Line())
    profile = profile_from_cirq_device(Line(), native="cz")
    assert profile.topology is not None
    assert profile.topology.edges == ((0, 1), (1, 2))
    with pytest.raises(InputError, match="has no metadata"):
        profile_from_cirq_device(cirq.UNCONSTRAINED_DEVICE)
