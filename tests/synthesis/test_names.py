"""What the room exports is there, and is no module of the room."""

from types import ModuleType

import pytest

import qcompile.synthesis as room


@pytest.mark.parametrize("name", room.__all__)
def test_every_exported_name_loads(name: str) -> None:
    value = getattr(room, name)
    assert not isinstance(value, ModuleType)
    assert name in dir(room)
