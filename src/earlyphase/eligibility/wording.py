"""Says an expression in plain English and in Chinese. The text is made from the expression: it cannot say otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.vocabulary import Vocabulary
from earlyphase.protocol.criteria import Stage
from earlyphase.quantities import Quantity, shown_number

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language."""

    ops: Mapping[n.Op, str]
    spans: Mapping[n.Span, tuple[str, str]]
    """Singular and plural."""
    normals: Mapping[n.Normal, str]
    attributes: Mapping[n.Attribute, str]
    sides: Mapping[n.Side, str]
    stages: Mapping[str, str]
    sayings: Mapping[n.Saying, str]
    roles: Mapping[str, str]
    words: Mapping[str, str]
    """Words of attributes."""
    is_: str
    multiple: str
    counted: str
    times: tuple[str, str]
    """Once, and more often."""
    lasted: str
    aged: str
    age: str
    """What is asked for, in completed years."""
    undefined: str
    no: str
    both: str
    either: str
    any_of: str
    all_of: str
    if_then: str
    unless: str
    having: str
    semicolon: str
    comma: str


ENGLISH = Phrases(
    ops={n.Op.LESS: "less than", n.Op.AT_MOST: "at most", n.Op.MORE: "more than", n.Op.AT_LEAST: "at least",
         n.Op.EQUAL: "exactly"},
    spans={n.Span.HOURS: ("hour", "hours"), n.Span.DAYS: ("day", "days"), n.Span.WEEKS: ("week", "weeks"),
           n.Span.MONTHS: ("month", "months"), n.Span.YEARS: ("year", "years")},
    normals={n.Normal.UPPER: "the upper limit of normal", n.Normal.LOWER: "the lower limit of normal"},
    attributes={one: one.value for one in n.Attribute},
    sides={n.Side.BEFORE: "within {time} before {anchor}", n.Side.AFTER: "within {time} after {anchor}",
           n.Side.OF: "within {time} before or after {anchor}"},
    stages={stage: stage.value for stage in Stage},
    sayings={n.Saying.JUDGEMENT: "in the judgement of the {by}: {text}", n.Saying.ATTEST: "stated by the {by}: {text}"},
    roles={},
    words={},
    is_="{what} {op} {limit}",
    multiple="{factor} times {normal}",
    counted="{what}, {op} {limit}",
    times=("{count} time", "{count} times"),
    lasted="{what} that lasted {op} {limit}",
    aged="age {op} {limit}",
    age="age in completed years",
    undefined="{text} (not defined)",
    no="not: {part}",
    both="; and ",
    either="; or ",
    any_of="any of: {parts}",
    all_of="all of: {parts}",
    if_then="if {condition}, then {then}",
    unless="{main}, except {exception}",
    having=" ({conditions})",
    semicolon="; ",
    comma=", ",
)  # fmt: skip

CHINESE = Phrases(
    ops={n.Op.LESS: "<", n.Op.AT_MOST: "≤", n.Op.MORE: ">", n.Op.AT_LEAST: "≥", n.Op.EQUAL: "="},
    spans={n.Span.HOURS: ("小时", "小时"), n.Span.DAYS: ("天", "天"), n.Span.WEEKS: ("周", "周"),
           n.Span.MONTHS: ("个月", "个月"), n.Span.YEARS: ("年", "年")},
    normals={n.Normal.UPPER: "正常值上限", n.Normal.LOWER: "正常值下限"},
    attributes={n.Attribute.METHOD: "方法", n.Attribute.SPECIMEN: "标本", n.Attribute.STATE: "状态",
                n.Attribute.PURPOSE: "目的", n.Attribute.DOSE: "剂量"},
    sides={n.Side.BEFORE: "{anchor}前{time}内", n.Side.AFTER: "{anchor}后{time}内", n.Side.OF: "{anchor}前后{time}内"},
    stages={Stage.CONSENT: "知情同意", Stage.SCREENING: "筛选", Stage.ENROLMENT: "入组", Stage.LEUKAPHERESIS: "单采",
            Stage.LYMPHODEPLETION: "清淋", Stage.INFUSION: "回输"},
    sayings={n.Saying.JUDGEMENT: "{by}判断：{text}", n.Saying.ATTEST: "{by}声明：{text}"},
    roles={"investigator": "研究者", "participant": "受试者", "physician": "医生", "representative": "法定代理人"},
    words={"morphology": "形态学", "flow": "流式细胞术", "echocardiography": "超声心动图", "room_air": "未吸氧",
           "lymphodepletion": "清淋预处理", "marrow": "骨髓", "blood": "外周血"},
    is_="{what}{op}{limit}",
    multiple="{factor}倍{normal}",
    counted="{what}{op}{limit}",
    times=("{count}次", "{count}次"),
    lasted="{what}持续时间{op}{limit}",
    aged="年龄{op}{limit}",
    age="年龄（周岁）",
    undefined="{text}（未定义）",
    no="非（{part}）",
    both="，且",
    either="，或",
    any_of="符合以下任一项：{parts}",
    all_of="符合以下全部：{parts}",
    if_then="如{condition}，则{then}",
    unless="{main}（{exception}除外）",
    having="（{conditions}）",
    semicolon="；",
    comma="，",
)  # fmt: skip

_PHRASES: Mapping[Language, Phrases] = {"en": ENGLISH, "zh": CHINESE}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says expressions in one language, in the words of one study."""

    language: Language
    known: Vocabulary
    translations: Mapping[str, str]
    """What quoted texts are in Chinese."""

    def say(self, node: n.Node) -> str:
        """Say an expression."""
        phrases = _PHRASES[self.language]
        match node:
            case n.All(parts=parts) | n.Any(parts=parts):
                return self._list(node, [self._inner(part) for part in parts])
            case n.Not():
                return phrases.no.format(part=self._inner(node.part))
            case n.IfThen():
                return phrases.if_then.format(condition=self._inner(node.condition), then=self.say(node.then))
            case n.Except():
                return phrases.unless.format(main=self._inner(node.main), exception=self._inner(node.exception))
            case _:
                return self._leaf(node)

    def ask(self, leaf: n.Leaf) -> str:
        """Say a single question as it is put to somebody: without its limit, where a number is asked for."""
        match leaf:
            case n.Measured() | n.OneOf():
                return self._name(leaf.subject.term) + self._qualifiers(leaf.subject)
            case n.Aged():
                return _PHRASES[self.language].age
            case n.Stated() | n.Undefined():
                return self._quoted(leaf.text)
            case _:
                return self.say(leaf)

    def _list(self, node: n.All | n.Any, parts: list[str]) -> str:
        phrases = _PHRASES[self.language]
        if not node.listed:
            return (phrases.both if isinstance(node, n.All) else phrases.either).join(parts)
        marked = phrases.semicolon.join(f"({chr(97 + place % 26)}) {part}" for place, part in enumerate(parts))
        return (phrases.all_of if isinstance(node, n.All) else phrases.any_of).format(parts=marked)

    def _inner(self, node: n.Node) -> str:
        """Bracket what would be misread inside another sentence."""
        compound = isinstance(node, n.All | n.Any | n.IfThen | n.Except)
        return f"[{self.say(node)}]" if compound else self.say(node)

    def _leaf(self, leaf: n.Leaf) -> str:
        phrases = _PHRASES[self.language]
        match leaf:
            case n.Stated():
                by = phrases.roles.get(leaf.by or "", leaf.by or "")
                return phrases.sayings[leaf.kind].format(by=by, text=self._quoted(leaf.text))
            case n.Undefined():
                return phrases.undefined.format(text=self._quoted(leaf.text))
            case n.Aged():
                return phrases.aged.format(op=phrases.ops[leaf.op], limit=self._time(leaf.limit))
            case _:
                return self._of_subject(leaf)

    def _of_subject(self, leaf: n.Measured | n.Counted | n.Lasted | n.OneOf | n.Holds) -> str:
        phrases = _PHRASES[self.language]
        what, tail = self._name(leaf.subject.term), self._qualifiers(leaf.subject)
        match leaf:
            case n.Measured():
                said = phrases.is_.format(what=what, op=phrases.ops[leaf.op], limit=self._limit(leaf.limit))
            case n.Counted():
                times = phrases.times[leaf.limit != 1].format(count=leaf.limit)
                said = phrases.counted.format(what=what, op=phrases.ops[leaf.op], limit=times)
            case n.Lasted():
                said = phrases.lasted.format(what=what, op=phrases.ops[leaf.op], limit=self._time(leaf.limit))
            case n.OneOf():
                choices = self.known[leaf.subject.term].choices
                words = [choices[word].zh if self.language == "zh" else choices[word].en for word in leaf.words]
                said = f"{what}: {' / '.join(words)}"
            case n.Holds():
                said = what
        return said + tail

    def _qualifiers(self, subject: n.Subject) -> str:
        phrases = _PHRASES[self.language]
        said = [self._condition(one) for one in subject.having]
        if window := subject.window:
            anchor = phrases.stages.get(window.anchor) or self._name(window.anchor)
            said.append(phrases.sides[window.side].format(time=self._time(window.time), anchor=anchor))
        tail = phrases.having.format(conditions=phrases.comma.join(said)) if said else ""
        if not subject.unless:
            return tail
        exception = phrases.comma.join(self._condition(one) for one in subject.unless)
        return phrases.unless.format(main=tail, exception=exception)

    def _condition(self, condition: n.Condition) -> str:
        phrases = _PHRASES[self.language]
        name = phrases.attributes[condition.attribute]
        if isinstance(condition, n.Dosed):
            return phrases.is_.format(what=name, op=phrases.ops[condition.op], limit=condition.limit)
        return f"{name}: {phrases.words.get(condition.word, condition.word)}"

    def _name(self, term: str) -> str:
        found = self.known[term]
        return found.zh if self.language == "zh" else found.en

    def _limit(self, limit: Quantity | n.Multiple) -> str:
        phrases = _PHRASES[self.language]
        if isinstance(limit, n.Multiple):
            return phrases.multiple.format(factor=shown_number(limit.factor), normal=phrases.normals[limit.of])
        return str(limit)

    def _time(self, time: n.Time) -> str:
        one, many = _PHRASES[self.language].spans[time.unit]
        gap = "" if self.language == "zh" else " "
        return f"{time.count}{gap}{one if time.count == 1 else many}"

    def _quoted(self, text: str) -> str:
        return self.translations.get(text, text) if self.language == "zh" else text
