"""The wheel holds code and data, and works where there is no checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(ROOT),
        "--no-deps",
        "--no-build-isolation",
        "-q",
        "-w",
        str(folder),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder


def test_the_wheel_works_outside_the_checkout(installed: Path) -> None:
    code = (
        "import qcompile as qc, hardware_profiles, estimates\n"
        "from qcompile.spec import preset_text\n"
        "assert 'site' in qc.__file__ and 'site' in hardware_profiles.__file__, qc.__file__\n"
        "assert len(hardware_profiles.list_profiles()) >= 20\n"
        "built = qc.compile(qc.load_model(preset_text('nano')), target='iqm_garnet_20')\n"
        "assert all(c.ok for c in qc.certify(built).values())\n"
        "assert qc.estimate(built).feasible\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(installed / "site"), "QDK_PYTHON_TELEMETRY": "none"}
    environment["NUMBA_DISABLE_JIT"] = "1"  # kernels as plain Python: nothing to compile in a fresh place
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=installed, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_wheel_holds_no_tests_and_all_data(installed: Path) -> None:
    names = {str(p.relative_to(installed / "site")) for p in (installed / "site").rglob("*") if p.is_file()}
    assert not any(name.startswith("tests") for name in names)
    for folder in ("hardware_profiles/data", "estimates", "qcompile/spec/presets"):
        wanted = {
            str(p.relative_to(ROOT))
            for p in (ROOT / folder).rglob("*")
            if p.suffix in (".json", ".yaml") and p.is_file()
        }
        assert wanted
        assert wanted <= names, sorted(wanted - names)[:3]
