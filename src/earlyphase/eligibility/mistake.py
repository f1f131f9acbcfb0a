"""A mistake in an expression, with the character at which it stands."""


class Mistake(Exception):  # noqa: N818 - it names what is wrong, not that something is
    """What is wrong in an expression, before it is known where the expression stands."""

    def __init__(self, at: int, value: object, rule: str, remedy: str = "") -> None:
        """Keep what the complaint will say."""
        self.at = at
        self.value = value
        self.rule = rule
        self.remedy = remedy
        super().__init__(at, value, rule, remedy)
