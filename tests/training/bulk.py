"""Bulk work, for the compiler to learn from: files of ten thousand rows are read, and a thousand numbers are freed."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trunkline

ROWS = 10_000
READINGS = 5
# Numbers of the emulator, and pages of them.
NUMBERS, PAGE = 1_000, 500
HEADER = ("action", "number", "user")
SERVER = f"""
import sys, trunkline
with trunkline.Emulator(numbers={NUMBERS}, page_size={PAGE}, stage_duration=0.01, lenient=True) as emulator:
    print(emulator.url, emulator.token(), flush=True)
    sys.stdin.read()
"""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def rows(count: int) -> Iterator[tuple[str, ...]]:
    for index in range(count):
        yield ("assign", f"+1206555{index:04}", f"user{index}@contoso.example")


def separated(header: tuple[str, ...], lines: Iterator[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *lines])
    return text.getvalue().encode()


def json_lines(header: tuple[str, ...], lines: Iterator[tuple[str, ...]]) -> bytes:
    return "".join(json.dumps(dict(zip(header, line))) + "\n" for line in lines).encode()


def workbook(header: tuple[str, ...], lines: Iterator[tuple[str, ...]]) -> bytes:
    """With texts in cells, and with texts that cells share, by turns."""
    texts: dict[str, int] = {}

    def cell(text: str, shared: bool) -> str:
        if shared:
            return f'<c t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'
        return f'<c t="inlineStr"><is><t>{text}</t></is></c>'

    written = [
        f"<row>{''.join(cell(text, index % 2 == 0) for text in line)}</row>"
        for index, line in enumerate([header, *lines])
    ]
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{LINKS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="numbers" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{LINKS}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{LINKS}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{items}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(written)}</sheetData></worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return packed.getvalue()


@contextmanager
def emulator() -> Iterator[tuple[str, str]]:
    """One in a process whose counts nobody reads: packages are built for clients."""
    environment = {**os.environ, "LLVM_PROFILE_FILE": os.devnull}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert server.stdin is not None and server.stdout is not None
    try:
        address, token = server.stdout.readline().split()
        yield address, token
    finally:
        server.stdin.close()
        server.wait()


def main() -> None:
    with emulator() as (address, token), trunkline.Client(token, endpoint=address) as client:
        for form in (separated, json_lines, workbook):
            content = form(HEADER, rows(ROWS))
            for _ in range(READINGS):
                read = client.bulk.read(content)
                assert len(read) == ROWS and read.errors == 0, read.problems
        numbers = client.graph.admin.teams.telephone_number_management.number_assignments.list(top=PAGE)
        held = (number.telephone_number for number in numbers)
        plan = client.bulk.plan(separated(HEADER, (("unassign", number, "") for number in held)))
        assert plan.summary.rows >= NUMBERS and plan.summary.refused == 0, plan.summary
        with tempfile.TemporaryDirectory() as folder:
            journal = Path(folder) / "there.journal"
            assert client.bulk.apply(plan, journal).run().is_good
            assert not any(row.has_drifted for row in client.bulk.verify(journal))


main()
