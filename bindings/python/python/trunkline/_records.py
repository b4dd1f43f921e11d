"""The base of generated records, which are read from JSON of the native part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field
from functools import lru_cache
from typing import Any, ClassVar, TypeVar, cast

from . import _native

T = TypeVar("T")
RecordT = TypeVar("RecordT", bound="DataRecord")


@lru_cache(maxsize=None)
def _attribute(name: str) -> str:
    """A name of JSON as an attribute."""
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)


class DataRecord:
    """Base of records that are read from JSON."""

    __slots__ = ()

    _readers: ClassVar[dict[str, Callable[[Any], Any]]] = {}

    @classmethod
    def _of(cls: type[RecordT], data: dict[str, Any]) -> RecordT:
        fields: dict[str, Any] = {}
        known = cast("dict[str, Field[Any]]", vars(cls)["__dataclass_fields__"])
        for name, value in data.items():
            attribute = _attribute(name)
            if attribute in known:
                reader = cls._readers.get(attribute)
                fields[attribute] = value if value is None or reader is None else reader(value)
        for name, field in known.items():
            # JSON leaves out what is missing.
            if name not in fields and field.default is MISSING:
                fields[name] = None
        return cls(**fields)


def tuple_of(reader: Callable[[Any], T]) -> Callable[[list[Any]], tuple[T, ...]]:
    """Reads a list as a tuple."""
    return lambda data: tuple(reader(one) for one in data)


def list_of(reader: Callable[[Any], T]) -> Callable[[list[Any]], list[T]]:
    """Reads a list."""
    return lambda data: [reader(one) for one in data]


def graph(name: str) -> Callable[[Any], Any]:
    """Reads a record of the graph."""
    return lambda data: _native.decode(name, data)


def argument(name: str, value: Any, record: type[DataRecord]) -> dict[str, Any]:
    """A record that the caller gave, as the native part takes it."""
    if not isinstance(value, record):
        raise TypeError(f"{name} must be a {record.__name__}, not {type(value).__name__}")
    return {name: getattr(value, name) for name in vars(record)["__dataclass_fields__"]}
