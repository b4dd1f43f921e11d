"""Enumerations: texts that know their members and keep those they do not know."""

from __future__ import annotations

from . import _native

TYPE_CHECKING: bool = False  # See `_hints`.

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar, TypeVar

    from typing_extensions import Self

    Class = TypeVar("Class", bound=type[Any])


class OpenEnum(str):
    """A text of an enumeration. Equal to the plain text; members that are newer than this package are kept."""

    __slots__ = ()

    members: ClassVar[dict[str, Any]] = {}
    """The members that are known, by wire name."""

    @property
    def is_known(self) -> bool:
        """Whether this version knows the member, or each of the members that it combines."""
        return all(part in self.members for part in self.parts)

    @property
    def parts(self) -> tuple[Self, ...]:
        """The members that a text of several combines, such as `a,b`; otherwise itself alone."""
        cls = type(self)
        return tuple(cls(part.strip()) for part in str.split(self, ","))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str.__repr__(self)})"

    def __str__(self) -> str:
        return str.__str__(self)


def enumeration(qualified_name: str, members: dict[str, str]) -> Callable[[Class], Class]:
    """Makes a class the one of an enumeration of the graph. `members`: wire names by attribute."""

    def register(enum: Class) -> Class:
        cls: Any = enum
        known = {wire: cls(wire) for wire in members.values()}
        for attribute, wire in members.items():
            setattr(cls, attribute, known[wire])
        cls.members = known
        _native.register_enumeration(cls, qualified_name, known)
        return enum

    return register
