"""Files are told apart by their content; what is none of them is refused with a hint."""

from __future__ import annotations

from pathlib import Path

import cirq
import pytest

from qcompile.errors import InputError
from qcompile.tape import files, load_circuit, tape_of, write_qasm


@pytest.mark.parametrize("name", ["a.qasm", "a.txt", "a.json"])
def test_the_name_does_not_matter(tmp_path: Path, name: str) -> None:
    tape = tape_of("h 0; cx 0 1; rz(0.5) 1")
    path = tmp_path / name
    for text in (
        write_qasm(tape),
        write_qasm(tape, version="2.0"),
        "// first\n/* second */\n" + write_qasm(tape),
        "\ufeff" + write_qasm(tape),
        cirq.to_json(tape.to_cirq()),
        cirq.to_json(tape.to_cirq().freeze()),
    ):
        path.write_text(text, encoding="utf-8")
        assert load_circuit(path).ops() == tape.ops()
        assert load_circuit(str(path)) == tape


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"\x00\x01\x02", "binary"),
        (b"h q[0]; \xff\xfe", "no UTF-8"),
        (b"hello there", "begins with 'hello there'"),
        (b"model: text\nsize: 3\n", "looks like a YAML file"),
        (b'{"cirq_type": "Circuit", ', "broken JSON"),
        (b'{"a": 1}', "without a cirq_type"),
        (b"[1, 2]", "without a cirq_type"),
        (b'{"cirq_type": "LineQubit", "x": 1}', "holds a LineQubit"),
        (b'{"cirq_type": "Circuit", "moments": [{"cirq_type": "Nonsense"}]}', "cannot be read by Cirq"),
        (b"[" * 200000, "nested too deeply"),
        (b"OPENQASM 2.0;\nqreg q[1]\n", "line 3"),
    ],
)
def test_bad_content_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "circuit.qasm"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        load_circuit(path)
    assert str(caught.value).startswith(str(path))


def test_bad_paths_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bell.qasm").write_text("OPENQASM 3.0; qubit q;")
    with pytest.raises(InputError, match=r"does not exist; did you mean bell.qasm"):
        load_circuit(tmp_path / "bel.qasm")
    with pytest.raises(InputError, match="there is no directory"):
        load_circuit(tmp_path / "nowhere" / "bell.qasm")
    with pytest.raises(InputError, match="is a directory"):
        load_circuit(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        load_circuit(str(tmp_path / "bell.qasm") + "\0")


def test_large_files_are_refused_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "big.qasm"
    path.write_text("OPENQASM 3.0; qubit q;")
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    with pytest.raises(InputError, match="has 22 bytes; use a file of at most 10 bytes"):
        load_circuit(path)
