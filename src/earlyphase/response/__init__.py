"""Disease response criteria."""
