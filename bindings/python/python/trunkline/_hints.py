"""Hints that are bases of classes. Importing `typing` would take longer than all the rest that a first call needs, so
what is on the way to one names it for type checkers alone: they take the name `TYPE_CHECKING` for true. The name has a
hint, so that jedi, which completes in IPython and many editors, does not take it for false and leave everything out.
"""

from __future__ import annotations

TYPE_CHECKING: bool = False

if TYPE_CHECKING:
    from typing import Generic as Generic
    from typing import TypeVar as TypeVar
else:
    _GenericAlias = type(list[int])

    class Generic:
        """A base of classes that hints give parameters."""

        __slots__ = ()

        def __class_getitem__(cls, item):
            # As a base it is itself; what derives from it can be named with parameters.
            return cls if cls is Generic else _GenericAlias(cls, item)

    def TypeVar(name, **_):
        """A parameter."""
        return name
