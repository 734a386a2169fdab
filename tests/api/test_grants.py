"""What a caller grants makes circuits cheaper, is certified, and is not used when it is not granted."""

from __future__ import annotations

import pytest

import qcompile as qc
from qcompile.tape import Op, Tape, TapeBuilder


def many_controls(k: int, *, angle: float | None = None) -> Tape:
    b = TapeBuilder(k + 1)
    if angle is None:
        b.add(Op.MCX, *range(k + 1))
    else:
        b.add(Op.MCP, *range(k + 1), angles=[angle])
    return b.build()


def n_pairs(tape: Tape, target: str, **options: object) -> int:
    built = qc.compile(tape, target=target, **options)
    certificate = qc.certify(built)
    assert certificate.ok, str(certificate)
    assert certificate.replay.covers, certificate.replay
    return int(built.metrics["n2"])


@pytest.mark.parametrize(("k", "angle"), [(4, None), (5, None), (4, 0.3)])
def test_clean_ancillas_pay_for_gates_with_many_controls(k: int, angle: float | None) -> None:
    tape = many_controls(k, angle=angle)
    without = n_pairs(tape, "all_to_all(9)")
    assert n_pairs(tape, "all_to_all(9)", ancillas=True) < without
    assert n_pairs(tape, f"all_to_all({k + 1})", ancillas=True) == without, "none are idle"


def test_ancillas_are_not_used_where_they_do_not_pay() -> None:
    tape = qc.tape_of("ccx 0 1 2; cx 0 2")
    assert qc.compile(tape, target="line(6)", ancillas=True).tape == qc.compile(tape, target="line(6)").tape


def test_zero_inputs_save_gates_only_when_granted() -> None:
    tape = qc.tape_of("h 0; cx 1 0; cx 0 2; ccx 3 0 1")
    assert n_pairs(tape, "grid(2,3)", inputs="zero") == 1
    assert n_pairs(tape, "grid(2,3)") > 1
    built = qc.compile(tape, target="grid(2,3)", inputs="zero")
    assert built.contract.zero_inputs == (0, 1, 2, 3)
    assert str(built.contract).startswith("isometry")


def test_measured_outputs_save_gates_only_when_granted() -> None:
    tape = qc.tape_of("h 0; cx 0 1; cx 1 2; cz 0 2; measure 0")
    assert n_pairs(tape, "line(3)", outputs="measured") == 0
    assert n_pairs(tape, "line(3)") > 0
    nothing_measured = qc.tape_of("h 0; cx 0 1")
    assert n_pairs(nothing_measured, "line(3)", outputs="measured") == 1


@pytest.mark.parametrize(("target", "n", "depth"), [("grid(3,4)", 12, 6), ("all_to_all(9)", 9, 4), ("ring(8)", 8, 4)])
@pytest.mark.parametrize("chain", [False, True])
def test_copies_are_made_along_couplings(target: str, n: int, depth: int, chain: bool) -> None:
    b = TapeBuilder(n)
    b.add("h", 0)
    for k in range(1, n):
        b.add("cx", k - 1 if chain else 0, k)
    b.add("rz", n - 1, angles=[0.3])
    built = qc.compile(b.build(), target=target, inputs="zero", objective="depth")
    assert built.metrics["n2"] == n - 1
    assert built.metrics["d2"] <= depth
    certificate = qc.certify(built)
    assert certificate.ok
    assert certificate.replay.exact


def test_grants_are_refused_when_they_are_no_grants() -> None:
    with pytest.raises(qc.InputError, match="inputs is 'one'"):
        qc.compile(qc.tape_of("h 0"), target="line(3)", inputs="one")
    with pytest.raises(qc.InputError, match="ancillas is 2; use True or False"):
        qc.compile(qc.tape_of("h 0"), target="line(3)", ancillas=2)
