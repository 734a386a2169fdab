"""Machines of the comparison: coupling graph, native gate, one simple noise model each; nothing measured here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["devices_of", "shipped_devices"]

Device = dict[str, Any]

# From shipped profiles: graph and native gate; the noise model of the comparison is the one written here.
_SHIPPED = {
    "willow105": ("google_willow_105", "cz", 0.9997, 0.9967, 25.0, 42.0, 80.0),
    "heron156": ("ibm_boston", "cz", 0.9998, 0.997, 36.0, 68.0, 180.0),
    "sycamore54": ("google_sycamore_2019", "cz", 0.9992, 0.9955, 25.0, 32.0, 20.0),
    "sycamore54:sqrtiswap": ("google_sycamore_2019", "sqrtiswap", 0.9992, 0.9955, 25.0, 32.0, 20.0),
    "sycamore54:syc": ("google_sycamore_2019", "syc", 0.9992, 0.9955, 25.0, 32.0, 20.0),
    "h2_56": ("quantinuum_h2_1_56", "rzz", 0.99997, 0.9985, 1e4, 1e5, 1e7),
}


def shipped_devices() -> dict[str, Device]:
    """Return the devices that a fresh clone has."""
    from qcompile.target import Target

    out = {}
    for name, (profile, native, f1, f2, t1q, t2q, t_us) in _SHIPPED.items():
        target = Target.load(profile)
        usable = np.flatnonzero(target.enabled)
        index = {int(q): k for k, q in enumerate(usable)}
        edges = [[index[int(a)], index[int(b)]] for a, b in target.edges if int(a) in index and int(b) in index]
        out[name] = {
            "n": len(usable),
            "edges": "all_to_all" if target.all_to_all else edges,
            "directed": [],
            "native_two_qubit": native,
            "f1": f1,
            "f2": f2,
            "t1q_ns": t1q,
            "t2q_ns": t2q,
            "T_us": t_us,
        }
    return out


def devices_of(folder: Path) -> dict[str, Device]:
    """Return the devices described beside a set of given circuits."""
    loaded: dict[str, Device] = json.loads((folder / "devices.json").read_text("utf-8"))
    return loaded
