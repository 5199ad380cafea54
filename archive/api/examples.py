"""The operations as the page shows them: what to send, in words and as a command, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson

from archive.api.operations import OPERATIONS, Operation

_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_SHOWN = {"string": "…", "integer": 1, "number": 0.5, "boolean": True, "null": None}
_MANY = 10_000
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter, or a field of a body."""

    name: str
    where: str  # "address", "query" or "body"
    required: bool
    kind: str  # in words
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An operation."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    fields: Sequence[Field]
    command: str
    answer: str  # what comes back, as JSON; "" for what is none


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that belong together."""

    name: str
    operations: Sequence[Shown]


def groups(described: Schema, root: str) -> list[Group]:
    """All operations, by group."""
    by_name = {told.name: told for told in OPERATIONS.values()}
    writer = _Writer(described["components"]["schemas"], root)
    found: dict[str, list[Shown]] = {tag["name"]: [] for tag in described["tags"]}
    for path, methods in described["paths"].items():
        for one in methods.values():
            told = by_name[one["operationId"]]
            found[told.group].append(writer.shown(told, path, one))
    return [Group(name, operations) for name, operations in found.items()]


class _Writer:
    """Writes operations out, with the schemas to which they refer."""

    def __init__(self, shapes: Schema, root: str) -> None:
        self._shapes, self._root = shapes, root

    def shown(self, told: Operation, path: str, one: Schema) -> Shown:
        """An operation."""
        body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        given = self._followed(body) if body else None
        fields = [self._field(given, parameter) for parameter in one["parameters"]]
        if given is not None:
            fields += [self._field(given, {"name": name, "in": "body"}) for name in given["properties"]]
        return Shown(
            name=told.name,
            method=told.method,
            path=path,
            summary=told.summary,
            description=one["description"],
            fields=fields,
            command=self._command(told, path, one["parameters"], given),
            answer=self._answer(told, one["responses"][str(told.status)]),
        )

    def example(self, schema: Schema) -> Any:
        """Something that fits a schema."""
        schema = self._followed(schema)
        for given in ("examples", "enum"):
            if given in schema:
                return schema[given][0]
        if "example" in schema or "default" in schema:
            return schema.get("example", schema.get("default"))
        if schema.get("type") == "object":
            return {name: self.example(kind) for name, kind in schema.get("properties", {}).items()}
        if schema.get("type") == "array":
            return [self.example(kind) for kind in schema.get("prefixItems", [schema["items"]])]
        return schema.get("minimum") or _SHOWN.get(str(schema.get("type")))

    def _answer(self, told: Operation, response: Schema) -> str:
        if told.returns is None:
            return ""
        if told.media == "application/json":
            return _pretty(self.example(response["content"][told.media]["schema"]))
        return _pretty(self.example(self._shapes[told.returns.__name__]))

    def _followed(self, schema: Schema) -> Schema:
        """The schema that is meant: behind a reference, or the first of several."""
        while "$ref" in schema or "anyOf" in schema:
            if "$ref" in schema:
                meant = self._shapes[schema["$ref"].rpartition("/")[2]]
            elif "examples" in schema:
                break
            else:
                meant = schema["anyOf"][0]
            schema = {**meant, **{name: value for name, value in schema.items() if name not in ("$ref", "anyOf")}}
        return schema

    def _field(self, given: Schema | None, said: Schema) -> Field:
        """A parameter, or a field of a body."""
        name, where = said["name"], said["in"]
        in_body = given is not None and where == "body"
        kind = given["properties"][name] if in_body and given else said["schema"]
        return Field(
            name=name,
            where="address" if where == "path" else where,
            required=name in given.get("required", ()) if in_body and given else said["required"],
            kind=self._kind(kind),
            description=str(said.get("description") or kind.get("description") or ""),
        )

    def _kind(self, schema: Schema) -> str:
        schema = self._followed({name: value for name, value in schema.items() if name != "examples"})
        if "enum" in schema:
            return " | ".join(map(str, schema["enum"]))
        if schema.get("type") == "array":
            return f"list of: {self._kind(schema['items'])}" if schema.get("items") else "pair of numbers"
        words = _WORDS.get(str(schema.get("type")), "object")
        if schema.get("maximum", _MANY) < _MANY:
            return f"{words} from {schema['minimum']} to {schema['maximum']}"
        return f"{words}, at most {schema['maxLength']} characters" if "maxLength" in schema else words

    def _command(self, told: Operation, path: str, parameters: Sequence[Schema], body: Schema | None) -> str:
        pairs = []
        for parameter in parameters:
            value = str(self.example(parameter["schema"]))
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", value)
            elif parameter["required"]:
                pairs.append((parameter["name"], value))
        words = [] if told.scope is None else ['-H "Authorization: Bearer $TOKEN"']
        if body is not None:
            wanted = {name: self.example(body["properties"][name]) for name in body.get("required", ())}
            words.append(f"--json '{orjson.dumps(wanted).decode()}'")
        if told.receives is not None:
            words += [f'-H "Content-Type: {told.receives}"', "--data-binary @letters.txt"]
        return "curl " + " \\\n  ".join([*words, f"'{self._root}{path}{'?' if pairs else ''}{urlencode(pairs)}'"])


def _pretty(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
