"""The parts of a spec file: sizes, encoding, circuits, readouts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from qcompile.spec.fields import Angle, Count, Layers, Natural, Number, Positive, Probability, Section

__all__ = [
    "AnsatzSection",
    "ConventionsSection",
    "DataFile",
    "DataRandom",
    "EncodingSection",
    "ExpertsSection",
    "HeadDims",
    "MixSection",
    "ModelSection",
    "ParamsSection",
    "PhaseSection",
    "PreparationSection",
    "QuantumSection",
    "QubitsSection",
    "ReadoutSection",
    "RotarySection",
    "RouterSection",
    "SamplingSection",
    "WeightsFile",
    "WeightsInit",
]


class HeadDims(Section):
    """Widths of one attention head where they differ by use."""

    nope: Natural = Field(description="width of queries and keys without rotary embedding")
    rope: Natural = Field(description="width with rotary embedding")
    v: Count = Field(description="width of values")

    @model_validator(mode="after")
    def _some_key(self) -> HeadDims:
        if self.nope + self.rope < 1:
            raise ValueError("nope + rope is 0; use at least 1")
        return self


class ModelSection(Section):
    """Sizes of the language model."""

    d_model: Count = Field(description="width of the model")
    layers: Count = Field(description="attention layers")
    heads: Count = Field(description="attention heads a layer")
    d_head: Count | HeadDims = Field(description="width of a head: one number, or nope, rope and v")
    seq: Count = Field(description="tokens of the sequence")
    causal: bool = Field(default=True, strict=True, description="a token sees itself and earlier ones only")
    vocab: Count = Field(description="size of the vocabulary")

    @property
    def d_key(self) -> int:
        """Width of a query or key."""
        return self.d_head if isinstance(self.d_head, int) else self.d_head.nope + self.d_head.rope


class ExpertsSection(Section):
    """Mixture of experts."""

    count: Count = Field(description="routed experts E")
    top: Count = Field(default=1, description="experts a token is sent to")
    shared: Natural = Field(default=0, description="experts that every token passes")
    first_dense_layers: Natural = Field(default=0, description="leading layers without experts")
    kind: Literal["quantum", "classical"] = Field(default="classical", description="what an expert is (eq. 68)")

    @model_validator(mode="after")
    def _top_fits(self) -> ExpertsSection:
        if self.top > self.count:
            raise ValueError(f"top is {self.top}; use at most count = {self.count}")
        return self


class ParamsSection(Section):
    """Sizes of the classical model's weights (eqs. 69 to 72, 107)."""

    total: Positive
    active: Positive
    bytes: Positive = Field(default=2.0, description="bytes a parameter")
    batch: Count = Field(default=1, description="batch size B of eqs. 69 to 71")


class QuantumSection(Section):
    """Which parts of the model are quantum."""

    layers: Literal["all"] | Count = "all"
    heads: Literal["all"] | Count = "all"
    router: bool = Field(default=True, strict=True)
    rotary: bool = Field(default=True, strict=True)
    sampling: bool = Field(default=True, strict=True)


class DataRandom(Section):
    """Token vectors drawn from a distribution."""

    random: Literal["normal", "uniform"] = "normal"
    seed: Natural = 0


class DataFile(Section):
    """Token vectors from a file: .npy of shape [tokens, width], no pickles."""

    file: Annotated[str, Field(min_length=1)]


class PreparationSection(Section):
    """How amplitudes are prepared."""

    method: Literal["auto", "tree", "approximate"] = Field(
        default="auto",
        description="the cheapest exact method, multiplexed rotations of known count, or a state within `fidelity`",
    )
    fidelity: Annotated[float, Field(strict=True, gt=0, le=1)] | None = Field(
        default=None, description="least squared overlap with the data, for method: approximate"
    )

    @model_validator(mode="after")
    def _fidelity_fits(self) -> PreparationSection:
        if (self.fidelity is not None) != (self.method == "approximate"):
            raise ValueError("fidelity goes with method: approximate, and that needs it; such as fidelity: 0.99")
        return self


class EncodingSection(Section):
    """How a token becomes a state (eqs. 7, 10, 73)."""

    of: Literal["model", "head"] = Field(
        default="model", description="encode d_model entries, or one head's query or key"
    )
    kind: Literal["amplitude", "phase", "angle"] = "amplitude"
    data: Literal["generic"] | DataRandom | DataFile = "generic"
    preparation: PreparationSection = PreparationSection()

    @model_validator(mode="after")
    def _preparation_fits(self) -> EncodingSection:
        if self.preparation.method == "auto":
            return self
        if self.kind != "amplitude":
            raise ValueError(f"preparation.method is {self.preparation.method!r} for kind {self.kind}; use auto")
        if self.preparation.method == "approximate" and self.data == "generic":
            raise ValueError("preparation.method is 'approximate' for generic data, which has no spectrum; give data")
        return self


class AnsatzSection(Section):
    """U_att, U_sample and the quantum experts (eqs. 18, 33, 75)."""

    layers: Layers = Field(description="circuit layers L")
    rotations: tuple[Literal["rx", "ry", "rz"], ...] = Field(default=("rx", "ry", "rz"), description="order of time")
    entangler: Literal["ladder"] = "ladder"

    @model_validator(mode="after")
    def _axes(self) -> AnsatzSection:
        if not self.rotations or len(set(self.rotations)) != len(self.rotations):
            raise ValueError("rotations name an axis twice or none; use each of rx, ry, rz at most once")
        return self


class PhaseSection(Section):
    """U_phase (eq. 34)."""

    layers: Layers
    lift: Literal["alternate", "named"] = "alternate"
    named: tuple[Natural, Natural] = Field(default=(0, 1), description="qubits of Rz and Ry for lift: named")


class RotarySection(Section):
    """Rotary embedding (eqs. 38 to 40)."""

    reference: Literal["zero", "pair"] = Field(
        default="zero", description="psi_0 and psi_m: ket 0, or the token's pair of entries (x_2k, x_2k+1)"
    )
    base: Positive = 10000.0
    dims: Natural = Field(default=0, description="width that is rotated; 0: the head's rope width, else d_model")


class RouterSection(Section):
    """U_route (eqs. 35, 36)."""

    layers: Layers
    angles: Literal["per_qubit", "shared"] = "per_qubit"
    measured_qubits: Natural = Field(default=0, description="0: ceil log2 of the number of experts")
    invalid_labels: Literal["keep", "renormalise", "reject"] = "renormalise"


class WeightsInit(Section):
    """Angles drawn at random, uniform in [-scale, scale) or normal with that deviation; or all zero."""

    init: Literal["uniform", "normal", "zeros"] = "uniform"
    seed: Natural = 0
    scale: Angle = 3.141592653589793


class WeightsFile(Section):
    """Trained angles from an .npz file: attention, phase, router, sampling, expert, each of its block's shape."""

    file: Annotated[str, Field(min_length=1)]


class ReadoutSection(Section):
    """How an overlap or distribution is read, and how well."""

    of: Literal["attention", "router", "rotary", "sampling", "experts"]
    method: Literal["compute_uncompute", "hadamard_test", "swap_test", "bell", "amplitude_estimation", "born"]
    error: Positive | None = Field(default=None, description="of the value, see mode")
    delta: Probability = Field(default=0.05, description="allowed probability of a larger error")
    mode: Literal["absolute", "relative"] = "absolute"
    delta_scope: Literal["circuit", "forward_pass"] = "circuit"
    shots: Count | None = Field(default=None, description="instead of error: a fixed number")
    min_modulus: Number | Literal["3sigma"] | None = Field(
        default=None, description="phase is masked below this modulus; 3sigma: 3 / sqrt(shots)"
    )
    pairs: Literal["all", "causal"] = Field(
        default="all",
        description="score matrix entries computed: all seq^2, or the seq (seq + 1) / 2 a causal model uses",
    )
    consent: tuple[Literal["bell", "compute_uncompute"], ...] = Field(
        default=(), description="other realisations that rules may choose in place of a swap test or Bell measurement"
    )
    phase_qubits: Annotated[int, Field(strict=True, ge=1, le=16)] | None = Field(
        default=None, description="of amplitude_estimation; without it as many as `error` asks for"
    )
    precompute: Literal["eigenbasis"] | None = Field(
        default=None,
        description="for amplitude_estimation over at most 4 state qubits without free symbols: the amplitude is "
        "computed classically when compiling, so no estimate uses the circuit",
    )

    @model_validator(mode="after")
    def _method_fits(self) -> ReadoutSection:
        allowed = {
            "attention": ("compute_uncompute", "hadamard_test", "swap_test", "bell", "amplitude_estimation"),
            "rotary": ("hadamard_test",),
        }.get(self.of, ("born",))
        if self.method not in allowed:
            raise ValueError(f"method is {self.method!r} for {self.of}; use {' or '.join(allowed)}")
        if self.error is not None and self.shots is not None:
            raise ValueError("error and shots are both given; use one of them")
        self._amplitude_estimation_fits()
        if self.consent and self.method not in ("swap_test", "bell"):
            raise ValueError(f"consent is given for method {self.method}; it is for swap_test and bell")
        return self

    def _amplitude_estimation_fits(self) -> None:
        if self.method != "amplitude_estimation":
            for name in ("phase_qubits", "precompute"):
                if getattr(self, name) is not None:
                    raise ValueError(f"{name} is given for method {self.method}; it is for amplitude_estimation")
        elif self.phase_qubits is None and (self.error is None or self.mode != "absolute"):
            raise ValueError("amplitude_estimation needs phase_qubits, or an absolute error; give one of them")


class MixSection(Section):
    """Quantum share of a hybrid sampler (eqs. 24, 28, 29)."""

    alpha: Literal["inverse_variance", "variance_ratio"] | Annotated[float, Field(strict=True, ge=0, le=1)]
    gamma: Positive = 1.0


class SamplingSection(Section):
    """Sampling of the next token (eqs. 24 to 29, 44)."""

    temperature: Positive = 1.0
    top_k: Natural = Field(default=0, description="0: no cut")
    mix: MixSection | None = None


class ConventionsSection(Section):
    """Choices where the paper can be read in two ways; every report prints them."""

    product_order: Literal["matrix", "time"] = Field(
        default="matrix", description="C1: prod_l A_l = A_1 A_2 ..., or A_1 first"
    )
    cnot_ladder: Literal["matrix", "time"] = Field(
        default="matrix", description="C2: CNOT(n-1, n) first, or CNOT(1, 2) first"
    )
    qubit_order: Literal["msb_first"] = Field(
        default="msb_first", description="C3: qubit 1 is the most significant bit"
    )
    rotation: Literal["half_angle"] = Field(default="half_angle", description="C4: R_P(t) = exp(-i t P / 2), det 1")
    basis: Literal["zero_based"] = Field(default="zero_based", description="C5: ket i of 1..N is basis state i - 1")
    log: Literal["natural", "base2"] = Field(default="natural", description="C6: base of log in the O() rows")
    phase_unit: Literal["imaginary"] = Field(
        default="imaginary", description="C7: i in angle(x_i + i eps) is the imaginary unit"
    )
    fidelity_reading: Literal["two_qubit", "one_qubit", "both"] = Field(
        default="two_qubit", description="F_g of section 8.1"
    )


class QubitsSection(Section):
    """Width of the register (eqs. 79, 81, 83)."""

    phase: Literal["dev", "test", "prod"] = "dev"
    override: Count | None = Field(default=None, description="instead of max(8, ceil log2 d_model)")
    ancilla: Natural = Field(default=1, description="N_anc of eq. 81")
    k: Count = Field(default=4, description="k of eq. 83")
