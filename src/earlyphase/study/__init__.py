"""The state of a study, computed from its journal, and the commands that add to it."""
