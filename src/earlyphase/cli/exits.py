"""The exit codes: each kind of "no" has its own."""

INVALID = 2
"""What was given cannot be read or used: an unknown study, a malformed file, a mistyped option."""

REFUSED = 3
"""The study's rules say no: no slot, a window still open, a step out of order."""

BROKEN = 4
"""Something that was sound is damaged: an edited or truncated journal."""
