"""Dose-escalation designs, decisions, exact operating characteristics, simulation."""
