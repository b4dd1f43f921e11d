"""Which module has the types of a namespace. They are imported when they are first needed."""

from __future__ import annotations

from . import _native
from .generated import MODULES

TYPE_CHECKING = False  # See `_hints`.

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Class = TypeVar("Class", bound=type[Any])


def load(namespace: str) -> None:
    """Imports the module of a namespace, which registers its types."""
    module = MODULES.get(namespace)
    if module is not None:
        __import__(f"trunkline.generated.{module}")


def record(qualified_name: str, *names: str) -> Callable[[Class], Class]:
    """Makes a class the one of a type of the graph. `names`: its attributes, in the order of the type."""

    def register(cls: Class) -> Class:
        _native.register_record(cls, qualified_name, names)
        return cls

    return register
