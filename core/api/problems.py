"""What went wrong, as RFC 9457 says it: a problem document with a status, a sentence, and what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from core import errors, messages
from core.api.shapes import FieldProblem, ProblemDocument
from core.messages import _

MEDIA_TYPE = "application/problem+json"
KIND = "urn:meeting-transcriber:problem:"

_log = structlog.get_logger("api")

_NOT_FOUND = (errors.CutGone, errors.MeetingUnknown, errors.ModelUnknown, errors.SpeakerUnknown)
_NOT_UNDERSTOOD = (
    errors.Unreadable,
    errors.DateUnclear,
    errors.FormatUnknown,
    errors.LanguageUnknown,
    errors.NothingNamed,
    errors.SameSpeaker,
    errors.ModelUnusable,
    errors.ModelForeign,
)


def status_of(problem: errors.Problem) -> int:
    """The HTTP status of an expected failure; what depends on the state of this machine is a conflict."""
    match problem:
        case _ if isinstance(problem, _NOT_FOUND):
            return HTTPStatus.NOT_FOUND
        case _ if isinstance(problem, _NOT_UNDERSTOOD):
            return HTTPStatus.UNPROCESSABLE_ENTITY
        case errors.DiskFull():
            return HTTPStatus.INSUFFICIENT_STORAGE
        case errors.StorageProblem():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case errors.RemoteProblem():
            return HTTPStatus.BAD_GATEWAY
    return HTTPStatus.CONFLICT


class Refused(Exception):
    """A request that is refused for what it is, not for what went wrong: its status, and a sentence or two."""

    def __init__(self, status: int, what: str, do: str = "", **headers: str) -> None:
        super().__init__(what)
        self.status = status
        self.what = what
        self.do = do
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def document_of(problem: errors.Problem) -> ProblemDocument:
    """An expected failure as a document."""
    said, status = messages.explain(problem), status_of(problem)
    known = problem.meeting_id if isinstance(problem, errors.AlreadyImported) else None
    return ProblemDocument(
        type=f"{KIND}{type(problem).__name__}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=said.what,
        do=said.do,
        meeting_id=known,
    )


def answer(document: ProblemDocument, headers: dict[str, str] | None = None) -> JSONResponse:
    """The document as an answer."""
    content = document.model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, document.status, headers, MEDIA_TYPE)


def refused(refusal: Refused) -> JSONResponse:
    """A refusal as an answer."""
    title = HTTPStatus(refusal.status).phrase
    document = ProblemDocument(
        title=title, status=refusal.status, detail=refusal.what, do=refusal.do, type="about:blank"
    )
    return answer(document, refusal.headers)


def handle(app: FastAPI) -> None:
    """Has everything that a route raises answered by a problem document."""

    async def expected(_request: Request, problem: Exception) -> JSONResponse:
        assert isinstance(problem, errors.Problem)
        return answer(document_of(problem))

    async def refusal(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refused)
        return refused(error)

    async def of_http(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        plain = {
            HTTPStatus.BAD_REQUEST: _("What was sent cannot be read."),
            HTTPStatus.NOT_FOUND: _("There is nothing at this address."),
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("That is more than is taken at once."),
            HTTPStatus.METHOD_NOT_ALLOWED: _("This cannot be done at this address."),
        }
        what = plain.get(HTTPStatus(error.status_code), str(error.detail))
        told = ProblemDocument(
            title=HTTPStatus(error.status_code).phrase, status=error.status_code, detail=what
        )
        return answer(told, dict(error.headers or {}))

    async def invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return answer(_invalid(error))

    async def unexpected(_request: Request, error: Exception) -> JSONResponse:
        _log.error("unexpected in the local interface", exc_info=error)
        said = messages.explain(error)
        return answer(
            ProblemDocument(title="Internal Server Error", status=500, detail=said.what, do=said.do)
        )

    app.add_exception_handler(errors.Problem, expected)
    app.add_exception_handler(Refused, refusal)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unexpected)


def _invalid(error: RequestValidationError) -> ProblemDocument:
    """Which fields are not as they should be, and why; what was sent is not sent back."""
    fields = [_field(one) for one in error.errors()]
    return ProblemDocument(
        type=f"{KIND}Invalid",
        title=HTTPStatus.UNPROCESSABLE_ENTITY.phrase,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        detail=_("What was sent is not as it should be: {fields}.").format(
            fields=", ".join(one.field for one in fields)
        ),
        do=_("Correct these fields and send it again."),
        fields=fields,
    )


def _field(told: dict[str, Any]) -> FieldProblem:
    where, *path = told["loc"]
    # In a body that is no JSON the place is a number of characters.
    names = [str(step) for step in path if told["type"] != "json_invalid"]
    name = ".".join(names).encode("utf-8", "replace").decode() or str(where)
    return FieldProblem(field=name, where=str(where), why=_why(told))


def _why(told: dict[str, Any]) -> str:
    """Pydantic's own words, in English; a blank text is told in ours."""
    if told["type"] == "string_too_short":
        return _("It is blank.")
    return str(told["msg"]).encode("utf-8", "replace").decode()
