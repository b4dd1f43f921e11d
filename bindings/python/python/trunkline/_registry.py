"""Which module has a type. Modules are imported when something in them is first needed."""

from __future__ import annotations

from . import _native
from .generated import CLASSES, MODULES

TYPE_CHECKING: bool = False  # See `_hints`.

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Class = TypeVar("Class", bound=type[Any])


def load(qualified_name: str) -> None:
    """Imports the module of a type or an enumeration, which registers it."""
    namespace, _, name = qualified_name.rpartition(".")
    module = MODULES.get(namespace)
    if module is not None:
        cls = CLASSES.get(qualified_name, name[:1].upper() + name[1:])
        getattr(__import__(f"trunkline.generated.{module}", fromlist=[cls]), cls, None)


def later(
    namespace: dict[str, Any], modules: dict[str, tuple[str, ...]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a module whose classes are in others. `modules`: the classes of each module."""
    module_of = {name: module for module, names in modules.items() for name in names}

    def find(name: str) -> Any:
        module = module_of.get(name)
        if module is None:
            raise AttributeError(f"module {namespace['__name__']!r} has no attribute {name!r}")
        # Not by importlib: importing that would cost more than this.
        found = __import__(f"trunkline.generated.{module}", fromlist=modules[module])
        for own in modules[module]:
            cls = namespace[own] = getattr(found, own)
            # By this name everybody knows it, pickles too.
            cls.__module__ = namespace["__name__"]
        return namespace[name]

    return find, lambda: sorted({*namespace, *module_of})


def record(qualified_name: str, *names: str) -> Callable[[Class], Class]:
    """Makes a class the one of a type of the graph. `names`: its attributes, in the order of the type."""

    def register(cls: Class) -> Class:
        _native.register_record(cls, qualified_name, names)
        return cls

    return register
