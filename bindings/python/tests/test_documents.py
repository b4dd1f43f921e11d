"""The Python code of the documents, as type checkers read it: whoever copies a block keeps a strict configuration."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

GLOBS = ("*.md", "docs/**/*.md", "bindings/*/README.md", "crates/*/README.md", "spec/*.md", "tests/**/README.md")

CONTEXT = {
    "bindings/python/README.md": "def onboard(client: 'trunkline.Client', user: str) -> None: ...\n",
    "docs/network.md": "credential = 'token'\n",
    "docs/observability.md": "credential = 'token'\n",
}
"""Names of the reader's own that the blocks of a document use."""

OTHERS = ("azure", "kiota_authentication_azure", "msal", "msgraph")
"""Libraries in the documents that are not installed here: their types are unknown."""

WRONG = "import trunkline\ntrunkline.Client('token').numbers.assign(1, 'ana@contoso.example')\n"
"""A block that no checker may accept."""


def modules() -> Iterator[tuple[str, str]]:
    """Name and text of a module for each document. A block that repeats an import begins anew, another goes on."""
    for pattern in GLOBS:
        for path in sorted(ROOT.glob(pattern)):
            document = str(path.relative_to(ROOT))
            blocks: list[str] = []
            for block in re.findall(r"^```(?:python|py)\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL):
                imports = re.findall(r"^(?:import|from) .*", block, re.MULTILINE)
                if blocks and not any(line in blocks[-1] for line in imports):
                    blocks[-1] += block
                else:
                    blocks.append(CONTEXT.get(document, "") + block)
            name = re.sub(r"\W", "_", document)
            yield from ((f"{name}_{index}", text) for index, text in enumerate(blocks))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    written = dict(modules())
    assert any(name.startswith("README") for name in written) and len(written) >= 5, list(written)
    for name, text in written.items():
        (folder / f"{name}.py").write_text(text)
    (folder / "wrong.py").write_text(WRONG)
    return folder


def only_the_wrong_one(errors: list[str]) -> None:
    """Asserts that the errors are those of the block that is wrong."""
    assert [error for error in errors if "wrong.py" not in error] == []
    assert errors, "the block that is wrong passes"


def test_mypy_accepts_the_code_of_the_documents(folder: Path) -> None:
    pytest.importorskip("mypy")
    sections = "".join(f"[mypy-{library}.*]\nignore_missing_imports = true\n" for library in OTHERS)
    (folder / "mypy.ini").write_text(f"[mypy]\nstrict = true\n{sections}")
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--no-error-summary", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    only_the_wrong_one([line for line in done.stdout.splitlines() if ": error:" in line])


def test_pyright_accepts_the_code_of_the_documents(folder: Path) -> None:
    pytest.importorskip("pyright")
    unknown = ["MissingImports", "UnknownMemberType", "UnknownVariableType", "UnknownParameterType", "UnknownArgumentType"]
    for path in folder.glob("*.py"):
        text = path.read_text()
        if re.search(rf"^(import|from) ({'|'.join(OTHERS)})\b", text, re.MULTILINE):
            path.write_text("".join(f"# pyright: report{rule}=false\n" for rule in unknown) + text)
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict", "pythonVersion": "3.10"}')
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    diagnostics = json.loads(done.stdout)["generalDiagnostics"]
    errors = [f"{found['file']}:{found['range']['start']['line'] + 1}: {found['message']}" for found in diagnostics]
    only_the_wrong_one(errors)
