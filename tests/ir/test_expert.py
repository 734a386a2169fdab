"""Quantum experts: the linear map, the readout, shapes that do not fit."""

from __future__ import annotations

import numpy as np
import pytest

import qcompile as qc
from qcompile import ir
from qcompile.errors import InputError
from qcompile.verify.reference import reference_value
from tests.laws.rule_cases import assert_same_readout


def expert(rng: np.random.Generator, n: int = 3, **options: object) -> ir.QuantumExpert:
    return ir.QuantumExpert(
        ir.AmplitudeEncoding(rng.normal(size=2**n)), ir.Ansatz(n, 2, rng.uniform(-3, 3, (2, n, 3))), **options
    )


@pytest.mark.parametrize("n", [1, 2, 4])
def test_an_expert_is_its_token_and_ansatz(n: int) -> None:
    one = expert(np.random.default_rng(n), n)
    readout, plain = one.readout("e"), ir.Readout("e", one.token >> one.ansatz, range(n), "z_expectations")
    assert_same_readout(readout, plain)
    new, trace = ir.simplify(readout)
    assert "open-expert" in trace.rules
    assert new.block == ir.simplify(plain)[0].block
    assert one.counts() == plain.block.counts()


def test_the_linear_map() -> None:
    rng = np.random.default_rng(0)
    weight, bias, z = rng.normal(size=(5, 3)), rng.normal(size=5), rng.uniform(-1, 1, (4, 3))
    full = expert(rng, weight=weight, bias=bias)
    by_hand = [[sum(weight[i, k] * row[k] for k in range(3)) + bias[i] for i in range(5)] for row in z]
    np.testing.assert_allclose(full.output(z), by_hand, atol=1e-14)
    np.testing.assert_array_equal(expert(rng).output(z), z)
    np.testing.assert_allclose(expert(rng, bias=[1.0, 2.0, 3.0]).output(z), z + np.arange(1, 4), atol=1e-14)


def test_an_expert_compiles_and_is_certified() -> None:
    one = expert(np.random.default_rng(1), 3, weight=np.eye(3)[:2])
    for off in ((), ("all",)):
        built = qc.compile(ir.Program((one.readout("e"),)), target="line(4)", no_simplify=off)
        assert all(c.ok for c in qc.certify(built).values())
    assert one.output(reference_value(one.readout("e"))).shape == (2,)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weight": np.ones((2, 4))}, "has 4 columns"),
        ({"weight": np.ones(3)}, "shape"),
        ({"weight": [[np.nan] * 3]}, "finite"),
        ({"bias": [1.0]}, "has 1 entries"),
        ({"weight": np.ones((2, 3)), "bias": [1.0] * 3}, "has 3 entries"),
    ],
)
def test_maps_that_do_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        expert(np.random.default_rng(0), **options)
    with pytest.raises(InputError, match=r"give \[..., 3\]"):
        expert(np.random.default_rng(0)).output([0.1, 0.2])
    with pytest.raises(InputError, match="expert: token"):
        ir.QuantumExpert(ir.identity(2), ir.Ansatz(3, 1))
