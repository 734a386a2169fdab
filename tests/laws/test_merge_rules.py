"""Layers that merge, and overlaps of product states: the same meaning, and instances that must not match."""

from __future__ import annotations

import numpy as np
import pytest

from qcompile import ir
from qcompile.verify.reference import reference_unitary, reference_value
from tests.laws.rule_cases import ATOL, angles, encoding, hadamard, overlap


@pytest.mark.parametrize("times", [2, 3, 7])
@pytest.mark.parametrize("seed", range(3))
def test_a_repeated_layer_is_one(seed: int, times: int) -> None:
    rng = np.random.default_rng(seed)
    layers = (
        ir.RotationLayer(3, ("xyz"[seed],), angles(rng, 3, 1)),
        ir.PhaseLayer(3, 2, angles(rng, 2)),
        ir.Router(3, 2, angles(rng, 2, 3)),
        ir.Rotation("xyz"[seed], 0.7),
    )
    for layer in layers:
        block = ir.Repeat(layer, times)
        new, trace = ir.simplify(block)
        assert "merge-repeated-layer" in trace.rules
        assert new.counts().rotation == ir.simplify(layer)[0].counts().rotation
        np.testing.assert_allclose(reference_unitary(new), reference_unitary(block), atol=ATOL)


def test_other_repeats_stay() -> None:
    rng = np.random.default_rng(0)
    for one in (
        ir.RotationLayer(2, ("x", "z"), angles(rng, 2, 2)),
        ir.Ansatz(2, 1, angles(rng, 1, 2, 3)),
        ir.Ladder(3),
    ):
        assert "merge-repeated-layer" not in ir.simplify(ir.Repeat(one, 3))[1].rules
    symbolic = ir.Repeat(ir.Rotation("x", 0.1), ir.SYMBOLS["L"])
    assert "merge-repeated-layer" not in ir.simplify(symbolic)[1].rules


def test_repeated_symbols_are_multiplied() -> None:
    block = ir.Repeat(ir.Rotation("y", ir.Expr.symbol("t")), 3)
    new, _ = ir.simplify(block)
    assert new == ir.Rotation("y", ir.Expr.symbol("t") * 3.0)


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        (("x",), ("x",), ("x",)),
        (("z", "y"), ("y",), ("z", "y")),
        (("z",), ("z", "x"), ("z", "x")),
        (("x",), ("z",), None),
        (("z", "x"), ("x", "y"), None),
        (("x", "y"), ("x",), None),
    ],
)
def test_layers_that_meet_at_an_axis(
    first: tuple[str, ...], second: tuple[str, ...], merged: tuple[str, ...] | None
) -> None:
    rng = np.random.default_rng(1)
    layers = [ir.RotationLayer(3, axes, angles(rng, 3, len(axes))) for axes in (first, second)]
    block = layers[0] >> layers[1]
    new, trace = ir.simplify(block)
    assert ("merge-neighbour-layers" in trace.rules) == (merged is not None)
    np.testing.assert_allclose(reference_unitary(new), reference_unitary(block), atol=ATOL)
    if merged is not None:
        assert isinstance(new, ir.RotationLayer)
        assert new.axes == merged


def test_two_routers_are_one_layer() -> None:
    rng = np.random.default_rng(2)
    block = ir.Router(4, 3, angles(rng, 3)) >> ir.Router(4, 2, angles(rng, 2, 4))
    new, _ = ir.simplify(block)
    assert new.counts().rotation == 4
    np.testing.assert_allclose(reference_unitary(new), reference_unitary(block), atol=ATOL)


def products(rng: np.random.Generator, n: int) -> list[ir.Block]:
    return [
        ir.AngleEncoding(angles(rng, n), "xyz"[rng.integers(3)]),
        ir.BasisEncoding(int(rng.integers(2**n)), n),
        ir.UniformSuperposition(2**n),
        ir.identity(n),
        ir.BasisEncoding(1, 1) @ ir.AngleEncoding(angles(rng, n - 1)),
    ]


def one_qubit_blocks(rng: np.random.Generator, n: int) -> list[ir.Block]:
    return [
        ir.identity(n),
        ir.RotationLayer(n, ("z", "x"), angles(rng, n, 2)),
        ir.Router(n, 2, angles(rng, 2)),
        ir.PhaseLayer(n, 2, angles(rng, 2)),
        ir.PhaseLayer(n, 1, angles(rng, 1)) >> ir.Router(n, 1, angles(rng, 1, n)),
    ]


@pytest.mark.parametrize("seed", range(10))
def test_overlaps_of_product_states_need_no_circuit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    one, two = (products(rng, n)[rng.integers(5)] for _ in range(2))
    middle = one_qubit_blocks(rng, n)[seed % 5]
    readouts = [overlap(ir.ComputeUncompute(one, middle, two))]
    readouts += [hadamard(one, middle, two, part=part) for part in ("real", "imag")]
    for readout in readouts:
        program, trace = ir.simplify(ir.Program((readout,)))
        assert len(program) == 0
        assert {"fold-product-states", "fold-product-overlap", "fold-equal-states"} & set(trace.rules)
        assert float(program.closed_forms[0].value) == pytest.approx(float(reference_value(readout)), abs=1e-10)


def test_width_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    x = angles(rng, 108)
    readout = overlap(ir.ComputeUncompute(ir.AngleEncoding(x), ir.identity(108), ir.AngleEncoding(x + 0.1)))
    program, _ = ir.simplify(ir.Program((readout,)))
    assert float(program.closed_forms[0].value) == pytest.approx(np.cos(0.05) ** 216, rel=1e-12)


def test_overlaps_that_entangle_or_are_free_keep_their_circuit() -> None:
    rng = np.random.default_rng(6)
    product, entangled = ir.AngleEncoding(angles(rng, 2)), encoding(rng, 2)
    cases = [
        (product, ir.Ladder(2), product),
        (product, ir.Ansatz(2, 1, angles(rng, 1, 2, 3)), product),
        (product, ir.Router(2, 1, angles(rng, 1)), entangled),
        (product, ir.Router(2, 1), product),
        (ir.UniformSuperposition(3), ir.Router(2, 1, angles(rng, 1)), product),
    ]
    for parts in cases:
        for readout in (overlap(ir.ComputeUncompute(*parts)), hadamard(*parts)):
            assert "fold-product-states" not in ir.simplify(ir.Program((readout,)))[1].rules
