"""Where the files of the repository stand in the site, and links between them."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

#: Files of the repository that are pages as they are, by the page they become. Decisions are left out: they are about the code,
#: for people who change it.
PAGES = {
    "docs/bulk.md": "bulk.md",
    "docs/bulk-input.md": "bulk-input.md",
    "docs/cli.md": "cli.md",
    "docs/cutover.md": "cutover.md",
    "docs/glossary.md": "glossary.md",
    "docs/install.md": "install.md",
    "docs/pipelines.md": "pipelines.md",
    "docs/powershell.md": "powershell.md",
    "docs/questions.md": "questions.md",
    "docs/sign-in.md": "sign-in.md",
    "docs/generated/options.md": "options.md",
    "docs/generated/records.md": "records.md",
    "bindings/python/README.md": "python.md",
    "bindings/node/README.md": "node.md",
    "crates/trunkline/README.md": "rust.md",
    "crates/trunkline-emulator/README.md": "emulator.md",
    "CHANGELOG.md": "changes.md",
}
#: Files whose content stands in a page that is made from them.
INSTEAD = {
    "README.md": "index.md",
    "docs/troubleshooting.md": "errors.md",
    "docs/generated/operations.md": "operations/index.md",
}

_LINK = re.compile(r"(?P<before>\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\])\((?P<target>[^()\s]+)\)")
_BRACKETS = re.compile(r"\[((?:env|default|possible values): )")


def page_of(path: str) -> str | None:
    """The page of a file of the repository."""
    return PAGES.get(path) or INSTEAD.get(path)


def with_links_of_the_site(text: str, source: str, page: str) -> str:
    """The Markdown of a file, with links that lead to pages. A link to a file that is no page becomes its text."""

    def rewrite(found: re.Match[str]) -> str:
        target = found["target"]
        if "://" in target or target.startswith(("#", "mailto:")):
            return found[0]
        file, _, anchor = target.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), file))
        there = page_of(path)
        if there is None:
            assert "::" in file or (ROOT / path).exists(), f"{source} links to {target}, which is not there"
            return found["text"]
        relative = posixpath.relpath(there, posixpath.dirname(page) or ".")
        return f"{found['before']}({relative}{'#' if anchor else ''}{anchor})"

    # Other brackets are no references of the Python documentation.
    return outside_of_code(text, lambda part: _BRACKETS.sub(r"\\[\1", _LINK.sub(rewrite, part)))


def outside_of_code(text: str, change) -> str:
    """Changes the lines of a text that are no code."""
    lines, in_code = [], False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            in_code = not in_code
        lines.append(line if in_code else change(line))
    return "\n".join(lines) + "\n"


def without_hidden_lines(text: str) -> str:
    """Takes the lines out of blocks of Rust that rustdoc hides, and says `rust` of blocks that rustdoc takes for Rust."""
    lines, language = [], None
    for line in text.splitlines():
        if line.startswith("```"):
            if language is None:
                language = line[3:].split(",")[0] or "rust"
                line = f"```{language}"
            else:
                language = None
        elif language == "rust" and (line == "#" or line.startswith("# ")):
            continue
        lines.append(line)
    return "\n".join(lines) + "\n"
