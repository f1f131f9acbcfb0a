"""The steps of the tables of the interface."""
