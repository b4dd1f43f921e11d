"""Code of pages, taken from the files that tests run: a fence that names a file and a function holds that function.

    ```python file="bindings/python/examples/tasks.py" part="mobiles"
    ```
"""

from __future__ import annotations

import ast
import re

from places import ROOT

_FENCE = re.compile(
    r'^(?P<indent> *)```(?P<language>\w+) file="(?P<file>[^"]+)" part="(?P<part>[^"]+)"\n(?P=indent)```$', re.MULTILINE
)
_BEGINS = r"^(?:pub\(crate\) |export )?(?:async )?(?:fn|function\*?|const) {name}\b"


def with_code(text: str, page: str) -> str:
    """A page with the code that it names."""

    def fill(found: re.Match[str]) -> str:
        code = part_of(found["file"], found["part"])
        lines = [f"```{found['language']}", *code.splitlines(), "```"]
        return "\n".join(found["indent"] + line if line else "" for line in lines)

    filled = _FENCE.sub(fill, text)
    left = re.search(r"```\w+ file=.*", filled)
    assert left is None, f"{page}: {left and left[0]} is not a fence of code"
    return filled


def part_of(file: str, part: str) -> str:
    """A function of a file, without what is above it."""
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".py"):
        return _of_python(text, file, part)
    return _of_braces(text, file, part)


def _of_python(text: str, file: str, part: str) -> str:
    for node in ast.parse(text).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == part:
            return "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
    raise LookupError(f"{file} has no function {part}")


def _of_braces(text: str, file: str, part: str) -> str:
    lines = text.splitlines()
    begins = re.compile(_BEGINS.format(name=re.escape(part)))
    start = next((index for index, line in enumerate(lines) if begins.search(line)), None)
    if start is None:
        raise LookupError(f"{file} has no function {part}")
    end = next(index for index in range(start, len(lines)) if re.fullmatch(r"\}\)?;?", lines[index]))
    # Who may call it is no matter of the page.
    return "\n".join(lines[start : end + 1]).removeprefix("pub(crate) ")


def compare(text: str, page: str) -> list[str]:
    """Pairs of code on a page about moving here, of which ours is longer: by code that is taken from files, or as it stands."""
    longer = []
    for pair in re.findall(r'<div class="side-by-side" markdown>(.*?)\n</div>\n\n</div>', text, re.DOTALL):
        theirs, ours = re.findall(r"```\w+\n(.*?)^```", pair, re.MULTILINE | re.DOTALL)
        if lines_of(ours) > lines_of(theirs):
            longer.append(f"{page}: {lines_of(ours)} lines of ours, {lines_of(theirs)} of theirs: {ours.splitlines()[0]}")
    return longer


def lines_of(code: str) -> int:
    """How many lines of code there are: no empty ones, no comments."""
    code = re.sub(r'^\s*""".*?"""\s*$', "", code, flags=re.MULTILINE | re.DOTALL)
    lines = [line.strip() for line in code.splitlines()]
    return sum(1 for line in lines if line and not line.startswith(("#", "//", "/*", "*")))
