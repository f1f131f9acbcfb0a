"""CTCAE, CRS and ICANS grading, dose-limiting toxicity."""
