"""The page of errors: kinds and classes from the spec, what to do from docs/troubleshooting.md. Neither says what the other does."""

from __future__ import annotations

import re

from places import ROOT, with_links_of_the_site
from tables import read_toml, rows, section


def page(templates) -> str:
    """Its text."""
    classes = read_toml("spec/trunkline/errors.toml")["error"]
    text = (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
    text = with_links_of_the_site(text, "docs/troubleshooting.md", "errors.md")
    by_kind = {kind.strip("`"): (happened, step) for kind, happened, step in rows(section(text, "By kind of error"))}
    kinds = []
    for one in classes["class"]:
        if one.get("has_own_kinds"):
            continue
        happened, step = by_kind.pop(one["kind"])
        kinds.append({**one, "happened": happened, "step": step, "rust": one["kind"][0].upper() + one["kind"][1:]})
    assert not by_kind, f"docs/troubleshooting.md has kinds that the spec has not: {sorted(by_kind)}"
    codes = [
        {"names": re.findall(r"`([^`]+)`", names), "meaning": meaning, "step": step}
        for names, meaning, step in rows(section(text, "By what the plan says"))
    ]
    bulk = next(one for one in classes["class"] if one.get("has_own_kinds"))
    return templates.get_template("errors.md.jinja").render(
        kinds=kinds,
        bulk=bulk,
        codes=codes,
        fields=classes["fields"],
        met=section(text, "What people meet"),
        help=section(text, "When you ask for help"),
        camel=lambda name: re.sub(r"_(\w)", lambda found: found[1].upper(), name),
    )
