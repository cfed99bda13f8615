"""Faults on real processes, and what they cost: `python -m trust` prints for this machine what was lost or doubled."""
