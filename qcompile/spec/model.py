"""The whole spec file as one frozen value."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, field_validator, model_validator

from qcompile.errors import nearest
from qcompile.spec.fields import Count, Limit, Number, Positive, Probability, Section
from qcompile.spec.sections import (
    AnsatzSection,
    ConventionsSection,
    EncodingSection,
    ExpertsSection,
    ModelSection,
    ParamsSection,
    PhaseSection,
    QuantumSection,
    QubitsSection,
    ReadoutSection,
    RotarySection,
    RouterSection,
    SamplingSection,
    WeightsFile,
    WeightsInit,
)

__all__ = ["LIMITS", "ClusterSection", "CostsSection", "DevicesSection", "EstimateSection", "ModelSpec", "NoisySection"]

LIMITS = {
    "esp": "estimated success probability",
    "exposure_t1": "makespan over T1 of the worst qubit",
    "exposure_t2": "time over T2 of the worst qubit",
    "distance": "distance to the theory under the contract",
    "makespan_s": "time of one circuit",
    "depth": "moments of the physical circuit",
    "two_qubit_gates": "two-qubit gates of the physical circuit",
    "qubits": "physical qubits used by one circuit on the machine",
    "runtime_s": "time of a forward pass",
    "physical_qubits": "error-corrected physical qubits",
}


class NoisySection(Section):
    """The machine to compile for when none is named on the command line."""

    target: Annotated[str, Field(min_length=1)]
    objective: Literal["esp", "makespan", "two_qubit_gates", "depth"] = "esp"


class ClusterSection(Section):
    """Classical cluster (section 8.2)."""

    nodes: Count
    gpus_per_node: Count = 8
    memory_bytes: Positive = 512e9
    network_bits_per_s: Positive = 200e9
    step_s: Positive = 1.0


class DevicesSection(Section):
    """Quantum devices that run side by side."""

    count: Count = 1
    target: Annotated[str, Field(min_length=1)]


class EstimateSection(Section):
    """Question for the error-corrected estimate."""

    hardware: Annotated[str, Field(min_length=1)] = "gate_ns_e3"
    model: Annotated[str, Field(min_length=1)] = "best"
    error_budget: Probability = 1e-3
    scope: Literal["per_shot", "forward_pass"] = "per_shot"
    objective: Literal["qubits", "time", "volume", "frontier"] = "qubits"
    reaction_time_s: Positive = 1e-5


class CostsSection(Section):
    """Money; null is unknown."""

    classical_usd: Number | None = None
    quantum_usd_per_device_hour: Number | None = None


class ModelSpec(Section):
    """A model spec: what a user writes and `qcompile init` prints.

    Everything but `schema_version`, `name`, `model`, `encoding`, `ansatz` and `readouts` may be left out.
    """

    schema_version: Literal[1] = 1
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\- ]*$")]
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**63)] = 0
    model: ModelSection
    experts: ExpertsSection | None = None
    params: ParamsSection | None = None
    quantum: QuantumSection = QuantumSection()
    encoding: EncodingSection = EncodingSection()
    ansatz: AnsatzSection
    phase: PhaseSection | None = None
    rotary: RotarySection | None = None
    router: RouterSection | None = None
    weights: Literal["symbolic"] | WeightsInit | WeightsFile = "symbolic"
    readouts: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], ReadoutSection] = Field(min_length=1)
    sampling: SamplingSection | None = None
    conventions: ConventionsSection = ConventionsSection()
    qubits: QubitsSection = QubitsSection()
    limits: dict[str, Limit] = Field(default_factory=dict)
    cluster: ClusterSection | None = None
    devices: DevicesSection | None = None
    noisy: NoisySection | None = None
    estimate: EstimateSection = EstimateSection()
    sweep: dict[str, tuple[int | float | str | bool, ...]] = Field(default_factory=dict)
    costs: CostsSection | None = None

    _source: Path | None = PrivateAttr(default=None)

    def __eq__(self, other: object) -> bool:
        """Return whether every field is equal; where the spec was read from does not matter."""
        return isinstance(other, ModelSpec) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    @property
    def source(self) -> Path | None:
        """File that the spec was read from; data files are looked up beside it."""
        return self._source

    @field_validator("limits", mode="before")
    @classmethod
    def _known_limits(cls, value: Any) -> Any:
        for name in value if isinstance(value, dict) else ():
            if name not in LIMITS:
                raise ValueError(f"{name!r} is no limit; {nearest(str(name), LIMITS)}")
        return value

    @model_validator(mode="after")
    def _parts_are_there(self) -> ModelSpec:
        for name, readout in self.readouts.items():
            needs = {"router": "router", "rotary": "rotary", "sampling": "sampling", "experts": "experts"}.get(
                readout.of
            )
            if readout.of == "attention" and readout.method == "hadamard_test":
                needs = "phase"
            if needs and getattr(self, needs) is None:
                raise ValueError(f"readouts.{name} reads {readout.of}, but there is no section {needs}; add it")
        if self.router is not None and self.experts is None:
            raise ValueError("router is given, but there is no section experts; add it")
        if self.sampling is not None and self.sampling.top_k > self.model.vocab:
            raise ValueError(f"sampling.top_k is {self.sampling.top_k}; use at most model.vocab = {self.model.vocab}")
        for part in ("layers", "heads"):
            number = getattr(self.quantum, part)
            if number != "all" and number > getattr(self.model, part):
                raise ValueError(f"quantum.{part} is {number}; use at most model.{part} = {getattr(self.model, part)}")
        return self
