"""Cartelitos: an agent-based country in which removing kingpins has consequences."""

__version__ = "0.1.0"
