"""Records as pydantic reads, writes and describes them. Imported by pydantic alone, which nothing else here needs."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from pydantic_core import PydanticCustomError, SchemaSerializer, core_schema as schema

from . import _native
from .generated.errors import GraphError

_WRITTEN = schema.plain_serializer_function_ser_schema(_native.Record.to_dict)


def core_schema(cls: type[_native.Record], _source: object, _handler: object) -> schema.CoreSchema:
    """A record is taken as it is, a mapping by wire names; both are written as `to_dict` returns them."""

    def read(value: object) -> _native.Record:
        if isinstance(value, cls):
            return value
        name = getattr(cls, "_type_name", None)
        if name is None or isinstance(value, _native.Record) or not isinstance(value, Mapping):
            message = "Input should be a {class} or a dictionary of its properties"
            raise PydanticCustomError("record_type", message, {"class": cls.__name__})
        try:
            record = _native.decode(name, dict(cast("Mapping[str, Any]", value)))
        except (GraphError, TypeError, ValueError) as error:
            message = "Input should have the properties of a {class}: {error}"
            raise PydanticCustomError("record", message, {"class": cls.__name__, "error": str(error)}) from None
        return cast("_native.Record", record)

    return schema.no_info_plain_validator_function(read, serialization=_WRITTEN)


@cache
def serializer() -> SchemaSerializer:
    """Writes records in fields that may be anything."""
    return SchemaSerializer(schema.any_schema(serialization=_WRITTEN))


def json_schema(cls: type[_native.Record], _schema: object, _handler: object) -> dict[str, Any]:
    """An object with the properties of the class. None is required, and others may come."""
    fields = [member for member in vars(cls).values() if isinstance(member, _native.Field)]
    described: dict[str, Any] = {"type": "object", "title": cls.__name__, "additionalProperties": True}
    summary = (inspect.getdoc(cls) or "").partition("\n\n")[0]
    if summary:
        described["description"] = " ".join(summary.split())
    described["properties"] = {field.wire_name: _property(field) for field in fields}
    return described


def _property(field: _native.Field) -> dict[str, Any]:
    form, is_list = field.form
    one: dict[str, Any]
    if form == "any":
        one = {}
    elif form in ("string", "boolean", "integer", "number", "object"):
        one = {"type": form}
    else:
        one = {"type": "string", "format": form}
    one = {"type": "array", "items": one} if is_list else one
    described: dict[str, Any] = {"anyOf": [one, {"type": "null"}]} if one else {}
    if field.__doc__:
        described["description"] = field.__doc__
    return described
