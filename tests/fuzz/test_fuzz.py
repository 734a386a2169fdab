"""A short piece of the long random run; `make fuzz` does more."""

import pytest

from tests.fuzz.run import run_case

CASES, PIECES = 150, 10


@pytest.mark.parametrize("piece", range(PIECES))
def test_random_circuits_on_random_machines_keep_every_promise(piece: int) -> None:
    rows = [run_case(1, number) for number in range(piece, CASES, PIECES)]
    assert not [row for row in rows if row["outcome"] == "failed"]
    assert any(row["outcome"] == "ok" for row in rows)


def test_a_case_is_a_function_of_its_numbers() -> None:
    assert run_case(1, 3) == run_case(1, 3)
