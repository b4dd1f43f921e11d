"""Reads TOML, and the tables of Markdown pages."""

from __future__ import annotations

import re

from places import ROOT

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib  # type: ignore[no-redef]


def read_toml(path: str) -> dict:
    """A file of the repository."""
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def section(text: str, heading: str) -> str:
    """The text below a heading of the second level."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading {heading}"
    return found[1].strip()


def rows(text: str) -> list[list[str]]:
    """The rows of the first table, without its heading."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return cells[2:]
