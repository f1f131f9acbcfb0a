"""The steps of the tables of operations."""
