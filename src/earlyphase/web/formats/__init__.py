"""How Django writes dates in each language: the same everywhere, so that day and month cannot be mistaken."""
