"""A spec to a program: one representative circuit for each kind of readout, with how often each runs."""

from __future__ import annotations

import math

import sympy
from attrs import frozen

from qcompile.errors import InputError
from qcompile.ir import (
    SYMBOLS,
    AmplitudeEncoding,
    AngleEncoding,
    Angles,
    Ansatz,
    BellMeasurement,
    Block,
    ComputeUncompute,
    HadamardTest,
    PhaseEncoding,
    PhaseLayer,
    Post,
    Program,
    QuantumExpert,
    Readout,
    RotaryRotation,
    Router,
    Size,
    SwapTest,
    UniformSuperposition,
    identity,
    parallel,
    sequence,
)
from qcompile.ir.shots import hoeffding_shots, relative_shots
from qcompile.ir.truncation import near_vector
from qcompile.spec.data import angles_of, token_vector
from qcompile.spec.estimation import estimation_readout
from qcompile.spec.model import ModelSpec
from qcompile.spec.registers import Registers, least_dev, registers_of
from qcompile.spec.sections import HeadDims, ReadoutSection

__all__ = ["KEY", "QUERY", "conventions_of", "lower_spec"]

# The representative pair of tokens: the second token looks at the first, so a causal mask keeps the pair.
QUERY, KEY = 1, 0


def lower_spec(spec: ModelSpec) -> Program:
    """Return the program that a spec means.

    Raises:
        InputError: Data or weights cannot be used, or a register cannot hold what it should.
    """
    try:
        return _program(spec)
    except InputError as error:
        raise error.inside(str(spec.source)) if spec.source is not None else error from None


def _program(spec: ModelSpec) -> Program:
    low = _Lowering(spec, registers_of(spec))
    readouts: list[Readout] = []
    for name, section in spec.readouts.items():
        readouts += low.readouts(name, section)
    if not any(s.of == "rotary" for s in spec.readouts.values()) and spec.quantum.rotary and spec.rotary:
        readouts += low.rotary("rotary", ReadoutSection(of="rotary", method="hadamard_test"))
    if not any(s.of == "router" for s in spec.readouts.values()) and spec.quantum.router and spec.router:
        readouts += low.router("router", ReadoutSection(of="router", method="born"))
    if not any(s.of == "experts" for s in spec.readouts.values()) and spec.experts and spec.experts.kind == "quantum":
        readouts += low.experts("expert", ReadoutSection(of="experts", method="born"))
    if not any(s.of == "sampling" for s in spec.readouts.values()) and spec.quantum.sampling and spec.sampling:
        readouts += low.sampling("sampling", ReadoutSection(of="sampling", method="born"))
    return Program(
        tuple(readouts),
        name=spec.name,
        n_overlaps=low.overlaps("all"),
        sizes=low.sizes,
        conventions=conventions_of(spec),
        notes=low.notes(),
        seed=spec.seed,
    )


def conventions_of(spec: ModelSpec) -> dict[str, str]:
    """Return every choice made where the paper can be read in two ways."""
    c = spec.conventions
    order = {"matrix": "matrix (rightmost factor acts first)", "time": "time (left factor acts first)"}
    ladder = {"matrix": "matrix (CNOT n-1,n first)", "time": "time (CNOT 1,2 first)"}
    out = {
        "C1 product_order": order[c.product_order],
        "C2 cnot_ladder": ladder[c.cnot_ladder],
        "C3 qubit_order": "qubit 1 is the most significant bit",
        "C4 rotation": "R_P(t) = exp(-i t P / 2), det 1; " + " then ".join(spec.ansatz.rotations) + " in time",
        "C5 basis": "zero-based: ket i of 1..N is basis state i-1",
        "C6 log": c.log,
        "C7 phase_unit": "i in angle(x + i eps) is the imaginary unit",
    }
    if spec.phase is not None:
        out["phase lift"] = spec.phase.lift
    pairs = sorted({s.pairs for s in spec.readouts.values() if s.of == "attention"})
    if pairs:
        out["attention pairs"] = " and ".join(pairs)
    return out


@frozen
class _Lowering:
    spec: ModelSpec
    width: Registers

    @property
    def query(self) -> int:
        """The representative query token: a sequence of one token has no other."""
        return min(QUERY, self.spec.model.seq - 1)

    # How often ------------------------------------------------------------------------------------------------

    @property
    def sizes(self) -> dict[str, int]:
        s, q = self.spec, self.spec.quantum
        out = {
            "layers": s.model.layers if q.layers == "all" else q.layers,
            "heads": s.model.heads if q.heads == "all" else q.heads,
            "seq": s.model.seq,
            "d_model": s.model.d_model,
            "n": self.width.circuit,
            "L": s.ansatz.layers,
        }
        if s.experts is not None:
            dense = min(s.experts.first_dense_layers, out["layers"])
            out |= {"E": s.experts.count, "top": s.experts.top, "moe_layers": out["layers"] - dense}
        if s.rotary is not None:
            out["dims"] = self.rotary_dims
        return out

    def overlaps(self, pairs: str) -> Size:
        """Return layers * heads * seq^2, or seq (seq + 1) / 2 for the pairs that a causal model uses."""
        seq = SYMBOLS["seq"]
        each = seq**2 if pairs == "all" else seq * (seq + 1) / sympy.Integer(2)
        return SYMBOLS["layers"] * SYMBOLS["heads"] * each

    @property
    def rotary_dims(self) -> int:
        rotary, model = self.spec.rotary, self.spec.model
        if rotary is not None and rotary.dims:
            return rotary.dims
        return model.d_head.rope if isinstance(model.d_head, HeadDims) and model.d_head.rope else model.d_model

    def shots(self, section: ReadoutSection, runs: Size, *, value_range: float, probability: float) -> int | None:
        if section.shots is not None or section.error is None:
            return section.shots
        delta = self.delta(section, runs)
        if section.mode == "relative":
            return relative_shots(section.error, delta, probability=probability)
        return hoeffding_shots(section.error, delta, value_range=value_range)

    def delta(self, section: ReadoutSection, runs: Size) -> float:
        """Return the allowed probability of a larger error for one value."""
        if section.delta_scope == "circuit":
            return section.delta
        return section.delta / int(sympy.sympify(runs).subs(list(self.symbols().items())))

    def symbols(self) -> dict[sympy.Symbol, int]:
        """Return the value of each symbol in formulas."""
        names = {**SYMBOLS, "moe_layers": _MOE}
        return {names[name]: value for name, value in self.sizes.items()}

    # Pieces ---------------------------------------------------------------------------------------------------

    def token(self, token: int, n_qubits: int) -> Block:
        """Return the preparation of a token on the least significant qubits of a register."""
        vector, kind = token_vector(self.spec, token), self.spec.encoding.kind
        if n_qubits < self.width.encoding:
            raise InputError(
                f"has {n_qubits} qubits",
                where="qubits: register",
                hint=f"a token needs {self.width.encoding}; raise override",
            )
        if kind == "phase":
            return PhaseEncoding(vector, n_qubits=n_qubits)
        if kind == "angle":
            data = vector.instance(self.spec.seed).data
            assert data is not None
            inner: Block = AngleEncoding(Angles.of(data.real))
            return (
                inner if n_qubits == self.width.encoding else parallel(identity(n_qubits - self.width.encoding), inner)
            )
        wanted = self.spec.encoding.preparation
        if wanted.method == "approximate":
            vector, _ = near_vector(vector, wanted.fidelity or 1.0)
        return AmplitudeEncoding(vector, n_qubits, method="tree" if wanted.method == "tree" else "auto")

    def ansatz(self, family: str, n_qubits: int) -> Ansatz:
        a, c = self.spec.ansatz, self.spec.conventions
        axes = tuple(r.removeprefix("r") for r in a.rotations)
        angles = angles_of(self.spec, family, a.layers, n_qubits, len(axes), labels=axes)
        return Ansatz(
            n_qubits, a.layers, angles, product_order=c.product_order, cnot_ladder=c.cnot_ladder, rotations=axes
        )

    def phase_layer(self, n_qubits: int) -> PhaseLayer:
        p = self.spec.phase
        if p is None:
            raise InputError("is missing", where="phase", hint="add the section phase: {layers: 2}")
        angles = angles_of(self.spec, "phase", p.layers)
        lift = "alternate" if n_qubits < 2 else p.lift
        return PhaseLayer(n_qubits, p.layers, angles, lift=lift, named=p.named)

    # Readouts -------------------------------------------------------------------------------------------------

    def readouts(self, name: str, section: ReadoutSection) -> list[Readout]:
        """Return the readouts of one entry of `readouts`; parts that `quantum` switches off give none."""
        quantum = self.spec.quantum
        if section.of == "attention":
            return self.attention(f"attention.{name}", section)
        if section.of == "router":
            return self.router("router" if name == "route" else f"router.{name}", section) if quantum.router else []
        if section.of == "rotary":
            return self.rotary(name, section) if quantum.rotary else []
        if section.of == "experts":
            return self.experts(name, section)
        return self.sampling(name, section) if quantum.sampling else []

    def attention(self, name: str, section: ReadoutSection) -> list[Readout]:
        n = self.width.circuit
        runs = self.overlaps(section.pairs)
        a, b = self.token(self.query, n), self.token(KEY, n)
        where = f"layer 0, head 0, query token {self.query}, key token {KEY}; score matrix entries: {section.pairs}"
        if section.method == "hadamard_test":
            shots = self.shots(section, runs, value_range=2.0, probability=2.0**-n)
            least = section.min_modulus
            modulus = (3 / math.sqrt(shots) if shots else None) if least == "3sigma" else least
            return [
                Readout(
                    f"{name}.{part}",
                    HadamardTest(a, self.phase_layer(n), b, part=part),
                    (0,),
                    Post.EXPECTATION,
                    equation="32",
                    runs=runs,
                    shots=shots,
                    min_modulus=modulus,
                    note=where,
                )
                for part in ("real", "imag")
            ]
        unitary = self.ansatz("attention", n)
        if section.method == "amplitude_estimation":
            delta = self.delta(section, runs)
            return [estimation_readout(name, section, a, unitary, b, runs=runs, delta=delta, note=where)]
        block: Block
        post, scale = Post.EXPECTATION, 2.0
        if section.method == "compute_uncompute":
            block, post, scale = ComputeUncompute(a, unitary, b), Post.ALL_ZERO, 1.0
            measured = range(n)
        elif section.method == "swap_test":
            block, measured = SwapTest(a, unitary, b), range(1)
        else:
            block, post, measured = BellMeasurement(a, unitary, b), Post.BELL, range(2 * n)
        shots = self.shots(section, runs, value_range=scale, probability=2.0**-n)
        return [
            Readout(
                name, block, measured, post, equation="31", runs=runs, shots=shots, consents=section.consent, note=where
            )
        ]

    def router(self, name: str, section: ReadoutSection) -> list[Readout]:
        spec, n = self.spec.router, self.width.router
        experts = self.spec.experts
        assert spec is not None
        assert experts is not None
        shape = (spec.layers,) if spec.angles == "shared" else (spec.layers, n)
        r, runs = self.width.experts, SYMBOLS["seq"] * _MOE
        block = sequence(self.token(self.query, n), Router(n, spec.layers, angles_of(self.spec, "router", *shape)))
        return [
            Readout(
                name,
                block,
                range(r),
                Post.DISTRIBUTION,
                equation="35",
                runs=runs,
                shots=self.shots(section, runs, value_range=1.0, probability=2.0**-r),
                n_labels=experts.count if experts.count < 2**r else 0,
                invalid_labels=spec.invalid_labels,
                note=f"token {self.query}; the first {r} of {n} qubits are measured, the others traced out",
            )
        ]

    def experts(self, name: str, section: ReadoutSection) -> list[Readout]:
        n = self.width.encoding
        runs = SYMBOLS["seq"] * _MOE * SYMBOLS["top"]
        expert = QuantumExpert(self.token(self.query, n), self.ansatz("expert", n))
        shots = self.shots(section, runs, value_range=2.0, probability=1.0)
        note = f"token {self.query}, expert 0; its output is a classical linear map of the Z expectations"
        return [expert.readout(name, runs=runs, shots=shots, note=note)]

    def sampling(self, name: str, section: ReadoutSection) -> list[Readout]:
        n, vocab = self.width.vocab, self.spec.model.vocab
        block = sequence(UniformSuperposition(2**n), self.ansatz("sampling", n))
        return [
            Readout(
                name,
                block,
                range(n),
                Post.DISTRIBUTION,
                equation="25",
                runs=1,
                shots=self.shots(section, 1, value_range=1.0, probability=2.0**-n),
                n_labels=vocab if vocab < 2**n else 0,
                invalid_labels="renormalise",
                note="psi_init is the uniform superposition of eq. 20",
            )
        ]

    def rotary(self, name: str, section: ReadoutSection) -> list[Readout]:
        spec = self.spec.rotary
        assert spec is not None
        omega = self.query / spec.base ** (2 * 0 / self.rotary_dims)
        runs = SYMBOLS["seq"] * SYMBOLS["dims"] / sympy.Integer(2)
        reference = self._rotary_reference()
        out = []
        for symbol, unitary in (("theta", RotaryRotation(omega)), ("phi", self.phase_layer(1))):
            for part in ("real", "imag"):
                out.append(
                    Readout(
                        f"{name}.{symbol}.{part}",
                        HadamardTest(reference, unitary, reference, part=part),
                        (0,),
                        Post.EXPECTATION,
                        equation="38",
                        runs=runs,
                        shots=self.shots(section, runs, value_range=2.0, probability=0.5),
                        note=f"position m = {self.query}, pair k = 0; reference {spec.reference}",
                    )
                )
        return out

    def _rotary_reference(self) -> Block:
        spec = self.spec.rotary
        assert spec is not None
        vector = token_vector(self.spec, self.query)
        if spec.reference == "zero":
            return identity(1)
        if vector.data is None:
            return AmplitudeEncoding(type(vector).generic(2, label="pair"))
        return AmplitudeEncoding(vector.data[:2])

    def notes(self) -> list[str]:
        """Return remarks for reports."""
        seq, value = self.spec.model.seq, self.sizes
        total = value["layers"] * value["heads"] * seq**2
        used = value["layers"] * value["heads"] * seq * (seq + 1) // 2
        w = self.width
        out = [
            f"overlaps per forward pass: layers*heads*seq^2 = {value['layers']}*{value['heads']}*{seq}^2 = {total:.4g}"
            f", the pairs that a causal model uses are {used:.4g}",
            f"registers: N_dev {w.dev}, N_test {w.test}, N_prod {w.prod}; "
            f"phase {self.spec.qubits.phase} gives {w.circuit}, a token's data needs {w.encoding}",
        ]
        if self.spec.qubits.override is not None and w.dev > (least := least_dev(self.spec)):
            out.append(
                f"qubits.override asks for N_dev {w.dev}, where max(8, ceil log2 d_model) is {least}: "
                f"{w.dev - least} qubits hold no data and are still prepared, rotated and measured"
            )
        if self.spec.encoding.preparation.method == "approximate":
            for token in dict.fromkeys((self.query, KEY)):
                _, reached = near_vector(token_vector(self.spec, token), self.spec.encoding.preparation.fidelity or 1.0)
                out.append(f"token {token} is prepared approximately: fidelity {reached:.6f} to its data, by choice")
        if self.spec.encoding.data == "generic" and self.spec.encoding.kind == "angle":
            out.append("angle encoding of generic data: angles drawn by the spec's seed")
        return out


_MOE = sympy.Symbol("moe_layers", integer=True, positive=True)
