"""The pages of the operations, from docs/generated/operations.json, the corrections and the differences."""

from __future__ import annotations

import json
import re

from places import ROOT
from tables import read_toml


def pages(templates) -> dict[str, str]:
    """The text of each page."""
    operations = json.loads((ROOT / "docs/generated/operations.json").read_text(encoding="utf-8"))
    corrections = {one["id"]: one for one in read_toml("spec/corrections.toml")["correction"]}
    differences = read_toml("spec/differences.toml")["difference"]
    commands = _commands()
    groups: dict[str, list[dict]] = {}
    found = {}
    for operation in operations:
        operation["correctionTexts"] = [corrections[id] for id in operation["corrections"]]
        operation["differences"] = [one for one in differences if _concerns(one["subject"], operation)]
        operation["commands"] = commands.get(operation["id"], [])
        groups.setdefault(operation["id"].split(".")[0], []).append(operation)
    for group in groups.values():
        for operation in group:
            page = templates.get_template("operation.md.jinja").render(operation=operation, group=group)
            found[f"operations/{operation['id']}.md"] = page
    found["operations/index.md"] = templates.get_template("operations.md.jinja").render(groups=groups)
    return found


def navigation() -> list:
    """The entries of the navigation: the table of all, and the pages by group."""
    groups: dict[str, list] = {}
    for operation in json.loads((ROOT / "docs/generated/operations.json").read_text(encoding="utf-8")):
        group, _, name = operation["id"].partition(".")
        groups.setdefault(group, []).append({name: f"operations/{operation['id']}.md"})
    return ["operations/index.md", *({group: pages} for group, pages in groups.items())]


def _concerns(subject: str, operation: dict) -> bool:
    """Whether a difference is about an operation: by its request, in which a star stands for any text."""
    method, _, path = subject.partition(" ")
    if not path.startswith("/"):
        return False
    # The keys of paths have other names there.
    shape = re.sub(r"\{[^}]*\}", "{}", path)
    pattern = re.compile(".*".join(re.escape(part) for part in shape.split("*")))
    return method in ("*", operation["method"]) and any(
        pattern.fullmatch(re.sub(r"\{[^}]*\}", "{}", one["path"])) for one in operation["paths"]
    )


def _commands() -> dict[str, list[str]]:
    """The commands that lead to an operation."""
    return read_toml("docs/site/commands.toml")["commands"]
