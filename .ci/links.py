"""Gives the Python package the addresses of its repository: the links that PyPI shows, and those of its page to other files.

Run by the release, after it wrote its address into `Cargo.toml`, which is the one place of it.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "bindings" / "python"


def with_links(project: str, repository: str) -> str:
    """`pyproject.toml` with links; those of an earlier run are replaced."""
    project = project.partition("\n[project.urls]\n")[0].rstrip("\n")
    pages = {
        "Source": repository,
        "Documentation": f"{repository}/blob/main/bindings/python/README.md",
        "Changelog": f"{repository}/blob/main/CHANGELOG.md",
        "Issues": f"{repository}/issues",
    }
    lines = "".join(f'{name} = "{address}"\n' for name, address in pages.items())
    return f"{project}\n\n[project.urls]\n{lines}"


def with_addresses(page: str, repository: str) -> str:
    """The page of the package, whose links to files of the repository are addresses."""
    here = f"{repository}/blob/main/bindings/python"
    return re.sub(r"\]\((?!https?:|#)([^)]+)\)", lambda link: f"]({here}/{link[1]})", page)


def address(workspace: str) -> str:
    """The address in the text of `Cargo.toml`."""
    found = re.search(r'^repository = "([^"]+)"$', workspace, re.MULTILINE)
    if found is None:
        raise SystemExit("Cargo.toml has no repository")
    return found[1].rstrip("/")


def main() -> None:
    repository = address((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
    for name, change in {"pyproject.toml": with_links, "README.md": with_addresses}.items():
        file = PACKAGE / name
        file.write_text(change(file.read_text(encoding="utf-8"), repository), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
