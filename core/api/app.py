"""The application: the routes under `/v1`, the guard around them, and the page that explains them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from starlette.types import ASGIApp

from core.api import cuts, jobs, meetings, minutes, problems, program, recordings, speakers, transcripts
from core.api.guard import Guard
from core.api.service import Service
from core.api.shapes import ProblemDocument
from core.messages import _

ASSETS = Path(fastapi_offline.__file__).parent / "static"
"""Swagger UI, which the package brings along: nothing is fetched from elsewhere."""

ABOUT = """
The meetings of this machine, for other programs of the same person.

Send the token of the settings with every request: `Authorization: Bearer …`. What goes wrong is told by a problem
document (RFC 9457) with a sentence on what to do. Creation takes an `Idempotency-Key`.
"""

_STATUSES = {
    400: "It cannot be read",
    401: "The token is missing or wrong",
    403: "The address, the web page or the path is not allowed",
    404: "There is no such thing",
    409: "It does not fit the state of things",
    413: "Too much was sent",
    422: "Something is not as it should be",
    429: "Others are being answered; try again later",
    503: "The library cannot be used right now",
    507: "The disk is full",
}

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/assets/swagger-ui.css"></head>
<body><div id="page"></div><script src="/assets/swagger-ui-bundle.js"></script>
<script src="/docs?script"></script></body></html>
"""
_SCRIPT = (
    'SwaggerUIBundle({url: "/openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null,'
    " persistAuthorization: false, tryItOutEnabled: true});\n"
)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def application(service: Service, token: Callable[[], str], *, everywhere: bool = False) -> ASGIApp:
    """What uvicorn runs: the routes of `service`, for those who have the `token`; see `Guard`."""
    return Guard(routes(service), token, everywhere=everywhere)


def routes(service: Service | None = None) -> FastAPI:
    """The routes without the guard; without a service only to be described."""
    app = FastAPI(
        title="Meeting Transcriber",
        version=program.VERSION,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        responses={
            status: {"description": what, "content": {problems.MEDIA_TYPE: {"schema": _REFERENCE}}}
            for status, what in _STATUSES.items()
        },
    )
    app.state.service = service
    for module in (meetings, transcripts, speakers, minutes, jobs, cuts, recordings, program):
        app.include_router(module.router, prefix="/v1")
    problems.handle(app)
    _explain(app)
    return app


_REFERENCE = {"$ref": "#/components/schemas/ProblemDocument"}


def _explain(app: FastAPI) -> None:
    """Adds the page, its parts, and the document with the security that the guard asks for."""
    describe = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = describe()
            schemas = found["components"]["schemas"]
            shape = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(shape.pop("$defs", {}))
            schemas["ProblemDocument"] = shape
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            found["security"] = [{"token": []}]
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]

    async def page(script: str | None = None) -> Response:
        if script is not None:
            return Response(_SCRIPT, media_type="text/javascript")
        return HTMLResponse(
            _PAGE.format(title=_("Meeting Transcriber")), headers={"Content-Security-Policy": _POLICY}
        )

    async def style() -> Response:
        return Response((ASSETS / "swagger-ui.css").read_bytes(), media_type="text/css")

    async def bundle() -> Response:
        return Response((ASSETS / "swagger-ui-bundle.js").read_bytes(), media_type="text/javascript")

    app.add_api_route("/docs", page, include_in_schema=False)
    app.add_api_route("/assets/swagger-ui.css", style, include_in_schema=False)
    app.add_api_route("/assets/swagger-ui-bundle.js", bundle, include_in_schema=False)
