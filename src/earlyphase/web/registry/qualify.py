"""Could this patient qualify? A form made from the criteria: what is typed goes from page to page and is not kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from earlyphase.eligibility.asked import asked_of_protocol, asked_of_record
from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.interview import Asked, Form, Interview, Question, Reply, interview, questions_of
from earlyphase.eligibility.vocabulary import Vocabulary, shared_terms
from earlyphase.eligibility.wording import Speaker
from earlyphase.quantities import InvalidQuantity, Quantity, RoundingPolicy, ucum
from earlyphase.registry.model import Record
from earlyphase.web.programs import wants_json
from earlyphase.web.registry.answers import json_answer
from earlyphase.web.registry.records import language, protocol_of, record_or_404

UNKNOWN = "unknown"
AT_ONCE = "at_once"
"""The field by which all questions that are left are asked for together, not one examination at a time."""
OLDEST = 130
"""Units: years."""


@dataclass(frozen=True, slots=True)
class Line:
    """One question on the page."""

    name: str
    """Of its field; the unit and the limit of normal have names that begin so."""
    question: Question
    words: str
    unit: str
    choices: tuple[tuple[str, str], ...]
    given: Mapping[str, str]
    """What was typed, by the end of the field's name."""
    problem: str = ""

    @property
    def typed(self) -> str:
        """What was typed as the answer itself."""
        return self.given.get("", "")

    @property
    def said(self) -> str:
        """What was answered, in words."""
        words = {UNKNOWN: gettext("not known"), "yes": gettext("yes"), "no": gettext("no"), **dict(self.choices)}
        return " ".join(filter(None, (words.get(self.typed, self.typed), *list(self.given.values())[1:])))


@dataclass(frozen=True, slots=True)
class _Asking:
    """All that a record can ask."""

    criteria: tuple[Asked, ...]
    known: Vocabulary
    rounding: RoundingPolicy
    speaker: Speaker
    from_protocol: bool


@csrf_exempt  # it changes nothing, and so needs no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def qualify(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the fewest questions that settle whether a patient could qualify."""
    record = record_or_404(number)
    asking = _asking(record)
    questions = questions_of(asking.criteria, asking.known)
    names = {key: f"q{at}" for at, key in enumerate(questions, start=1)}
    replies, problems = _replies(request.POST, questions, names)
    found = interview(asking.criteria, replies, asking.known, asking.rounding)
    repeated = [questions[key] for key in problems]
    at_once = bool(request.POST.get(AT_ONCE))
    wanted = [*repeated, *(one for one in found.rest if one.key not in problems)] if at_once else repeated or found.next
    lines = [_line(asking, one, names, request.POST, problems) for one in wanted]
    answered = [_line(asking, questions[key], names, request.POST, {}) for key in replies]
    context = {
        "number": record.nct_id or number,
        "record": record,
        "found": found,
        "lines": lines,
        "answered": answered,
        "from_protocol": asking.from_protocol,
        "problems": problems,
        "at_once": at_once,
    }
    answer = _json(found, lines) if wants_json(request) else render(request, "registry/qualify.html", context)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _json(found: Interview, lines: list[Line]) -> HttpResponse:
    asked = [
        {
            "name": one.name,
            "form": one.question.form,
            "words": one.words,
            "unit": one.unit,
            "choices": [word for word, _ in one.choices],
            "normal": one.question.normal,
            "problem": one.problem or None,
        }
        for one in lines
    ]
    told = {"outcome": found.outcome, "left": found.left, "next": asked}
    criteria = {"against": [one.id for one in found.against], "for_the_team": [one.id for one in found.for_the_team]}
    return json_answer(told | criteria)


def _asking(record: Record) -> _Asking:
    latest = protocol_of(record)
    if latest is None:
        known = shared_terms()
        speaker = Speaker(language(), known, {})
        return _Asking(asked_of_record(record), known, RoundingPolicy.UNROUNDED, speaker, from_protocol=False)
    criteria = criteria_set(latest.protocol)
    speaker = criteria.speaker(language())
    return _Asking(asked_of_protocol(criteria), criteria.known, criteria.rounding, speaker, from_protocol=True)


def _replies(
    given: QueryDict, questions: Mapping[str, Question], names: Mapping[str, str]
) -> tuple[dict[str, Reply], dict[str, str]]:
    """Read what was answered so far; what makes no sense is asked again, with the reason."""
    replies, problems = dict[str, Reply](), dict[str, str]()
    for key, question in questions.items():
        typed = _typed(given, names[key])
        if not typed:
            continue
        try:
            replies[key] = _reply(question, typed)
        except (InvalidQuantity, ValueError) as wrong:
            problems[key] = str(wrong)
    return replies, problems


def _typed(given: QueryDict, name: str) -> dict[str, str]:
    ends = ("", "-unit", "-normal")
    typed = {end: given.get(f"{name}{end}", "").strip() for end in ends}
    return typed if typed[""] else {}


def _reply(question: Question, typed: Mapping[str, str]) -> Reply:
    answer = typed[""]
    if answer == UNKNOWN:
        return Reply()
    match question.form:
        case Form.YES_NO:
            return Reply(yes=_chosen(answer, ("yes", "no")) == "yes")
        case Form.CHOICE:
            return Reply(word=_chosen(answer, question.term.choices if question.term else ()))
        case Form.AGE:
            return Reply(age=_number(answer, OLDEST))
        case Form.NUMBER:
            unit = ucum(typed["-unit"] or (question.term.unit if question.term else None) or "1")
            normal = Quantity(_number(typed["-normal"]), unit) if typed["-normal"] else None
            return Reply(number=Quantity(_number(answer), unit), normal=normal)


def _chosen(answer: str, choices: Collection[str]) -> str:
    if answer not in choices:
        raise ValueError(gettext("Choose one of the answers."))
    return answer


def _number(text: str, highest: float = 1e9) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        raise ValueError(gettext("“%(typed)s” is not a number.") % {"typed": text[:20]}) from None
    if not 0 <= number <= highest:
        raise ValueError(gettext("A number from 0 to %(highest)s is expected.") % {"highest": f"{highest:g}"})
    return number


def _line(
    asking: _Asking, question: Question, names: Mapping[str, str], given: QueryDict, problems: Mapping[str, str]
) -> Line:
    name, term, tongue = names[question.key], question.term, asking.speaker.language
    choices = tuple((word, getattr(one, tongue)) for word, one in term.choices.items()) if term else ()
    unit = (term.unit or "") if term else ""
    typed = _typed(given, name)
    return Line(name, question, asking.speaker.ask(question.leaf), unit, choices, typed, problems.get(question.key, ""))
