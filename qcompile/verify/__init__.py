"""Right? Distances, simulation on few qubits and on shallow wide circuits, certificates, replayed witnesses."""

from qcompile.verify.certificate import Certificate, Effort, Finding, Replay, Step, Subject
from qcompile.verify.certify import certify, compare_numeric, granted, replay
from qcompile.verify.compare import Distances, choi_distance, frobenius, isometry_distance, total_variation
from qcompile.verify.outcomes import Outcomes, branches, measured_bits, outcome_distribution
from qcompile.verify.readouts import certify_readout, tape_distribution
from qcompile.verify.simulate import active_qubits, compact, tape_isometry

__all__ = [
    "Certificate",
    "Distances",
    "Effort",
    "Finding",
    "Outcomes",
    "Replay",
    "Step",
    "Subject",
    "active_qubits",
    "branches",
    "certify",
    "certify_readout",
    "choi_distance",
    "compact",
    "compare_numeric",
    "frobenius",
    "granted",
    "isometry_distance",
    "measured_bits",
    "outcome_distribution",
    "replay",
    "tape_distribution",
    "tape_isometry",
    "total_variation",
]
