"""Equations that size things: time, memory, arithmetic, registers, logical errors."""

from __future__ import annotations

import math

import numpy as np

from estimates import classical, registers
from estimates.codes import power_law_bound
from qcompile.api.equations_rows import Checks, Rows, equal, holds, near
from qcompile.budget.deployment import largest_accumulation

__all__ = ["ROWS"]

ROWS = Rows()


@ROWS.add(
    11,
    "time of a batch on several devices",
    "ESTIMATE",
    "estimates.classical.execution_seconds",
    "a simulated queue; quoted 3.4e4 shots in 0.044 s and 5.3 s for 4096 overlaps on a Willow-like device",
    note="shots, readout and reset are not printed and are added; whole shots a device",
)
def _eq_11() -> Checks:
    shot = classical.execution_seconds(1, 1, critical_path_s=0.54e-6, readout_s=600e-9, reset_s=160e-9)
    yield near("shots in 0.044 s", 0.044 / shot, 3.4e4, rel=0.01)
    yield near("4096 overlaps of 1000 shots", 4096 * 1000 * shot, 5.3, rel=0.01)
    free = [0.0] * 3
    for _ in range(7 * 5):
        free[free.index(min(free))] += 1e-6
    found = classical.execution_seconds(7, 5, critical_path_s=1e-6, readout_s=0, reset_s=0, n_devices=3)
    yield near("queue of 35 shots on 3 devices", found, max(free), rel=1e-12)


@ROWS.add(
    13,
    "time of readout calibration",
    "ESTIMATE",
    "estimates.classical.calibration_circuits",
    "quoted 256 circuits for the full matrix at n = 8 and 2 for tensored calibration; one circuit a column",
    note="2^n only for the full matrix; tensored calibration, 2 circuits, is the default",
)
def _eq_13() -> Checks:
    yield equal("full, n = 8", classical.calibration_circuits(8, kind="full"), 256)
    yield equal("tensored", classical.calibration_circuits(8), 2)
    yield equal("full: columns of the matrix", classical.calibration_circuits(5, kind="full"), np.eye(2**5).shape[1])


@ROWS.add(
    16,
    "memory of a batch of state vectors",
    "ESTIMATE",
    "estimates.classical.state_memory_bytes",
    "bytes of arrays in memory; quoted 16 GiB at n = 30",
    note="of a dense simulator; product and matrix-product states need far less",
)
def _eq_16() -> Checks:
    yield equal("n = 30 in GiB", classical.state_memory_bytes(30) / 2**30, 16.0)
    yield equal("complex128 array", classical.state_memory_bytes(5), np.zeros(2**5, dtype=np.complex128).nbytes)
    array = np.zeros((3, 2**10), dtype=np.complex64)
    yield equal("batch in complex64", classical.state_memory_bytes(10, batch=3, precision_bits=32), array.nbytes)


@ROWS.add(
    60,
    "logical error of a code of distance d",
    "ESTIMATE CLAIM",
    "estimates.codes.power_law_bound",
    "with c = 155 above simulated surface-code memories at p = 0.001 and 0.002, d = 3, 5, 7 (quoted error rates)",
    note="true in form below threshold with c = 155, a shot of d rounds; without the prefactor 0.032 it is a bound; it "
    "says nothing at p = 0.08, where it is capped",
)
def _eq_60() -> Checks:
    measured = {0.001: (7.6e-4, 1.2e-4, 1.9e-5), 0.002: (3.0e-3, 1.0e-3, 2.8e-4)}
    for p, rates in measured.items():
        for d, rate in zip((3, 5, 7), rates, strict=True):
            bound = power_law_bound(p, d)
            yield holds(f"p = {p}, d = {d}: {rate:.1e} below {bound:.1e}", rate <= bound)
            yield near("prefactor 0.032 makes it a law", 0.032 * bound, rate, rel=0.25)
    yield equal("p = 0.08", power_law_bound(0.08, 3), 1.0)


@ROWS.add(
    63,
    "space: physical qubits and expert parameters",
    "ESTIMATE",
    "estimates.classical.surface_code_qubits",
    "data and measure qubits of a rotated patch counted on its grid",
    note="the first term lacks a factor of 2 and the routing space; the second counts every expert with all "
    "parameters; linear in N_q, which contradicts eq. 61",
)
def _eq_63() -> Checks:
    for d in (3, 5, 7):
        # Plaquette (r, c) touches the data qubits (r-1..r, c-1..c) of a d x d square.
        measure = 0
        for r in range(d + 1):
            for c in range(d + 1):
                around = sum(0 <= i < d and 0 <= j < d for i in (r - 1, r) for j in (c - 1, c))
                half = around == 2 and ((r in (0, d)) == ((r + c) % 2 == 1))
                measure += around == 4 or half
        yield equal(f"patch of distance {d}", classical.surface_code_qubits(1, d), d * d + measure)
    printed = classical.expert_memory_bytes(671e9, n_experts=256, params_include_experts=False)
    yield near("experts counted twice by", printed / classical.expert_memory_bytes(671e9), 256.0)


@ROWS.add(
    65,
    "quantum resource: qubits, coherence time, samples",
    "ESTIMATE",
    "estimates.classical.qubit_seconds",
    "quoted 0.8 qubit-seconds for 8 qubits, 100 us and 1000 samples",
    note="the unit is qubit-seconds",
)
def _eq_65() -> Checks:
    yield near("qubit-seconds", classical.qubit_seconds(8, 1e-4, 1000), 0.8, rel=1e-12)


@ROWS.add(
    69,
    "nodes that hold the parameters",
    "ESTIMATE",
    "estimates.classical.cluster_nodes",
    "nodes filled one after another; quoted 21 for 671e9 parameters of 16 bytes on 512 GB",
    note="as printed the unit is not memory: bytes a parameter are added, B is a batch",
)
def _eq_69() -> Checks:
    yield equal("671e9 on 512 GB", classical.cluster_nodes(671e9, 512e9), 21)
    held, nodes = 0.0, 0
    while held < 671e9 * 16:
        held, nodes = held + 512e9, nodes + 1
    yield equal("filled one by one", classical.cluster_nodes(671e9, 512e9), nodes)


@ROWS.add(
    70,
    "memory of training",
    "ESTIMATE BUDGET",
    "estimates.classical.training_memory_bytes",
    "quoted 10.7, 16.1 and 96.6 TB; the cluster of 32 nodes fails from B = 3 on",
    note="B is called bits, but B = 32 would take 144 bytes a parameter: read as further copies of 4 bytes",
)
def _eq_70() -> Checks:
    for b, terabytes in ((0, 10.7), (2, 16.1), (32, 96.6)):
        yield near(f"TB at B = {b}", classical.training_memory_bytes(671e9, b) / 1e12, terabytes, rel=5e-3)
    yield equal("largest B in 32 x 512 GB", largest_accumulation(671e9, 32 * 512e9), 2)
    sizes = [b for b in range(40) if classical.training_memory_bytes(671e9, b) <= 32 * 512e9]
    yield equal("largest B by trial", max(sizes), 2)


@ROWS.add(
    71,
    "arithmetic of a forward pass",
    "ESTIMATE",
    "estimates.classical.forward_flops",
    "multiplications and additions of a matrix product counted in a loop; quoted 5.50e15 and 3.03e14",
    note="active parameters for a mixture of experts; the quadratic attention term is missing and given apart",
)
def _eq_71() -> Checks:
    operations = sum(2 for _ in range(4) for _ in range(3) for _ in range(5))
    yield equal("4 tokens through a 3 x 5 layer", classical.forward_flops(15, 4), operations)
    yield near("all parameters", classical.forward_flops(671e9, 4096), 5.50e15, rel=1e-3)
    yield near("active parameters", classical.forward_flops(37e9, 4096), 3.03e14, rel=1e-3)


@ROWS.add(
    79,
    "register of development",
    "ESTIMATE",
    "estimates.registers.n_qubits_dev",
    "quoted 8, 11, 13, 13 for models of 256 to 7168; smallest register by trial",
    note="a floor of 8; smaller test models override it",
)
def _eq_79() -> Checks:
    sizes = (256, 2048, 5120, 7168)
    yield equal("d_model 256, 2048, 5120, 7168", [registers.n_qubits_dev(d) for d in sizes], [8, 11, 13, 13])
    for d in (300, 513, 4096, 4097):
        least = next(n for n in range(8, 40) if 2**n >= d)
        yield equal(f"smallest register for {d}", registers.n_qubits_dev(d), least)


@ROWS.add(
    81,
    "register of tests",
    "ESTIMATE",
    "estimates.registers.n_qubits_test",
    "width of the swap test of two such registers; quoted 17, 23, 27",
    note="with one ancilla exactly a swap test",
)
def _eq_81() -> Checks:
    from qcompile import ir

    yield equal("dev 8, 11, 13", [registers.n_qubits_test(n) for n in (8, 11, 13)], [17, 23, 27])
    for n in (2, 5):
        start = ir.identity(n)
        yield equal(f"swap test of {n} qubits", registers.n_qubits_test(n), ir.SwapTest(start, start, start).width)


@ROWS.add(
    83,
    "register of production",
    "ESTIMATE",
    "estimates.registers.n_qubits_prod",
    "width of four swap tests side by side; quoted 68, 92, 108",
    note="k parallel swap tests, k at least 4; 108 qubits fit no packaged device",
)
def _eq_83() -> Checks:
    from qcompile import ir

    yield equal("test 17, 23, 27", [registers.n_qubits_prod(n) for n in (17, 23, 27)], [68, 92, 108])
    start = ir.identity(3)
    side = ir.parallel(*[ir.SwapTest(start, start, start)] * 4)
    yield equal("four tests of 3 qubits", registers.n_qubits_prod(registers.n_qubits_test(3)), side.width)
    yield holds("108 is above Willow's 105", math.isclose(registers.n_qubits_prod(27), 108))
