"""The OpenAPI 3.1 document: made of the operations and of the types of what goes in and out."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from archive import __version__
from archive.api.answers import encoded, with_hash
from archive.api.asking import needs_body
from archive.api.operations import ABOUT, GROUPS, OPERATIONS, ROOT, Operation, operation
from archive.api.problems import MEDIA, TITLES, Problem
from archive.web.addresses import MOST_ROWS
from archive.web.own_address import own_address

_REFERENCE = "#/components/schemas/{name}"
_RULE = re.compile(r"<(\w+):(\w+)>")
_ID: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-hjkmnp-tv-z]{14}$", "example": "7m2k9x4q8v1tzc"}
# What stands in an address, by the name of the converter that takes it.
_IN_PATH: dict[str, dict[str, Any]] = {
    "public_id": _ID,
    "slug": {"type": "string", "pattern": r"^[^\W_]+(-[^\W_]+)*$", "maxLength": 80, "example": "history"},
    "row": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "example": 17},
}
_HEADERS = {
    "RateLimit-Policy": "How much may be asked for: q in w seconds.",
    "RateLimit": "What is left of it, and after how many seconds it begins anew.",
}
_ALWAYS = (400, 401, 404, 405, 429, 503)  # whatever is asked for


@operation("GET", "/openapi.json", group=ABOUT, summary="This description")
def openapi() -> Any:
    """OpenAPI 3.1, made of the code that answers."""
    return with_hash(encoded({**described(), "servers": [{"url": own_address() + ROOT}]}))


@cache
def described() -> dict[str, Any]:
    """The description, but for where the archive is."""
    types = list(_types())
    shapes, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    schemas = {repr(kind): shape for kind, shape in zip(types, shapes, strict=True)}
    for kind in {told.query for told in OPERATIONS.values() if told.query}:
        del components[kind.__name__]  # told field by field where it is asked for
    paths: dict[str, dict[str, Any]] = {}
    for told in OPERATIONS.values():
        paths.setdefault(path_of(told), {})[told.method.lower()] = _described(told, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Footnote",
            "version": __version__,
            "description": "What an archive of discussions holds, and how each answer says that it knows.",
            "license": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "tags": [{"name": group} for group in GROUPS],
    }


def path_of(told: Operation) -> str:
    """The address of an operation, as OpenAPI writes it."""
    return _RULE.sub(r"{\2}", told.rule)


def parameters_of(told: Operation) -> list[dict[str, Any]]:
    """What stands in its address, and behind the question mark."""
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": _IN_PATH[kind]}
        for kind, name in _RULE.findall(told.rule)
    ]
    return [*in_path, *(_query_parameters(told.query) if told.query else [])]


def _query_parameters(kind: Any) -> Iterator[dict[str, Any]]:
    (_,), components = msgspec.json.schema_components([kind], ref_template=_REFERENCE)
    shape = components[kind.__name__]
    for name, schema in shape["properties"].items():
        told = _only_given(schema)
        described = {"description": told.pop("description")} if "description" in told else {}
        yield {"name": name, "in": "query", "required": name in shape.get("required", ()), **described, "schema": told}


def _only_given(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter: one that is not given is left out, and never null."""
    schema = dict(schema)
    if schema.get("default", 0) in (None, [], ()):
        del schema["default"]
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    return {**schema, **kinds[0]} if len(kinds) == 1 else {**schema, **({"anyOf": kinds} if kinds else {})}


def _described(told: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": told.name,
        "tags": [told.group],
        "summary": told.summary,
        "description": _text(told),
        "parameters": parameters_of(told),
        "responses": _responses(told, schemas),
        "security": [{"token": []}] if told.scope else [{}, {"token": []}],
    }
    if told.body is not None:
        content = {"application/json": {"schema": schemas[repr(told.body)]}}
        found["requestBody"] = {"required": needs_body(told.body), "content": content}
    if told.receives is not None:
        found["requestBody"] = {"required": True, "content": {told.receives: {"schema": {}}}}
    return found


def _text(told: Operation) -> str:
    parts = [" ".join(told.description.split())]
    if told.scope is not None:
        parts.append(f"Takes a token for “{told.scope}”.")
    if told.cost > 1:
        parts.append(f"Counted as {told.cost} requests.")
    return " ".join(parts)


def _responses(told: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    headers = {name: {"description": words, "schema": {"type": "string"}} for name, words in _HEADERS.items()}
    content = {} if told.returns is None else {"schema": schemas[repr(told.returns)]}
    if told.media != "application/json":
        content = {"schema": {"type": "string"}}  # a line of it is what the description says
    going = {told.media: content}
    responses: dict[str, Any] = {str(told.status): {"description": "Done.", "headers": headers, "content": going}}
    if told.method == "GET" and told.media == "application/json":
        responses["304"] = {"description": "Nothing has changed since the hash in If-None-Match."}
    for status in statuses_of(told):
        problem = {MEDIA: {"schema": schemas[repr(Problem)]}}
        responses[str(status)] = {"description": TITLES[status] + ".", "content": problem}
    return responses


def statuses_of(told: Operation) -> list[int]:
    """The errors that an operation may end in."""
    further = {403} if told.scope else set()
    if told.method != "GET":
        further |= {409, 413, 415, 422}
    return sorted({*_ALWAYS, *further})


def _types() -> Iterator[Any]:
    yield Problem
    for told in OPERATIONS.values():
        yield from (kind for kind in (told.returns, told.body, told.query) if kind is not None)
