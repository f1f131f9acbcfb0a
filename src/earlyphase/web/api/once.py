"""The same request has the same answer when it comes again: what was answered is kept with the request's key."""

import hashlib
import re
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from earlyphase.web.access import Member
from earlyphase.web.api.answers import INVALID, MADE, REFUSED, Answer, problem
from earlyphase.web.api.models import Answered

HEADER = "Idempotency-Key"
KEY = "[!-~]{1,200}"
"""What a key looks like: visible ASCII."""

_KEY = re.compile(KEY)

Act = Callable[[], Answer]


class _NotKept(Exception):  # noqa: N818 - it says what happens
    """An answer that may be another when the request comes again: nothing was written."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(str(answer.status))


def once(request: HttpRequest, member: Member, act: Act) -> Answer:
    """Carry out a request with a key, or answer as when it came the first time.

    What is recorded and what is kept of the answer are written in one transaction: both or neither. A refusal is not
    kept: the study may have changed when the request comes again.
    """
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        remedy = f"Send a new key with each new request, and the same key when you send a request again: {HEADER}: …"
        return problem(INVALID, f"the header {HEADER} is missing, or not 1 to 200 visible ASCII characters.", remedy)
    asked = _digest(request)
    try:
        with transaction.atomic():
            kept = _claimed(member, key, asked)
            if kept is None:
                return _again(member, key, asked)
            answer = _kept_if_made(act())
            kept.status, kept.answer = answer.status, answer.body.decode()
            kept.save(update_fields=["status", "answer"])
            return answer
    except _NotKept as other:
        return other.answer


def _kept_if_made(answer: Answer) -> Answer:
    """Undo what was kept where nothing was recorded."""
    if answer.status != MADE:
        raise _NotKept(answer)
    return answer


def _claimed(member: Member, key: str, asked: str) -> Answered | None:
    """Keep a place for the answer; wait for who works on the same key. None where there is an answer already."""
    try:
        with transaction.atomic():
            return Answered.objects.create(person=member.person, study=member.study, key=key, asked=asked)
    except IntegrityError:
        return None


def _digest(request: HttpRequest) -> str:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()


def _again(member: Member, key: str, asked: str) -> Answer:
    kept = Answered.objects.get(person=member.person, study=member.study, key=key)
    if kept.asked != asked:
        return problem(REFUSED, f"the key {key!r} came before with another request.", "Use a new key.")
    return Answer(kept.status, kept.answer.encode())
