"""A hardware profile: everything one file says about one machine, model, requirement or set of assumptions.

SI units. An error is never a bare number: it says its metric, arity and scope (`rates.ErrorKind`). null is unknown;
what is there but cannot be used is listed under `disabled`, never given error 1.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from hardware_profiles.figures import Column, Figure, Frozen, Name, Source, Status, Table, Text

__all__ = [
    "MAX_QUBITS",
    "SCHEMA_VERSION",
    "AssumptionSet",
    "Capabilities",
    "Constraints",
    "GateSpec",
    "HardwareProfile",
    "Operation",
    "Place",
    "QubitFigures",
    "RequirementLine",
    "Timing",
    "Topology",
    "Zones",
]

SCHEMA_VERSION = 1
#: Widest machine that a profile may describe.
MAX_QUBITS = 100_000

Technology = Literal["superconducting", "trapped_ion", "neutral_atom", "majorana", "photonic", "generic"]
Kind = Literal["device", "model", "requirement", "assumption"]
Place = Annotated[int, Field(ge=-MAX_QUBITS, le=MAX_QUBITS)]
T2Kind = Literal["echo", "ramsey", "cpmg", "effective"]


class Topology(Frozen):
    """Qubits and couplings.

    Attributes:
        kind: Shape of the coupling graph.
        n_qubits: Number of qubits, unusable ones included.
        labels: The vendor's name of each qubit; absent when they are 0..n-1.
        edges: Couplings as indices of qubits; for directed gates (control, target).
        directed: Whether asymmetric gates work only as the edge is written.
        all_to_all: Any two qubits can meet; `edges` is empty then.
        coordinates: (row, column) of each qubit on its lattice.
        disabled_qubits: Qubits that are there but cannot be used.
        working_qubits: Working qubits, where the source does not say which ones.
        working_couplers: Working couplers, where the source does not say which ones.
    """

    kind: Literal["grid", "heavy_hex", "graph", "all_to_all", "zoned", "modular"]
    lattice: Text = ""
    n_qubits: int = Field(ge=1, le=MAX_QUBITS)
    labels: tuple[str, ...] | None = None
    edges: tuple[tuple[int, int], ...] = ()
    directed: bool = False
    all_to_all: bool = False
    coordinates: tuple[tuple[Place, Place], ...] | None = None
    disabled_qubits: tuple[int, ...] = ()
    working_qubits: int | None = None
    working_couplers: int | None = None
    note: Text | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each qubit."""
        return self.labels if self.labels is not None else tuple(str(q) for q in range(self.n_qubits))


class GateSpec(Frozen):
    """A gate that the machine can play.

    Attributes:
        name: Name in this file.
        arity: Number of qubits; 0 for transport.
        cirq: The Cirq gate, or words where Cirq has none.
        virtual: Whether it is done in software, free of time and error.
        in_default_basis: Whether the vendor's compiler uses it unasked; None when there is no such notion.
        angle_range: Lowest and highest angle in rad; None when the gate takes none, or any.
    """

    name: Name
    arity: int = Field(ge=0)
    cirq: Text = ""
    virtual: bool = False
    in_default_basis: bool | None = None
    angle_range: tuple[float, float] | None = None


class Operation(Frozen):
    """Which figures hold for a gate: names of table columns, or else of `figures`.

    Attributes:
        gate: Name of the gate under `gates`.
        error: Its error; None when unknown.
        duration: Its length; None when unknown.
        disabled: Rows of the edge table (two-qubit gates) or qubits (one-qubit gates) on which it cannot be used.
        cycle_one_qubit_gates: One-qubit gates on each qubit that the error contains besides the gate, as a cycle error
            of cross-entropy benchmarking does; they are divided out.
    """

    gate: Name
    error: str | None = None
    duration: str | None = None
    disabled: tuple[int, ...] = ()
    cycle_one_qubit_gates: int = Field(default=0, ge=0)
    note: Text | None = None


class QubitFigures(Frozen):
    """Which figures hold for the qubits: names of columns of the qubit table, or else of `figures`.

    Attributes:
        t1: Relaxation time.
        t2: Coherence time that noise models use.
        t2_kind: How `t2` was measured.
        t2_reported: A measured T2 for comparison with requirements, where `t2` is only effective.
        t2_reported_kind: How `t2_reported` was measured.
        p10: P(read 1 | prepared 0).
        p01: P(read 0 | prepared 1).
        readout_error: (p10 + p01) / 2 or its complement, used where p10 and p01 are not known apart.
        readout_duration: Length of a readout.
        reset_duration: Length of a reset.
        memory_error_per_layer: Error of an idle qubit per layer of two-qubit gates, where there is no T1 and T2.
    """

    t1: str | None = None
    t2: str | None = None
    t2_kind: T2Kind | None = None
    t2_reported: str | None = None
    t2_reported_kind: T2Kind | None = None
    p10: str | None = None
    p01: str | None = None
    readout_error: str | None = None
    readout_is_fidelity: bool = False
    readout_duration: str | None = None
    reset_duration: str | None = None
    memory_error_per_layer: str | None = None


class Timing(Frozen):
    """Pulse alignment of a control system, in units of `Constraints.dt`."""

    acquire_alignment: int
    granularity: int
    min_length: int
    pulse_alignment: int


class Constraints(Frozen):
    """What the control system allows."""

    dt: Figure | None = None
    timing: Timing | None = None
    max_shots: int | None = None
    max_circuits_per_job: int | None = None
    default_rep_delay: Figure | None = None
    rep_delay_range_s: tuple[float, float] | None = None
    parallel_two_qubit_gates: Figure | None = None


class Capabilities(Frozen):
    """What the machine can do besides gates; None is unknown."""

    mid_circuit_measurement: bool | None = None
    feed_forward: bool | None = None
    reset: bool | None = None
    fractional_gates: bool | None = None
    leakage_detection_in_readout: bool | None = None
    qir_profile: str | None = None
    algorithmic_qubits: int | None = None
    supported_instructions: tuple[str, ...] | None = None


class Zones(Frozen):
    """Zones of an atom or ion machine. Lengths in metres."""

    storage: dict[str, Any]
    entangling: dict[str, Any]
    aod: dict[str, Any]
    source: str
    status: Status
    date: str


class RequirementLine(Frozen):
    """One line of a requirement: a bound, a choice, or a formula over other lines and inputs."""

    operator: Literal[">=", "<=", "=", "any_of"]
    value: int | float | tuple[str, ...] | None = None
    expression: str | None = None
    unit: str | None = None
    status: Status | None = None
    statistic: str | None = None
    source: str | None = None
    date: str | None = None
    section: str | None = None
    equation: int | None = None
    k_min: int | None = None
    note: Text | None = None


class AssumptionSet(Frozen):
    """A named set of assumed figures: a physical qubit model or a code. Formulas are text for readers."""

    figures: dict[Name, Figure] = Field(default_factory=dict)
    formulas: dict[Name, str] = Field(default_factory=dict)
    modality: str | None = None
    instruction_set: str | None = None
    qec: str | None = None
    connectivity: str | None = None
    source: str | None = None
    status: Status | None = None
    date: str | None = None


class HardwareProfile(Frozen):
    """One profile file.

    Raises:
        InputError: A figure is impossible, a name points nowhere, or a table does not fit the topology.
    """

    schema_version: Literal[1] = 1
    id: Name
    display_name: str
    vendor: str
    technology: Technology
    technology_detail: Text = ""
    kind: Kind
    snapshot: str
    retrieved: str | None = None
    sources: dict[str, Source] = Field(default_factory=dict)
    topology: Topology | None = None
    gates: tuple[GateSpec, ...] = ()
    operations: tuple[Operation, ...] = ()
    qubit_figures: QubitFigures = QubitFigures()
    capabilities: Capabilities | None = None
    constraints: Constraints | None = None
    control: dict[Name, Figure] = Field(default_factory=dict)
    zones: Zones | None = None
    figures: dict[Name, Figure] = Field(default_factory=dict)
    qubit_table: Table | None = None
    edge_table: Table | None = None
    requirements: dict[Name, RequirementLine] = Field(default_factory=dict)
    phases: dict[Name, dict[Name, RequirementLine]] = Field(default_factory=dict)
    assumptions: dict[Name, AssumptionSet] = Field(default_factory=dict)
    codes: dict[Name, AssumptionSet] = Field(default_factory=dict)
    not_found: tuple[Text, ...] = ()
    caveats: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> HardwareProfile:
        from hardware_profiles.checks import check_profile

        check_profile(self)
        return self

    def gate(self, name: str) -> GateSpec | None:
        """Return the gate of that name, or None."""
        return next((gate for gate in self.gates if gate.name == name), None)

    def two_qubit_operations(self) -> tuple[Operation, ...]:
        """Return the calibrated two-qubit gates, the machine's usual one first."""
        return tuple(op for op in self.operations if (gate := self.gate(op.gate)) is not None and gate.arity == 2)

    def one_qubit_operation(self) -> Operation | None:
        """Return the calibrated physical one-qubit gate, or None."""
        for op in self.operations:
            gate = self.gate(op.gate)
            if gate is not None and gate.arity == 1 and not gate.virtual and op.gate not in ("measure", "reset"):
                return op
        return None

    def lookup(self, name: str, *, per: Literal["qubit", "edge"]) -> tuple[Column | Figure, tuple[float | None, ...]]:
        """Return the head and the numbers of a column, or a figure and its one number.

        Raises:
            KeyError: Neither the table nor the figures have that name.
        """
        table = self.qubit_table if per == "qubit" else self.edge_table
        if table is not None and (column := table.find(name)) is not None:
            return column, table.cells(name)
        figure = self.figures[name]
        return figure, (float(figure.value),)

    def summary(self) -> dict[str, float | None]:
        """Return the median of the known cells of every numeric table column: statistics are computed, not stored."""
        medians: dict[str, float | None] = {}
        for table in (self.qubit_table, self.edge_table):
            if table is not None:
                medians |= {c.name: table.median(c.name) for c in table.columns if c.unit != "ISO date"}
        return medians

    def check(
        self,
        requirement: HardwareProfile | str,
        *,
        fidelity_reading: Literal["two_qubit", "single_qubit"] = "two_qubit",
    ) -> tuple[Any, ...]:
        """Return one `Criterion` per line of a requirement; see `hardware_profiles.requirement.check`."""
        from hardware_profiles.requirement import check

        return check(self, requirement, fidelity_reading=fidelity_reading)

    def canonical(self) -> str:
        """Return the profile as canonical JSON: sorted keys, no defaults, no spaces."""
        data = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def content_hash(self) -> str:
        """Return the SHA-256 of `canonical()`."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.content_hash())
