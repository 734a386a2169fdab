"""Spec files: what is read, and how wrong input is answered."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.spec import PRESETS, Limit, ModelSpec, load_model, preset_text, schema
from qcompile.spec.yaml_text import MAX_BYTES, parse_document

NANO = preset_text("nano")


def changed(old: str, new: str) -> str:
    """Return the nano preset with one text replaced."""
    assert old in NANO
    return NANO.replace(old, new)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_load(name: str) -> None:
    spec = load_model(name)
    assert spec.name == name
    assert spec.source is None
    assert load_model(preset_text(name)) == spec


def test_yaml_and_json_mean_the_same(tmp_path: Path) -> None:
    spec = load_model(NANO)
    text = json.dumps(json.loads(spec.model_dump_json()))
    (tmp_path / "model.json").write_text(text)
    assert load_model(tmp_path / "model.json") == spec
    assert load_model(text) == spec
    (tmp_path / "model.yaml").write_text(NANO)
    again = load_model(str(tmp_path / "model.yaml"))
    assert again == spec
    assert again.source == tmp_path / "model.yaml"


def test_numbers_of_yaml_1_2() -> None:
    spec = load_model("v3")
    assert spec.params is not None
    assert spec.params.total == 671e9
    assert spec.cluster is not None
    assert spec.cluster.memory_bytes == 512e9
    assert load_model(changed("seq: 8", "seq: 8e0")).model.seq == 8
    assert load_model(changed("seed: 2}", "seed: 2, scale: pi/4}")).weights.scale == pytest.approx(0.7853981633974483)


def test_a_spec_is_frozen_and_hashable_by_value() -> None:
    spec = load_model("nano")
    with pytest.raises(ValueError, match="frozen"):
        spec.seed = 3  # type: ignore[misc]
    assert hash(spec) == hash(load_model("nano"))
    assert spec != load_model("dev")


ERRORS = [
    ("ansatz: {layers: 2", "ansatz: {layers: x", "spec: ansatz.layers is 'x'; use an integer >= 1"),
    ("ansatz: {layers: 2", "ansatz: {layers: 0", "spec: ansatz.layers is 0; use an integer >= 1"),
    ("ansatz: {layers: 2", "ansatz: {layers: 2.5", "spec: ansatz.layers is 2.5; use an integer >= 1"),
    ("ansatz: {layers: 2", "ansatz: {layers: true", "spec: ansatz.layers is True; use an integer >= 1"),
    ("ansatz: {layers: 2", "ansatz: {layer: 2", "spec: ansatz.layer is no field; did you mean layers?"),
    ("seed: 7", "sead: 7", "spec: sead is no field; did you mean seed?"),
    ("causal: true", "causal: maybe", "spec: model.causal is 'maybe'; use true or false"),
    ("seed: 7", "seed: -1", "spec: seed is -1; use an integer >= 0"),
    ("seq: 8, ", "", "spec: model.seq is missing; add it"),
    ("kind: amplitude", "kind: foo", "spec: encoding.kind is 'foo'; use amplitude, phase or angle"),
    ("method: born", "method: bron", "spec: readouts.route.method is 'bron'; use compute_uncompute, hadamard_test"),
    ("method: born", "method: swap_test", "method is 'swap_test' for router; use born"),
    ('esp: ">= 0.5"', 'esp: "a lot"', "spec: limits.esp is 'a lot'; use a comparison such as"),
    ('esp: ">= 0.5"', "esp: 0.5", "spec: limits.esp is 0.5; use a comparison such as"),
    ("esp:", "epsp:", "'epsp' is no limit; did you mean esp?"),
    ("d_head: 8", "d_head: foo", "spec: model.d_head is 'foo'; use an integer >= 1 or"),
    ("d_head: 8", "d_head: {nope: 1}", "spec: model.d_head.rope is missing; add it"),
    ("{init: uniform, seed: 2}", "{inot: uniform}", "spec: weights.inot is no field; did you mean init?"),
    ("{init: uniform, seed: 2}", "{scale: open('x')}", "spec: weights.scale"),
    ("{init: uniform, seed: 2}", "{scale: theta}", "holds the name theta"),
    ("{init: uniform, seed: 2}", "{scale: .inf}", "finite"),
    ("phase: {layers: 2, lift: alternate}\n", "", "no section phase; add it"),
    ("router: {layers: 2, angles: per_qubit, invalid_labels: renormalise}\n", "", "no section router; add it"),
    ("top: 1", "top: 5", "top is 5; use at most count = 4"),
    ("{layers: all, heads: all}", "{layers: 3}", "quantum.layers is 3; use at most model.layers = 2"),
    ("[rx, ry, rz]", "[rx, rx]", "name an axis twice"),
    ("shots: 1000", "shots: 1000, error: 0.1", "error and shots are both given; use one of them"),
    ("delta: 0.05, mode", "delta: 1.5, mode", "spec: readouts.mask.delta is 1.5; use a number < 1"),
    ("seed: 7", "seed: 7\nseed: 8", "'seed' is there twice"),
    ("name: nano", "name: [nano", "is no YAML at line"),
    ("name: nano", "name: !!python/object:os.system nano", "kind"),
    ("model: {", "model: 3\nfoo: {", "spec: model is 3; use fields of its own"),
    ("schema_version: 1", "schema_version: 2", "spec: schema_version is 2; use 1"),
]


@pytest.mark.parametrize(("old", "new", "message"), ERRORS)
def test_errors_say_where_what_and_what_to_do(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_model(changed(old, new))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_errors_name_the_line() -> None:
    with pytest.raises(InputError, match=r"\(line 9\)"):
        load_model(changed("ansatz: {layers: 2", "ansatz: {layers: x"))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is not there; give a file, or a preset: nano"):
        load_model("missing.yaml")
    big = tmp_path / "big.yaml"
    with big.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match="has 50,000,000 bytes; a spec has at most 8,000,000"):
        load_model(big)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="no UTF-8"):
        load_model(tmp_path / "bytes.yaml")
    with pytest.raises(InputError, match="cannot be read"):
        load_model(tmp_path)
    with pytest.raises(InputError, match="is empty"):
        load_model("# nothing\n")
    with pytest.raises(InputError, match="did you mean nano"):
        preset_text("nanno")


def test_aliases_cannot_explode() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 10)]
    with pytest.raises(InputError, match="expands to too many values"):
        load_model("\n".join(lines))
    for deep in ("a: " + "[" * 500 + "]" * 500 + "\n", '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"):
        with pytest.raises(InputError, match="is nested too deeply; use at most"):
            load_model(deep)
    with pytest.raises(InputError, match="characters"):
        parse_document("#" * (MAX_BYTES + 1), name="x")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"name": "a" "b"}', r"is no JSON at line 1, column 14: .*; mend it there"),
        ("name: [a, b\n", r"is no YAML at line \d+, column \d+: .*; mend it there"),
        ("name: a: b\n", r"is no YAML at line 1, column 8: .*; mend it there"),
    ],
)
def test_syntax_errors_say_what_to_do(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_model(text)


def test_json_with_a_key_twice() -> None:
    with pytest.raises(InputError, match="'name' is there twice"):
        load_model('{"name": "a", "name": "b"}')
    with pytest.raises(InputError, match="finite"):
        load_model('{"name": NaN}')


@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(load_model("\n" + text), ModelSpec)


@given(relation=st.sampled_from([">=", "<=", ">", "<"]), value=st.floats(-1e9, 1e9), figure=st.floats(-1e9, 1e9))
def test_limits(relation: str, value: float, figure: float) -> None:
    limit = Limit.parse(f" {relation} {value!r} ")
    assert limit.value == value
    holds = {">=": figure >= value, "<=": figure <= value, ">": figure > value, "<": figure < value}[relation]
    assert limit.holds(figure) is holds
    assert limit.holds(None) is None
    assert limit.holds(float("nan")) is None


def test_the_schema_describes_the_presets() -> None:
    document = schema()
    assert document["properties"]["ansatz"]
    assert document["additionalProperties"] is False
    json.dumps(document)


def test_importing_spec_does_not_import_cirq() -> None:
    import subprocess
    import sys

    code = "import sys, qcompile.spec as s; s.lower_spec(s.load_model('nano')); print('cirq' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
