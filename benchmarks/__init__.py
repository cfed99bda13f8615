"""Figures to print, not tests to pass: each is measured beside raw SQL on the same schema in the same run."""
