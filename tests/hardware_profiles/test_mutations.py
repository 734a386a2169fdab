"""Files that went wrong anywhere: either still a profile, and then a target too, or one clear error."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from hardware_profiles import find
from hardware_profiles.library import profile_from_data
from qcompile.errors import InputError
from qcompile.target import Target

SHORT: dict[str, Any] = {
    "name": "r",
    "error_metric": "pauli_error",
    "error": 0.01,
    "t1": "80 us",
    "couplings": [[0, 1], {"qubits": [1, 2], "error": 0.1, "duration": "40 ns"}],
    "qubits": {"1": {"p10": 0.1}},
    "max_parallel_2q": 2,
}
WRONG: list[Any] = [
    None,
    -1,
    0,
    1,
    1.5,
    1e308,
    float("inf"),
    float("nan"),
    10**30,
    True,
    "x",
    "",
    "80 us",
    "1e999 s",
    [],
    {},
    [[0]],
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    return ([path] if path else []) + [place for key, item in inner for place in places(item, (*path, key))]


@pytest.mark.parametrize("name", ["short form", "iqm_garnet_20", "quantinuum_h2_1_56", "paper-minimum"])
def test_one_wrong_value_is_told_or_does_no_harm(name: str) -> None:
    data = SHORT if name == "short form" else json.loads(find(name).read_text())
    rng = random.Random(7)
    messages = []
    for _ in range(150):
        changed = copy.deepcopy(data)
        *outer, last = rng.choice(places(data))
        place = changed
        for key in outer:
            place = place[key]
        place[last] = rng.choice(WRONG)
        try:
            profile = profile_from_data(changed, name="changed")
            if profile.kind in ("device", "model"):
                assert Target.from_profile(profile).n_qubits >= 1
        except InputError as error:
            messages.append(str(error))
    assert len(messages) > 75
    assert all(message.startswith(("changed: ", "profile ")) for message in messages)
