"""Handles for callers that await: each is made of the one for callers that block when it is first needed.

What handles do is the same for both kinds of callers, and what differs is the native part's: a step leads to a handle
of the same kind, and a request is carried out now or when it is awaited. So a class has the same functions as the other,
which are written, loaded and compiled once.
"""

from __future__ import annotations

from ._asynchronous.place import AsyncPlace
from .generated.synchronous.place import Place

TYPE_CHECKING = False  # See `_hints`.

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

TWINS: dict[type[Place], type[AsyncPlace]] = {Place: AsyncPlace}
"""The classes for callers that await, by those for callers that block. The native part looks here before it asks `twin`."""


def twin(handle: type[Place]) -> type[AsyncPlace]:
    """The class for callers that await, of one for callers that block."""
    known = TWINS.get(handle)
    if known is not None:
        return known
    (base,) = handle.__bases__
    # The same functions, properties and texts; where it stands is all that is its own.
    made = type(_name(handle), (twin(base),), {**vars(handle), "__module__": "trunkline.generated.async_handles"})
    # Another thread may have been quicker: then its class is the one.
    return TWINS.setdefault(handle, made)


def _name(handle: type[Place]) -> str:
    return f"Async{handle.__name__}"


def later(namespace: dict[str, Any]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of the module in which these classes are found by their names."""

    def handles() -> dict[str, type[Place]]:
        from .generated import handles

        classes = [cls for cls in vars(handles).values() if isinstance(cls, type) and cls.__module__ == handles.__name__]
        return {_name(cls): cls for cls in classes}

    def find(name: str) -> Any:
        if name == "__all__":
            return sorted(handles())
        handle = handles().get(name)
        if handle is None:
            raise AttributeError(f"module {namespace['__name__']!r} has no attribute {name!r}")
        # From here on it is found without being looked for.
        return namespace.setdefault(name, twin(handle))

    return find, lambda: sorted({*namespace, *handles()})
