"""Run: the classical formulas around the circuits, one home each.

`encoding` (9) · `mitigation` (12, 14) · `devices` (15, 78) · `sampling` (17, 24, 26-29, 44, 45, 48, 49) ·
`statistics` (23, 47, 50, 57, 86, 89, 99) · `attention` (30, 41, 42) · `routing` (37, 67, 68) · `rotary` (38, 40).
"""
