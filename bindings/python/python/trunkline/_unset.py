"""The value of everything that was not said."""

from __future__ import annotations

TYPE_CHECKING: bool = False  # See `_hints`.

if TYPE_CHECKING:
    from enum import Enum
    from typing import Literal
else:
    # For type checkers an enumeration of one member, which they tell from others; running, that would cost an import.
    Enum = object


class Unset(Enum):
    """Has one member, `UNSET`. It is false."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        # There is one: copies and pickles are it.
        return "UNSET"


if not TYPE_CHECKING:
    Unset.UNSET = Unset()
    Unset.__new__ = lambda cls, value: cls.UNSET

UNSET = Unset.UNSET
"""Neither `None`, which is sent as null, nor a value: not sent at all."""
