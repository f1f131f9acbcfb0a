"""The two ways in which input can be at fault.

What a study site must expect (slot taken, window open) is no fault: it is a returned `Refused`, see `earlyphase.study`.
"""


class InvalidInput(Exception):  # noqa: N818 - it names what is wrong, not that something is
    """What was given cannot be used; nothing was written.

    The message names the place, the value, the rule and the remedy, in that order.
    """

    def __init__(self, place: str, value: object, rule: str, remedy: str = "") -> None:
        """Make the sentence that the user will read.

        Args:
            place: where it stands: a file and line, an option, a field.
            value: what stands there.
            rule: what was expected.
            remedy: what to do next.
        """
        self.place = place
        self.value = value
        self.rule = rule
        self.remedy = remedy
        super().__init__(place, value, rule, remedy)

    def __str__(self) -> str:
        """Give the whole sentence."""
        shown = f" {self.value!r}" if self.value is not None else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.place}:{shown} {self.rule}{remedy}"


class Broken(InvalidInput):
    """Something that was sound has been damaged: an edited or truncated journal, a hash that does not match."""
