"""The front doors stay light: what is not needed is not loaded."""

import json
import subprocess
import sys

import pytest

HEAVY = ("cirq", "qualtran", "sympy", "numba", "scipy", "networkx")


def _modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nimport json; sys.stderr.write(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("code", "forbidden"),
    [
        ("import qcompile", HEAVY),
        (
            "from typer.testing import CliRunner; from qcompile.cli.app import app\n"
            "CliRunner().invoke(app, ['--help'])",
            HEAVY,
        ),
        (
            "from typer.testing import CliRunner; from qcompile.cli.app import app\n"
            "assert CliRunner().invoke(app, ['targets', '--json']).exit_code == 0",
            ("cirq", "qualtran", "sympy"),
        ),
        ("import hardware_profiles", ("cirq", "qualtran", "sympy", "networkx")),
    ],
)
def test_light_commands_load_nothing_heavy(code: str, forbidden: tuple[str, ...]) -> None:
    assert not _modules_after(code) & set(forbidden)


def test_front_door_names_are_no_rooms_and_work_after_every_module_is_loaded() -> None:
    code = (
        "import importlib, pkgutil, qcompile\n"
        "for m in pkgutil.walk_packages(qcompile.__path__, 'qcompile.'):\n"
        "    if m.name.endswith(('__main__', 'api.warm')): continue\n"
        "    importlib.import_module(m.name)\n"
        "rooms = {m.name for m in pkgutil.iter_modules(qcompile.__path__)}\n"
        "assert not rooms & set(qcompile.__all__), rooms & set(qcompile.__all__)\n"
        "assert all(callable(getattr(qcompile, name)) for name in qcompile.__all__)\n"
    )
    assert "qcompile.api" in _modules_after(code)
