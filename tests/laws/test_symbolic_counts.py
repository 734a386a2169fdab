"""Formulas in n, L and other sizes: with the sizes put in, they are the counts of the circuit of those sizes."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

from qcompile import ir
from qcompile.ir.generic_state import state_cnots, state_depth, state_fixed, state_rotations
from qcompile.synthesis.blocks import synthesize, tape_counts
from qcompile.synthesis.schmidt_state import cost_state
from tests.laws.test_blocks import assert_counts

N, L, M, D = (ir.SYMBOLS[name] for name in ("n", "L", "m", "d_model"))


def ansatz(**options: object) -> ir.Ansatz:
    return ir.Ansatz(N, L, **options)


def angle_encoding(name: str) -> ir.AngleEncoding:
    return ir.AngleEncoding(ir.Angles.symbols(name, N))


STATES = (angle_encoding("one"), ansatz(), angle_encoding("two"))

# Blocks of symbolic size whose formula is exact. Depth is compared where there is a formula for it.
FORMULAS: dict[str, ir.Block] = {
    "ansatz": ansatz(),
    "ansatz in time": ansatz(product_order="time"),
    "ansatz without ends": ansatz(omit=("first_ladder", "first_axis", "last_axis")),
    "ansatz without redundant angles": ansatz(omit=("redundant",)),
    "inverse ansatz": ansatz().adjoint(),
    "phase layer": ir.PhaseLayer(N, L),
    "router": ir.Router(N, L),
    "rotation layer": ir.RotationLayer(N, ("x", "z"), ir.Angles.symbols("a", N, 2)),
    "ladder": ir.Ladder(N),
    "angle encoding": angle_encoding("x"),
    "basis encoding": ir.BasisEncoding(2, N),
    "global phase": ir.GlobalPhase(N, 0.3),
    "fourier": ir.QFT(N),
    "fourier on a line": ir.QFT(N, form="line"),
    "fourier with a cutoff": ir.QFT(N, cutoff=2),
    "fourier on a line with a cutoff": ir.QFT(N, form="line", cutoff=2),
    "uniform": ir.UniformSuperposition(M),
    "tree of real data": ir.AmplitudeEncoding(ir.Vector.generic(D), method="tree"),
    "tree of complex data": ir.AmplitudeEncoding(ir.Vector.generic(D, is_real=False), method="tree"),
    "complex data": ir.AmplitudeEncoding(ir.Vector.generic(D, is_real=False)),
    "phase encoding": ir.PhaseEncoding(ir.Vector.generic(D)),
    "data then ansatz": ir.AmplitudeEncoding(ir.Vector.generic(2**N, is_real=False), N) >> ansatz(),
    "sequence": ansatz() >> ir.Router(N, L, "phi") >> ansatz().adjoint(),
    "parallel": ansatz() @ ir.Router(N, L, "phi"),
    "repeat": ir.Repeat(ansatz(), M),
    "controlled ansatz": ir.Controlled(ansatz()),
    "controlled inverse": ir.Controlled(ansatz().adjoint()),
    "controlled power": ir.Controlled(ir.Repeat(ansatz(), M)),
    "controlled router": ir.Controlled(ir.Router(N, L)),
    "controlled phase layer": ir.Controlled(ir.PhaseLayer(N, L)),
    "controlled ladder": ir.Controlled(ir.Ladder(N)),
    "controlled fourier": ir.Controlled(ir.QFT(N)),
    "controlled global phase": ir.Controlled(ir.GlobalPhase(N, ir.Expr.symbol("t"))),
    "controlled angle encoding": ir.Controlled(angle_encoding("x")),
    "ladder free": ir.LadderFree(ansatz()),
    "ladder free in time": ir.LadderFree(ansatz(product_order="time")),
    "compute uncompute": ir.ComputeUncompute(*STATES),
    "bell": ir.BellMeasurement(*STATES),
    "swap test": ir.SwapTest(*STATES),
    "hadamard test": ir.HadamardTest(*STATES),
    "imaginary hadamard test": ir.HadamardTest(*STATES, part="imag"),
    "thin hadamard test": ir.HadamardTest(*STATES, control="rotations"),
    "thin hadamard test in time": ir.HadamardTest(
        STATES[0], ansatz(product_order="time"), STATES[2], part="imag", control="rotations"
    ),
    "fanned out hadamard test": ir.HadamardTest(*STATES, control="fan_out", copies=2),
}


def sizes(rng: np.random.Generator) -> dict[str, int]:
    top = {"n": (3, 9), "L": (1, 6), "m": (1, 40), "d_model": (2, 257)}
    return {name: int(rng.integers(*ends)) for name, ends in top.items()}


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas(name: str) -> None:
    block = FORMULAS[name]
    formula = block.counts()
    assert block.sizes
    assert formula.is_exact
    rng = np.random.default_rng(list(name.encode()))
    for _ in range(3):
        chosen = sizes(rng)
        if "power" in name or name == "repeat":
            chosen["m"] = min(chosen["m"], 4)
        concrete = block.with_sizes(chosen)
        if isinstance(concrete, ir.PhaseEncoding):
            concrete = ir.PhaseEncoding(concrete.vector, rng.normal(size=concrete.vector.length))
        found = tape_counts(synthesize(concrete.with_data(int(rng.integers(1000)))))
        put_in = formula.with_sizes(chosen)
        for key in ir.Counts.ADDED:
            assert put_in[key] == found[key], (key, chosen)
        if put_in.depth_two_qubit is not None:
            assert put_in.depth_two_qubit == found.depth_two_qubit, chosen


def test_generic_states_cost_what_the_recursion_says() -> None:
    rng = np.random.default_rng(0)
    for n in range(1, 11):
        for is_real in (False, True):
            data = rng.normal(size=2**n) + (0 if is_real else 1j * rng.normal(size=2**n))
            found = tape_counts(synthesize(ir.AmplitudeEncoding(data)))
            formula = (state_cnots(n), state_rotations(n), state_fixed(n), state_depth(n))
            counted = (found.cnot, found.rotation, found.one_qubit, found.depth_two_qubit)
            if not is_real or n <= 4:
                assert counted == formula
            assert all(a <= b for a, b in zip(counted, formula, strict=True))
    assert [state_cnots(n) for n in (4, 6, 8, 10)] == [7, 42, 199, 867]
    assert all(state_cnots(n) == cost_state(n) <= 2**n - n - 1 for n in range(1, 110))


def test_formulas_without_a_closed_form_wait_for_a_number() -> None:
    formula = state_cnots(N)
    assert isinstance(formula, sympy.Expr)
    assert formula.free_symbols == {N}
    assert formula.subs(N, 8) == 199
    wide = ir.AmplitudeEncoding(ir.Vector.generic(2**N, is_real=False), N).counts().with_sizes({"n": 108})
    assert wide.cnot == cost_state(108)
    assert wide.depth_two_qubit is None


@pytest.mark.parametrize("angle", [np.pi, 0.3])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 6, 7, 9, 12, 16])
def test_phases_on_one_state_of_many(n: int, angle: float) -> None:
    block = ir.BasisPhase(n, 1, angle)
    assert_counts(block, synthesize(block))
    bound = ir.BasisPhase(N, 1, angle).counts()
    assert not bound.is_exact
    for key in ir.Counts.ADDED:
        assert block.counts()[key] <= bound.with_sizes({"n": n})[key]


def test_operators_of_symbolic_size_have_bounds() -> None:
    grover = ir.GroverOperator(ansatz(), {0: 1, 2: 0})
    assert grover.sizes == ("L", "n")
    for block in (grover, ir.Controlled(grover)):
        assert not block.counts().is_exact
        concrete = block.with_sizes({"n": 4, "L": 2})
        put_in = block.counts().with_sizes({"n": 4, "L": 2})
        assert all(concrete.counts()[key] <= put_in[key] for key in ir.Counts.ADDED)


def test_t_gates_in_all() -> None:
    """A T gate each, seven for a Toffoli gate, as many as the precision asks for a rotation."""
    per_rotation = sympy.Symbol("r")
    block = ir.Controlled(ansatz())
    assert sympy.expand(block.counts().t_total(per_rotation) - 6 * N * L * per_rotation - 7 * (N - 1) * L) == 0
    fixed = ir.Gate("t") @ ir.Gate("tdg") @ ir.Gate("h") @ ir.Gate("ccx")
    assert fixed.counts().t_total(50) == 9
    assert fixed.counts().t_total(50, 4) == 6
