"""Enumerations: texts that know their members and keep those they do not know."""

from __future__ import annotations

from typing import Any, ClassVar

from . import _native


class OpenEnum(str):
    """A text of an enumeration. Equal to the plain text; members that are newer than this package are kept."""

    __slots__ = ()

    members: ClassVar[dict[str, Any]] = {}
    """The members that are known, by wire name."""

    @property
    def is_known(self) -> bool:
        """Whether this version knows the member."""
        return str(self) in self.members

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str.__repr__(self)})"

    def __str__(self) -> str:
        return str.__str__(self)


def enumeration(qualified_name: str, members: dict[str, str]) -> Any:
    """Makes a class the one of an enumeration of the graph. `members`: wire names by attribute."""

    def register(cls: Any) -> Any:
        known = {wire: cls(wire) for wire in members.values()}
        for attribute, wire in members.items():
            setattr(cls, attribute, known[wire])
        cls.members = known
        _native.register_enumeration(cls, qualified_name, known)
        return cls

    return register
