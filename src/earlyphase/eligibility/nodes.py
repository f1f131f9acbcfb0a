"""The closed set of nodes of a criterion's expression. Each is a frozen value; positions do not count for equality."""

from dataclasses import dataclass, field
from enum import StrEnum

from earlyphase.quantities import Quantity


class Op(StrEnum):
    """How two values are compared."""

    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    EQUAL = "="


class Span(StrEnum):
    """Units of calendar time."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Side(StrEnum):
    """On which side of its anchor a window lies."""

    BEFORE = "before"
    AFTER = "after"
    OF = "of"
    """On both."""


class Attribute(StrEnum):
    """What a fact can say of itself besides its value."""

    METHOD = "method"
    SPECIMEN = "specimen"
    STATE = "state"
    PURPOSE = "purpose"
    DOSE = "dose"


@dataclass(frozen=True, slots=True)
class Time:
    """A length of calendar time."""

    count: int
    unit: Span


@dataclass(frozen=True, slots=True)
class Window:
    """A time around an anchor: a stage of the study, or an event of the person."""

    time: Time
    side: Side
    anchor: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Coded:
    """An attribute that is one word: `method = flow`."""

    attribute: Attribute
    word: str


@dataclass(frozen=True, slots=True)
class Dosed:
    """An attribute that is a quantity: `dose < 10 mg/d`."""

    attribute: Attribute
    op: Op
    limit: Quantity
    written: str = field(init=False, repr=False)
    """The number as it was written: 10 and 10.0 round a value otherwise."""

    def __post_init__(self) -> None:
        """Tell 10 from 10.0."""
        object.__setattr__(self, "written", repr(self.limit.value))


Condition = Coded | Dosed


@dataclass(frozen=True, slots=True)
class Subject:
    """A term, narrowed by what its facts must say and when they must be of."""

    term: str
    having: tuple[Condition, ...] = ()
    window: Window | None = None
    unless: tuple[Condition, ...] = ()
    """Facts of which all of this is true do not count."""
    at: int = field(default=0, compare=False)


class Normal(StrEnum):
    """A laboratory's limit of normal."""

    UPPER = "ULN"
    LOWER = "LLN"


@dataclass(frozen=True, slots=True)
class Multiple:
    """A multiple of a limit of normal: `3 ULN`."""

    factor: float
    of: Normal


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured value against a limit: `total_bilirubin <= 51 umol/L`."""

    subject: Subject
    op: Op
    limit: Quantity | Multiple
    written: str = field(init=False, repr=False)
    """The number as it was written: 51 and 51.0 round a value otherwise."""

    def __post_init__(self) -> None:
        """Tell 51 from 51.0."""
        number = self.limit.value if isinstance(self.limit, Quantity) else self.limit.factor
        object.__setattr__(self, "written", repr(number))


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened: `count(relapse) >= 2`."""

    subject: Subject
    op: Op
    limit: int


@dataclass(frozen=True, slots=True)
class Lasted:
    """How long something lasted: `duration(first_cr) <= 12 months`."""

    subject: Subject
    op: Op
    limit: Time


@dataclass(frozen=True, slots=True)
class Aged:
    """How old the person is: `age >= 18 years`."""

    op: Op
    limit: Time


@dataclass(frozen=True, slots=True)
class OneOf:
    """A code among others: `sex = female`, `diagnosis in (t_all, t_lbl)`."""

    subject: Subject
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holds:
    """A status that is so, or an event that happened: `pregnant`, `radiotherapy within 4 weeks before infusion`."""

    subject: Subject


class Saying(StrEnum):
    """Two kinds of statement."""

    JUDGEMENT = "judgement"
    """Someone's opinion, with a reason."""
    ATTEST = "attest"
    """Someone's word."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement by a person: `judgement "life expectancy of at least 12 weeks" by investigator`."""

    kind: Saying
    text: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Undefined:
    """What the text names and does not define, so that nobody can evaluate it: `undefined "prolonged QT interval"`."""

    text: str


@dataclass(frozen=True, slots=True)
class All:
    """Every part is so."""

    parts: "tuple[Node, ...]"
    listed: bool = False
    """Written as `all of (…, …)`."""


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part is so."""

    parts: "tuple[Node, ...]"
    listed: bool = False
    """Written as `any of (…, …)`."""


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not so."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class IfThen:
    """Where the one is so, the other is so; elsewhere there is nothing to ask."""

    condition: "Node"
    then: "Node"


@dataclass(frozen=True, slots=True)
class Except:
    """The one is so, and the other is not."""

    main: "Node"
    exception: "Node"


Leaf = Measured | Counted | Lasted | Aged | OneOf | Holds | Stated | Undefined
Node = Leaf | All | Any | Not | IfThen | Except


def children(node: Node) -> "tuple[Node, ...]":
    """Give the parts of a node; none for a leaf."""
    match node:
        case All() | Any():
            return node.parts
        case Not():
            return (node.part,)
        case IfThen():
            return (node.condition, node.then)
        case Except():
            return (node.main, node.exception)
        case _:
            return ()


def leaves(node: Node) -> "tuple[Leaf, ...]":
    """Give the leaves of an expression, in their order."""
    found: list[Leaf] = []
    waiting: list[Node] = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, All | Any | Not | IfThen | Except):
            waiting.extend(reversed(children(here)))
        else:
            found.append(here)
    return tuple(found)


def subject_of(leaf: Leaf) -> Subject | None:
    """Give the subject of a leaf; None for an age or a statement."""
    match leaf:
        case Measured() | Counted() | Lasted() | OneOf() | Holds():
            return leaf.subject
        case _:
            return None
