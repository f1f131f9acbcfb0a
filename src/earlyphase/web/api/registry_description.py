"""Describes the registry's pages as programs get them: the same addresses, as JSON, without a token."""

from typing import Any

from earlyphase.registry.vocabulary import VOCABULARIES
from earlyphase.store.search import Sort

NUMBER = {
    "name": "number",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "example": "NCT01234567",
    "description": "The registration number.",
}


def registry_paths() -> dict[str, Any]:
    """Give the addresses of the registry for the description of the interface."""
    record = "/registry/records/{number}/"
    return {
        "/registry/": {"get": _read("search", "Search, with facets and places", _SEARCH, _FOUND, (400,))},
        "/registry/feed/": {"get": _feed("search_feed", "The same search as an Atom feed", _SEARCH, (400,))},
        "/registry/compare/": {"get": _read("compare", "Two records side by side", _TWO, _COMPARED, (404,))},
        record: {"get": _read("record", "A record, its findings and readings", [NUMBER, _VERSION], _RECORD, (404,))},
        f"{record}versions/": {
            "get": _read("versions", "The versions of a record, and what changed", [NUMBER, *_PAIR], _VERSIONS, (404,))
        },
        f"{record}versions/feed/": {"get": _feed("versions_feed", "The versions as an Atom feed", [NUMBER], (404,))},
        f"{record}posted/": {
            "get": _read("posted", "Results as posted, documents, derived terms", [NUMBER], _POSTED, (404,))
        },
        f"{record}qualify/": {
            "get": _read("qualify", "The first questions of an interview", [NUMBER], _INTERVIEW, (404,), same=False),
            "post": {
                **_read("answer", _ANSWERED, [NUMBER], _INTERVIEW, (400, 404, 413), same=False),
                "requestBody": _ANSWERS,
            },
        },
    }


def _read(
    name: str,
    summary: str,
    parameters: list[dict[str, Any]],
    shape: dict[str, Any],
    noes: tuple[int, ...],
    *,
    same: bool = True,
) -> dict[str, Any]:
    return _operation(name, summary, [*parameters, _FORMAT], {"application/json": {"schema": shape}}, noes, same=same)


def _feed(name: str, summary: str, parameters: list[dict[str, Any]], noes: tuple[int, ...]) -> dict[str, Any]:
    content: dict[str, Any] = {"application/atom+xml": {"schema": {"type": "string"}}}
    return _operation(name, summary, [*parameters, _FORMAT], content, noes, same=True)


def _operation(
    name: str,
    summary: str,
    parameters: list[dict[str, Any]],
    content: dict[str, Any],
    noes: tuple[int, ...],
    *,
    same: bool,
) -> dict[str, Any]:
    kept = {"304": {"description": "Not modified"}} if same else {}
    no = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    return {
        "operationId": f"registry_{name}",
        "summary": summary,
        "tags": ["registry"],
        "security": [],
        "parameters": parameters,
        "responses": {
            "200": {"description": "OK", "content": content},
            **kept,
            **{str(status): {"description": _NOES[status], **no} for status in (*noes, 429, 503)},
        },
    }


def _query(name: str, description: str, example: object = None, **schema: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    shown = {} if example is None else {"example": example}
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", **schema}, **shown}


def _several(name: str, description: str, example: str) -> dict[str, Any]:
    one = _query(name, description, [example])
    return one | {"schema": {"type": "array", "items": {"type": "string"}}}


def _object(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"type": "object", "properties": fields, "required": [*fields]}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_NOES = {
    400: "What was sent makes no sense",
    404: "There is no such record",
    413: "More than a form of this site can be",
    429: "Too many requests",
    503: "The database does not answer",
}
_TEXT, _NUMBER_OF = {"type": "string"}, {"type": "integer"}
_OR_NOTHING = {"type": ["string", "null"]}
_FORMAT = _query("format", "`json`; it can be left out where JSON is accepted.", "json", enum=["json"])
_SEARCH = [
    _query("q", "Words, abbreviations or a registration number; all names of a condition are searched.", "T-ALL"),
    _several("phase", f"One of {', '.join(sorted(VOCABULARIES['Phase']))}; any of several.", "PHASE1"),
    _several("status", "A status of the registry; any of several.", "RECRUITING"),
    _several("type", "A kind of study; any of several.", "INTERVENTIONAL"),
    _several("country", "A country; any of several.", "China"),
    _query("near", "A position and a distance: 30.27,120.15,50km."),
    _query("city", "A city in which a record has a site.", "Hangzhou"),
    _query("km", "How far from the city a site may be.", "50"),
    _query("sort", "What comes first.", "updated", enum=[one.value for one in Sort]),
    _query("page", "Go on: `next_page` of the page before."),
]
_TWO = [_query("a", "The first record's number.", "NCT01234567"), _query("b", "The second's.", "NCT07654321")]
_VERSION = _query("version", "An earlier version, by its number; else the current one.", "1")
_PAIR = [_query("from", "The version to compare; with `to`.", "1"), _query("to", "The version to compare with.", "2")]
_FOUND = _object(
    total=_NUMBER_OF, hits=_list({"type": "object"}), next_page=_OR_NOTHING, notes=_list(_TEXT), meanings={}, facets={}
)
_COMPARED = _object(parts=_list({"type": "object"}))
_RECORD = _object(
    number=_TEXT,
    page={"type": "object"},
    findings=_list({"type": "object"}),
    readings=_list({"type": "object"}),
    twins=_list({}),
    similar=_list({"type": "object"}),
    versions=_list({"type": "object"}),
)
_POSTED = _object(number=_TEXT, posted=_list({"type": "object"}))
_VERSIONS = _object(versions=_list({"type": "object"}), compared={}, changes=_list({"type": "object"}))
_INTERVIEW = _object(
    outcome={"type": "string", "enum": ["open", "does not qualify", "could qualify", "left to the study team"]},
    left=_NUMBER_OF,
    next=_list(
        _object(
            name=_TEXT,
            form={"type": "string", "enum": ["yes or no", "choice", "number", "age"]},
            words=_TEXT,
            unit=_TEXT,
            choices=_list(_TEXT),
            normal=_OR_NOTHING,
            problem=_OR_NOTHING,
        )
    ),
    against=_list(_TEXT),
    for_the_team=_list(_TEXT),
)
_ANSWERED = "Answers so far, and the questions that could settle it. Nothing of it is kept"
_ANSWERS = {
    "description": "By the names of the questions that were asked; `unknown` for what is not known. A number takes its "
    "unit as NAME-unit and the limit of normal as NAME-normal; `at_once` asks for all questions that are left.",
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            "example": {"q1": "yes"},
        }
    },
}
