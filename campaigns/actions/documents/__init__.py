"""Drafting documents."""
