"""Widths, sizes, parameters, contracts and printing of blocks that are put together."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

from qcompile import ir
from qcompile.errors import InputError
from qcompile.ir.shots import hoeffding_shots, relative_shots
from qcompile.synthesis.state_preparation import n_cx_generic
from qcompile.verify.reference import reference_unitary

N, L = ir.SYMBOLS["n"], ir.SYMBOLS["L"]


def test_widths_must_agree() -> None:
    with pytest.raises(InputError, match="has 3 qubits beside 2; embed it"):
        ir.Ladder(2) >> ir.Ladder(3)
    with pytest.raises(InputError, match="beside"):
        ir.Sequence((ir.Ladder(2),), n_qubits=3)
    with pytest.raises(InputError, match="has 2 qubits, the unitary 3"):
        ir.ComputeUncompute(ir.identity(2), ir.Ladder(3), ir.identity(3))
    for qubits in ((0, 0), (0, 4), (0,)):
        with pytest.raises(InputError, match=r"on\.qubits"):
            ir.Ladder(2).on(*qubits, of=4)
    assert (ir.Ladder(2) @ ir.Ladder(3)).n_qubits == 5
    assert (ir.Ansatz(N, 1) >> ir.Ladder(N)).n_qubits == N


def test_sequences_and_parallels_flatten() -> None:
    a, b, c = ir.Gate("h"), ir.Gate("x"), ir.Gate("z")
    assert ((a >> b) >> c) == (a >> (b >> c))
    assert ((a @ b) @ c) == (a @ (b @ c))
    assert a.adjoint().adjoint() == a
    assert (a >> b).adjoint() == (b >> a)
    assert ir.Adjoint(ir.Ansatz(2, 1)).adjoint() == ir.Ansatz(2, 1)


def test_sizes_stay_symbols_until_needed() -> None:
    block = ir.Ansatz(N, L) >> ir.Router(N, L, "phi")
    assert block.sizes == ("L", "n")
    assert sympy.simplify(block.counts().rotation - 4 * L * N) == 0
    concrete = block.with_sizes({"n": 3, "L": 2})
    assert concrete.sizes == ()
    assert concrete.counts().rotation == 24
    assert concrete.n_qubits == 3
    with pytest.raises(InputError, match="bind the size"):
        _ = block.width
    with pytest.raises(InputError, match="use a whole number >= 1"):
        block.with_sizes({"n": 3, "L": 0})
    repeated = ir.Repeat(ir.Ansatz(3, 1), L)
    assert repeated.counts().cnot == 2 * L


def test_parameters_come_in_order_and_bind() -> None:
    block = ir.Ansatz(2, 1) >> ir.PhaseLayer(2, 1, "phi")
    assert block.parameters[:4] == ("theta_0_0_x", "theta_0_0_y", "theta_0_0_z", "theta_0_1_x")
    assert block.parameters[-1] == "phi_0"
    half = block.bind({"phi": [0.3]})
    assert "phi_0" not in half.parameters
    whole = half.bind({"theta": np.ones((1, 2, 3))})
    assert whole.parameters == ()
    renamed = block.bind({"phi_0": 2 * ir.Expr.symbol("x")})
    assert renamed.parameters[-1] == "x"
    with pytest.raises(InputError, match="did you mean phi_0"):
        block.bind({"phi_00": 1.0})
    with pytest.raises(InputError, match="are not bound"):
        reference_unitary(block)


def test_contracts_compose() -> None:
    prep = ir.AmplitudeEncoding([1, 2, 3])
    ansatz = ir.Ansatz(2, 1)
    assert ansatz.contract.kind is ir.ContractKind.UNITARY
    assert (prep >> ansatz).contract == ir.Contract("isometry", (0, 1))
    assert (prep >> ansatz >> prep.adjoint()).contract.kind is ir.ContractKind.OUTCOMES
    assert (ir.Gate("h") @ prep).contract == ir.Contract("isometry", (1, 2))
    assert ir.Controlled(prep).contract == ir.Contract("isometry", (1, 2))
    assert prep.on(3, 1, of=4).contract == ir.Contract("isometry", (3, 1))
    assert (ir.Dephasing(1, 1) >> ir.Gate("h")).contract.kind is ir.ContractKind.CHANNEL
    assert str(ir.Contract("isometry", (0, 1), (2,))) == "isometry, 2 qubits start in 0, 1 ancillas return to 0"
    assert ir.ComputeUncompute(prep, ansatz, prep).contract.kind is ir.ContractKind.OUTCOMES


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ir.AmplitudeEncoding([0.0, 0.0]), "vector x is zero"),
        (lambda: ir.AmplitudeEncoding([]), "is empty"),
        (lambda: ir.AmplitudeEncoding([np.nan]), "not finite"),
        (lambda: ir.AmplitudeEncoding([1, 2, 3], 1), "1 qubits hold 2"),
        (lambda: ir.AmplitudeEncoding([1, 2], method="guess"), "use tree or auto"),
        (lambda: ir.Ansatz(2, 1, np.ones((2, 2, 3))), r"use shape \[1, 2, 3\]"),
        (lambda: ir.Ansatz(2, 1, product_order="left"), "use matrix or time"),
        (lambda: ir.Ansatz(2, 1, rotations=("x", "x")), "at most once"),
        (lambda: ir.Ansatz(2, 1, rotations=("w",)), "use x, y or z"),
        (lambda: ir.Ansatz(2, 1, omit=("first_ladde",)), "did you mean first_ladder"),
        (lambda: ir.Ansatz(2, 1, omit=("last_ladder",)), "that end has no ladder"),
        (lambda: ir.Ansatz(0, 1), "n_qubits is 0; use a whole number >= 1"),
        (lambda: ir.Gate("cnot"), "gate is 'cnot'"),
        (lambda: ir.PhaseLayer(2, 1, lift="all"), "use alternate or named"),
        (lambda: ir.PhaseLayer(2, 1, lift="named", named=(0, 5)), "two different qubits"),
        (lambda: ir.Router(3, 2, np.ones((2, 4))), "use shape"),
        (lambda: ir.BasisEncoding(8, 3), "use 0 to 7"),
        (lambda: ir.UniformSuperposition(5, 2), "at most 4"),
        (lambda: ir.HadamardTest(ir.identity(1), ir.Gate("h"), ir.identity(1), part="abs"), "use real or imag"),
        (lambda: ir.QFT(3, form="ring"), "use textbook or line"),
        (lambda: ir.BasisPhase(2, 4, 0.1), "use 0 to 3"),
        (lambda: ir.GroverOperator(ir.Ladder(2), {5: 1}), "use qubits 0 to 1"),
        (lambda: ir.AmplitudeEstimation(ir.Ladder(2), {0: 1}, 0), "n_controls is 0"),
        (lambda: ir.Dephasing(-1, 1), "dephasing is -1"),
        (lambda: ir.Readout("r", ir.Ladder(2), (0, 2), "all_zero"), "of 2 qubits"),
        (lambda: ir.Readout("r", ir.Ladder(2), (0, 0), "all_zero"), "measured"),
        (lambda: ir.Controlled(ir.Ladder(2), 0), "n_controls is 0"),
        (lambda: ir.Angles.of([np.inf]), "not finite"),
    ],
)
def test_bad_input_is_one_clear_message(make: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()  # type: ignore[operator]


def test_generic_data_needs_a_seed_to_become_a_circuit() -> None:
    block = ir.AmplitudeEncoding(ir.Vector.generic(1000))
    assert block.n_qubits == 10
    assert block.counts().cnot == n_cx_generic(10)
    assert ir.AmplitudeEncoding(ir.Vector.generic(1000), method="tree").counts().cnot == 2**10 - 2
    with pytest.raises(InputError, match="is generic"):
        block.state()
    one, two = block.with_data(3), block.with_data(3)
    assert one == two
    assert one != block.with_data(4)
    pair = ir.ComputeUncompute(block, ir.Ansatz(10, 1), block).with_data(3)
    assert pair.prep_in != pair.prep_out


def test_vectors_compare_by_content() -> None:
    assert ir.Vector.of([1, 2]) == ir.Vector.of([1.0, 2.0])
    assert hash(ir.Vector.of([1, 2])) == hash(ir.Vector.of([1.0, 2.0]))
    assert ir.Vector.of([1, 2]) != ir.Vector.of([1, 2, 0])
    assert ir.Vector.of([1e-300, 1e-300]).normalised()[0] == pytest.approx(0.5**0.5)
    assert ir.Vector.of([1e300, 1e300]).normalised()[0] == pytest.approx(0.5**0.5)


def test_trees_and_traces_print() -> None:
    readout = ir.Readout("a", ir.UniformSuperposition(4) >> ir.Router(2, 2, [0.1, 0.2]), range(2), "distribution")
    program = ir.Program((readout,), name="p", n_overlaps=N**2, sizes={"n": 3})
    assert "overlaps per forward pass n**2 = 9" in program.tree()
    assert "Router" in program.tree()
    simple, trace = ir.simplify(program)
    assert "S1 collapse-router on a: saved 2 rotation, 8 one_qubit (keeps unitary)" in str(trace)
    assert trace.of("a")
    assert simple == ir.simplify(program)[0]
    with pytest.raises(InputError, match="is there twice"):
        ir.Program((readout, readout))


def test_shots() -> None:
    assert hoeffding_shots(0.01, 0.05) == 18445
    assert hoeffding_shots(0.1, 0.05, value_range=2.0) == 738
    one, two = (relative_shots(0.1, 0.05, probability=2.0**-n) for n in (8, 108))
    assert two // one == pytest.approx(2.0**100, rel=1e-3)
    assert isinstance(two, int)
    for error, delta in ((0, 0.1), (0.1, 0), (0.1, 1), (np.nan, 0.1)):
        with pytest.raises(InputError):
            hoeffding_shots(error, delta)
    with pytest.raises(InputError, match="above 0"):
        relative_shots(0.1, 0.1, probability=0)
