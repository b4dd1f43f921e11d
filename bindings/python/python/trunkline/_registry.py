"""Which module has the types of a namespace. They are imported when they are first needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from . import _native

Class = TypeVar("Class", bound=type[Any])


def load(namespace: str) -> None:
    """Imports the module of a namespace, which registers its types."""
    modules = import_module("trunkline.generated").MODULES
    module = modules.get(namespace)
    if module is not None:
        import_module(f"trunkline.generated.{module}")


def record(qualified_name: str, *names: str) -> Callable[[Class], Class]:
    """Makes a class the one of a type of the graph. `names`: its attributes, in the order of the type."""

    def register(cls: Class) -> Class:
        _native.register_record(cls, qualified_name, names)
        return cls

    return register
