"""Faults on real processes, and what they cost: `python -m trust` prints the figures of TRUST.md §3 for this machine."""
