"""Faults under load, and an independent check of every answer: `make chaos` runs it."""
