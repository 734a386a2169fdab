"""Hardware-aware compiler and resource estimator for quantum models of language."""
