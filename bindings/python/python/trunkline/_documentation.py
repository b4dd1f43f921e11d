"""The documentation of the attributes of records, for `help` and editors."""

from __future__ import annotations

import inspect
from typing import Any


def of_attribute(cls: type[Any], name: str) -> str | None:
    """The text about an attribute in the docstring of its class, or of the base that describes it."""
    for described in cls.__mro__:
        found = _in_section(inspect.cleandoc(vars(described).get("__doc__") or "").splitlines(), name)
        if found:
            return found
    return None


def _in_section(lines: list[str], name: str) -> str:
    words: list[str] = []
    for line in lines:
        if words and not line.startswith(" " * 8):
            break
        if words or line.startswith(f"    {name}: "):
            words.append(line.strip())
    return " ".join(words).partition(": ")[2]
