"""Random blocks of every family, by seed; a new family joins the law tests by an entry in CASES."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from qcompile import ir

Rng = np.random.Generator
Case = Callable[[Rng], ir.Block]


def _angles(rng: Rng, *shape: int) -> ir.Angles:
    return ir.Angles.of(rng.uniform(-np.pi, np.pi, size=shape))


def _ansatz(rng: Rng, n: int | None = None, **options: object) -> ir.Ansatz:
    n = int(rng.integers(1, 6)) if n is None else n
    layers = int(rng.integers(1, 4))
    order = ("matrix", "time")[rng.integers(2)]
    ladder = ("matrix", "time")[rng.integers(2)]
    axes = (("x", "y", "z"), ("y", "z"), ("z",), ("x", "z", "y"))[rng.integers(4)]
    return ir.Ansatz(
        n,
        layers,
        _angles(rng, layers, n, len(axes)),
        product_order=order,
        cnot_ladder=ladder,
        rotations=axes,
        **options,
    )


def _trimmed(rng: Rng) -> ir.Ansatz:
    block = _ansatz(rng, int(rng.integers(2, 5)))
    ends = ("first_ladder",) if block.product_order == "matrix" else ("last_ladder",)
    parts = [p for p in (*ends, "first_axis", "last_axis") if rng.random() < 0.5]
    if len(block.rotations) == 1 and block.layers == 1:
        parts = [p for p in parts if p.endswith("ladder")]
    return block.without(*parts)


def _vector(rng: Rng, n: int, *, is_real: bool = True) -> ir.Vector:
    size = int(rng.integers(2 ** (n - 1) + 1, 2**n + 1)) if n > 1 else int(rng.integers(1, 3))
    values = rng.normal(size=size) + (0 if is_real else 1j * rng.normal(size=size))
    return ir.Vector.of(values)


def _encoding(rng: Rng, *, n: int | None = None, is_real: bool = True, method: str = "tree") -> ir.AmplitudeEncoding:
    n = int(rng.integers(1, 5)) if n is None else n
    return ir.AmplitudeEncoding(_vector(rng, n, is_real=is_real), method=method)


def _phase_encoding(rng: Rng) -> ir.PhaseEncoding:
    vector = _vector(rng, 3)
    theta = _angles(rng, int(vector.length)) if rng.random() < 0.5 else None
    return ir.PhaseEncoding(vector, theta)


def _wide(rng: Rng) -> ir.Block:
    return ir.AmplitudeEncoding(_vector(rng, 2), 4, method="tree")


UNITARIES: dict[str, Case] = {
    "ansatz": _ansatz,
    "trimmed ansatz": _trimmed,
    "phase layer": lambda r: ir.PhaseLayer(int(r.integers(1, 6)), 3, _angles(r, 3)),
    "named phase layer": lambda r: ir.PhaseLayer(4, 2, _angles(r, 2), lift="named", named=(3, 1)),
    "router": lambda r: ir.Router(int(r.integers(1, 5)), 3, _angles(r, 3)),
    "router per qubit": lambda r: ir.Router(3, 2, _angles(r, 2, 3)),
    "rotary": lambda r: ir.RotaryRotation(float(r.uniform(-9, 9)), is_merged=bool(r.integers(2))),
    "euler": lambda r: ir.EulerRotation(_angles(r, 3)),
    "rotation": lambda r: ir.Rotation("xyz"[r.integers(3)], float(r.uniform(-9, 9))),
    "rotation layer": lambda r: ir.RotationLayer(3, ("z", "x"), _angles(r, 3, 2)),
    "ladder": lambda r: ir.Ladder(int(r.integers(1, 6)), ("matrix", "time")[r.integers(2)]),
    "global phase": lambda r: ir.GlobalPhase(2, float(r.uniform(-3, 3))),
    "gate": lambda r: ir.Gate(sorted(ir.FIXED_GATES)[r.integers(len(ir.FIXED_GATES))]),
    "sequence": lambda r: _ansatz(r, 3) >> ir.Router(3, 1, _angles(r, 1)) >> _ansatz(r, 3).adjoint(),
    "parallel": lambda r: ir.Ladder(2) @ _ansatz(r, 2) @ ir.Gate("s"),
    "repeat": lambda r: ir.Repeat(_ansatz(r, 2), int(r.integers(0, 4))),
    "on": lambda r: _ansatz(r, 2).on(3, 1, of=4),
    "adjoint": lambda r: _ansatz(r, 3).adjoint(),
    "controlled": lambda r: ir.Controlled(_ansatz(r, 3)),
    "doubly controlled": lambda r: ir.Controlled(_ansatz(r, 2), 2),
    "triply controlled phase": lambda r: ir.Controlled(ir.PhaseLayer(2, 1, _angles(r, 1)), 3),
    "controlled parallel": lambda r: ir.Controlled(ir.Gate("swap") @ ir.Gate("t") @ ir.GlobalPhase(1, 0.3)),
    "ladder free": lambda r: ir.LadderFree(_ansatz(r, 3)),
}

PREPARATIONS: dict[str, Case] = {
    "real amplitudes": _encoding,
    "complex amplitudes": lambda r: _encoding(r, is_real=False),
    "automatic amplitudes": lambda r: _encoding(r, is_real=bool(r.integers(2)), method="auto"),
    "padded amplitudes": _wide,
    "phase encoding": _phase_encoding,
    "angle encoding": lambda r: ir.AngleEncoding(_angles(r, 3), "xyz"[r.integers(3)]),
    "basis encoding": lambda r: ir.BasisEncoding(int(r.integers(8)), 3),
    "uniform": lambda r: ir.UniformSuperposition(int(r.integers(1, 65))),
    "padded uniform": lambda r: ir.UniformSuperposition(int(r.integers(1, 17)), 5),
    "preparation then ansatz": lambda r: _encoding(r, n=3) >> _ansatz(r, 3),
    "controlled preparation": lambda r: ir.Gate("x") @ ir.identity(2) >> ir.Controlled(_encoding(r, n=2)),
}


def _overlap(rng: Rng, n: int = 3) -> tuple[ir.Block, ir.Block, ir.Block]:
    return _encoding(rng, n=n), _ansatz(rng, n), _encoding(rng, n=n, is_real=False)


def _readout(block: ir.Block, measured: range, post: str) -> ir.Readout:
    return ir.Readout("case", block, measured, post)


READOUTS: dict[str, Callable[[Rng], ir.Readout]] = {
    "compute uncompute": lambda r: _readout(ir.ComputeUncompute(*_overlap(r)), range(3), "all_zero"),
    "hadamard real": lambda r: _readout(ir.HadamardTest(*_overlap(r)), range(1), "expectation"),
    "hadamard imag": lambda r: _readout(ir.HadamardTest(*_overlap(r), part="imag"), range(1), "expectation"),
    "hadamard thin": lambda r: _readout(
        ir.HadamardTest(*_overlap(r), part="imag", control="rotations"), range(1), "expectation"
    ),
    "swap test": lambda r: _readout(ir.SwapTest(*_overlap(r, 2)), range(1), "expectation"),
    "bell": lambda r: _readout(ir.BellMeasurement(*_overlap(r, 2)), range(4), "bell"),
    "born": lambda r: _readout(_encoding(r, n=3) >> _ansatz(r, 3), range(2), "distribution"),
    "expert": lambda r: ir.QuantumExpert(_encoding(r, n=3), _ansatz(r, 3)).readout("case"),
    "expectations": lambda r: _readout(_encoding(r, n=3) >> _ansatz(r, 3), range(3), "z_expectations"),
}

UNITARIES |= {
    "qft": lambda r: ir.QFT(int(r.integers(1, 6)), is_inverse=bool(r.integers(2))),
    "qft on a line": lambda r: ir.QFT(int(r.integers(1, 6)), is_inverse=bool(r.integers(2)), form="line"),
    "qft with a cutoff": lambda r: ir.QFT(5, cutoff=int(r.integers(1, 4)), form=("line", "textbook")[r.integers(2)]),
    "basis phase": lambda r: ir.BasisPhase(4, int(r.integers(16)), float(r.uniform(-3, 3))),
    "basis reflection": lambda r: ir.BasisPhase(int(r.integers(1, 7)), 0, np.pi),
    "grover": lambda r: ir.GroverOperator(_encoding(r, n=3, is_real=False), {0: 1, 2: 0}),
    "controlled grover": lambda r: ir.Controlled(ir.GroverOperator(_encoding(r, n=2), {1: 1}).expand()),
    "exploration": lambda r: ir.PhaseExploration(3, _angles(r, 2)),
    "exploration of states": lambda r: ir.PhaseExploration(3, _angles(r, 3), _orthonormal(r, 8, 3)),
}

READOUTS |= {
    "amplitude estimation": lambda r: _readout(
        ir.AmplitudeEstimation(_encoding(r, n=2, is_real=False), {0: 1}, 3), range(3), "distribution"
    ),
    "phase estimation": lambda r: _readout(ir.PhaseEstimation(3, float(r.uniform(0, 3))), range(3), "distribution"),
    "grover power": lambda r: ir.power_readouts("case", _encoding(r, n=3), {0: 1, 1: 0}, [2])[0],
}


def _orthonormal(rng: Rng, d: int, k: int) -> list[np.ndarray]:
    q, _ = np.linalg.qr(rng.normal(size=(d, k)) + 1j * rng.normal(size=(d, k)))
    return list(q.T)
