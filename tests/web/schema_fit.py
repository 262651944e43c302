"""Whether a JSON value fits a schema: the part of JSON Schema that our API's description uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "array": (list,),
    "object": (dict,), "null": (type(None),),
}  # fmt: skip
_KNOWN = frozenset({
    "type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref", "description",
    "minimum", "maximum", "default",
})  # fmt: skip


def misfits(value: Any, schema: dict[str, Any], names: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Where a value does not fit, and why. ``names`` are the schemas that `$ref` may name."""
    assert set(schema) <= _KNOWN, f"{at}: this test does not know {set(schema) - _KNOWN}"
    if "$ref" in schema:
        yield from misfits(value, names[schema["$ref"].removeprefix("#/components/schemas/")], names, at)
        return
    if "anyOf" in schema:
        tries = [list(misfits(value, one, names, at)) for one in schema["anyOf"]]
        if all(tries):
            yield min(tries, key=len)[0]
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is not one of {schema['enum']}"
    kind = schema.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{at}: {value!r} is no {kind}"
        return
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from misfits(item, schema.get("items", {}), names, f"{at}[{number}]")
    if isinstance(value, dict):
        yield from _object_misfits(value, schema, names, at)


def _object_misfits(value: dict[str, Any], schema: dict[str, Any], names: dict[str, Any], at: str) -> Iterator[str]:
    properties, other = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}.{name} is missing"
    for name, item in value.items():
        if name in properties:
            yield from misfits(item, properties[name], names, f"{at}.{name}")
        elif other is False:
            yield f"{at}.{name} is not described"
        elif isinstance(other, dict):
            yield from misfits(item, other, names, f"{at}.{name}")
