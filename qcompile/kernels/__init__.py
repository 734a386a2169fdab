"""Hot loops: arrays in, arrays out. Imports numpy and numba, nothing else."""
