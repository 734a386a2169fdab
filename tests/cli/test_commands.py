"""The command line: exit codes, files, the same bytes twice, and one clear message for wrong input."""

import json
import subprocess
import sys
from pathlib import Path

import cirq
import pytest
from typer.testing import CliRunner, Result

import qcompile as qc
from qcompile.cli.app import app
from qcompile.errors import QCompileError
from qcompile.spec import preset_text

BELL = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\nh q[0];\ncx q[0],q[1];\ncx q[0],q[2];\n'


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in args])


def refused(*args: str | Path) -> str:
    """Return the one message of a command that must refuse its input."""
    result = run(*args)
    if isinstance(result.exception, QCompileError):
        return str(result.exception)
    assert result.exit_code == 2, (result.output, result.exception)
    return result.output


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    (folder / "model.yaml").write_text(run("init", "nano").output)
    result = run("compile", folder / "model.yaml", "--target", "google_willow_105", "--out", folder / "out", "-q")
    assert result.exit_code == 0, result.output
    return folder / "out"


def test_a_model_gives_circuits_schedules_result_and_report(built: Path) -> None:
    result = json.loads((built / "result.json").read_text())
    assert result["verified"] is True
    assert len(result["circuits"]) >= 5
    for row in result["circuits"]:
        for name in row["files"].values():
            assert (built / name).stat().st_size > 0
        assert row["certificate"]["distance"] < 1e-9
        native = cirq.read_json(built / row["files"]["cirq"])
        again = qc.load_circuit(built / row["files"]["qasm"])
        assert sum(len(op.qubits) == 2 and not cirq.is_measurement(op) for op in native.all_operations()) == int(
            again.is_two_qubit.sum()
        )
    assert {"content_id", "seed", "versions", "estimate", "verdict", "rewrites", "conventions"} <= set(result)
    assert all(line["status"] in ("pass", "fail", "unknown") for line in result["verdict"]["limits"])
    report = (built / "report.md").read_text()
    assert "Verification against the theory" in report
    assert "Qualtran" in report


def test_check_and_verify_work_from_the_files_alone(built: Path) -> None:
    verdict = json.loads(run("check", built, "--json").output)
    written = json.loads((built / "result.json").read_text())["verdict"]
    assert {line["name"]: line["status"] for line in verdict["limits"]} == {
        line["name"]: line["status"] for line in written["limits"]
    }
    assert run("check", built).exit_code == (0 if verdict["ok"] else 1)
    verified = run("verify", built, "--json", "-q")
    assert verified.exit_code == 0
    assert json.loads(verified.output)["verified"] is True


def test_a_changed_circuit_fails_verification(built: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(built, copy)
    row = json.loads((copy / "result.json").read_text())["circuits"][0]
    path = copy / row["files"]["cirq"]
    circuit = cirq.read_json(path)
    victim = next(iter(sorted(circuit.all_qubits())))
    cirq.to_json(cirq.Circuit(cirq.X(victim)) + circuit, path)
    assert run("verify", copy, "-q").exit_code == 1


def test_strict_fails_on_a_limit_and_plain_does_not(tmp_path: Path) -> None:
    text = preset_text("nano").replace('esp: ">= 0.5"', 'esp: ">= 0.999999"')
    (tmp_path / "hard.yaml").write_text(text)
    common = ("compile", tmp_path / "hard.yaml", "--target", "google_willow_105", "--out", tmp_path / "o", "-q")
    assert run(*common).exit_code == 0
    assert run(*common, "--strict").exit_code == 1
    assert run("check", tmp_path / "o").exit_code == 1


@pytest.mark.parametrize("suffix", ["qasm", "json"])
def test_circuits_are_known_by_content(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"bell.{suffix}"
    q = cirq.LineQubit.range(3)
    text = (
        BELL
        if suffix == "qasm"
        else cirq.to_json(cirq.Circuit(cirq.H(q[0]), cirq.CNOT(q[0], q[1]), cirq.CZ(q[1], q[2])))
    )
    path.write_text(text)
    result = run("compile", path, "--target", "ibm_boston", "--out", tmp_path / "o", "--json", "-q")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["circuits"][0]["two_qubit_gates"] == 2
    assert run("verify", tmp_path / "o", "-q").exit_code == 0


def test_the_same_command_gives_the_same_bytes_in_two_processes(tmp_path: Path) -> None:
    (tmp_path / "c.qasm").write_text(BELL)
    contents = []
    for name in ("a", "b"):
        for source, target in (("c.qasm", "google_willow_105"), ("m.yaml", "iqm_garnet_20")):
            if source == "m.yaml":
                (tmp_path / source).write_text(preset_text("nano"))
            out = tmp_path / name / source
            command = [sys.executable, "-m", "qcompile", "compile", str(tmp_path / source), "--target", target]
            subprocess.run([*command, "--out", str(out), "--seed", "3", "-q"], check=True, capture_output=True)
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        contents.append({str(p.relative_to(tmp_path / name)): p.read_bytes() for p in files})
    assert contents[0] == contents[1]


def test_lists_schema_estimate_and_explain(tmp_path: Path) -> None:
    names = {row["name"] for row in json.loads(run("targets", "--json").output)}
    assert {"google_willow_105", "ibm_boston", "quantinuum_h2_1_56"} <= names
    assert json.loads(run("targets", "ibm_boston", "--json").output)["n_qubits"] == 155  # one of 156 is switched off
    assert "ansatz" in json.loads(run("schema").output)["properties"]
    (tmp_path / "m.yaml").write_text(preset_text("nano"))
    bill = json.loads(run("estimate", tmp_path / "m.yaml", "--json", "-q").output)
    assert all(row["feasible"] for row in bill["circuits"])
    assert bill["qualtran"]
    explained = run("explain", tmp_path / "m.yaml")
    assert explained.exit_code == 0
    assert "collapse-router" in explained.output
    without = json.loads(run("explain", tmp_path / "m.yaml", "--json", "--no-simplify", "collapse-router").output)
    assert not any("collapse-router" in r["rule"] for r in without["rewrites"])


def test_wrong_input_is_one_clear_message(tmp_path: Path) -> None:
    model = tmp_path / "m.yaml"
    model.write_text(preset_text("nano"))
    circuit = tmp_path / "c.qasm"
    circuit.write_text(BELL)
    out = tmp_path / "out"
    common = ("--out", out, "-q")
    assert "google_willow_105" in refused("compile", model, "--target", "google_wilow_105", *common)
    assert "--target is missing" in refused("compile", circuit, *common)
    assert "does not exist" in refused("compile", tmp_path / "none.qasm", "--target", "line(3)", *common)
    assert "needs 3 qubits" in refused("compile", circuit, "--target", "line(2)", *common)

    broken = tmp_path / "broken.qasm"
    broken.write_text(BELL + "cx q[0],,q[1];\n")
    message = refused("compile", broken, "--target", "line(3)", *common)
    assert "7" in message
    assert "broken.qasm" in message

    for text, part in (
        (preset_text("nano").replace("layers: 2, rotations", "layers: two, rotations"), "ansatz.layers"),
        (preset_text("nano").replace("ansatz:", "ansaz:"), "ansatz"),
        (preset_text("nano") + "\nevil: !!python/object/apply:os.system [ls]\n", "wrong.yaml"),
        (preset_text("nano").replace("base: 10000", "base: __import__('os').getcwd()"), "rotary.base"),
        (
            "a: &a [x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"{chr(98 + k)}: &{chr(98 + k)} [{', '.join(['*' + chr(97 + k)] * 9)}]\n" for k in range(9)),
            "wrong.yaml",
        ),
    ):
        wrong = tmp_path / "wrong.yaml"
        wrong.write_text(text)
        assert part in refused("compile", wrong, "--target", "line(9)", *common)

    huge = tmp_path / "huge.yaml"
    huge.write_text(preset_text("nano") + "# " + "x" * 50_000_000)
    assert "huge.yaml" in refused("compile", huge, "--target", "line(9)", *common)

    zero = tmp_path / "zero.npy"
    import numpy as np

    np.save(zero, np.zeros((8, 16)))
    model.write_text(preset_text("nano").replace("data: {random: normal, seed: 1}", "data: {file: zero.npy}"))
    assert "zero" in refused("compile", model, "--target", "line(9)", *common).lower()

    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert "--out" in refused("compile", circuit, "--target", "line(3)", "--out", blocked / "x", "-q")
    assert not out.exists(), "nothing half-written"

    profile = tmp_path / "machine.yaml"
    profile.write_text("name: mine\ncouplings: [[0, 1], [1, 2]]\nnative: cz\nduration_2q: -5 ns\n")
    assert "machine.yaml" in refused("compile", circuit, "--target", profile, *common)
    assert "result.json" in refused("check", tmp_path)


def test_the_program_exits_with_2_and_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "qcompile", "compile", "none.yaml", "--target", "line(3)"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("qcompile: none.yaml does not exist")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("compile", "c.qasm", "--target", "line(3)", "--effort", "4"), "qcompile: effort is 4; use 0, 1, 2 or 3"),
        (("compile", "c.qasm", "--effort", "much"), "qcompile: invalid value for '--effort'"),
        (("compile", "c.qasm", "--tarqet", "line(3)"), "qcompile: no such option: --tarqet"),
        (("compil",), "qcompile: no such command 'compil'"),
        (("compile", "c.qasm", "--target", "grid(-1,a)"), "qcompile: target grid(-1,a) is no form of a machine; write"),
    ],
)
def test_wrong_options_are_one_line_and_exit_code_2(tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    (tmp_path / "c.qasm").write_text(BELL)
    done = subprocess.run([sys.executable, "-m", "qcompile", *options], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(message)
    assert len(done.stderr.splitlines()) == 1


def test_the_bill_counts_toffolis(tmp_path: Path) -> None:
    (tmp_path / "ccx.qasm").write_text(BELL + "ccx q[0],q[1],q[2];\n")
    bill = json.loads(run("estimate", tmp_path / "ccx.qasm", "--json", "-q").output)
    assert bill["circuits"][0]["toffoli_count"] == 1
    assert "Toffoli" in run("estimate", tmp_path / "ccx.qasm", "-q").output


def test_grants_are_stated_and_verified_again_from_the_files(tmp_path: Path) -> None:
    (tmp_path / "c.qasm").write_text(BELL + "creg c[3];\ncx q[1],q[0];\nmeasure q[2] -> c[2];\n")
    common = ("compile", tmp_path / "c.qasm", "--target", "grid(2,4)", "-q")
    plain = run(*common, "--out", tmp_path / "a", "--json")
    assert json.loads(plain.output)["granted"] == []
    granted = run(*common, "--inputs", "zero", "--outputs", "measured", "--ancillas", "--out", tmp_path / "b", "--json")
    result = json.loads(granted.output)
    assert len(result["granted"]) == 3
    assert result["circuits"][0]["two_qubit_gates"] < json.loads(plain.output)["circuits"][0]["two_qubit_gates"]
    assert "every qubit starts in 0; only measured bits count" in (tmp_path / "b" / "report.md").read_text()
    assert run("verify", tmp_path / "b", "-q").exit_code == 0
