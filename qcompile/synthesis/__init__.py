"""Blocks and matrices to gates."""
