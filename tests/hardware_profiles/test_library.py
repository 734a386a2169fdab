"""Profiles by name and from users' files: what is found, and what a wrong file is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hardware_profiles import find, list_profiles, load_profile
from hardware_profiles.files import MAX_BYTES, parse_plain
from hardware_profiles.library import profile_from_data
from qcompile.errors import InputError

FIGURE = {"unit": "1", "status": "assumed", "statistic": "typical", "source": "lab", "date": "2026-01-01"}


def profile_data(**changes: Any) -> dict[str, Any]:
    error = {"metric": "average_gate_infidelity", "num_qubits": 2}
    data: dict[str, Any] = {
        "id": "mine",
        "display_name": "Mine",
        "vendor": "me",
        "technology": "superconducting",
        "kind": "model",
        "snapshot": "2026-01-01",
        "sources": {"lab": {"title": "t", "ref": "r", "date": "2026", "kind": "k", "read": "full"}},
        "topology": {"kind": "graph", "n_qubits": 3, "edges": [[0, 1], [1, 2]]},
        "gates": [{"name": "cz", "arity": 2}, {"name": "phased_xz", "arity": 1}],
        "operations": [{"gate": "cz", "error": "cz_error", "duration": "cz_duration"}],
        "qubit_figures": {"t1": "t1"},
        "figures": {
            "cz_error": {**FIGURE, "value": 0.003, "error": error},
            "cz_duration": {**FIGURE, "value": 4e-8, "unit": "s"},
            "t1": {**FIGURE, "value": 7e-5, "unit": "s"},
            "readout": {**FIGURE, "value": 4e-3, "unit": "s"},
        },
    }
    for path, value in changes.items():
        place = data
        *outer, last = path.split("__")
        for part in outer:
            place = place[part] if isinstance(place, dict) else place[int(part)]
        place[last if isinstance(place, dict) else int(last)] = value
    return data


def test_names_are_found_in_any_spelling() -> None:
    assert find("paper_minimum") == find("paper-minimum") == find("Paper-Minimum")
    assert load_profile("ibm-boston") is load_profile("ibm_boston")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("google_wilow_105", "did you mean google_willow_105"),
        ("boston", "did you mean ibm_boston"),
        ("willow", "did you mean google_willow_105"),
        ("nothing like it", "use one of google_rainbow_23"),
    ],
)
def test_unknown_names_get_the_closest(name: str, hint: str) -> None:
    with pytest.raises(InputError, match=hint):
        load_profile(name)


@pytest.mark.parametrize("as_function", [False, True])
def test_third_parties_add_profiles_by_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_function: bool
) -> None:
    path = tmp_path / "theirs.json"
    path.write_text(json.dumps(profile_data(id="theirs")))

    class Point:
        name = "theirs"

        def load(self) -> object:
            return (lambda: path) if as_function else str(path)

    monkeypatch.setattr("hardware_profiles.library.metadata.entry_points", lambda group: [Point()])
    assert "theirs" in list_profiles()
    assert load_profile("theirs").id == "theirs"
    with pytest.raises(InputError, match="did you mean theirs"):
        load_profile("thiers")


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(profile_data()))
    assert load_profile(path).id == "mine"
    assert load_profile(str(path)) == load_profile(path)


def test_defaults_fill_in_the_provenance(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        """
id: mine
display_name: Mine
vendor: me
technology: generic
kind: model
snapshot: 2026-01-01
defaults: {status: assumed, statistic: typical, source: lab, date: 2026-01-01}
sources: {lab: {title: t, ref: r, date: 2026-01-01, kind: k, read: full}}
topology: {kind: graph, n_qubits: 2, edges: [[0, 1]]}
gates: [{name: cz, arity: 2}]
operations: [{gate: cz, error: cz_error, duration: cz_duration}]
figures:
  cz_duration: 35 ns
  cz_error: {value: 0.003, error: {metric: pauli_error, num_qubits: 2}}
"""
    )
    figures = load_profile(path).figures
    assert figures["cz_duration"].value == pytest.approx(35e-9)
    assert figures["cz_duration"].source == "lab"
    assert figures["cz_error"].unit == "1"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"topology__n_qubits": "three"}, "x: topology.n_qubits is 'three'; use an integer"),
        ({"topology__n_qubits": 2.5}, "x: topology.n_qubits is 2.5; use an integer"),
        ({"topology__edges__1": [1, 7]}, "x: topology.edges[1] is [1, 7]; use qubits from 0 to 2"),
        ({"topology__edges__1": [1, 1]}, "x: topology.edges[1] is [1, 1]; name two different qubits"),
        ({"topology__edges__1": [1, 0]}, "x: topology.edges[1] is [1, 0]; leave it out, it repeats topology.edges[0]"),
        ({"kind": "gadget"}, "x: kind is 'gadget'; use 'device', 'model', 'requirement' or 'assumption'"),
        ({"colour": "red"}, "x: colour is no known field; leave it out"),
        ({"vender": "me"}, "x: vender is no known field; did you mean vendor?"),
        ({"figures__t1__valeu": 1}, "x: figures.t1.valeu is no known field; did you mean value?"),
        ({"figures__t1__value": -7e-5}, "x: figures.t1.value is -7e-05; use a duration of at least 0 s"),
        ({"figures__t1__value": 0.0}, "x: figures.t1.value is 0.0; use a time above 0 s"),
        ({"figures__t1__value": float("nan")}, "x: figures.t1.value is nan; use a finite number"),
        ({"figures__t1__unit": "us"}, "x: figures.t1.unit is 'us'; use 's', 'Hz'"),
        ({"figures__t1__source": "lba"}, "x: figures.t1.source is 'lba'; did you mean lab?"),
        ({"figures__cz_error__value": 1.7}, "x: figures.cz_error.value is 1.7; use a number from 0 to 0.8"),
        ({"figures__cz_error__value": 1.0}, "list a gate that cannot be used under operations[].disabled"),
        ({"figures__cz_error": {**FIGURE, "value": 0.003}}, "operations[0].error is 'cz_error', which names no metric"),
        ({"figures__cz_error__error__num_qubits": 1}, "operations[0].error is 'cz_error', measured on 1"),
        ({"operations__0__error": "cz_eror"}, "x: operations[0].error is 'cz_eror'; did you mean cz_error?"),
        ({"operations__0__gate": "cx"}, "x: operations[0].gate is 'cx'"),
        ({"operations__0__duration": "cz_error"}, "operations[0].duration is 'cz_error', in 1; name a figure in s"),
        ({"operations__0__disabled": [5]}, "x: operations[0].disabled names 5; use rows from 0 to 1"),
        ({"qubit_figures__readout_duration": "readout"}, "a superconducting readout takes less than 100 us"),
        ({"topology__labels": ["a", "b"]}, "x: topology.labels has 2 entries; give one per qubit, 3"),
        ({"topology__labels": ["a", "b", "a"]}, "x: topology.labels[2] repeats 'a'"),
        ({"topology": None}, "x: topology is missing; a profile of kind model needs its couplings"),
        ({"figures__t1": 7}, "x: figures.t1 is the bare number 7; write a duration with its unit"),
    ],
)
def test_wrong_fields_are_named_with_their_value(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        profile_from_data(profile_data(**changes), name="x")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[0.1], [0.1]], "qubit_table has 2 rows; give 3, one per qubit"),
        ([[0.1], [0.1], [0.1, 2]], "qubit_table.rows[2] has 2 cells; give one per column, 1"),
        ([[0.1], ["x"], [None]], "qubit_table.p10[1] is 'x'; use a number, or null when it is unknown"),
        ([[0.1], [1.2], [None]], "qubit_table.p10[1] is 1.2; use a probability from 0 to 1"),
        ([[0.1], [[1]], [None]], "qubit_table.rows[1][0] is [1]"),
    ],
)
def test_wrong_tables(rows: list[list[Any]], message: str) -> None:
    table = {"columns": [{**FIGURE, "name": "p10"}], "rows": rows}
    with pytest.raises(InputError) as caught:
        profile_from_data(profile_data(qubit_table=table, qubit_figures__p10="p10"), name="x")
    assert message in str(caught.value)


def test_text_that_is_no_profile() -> None:
    with pytest.raises(InputError, match="x: holds a list; use a mapping of fields"):
        profile_from_data([1], name="x")
    with pytest.raises(InputError, match=r"x.json: line 1, column 2 is not JSON"):
        parse_plain("{", name="x.json", yaml=False)
    with pytest.raises(InputError, match=r"x.json: has the key 'a' twice"):
        parse_plain('{"a": 1, "a": 2}', name="x.json", yaml=False)
    with pytest.raises(InputError, match=r"x.yaml: line 1, column \d+ is not YAML"):
        parse_plain("a: [1", name="x.yaml", yaml=True)
    with pytest.raises(InputError, match="is not YAML"):
        parse_plain("a: !!python/object/apply:os.system [ls]", name="x.yaml", yaml=True)


def test_files_that_are_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        load_profile(tmp_path / "none.json")
    with pytest.raises(InputError, match="is a folder"):
        load_profile(tmp_path)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not UTF-8"):
        load_profile(tmp_path / "bytes.json")


def test_large_files_and_alias_bombs_are_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    large.write_text(" " * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="has 8388609 bytes"):
        load_profile(large)
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{after}: &{after} [{', '.join(['*' + before] * 10)}]\n"
    with pytest.raises(InputError, match="unfolds to too many values"):
        parse_plain(bomb, name="bomb.yaml", yaml=True)
    with pytest.raises(InputError, match="nested too deeply"):
        parse_plain("a: &a [*a]", name="loop.yaml", yaml=True)
    with pytest.raises(InputError, match="nested too deeply"):
        parse_plain("[" * 200_000, name="deep.json", yaml=False)


def test_the_package_is_light_until_a_profile_is_loaded() -> None:
    script = (
        "import sys, hardware_profiles; heavy = {'cirq', 'sympy', 'networkx', 'qualtran', 'numpy', 'pydantic'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules);"
        "hardware_profiles.list_profiles('device');"
        "hardware_profiles.load_profile('ibm_boston');"
        "assert heavy & set(sys.modules) == {'pydantic'}, heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
