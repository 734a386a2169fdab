"""Each formula against another road: enumeration, arrays in memory, or the quoted number."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from estimates import classical, registers
from qcompile.errors import InputError
from qcompile.units import format_seconds


@given(n_circuits=st.integers(1, 60), shots=st.integers(1, 30), n_devices=st.integers(1, 9), shot=st.floats(1e-7, 1e-3))
def test_eq_11_is_the_time_of_a_queue(n_circuits: int, shots: int, n_devices: int, shot: float) -> None:
    free = [0.0] * n_devices
    for _ in range(n_circuits * shots):
        free[free.index(min(free))] += 1
    expected = max(free) * shot
    found = classical.execution_seconds(
        n_circuits, shots, critical_path_s=shot / 2, readout_s=shot / 4, reset_s=shot / 4, n_devices=n_devices
    )
    assert found == pytest.approx(expected)


def test_eq_11_on_willow() -> None:
    # 6 qubits, L = 4: critical path 0.54 us, readout 600 ns, reset 160 ns -> 1.3 us; 0.044 s buys 3.4e4 shots
    shot = classical.execution_seconds(1, 1, critical_path_s=0.54e-6, readout_s=600e-9, reset_s=160e-9)
    assert shot == pytest.approx(1.3e-6)
    assert 0.044 / shot == pytest.approx(3.4e4, rel=0.01)
    # n = 64: 4096 overlaps of 1000 shots take 5.3 s
    assert 4096 * 1000 * shot == pytest.approx(5.3, rel=0.01)
    assert classical.printed_execution_seconds(10, 35, 42e-9, 2) == pytest.approx(10 / 2 * 35 * 42e-9)
    with pytest.raises(InputError):
        classical.execution_seconds(1, 1, critical_path_s=1, readout_s=1, reset_s=1, n_devices=0)


def test_eq_13() -> None:
    assert classical.calibration_circuits(8, kind="full") == 256
    assert classical.calibration_circuits(8) == 2
    assert classical.calibration_circuits(8, kind="local", k=2) == 16
    assert classical.calibration_circuits(8, kind="local", k=8) == 256
    assert classical.calibration_seconds(8, 1000, 1e-6, kind="full") == pytest.approx(0.256)
    with pytest.raises(InputError):
        classical.calibration_circuits(8, kind="all")


@pytest.mark.parametrize(("n", "batch", "dtype", "bits"), [(5, 1, complex, 64), (10, 3, np.complex64, 32)])
def test_eq_16_is_the_size_of_the_array(n: int, batch: int, dtype: type, bits: int) -> None:
    array = np.zeros((batch, 2**n), dtype=dtype)
    assert classical.state_memory_bytes(n, batch=batch, precision_bits=bits) == array.nbytes


def test_eq_16_quoted() -> None:
    assert classical.state_memory_bytes(30) == 16 * 2**30
    assert classical.state_memory_bytes(23) == 128 * 2**20


@given(d=st.integers(1, 12).map(lambda k: 2 * k + 1), n=st.integers(1, 50))
def test_eq_63_counts_the_qubits_of_rotated_patches(d: int, n: int) -> None:
    data = {(2 * r + 1, 2 * c + 1) for r in range(d) for c in range(d)}
    ancillas = set()
    for r in range(d + 1):
        for c in range(d + 1):
            x, y = 2 * r, 2 * c
            around = sum((x + i, y + j) in data for i in (-1, 1) for j in (-1, 1))
            # whole plaquettes, and every other half plaquette along the border (two types, two pairs of sides)
            on_row_border, on_column_border = r in (0, d), c in (0, d)
            half = around == 2 and ((on_row_border and (r + c) % 2 == 1) or (on_column_border and (r + c) % 2 == 0))
            if around == 4 or half:
                ancillas.add((x, y))
    assert classical.surface_code_qubits(n, d) == n * (len(data) + len(ancillas))
    assert classical.surface_code_qubits(n, d, routing=0.5) == math.ceil(1.5 * n * (2 * d * d - 1))


def test_eq_63_second_term_counts_experts_once() -> None:
    assert classical.expert_memory_bytes(671e9) == pytest.approx(1.342e12)
    printed = classical.expert_memory_bytes(671e9, n_experts=256, params_include_experts=False)
    assert printed / classical.expert_memory_bytes(671e9) == 256


def test_eq_65() -> None:
    assert classical.qubit_seconds(8, 1e-4, 1000) == pytest.approx(0.8)


def test_eq_69() -> None:
    assert classical.cluster_nodes(671e9, 512e9) == 21
    held = 0.0
    nodes = 0
    while held < 671e9 * 16:
        held, nodes = held + 512e9, nodes + 1
    assert nodes == 21


@pytest.mark.parametrize(
    ("copies", "terabytes", "fits"), [(0, 10.7, True), (2, 16.1, True), (3, 18.8, False), (32, 96.6, False)]
)
def test_eq_70_against_the_cluster_of_the_paper(copies: int, terabytes: float, fits: bool) -> None:
    found = classical.training_memory_bytes(671e9, copies)
    assert found / 1e12 == pytest.approx(terabytes, rel=5e-3)
    assert (found <= 32 * 512e9) == fits
    assert classical.training_memory_bytes(1, 32) == 144


@given(tokens=st.integers(1, 6), rows=st.integers(1, 6), columns=st.integers(1, 6))
def test_eq_71_counts_the_operations_of_a_layer(tokens: int, rows: int, columns: int) -> None:
    operations = sum(2 for _ in range(tokens) for _ in range(rows) for _ in range(columns))
    assert classical.forward_flops(rows * columns, tokens) == operations


def test_eq_71_quoted() -> None:
    assert classical.forward_flops(671e9, 4096) == pytest.approx(5.50e15, rel=1e-3)
    assert classical.forward_flops(37e9, 4096) == pytest.approx(3.03e14, rel=1e-3)
    assert classical.attention_flops(1, 1, 1) == 4
    scores = 2 * 64 * 64 * 32 + 2 * 64 * 64 * 32
    assert classical.attention_flops(64, 32, 1) == scores
    assert classical.attention_flops(3, 1, 1, causal=True) == 4 * 6


@pytest.mark.parametrize(
    ("d_model", "dev", "test", "prod"),
    [(256, 8, 17, 68), (2048, 11, 23, 92), (5120, 13, 27, 108), (7168, 13, 27, 108), (16, 8, 17, 68)],
)
def test_eqs_79_81_83(d_model: int, dev: int, test: int, prod: int) -> None:
    assert registers.n_qubits_dev(d_model) == dev
    assert registers.n_qubits_test(dev) == test
    assert registers.n_qubits_prod(test) == prod
    assert 2**dev >= d_model


@given(st.integers(1, 2**40))
def test_eq_79_is_the_smallest_register(d_model: int) -> None:
    n = registers.n_qubits_dev(d_model)
    assert 2**n >= d_model
    assert n == 8 or 2 ** (n - 1) < d_model


def test_registers_of_small_models_and_symbols() -> None:
    assert registers.n_qubits_dev(16, override=4) == 4
    assert registers.n_qubits_prod(registers.n_qubits_test(4)) == 36
    assert registers.n_qubits_prod(27, 16) == 432
    n = sympy.Symbol("n")
    assert registers.n_qubits_prod(registers.n_qubits_test(n)) == 8 * n + 4
    for wrong in (
        lambda: registers.n_qubits_dev(17, override=4),
        lambda: registers.n_qubits_prod(9, 3),
        lambda: registers.n_qubits_dev(0),
    ):
        with pytest.raises(InputError):
            wrong()


def test_overlaps_of_a_forward_pass() -> None:
    assert classical.overlaps_per_pass(61, 128, 4096) == pytest.approx(1.31e11, rel=1e-3)
    assert classical.overlaps_per_pass(2, 2, 8) == 256
    assert classical.overlaps_per_pass(1, 1, 4, causal=True) == 10
    seconds = classical.overlaps_per_pass(61, 128, 4096) * 1e4 * classical.NATIVE_SHOT_SECONDS
    assert seconds / (365.25 * 86400) == pytest.approx(83, rel=0.01)
    assert "years" in format_seconds(seconds)
