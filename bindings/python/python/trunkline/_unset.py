"""The value of everything that was not said."""

from __future__ import annotations

from enum import Enum
from typing import Literal


class Unset(Enum):
    """Has one member, `UNSET`. It is false."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset.UNSET
"""Neither `None`, which is sent as null, nor a value: not sent at all."""
