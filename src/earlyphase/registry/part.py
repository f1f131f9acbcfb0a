"""What every part of a record has in common: nothing that was read is lost.

A part keeps the fields that it does not know, and the order in which its fields stood. Codes and flags are kept as they
are written, known or not; `earlyphase.registry.irregular` lists those that are not.
"""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    JsonValue,
    ModelWrapValidatorHandler,
    PrivateAttr,
    Strict,
    model_validator,
)
from pydantic.alias_generators import to_camel

Text = Annotated[str, Strict()]
"""Plain text, a code or a date, as it is written."""

Count = Annotated[int, Strict()]

Number = Annotated[int, Strict()] | Annotated[float, Strict()]

Flag = Annotated[bool, Strict()] | Annotated[str, Strict()]
"""Yes or no. Old exports write it as a word: that is kept, and reported as irregular."""


class Coded(NamedTuple):
    """Marks a field whose values come from a vocabulary of `earlyphase.registry.vocabulary`."""

    vocabulary: str


class Dated(NamedTuple):
    """Marks a field that holds a date, partial or whole."""


class Escaped(NamedTuple):
    """Marks a field in the registry's escaped markdown, see `earlyphase.registry.markup`."""


class Part(BaseModel):
    """A part of a record: frozen, and written back exactly as it was read."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel)

    _order: tuple[str, ...] = PrivateAttr(())

    @model_validator(mode="wrap")
    @classmethod
    def _remember_order(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401 - any JSON
        part = handler(data)
        if isinstance(data, dict):
            part._order = tuple(data)  # pyright: ignore[reportUnknownArgumentType]  # noqa: SLF001 - its own
        return part

    def unknown(self) -> dict[str, JsonValue]:
        """Give the fields that the model does not know, under their own names."""
        return dict(self.model_extra or {})

    def entries(self) -> Iterator[tuple[str, str | None, Any]]:
        """Go through what was given, in its order.

        Returns:
            The name as written, the name of the attribute (None where the field is unknown) and the value.
        """
        extra = self.model_extra or {}
        attributes = {field.alias or name: name for name, field in type(self).model_fields.items()}
        written = [alias for alias, name in attributes.items() if name in self.model_fields_set]
        for alias in dict.fromkeys([*self._order, *written, *extra]):
            if alias in attributes:
                yield alias, attributes[alias], self.__dict__[attributes[alias]]
            else:
                yield alias, None, extra[alias]


def as_json(value: Any) -> Any:  # noqa: ANN401 - a part, a list of parts, or any JSON below them
    """Turn a part back into the JSON that it was read from: same keys, same order, same values."""
    if isinstance(value, Part):
        return {name: as_json(held) for name, _, held in value.entries()}
    if isinstance(value, tuple):
        return [as_json(held) for held in value]  # pyright: ignore[reportUnknownVariableType]
    return value
