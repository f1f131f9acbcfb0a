"""Populations, endpoints, estimates."""
