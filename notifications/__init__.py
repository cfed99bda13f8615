"""Carries recorded events to people: into the inbox exactly once, and outward as one digest a day."""
