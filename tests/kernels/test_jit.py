"""The key of a cached kernel holds every source it is compiled from."""

import re
from pathlib import Path

from qcompile.kernels import jit

FOLDER = Path(jit.__file__).parent


def test_every_import_between_kernels_is_one_the_key_follows() -> None:
    for path in FOLDER.glob("*.py"):
        source = path.read_bytes()
        assert len(re.findall(rb"^\s*(?:from|import) qcompile", source, re.MULTILINE)) == len(
            jit._IMPORT.findall(source)
        ), path.name


def test_a_key_differs_between_modules_and_follows_imports(monkeypatch) -> None:
    texts = {"a": b"from qcompile.kernels.b import f\n", "b": b"x = 1\n", "c": b"x = 1\n"}
    monkeypatch.setattr(jit, "_text", texts.__getitem__)
    jit._sources.cache_clear()
    first = {name: jit._sources(name) for name in texts}
    assert len(set(first.values())) == 3
    texts["b"] = b"x = 2\n"
    jit._sources.cache_clear()
    second = {name: jit._sources(name) for name in texts}
    assert (second["a"] != first["a"], second["b"] != first["b"], second["c"] == first["c"]) == (True, True, True)
    jit._sources.cache_clear()
