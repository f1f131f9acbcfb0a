"""Runs an early-phase clinical trial from its registry record to its results."""

__version__ = "0.1.0"
