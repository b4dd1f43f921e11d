"""Prints the public surface of our Python packages, one line an item, read from the sources and stubs by griffe."""

import sys

import griffe

MODULES = (
    "trunkline",
    "trunkline.bulk",
    "trunkline.opentelemetry",
    "trunkline.generated.graph",
    "trunkline.generated.teams_administration",
    "trunkline.generated.handles",
    "trunkline.generated.async_handles",
    "trunkline_pytest",
)
LEFT_OUT = {"__all__", "__doc__", "__dir__", "__getattr__", "__slots__", "TYPE_CHECKING"}


def is_public(name: str) -> bool:
    return name not in LEFT_OUT and (not name.startswith("_") or name.endswith("__"))


def base_of(member) -> str:
    return member.final_target.parent.canonical_path


def lines(name, item):
    if item.is_class:
        bases = ", ".join(map(str, item.bases))
        yield f"class {name}({bases})" if bases else f"class {name}"
        for member, value in item.all_members.items():
            # Members of a base that is shown itself stand there.
            if is_public(member) and (not value.is_alias or value.inherited and base_of(value) not in shown):
                yield from lines(f"{name}.{member}", value)
    elif item.is_function:
        kind = "async def" if "async" in item.labels else "def"
        for form in [*(item.overloads or ()), item]:
            decorators = "".join(f"@{decorator.value} " for decorator in form.decorators)
            yield f"{decorators}{kind} {form.signature(name=name)}"
    elif item.is_attribute:
        note = f": {item.annotation}" if item.annotation is not None else ""
        yield f"{name}{note} = {item.value}" if item.value is not None else f"{name}{note}"


loader = griffe.GriffeLoader(search_paths=sys.argv[1:], allow_inspection=False)
packages = {name.split(".")[0]: loader.load(name.split(".")[0]) for name in MODULES}
loader.resolve_aliases(implicit=True, external=False)
found = []
for path in MODULES:
    for name, item in sorted(loader.modules_collection[path].members.items()):
        if is_public(name) and item.is_alias and item.target_path.split(".")[0] in packages:
            item = item.final_target
        if is_public(name) and not item.is_alias and not item.is_module:
            found.append((f"{path}.{name}", item))
shown = {item.canonical_path for _, item in found}
for name, item in found:
    for line in lines(name, item):
        print(line)
