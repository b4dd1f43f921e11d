"""The package as people see it before they run anything: `dir`, `help`, completion in IPython and in editors."""

from __future__ import annotations

import inspect
import pydoc
from importlib.metadata import version
from pathlib import Path

import pytest
from support import run

import trunkline


def test_dir_has_the_whole_package() -> None:
    program = "import json; print(json.dumps([sorted(set(trunkline.__all__) - set(dir(trunkline))), len(dir(trunkline))]))"
    missing, count = __import__("json").loads(run(program))
    assert missing == [] and count > 60


def test_looking_at_the_names_imports_nothing() -> None:
    program = "before = set(sys.modules); dir(trunkline); dir(trunkline.Record); print(sorted(set(sys.modules) - before))"
    assert run(program) == "[]\n"


def test_the_version_is_that_of_the_package() -> None:
    assert trunkline.__version__ == version("trunkline")
    assert run("print('importlib.metadata' in sys.modules)") == "False\n"


def test_help_shows_what_is_imported_late() -> None:
    shown = pydoc.plain(pydoc.render_doc(trunkline))
    for name in ("class AsyncClient", "class Credential", "class Wanted", "json_default", f"VERSION\n    {trunkline.__version__}"):
        assert name in shown, name


def test_records_show_and_document_their_fields() -> None:
    record = trunkline.teams_administration.NumberAssignment
    assert {"telephone_number", "number_type", "id", "required", "keys"} <= set(dir(record()))
    shown = pydoc.plain(pydoc.render_doc(record))
    documented = inspect.getdoc(record.telephone_number) or ""
    assert documented and documented.split()[0] in shown
    # The one of its base is documented there.
    assert inspect.getdoc(record.id) == inspect.getdoc(trunkline.graph.Entity.id) != None  # noqa: E711
    assert "telephone_number" in dir(record().required)


@pytest.mark.parametrize("name", trunkline.graph.__all__ + trunkline.teams_administration.__all__)
def test_every_field_is_documented_as_its_class_says(name: str) -> None:
    cls = getattr(trunkline.graph, name, None) or getattr(trunkline.teams_administration, name)
    for member in vars(cls).values():
        if isinstance(member, trunkline._native.Field):
            assert inspect.getdoc(member), member


def test_lists_name_the_query_options_that_the_service_takes() -> None:
    numbers = trunkline.handles.NumberAssignmentCollection.list.__doc__ or ""
    assert "top: Items on a page (`$top`); 500 unless set, 1000 at most." in numbers and "`$filter`" in numbers
    assert "search:" not in numbers
    assert trunkline.async_handles.AsyncNumberAssignmentCollection.list.__doc__ == numbers
    one = trunkline.handles.TeamsUserConfigurationEntity.get.__doc__ or ""
    assert "select: Properties to read" in one and "filter:" not in one


BEGIN = "import trunkline\nclient = trunkline.Client('token')\n"

COMPLETED = [
    ("import trunkline\ntrunkline.", {"AsyncClient", "Client", "Credential", "Wanted", "bulk", "json_default"}),
    (BEGIN + "client.", {"numbers", "phones", "policies", "graph", "bulk"}),
    (BEGIN + "client.numbers.", {"assign", "next_free", "verify"}),
    (BEGIN + "for number in client.numbers.list():\n    number.", {"telephone_number", "number_type", "required", "to_dict"}),
    (BEGIN + "client.graph.users.by_id('ana').get().", {"display_name", "business_phones"}),
    (BEGIN + "client.graph.users.list(", {"filter=", "select=", "top="}),
    ("from trunkline import teams_administration\nteams_administration.", {"NumberAssignment", "NumberType"}),
    ("import trunkline\ntrunkline.teams_administration.NumberType.", {"CALLING_PLAN", "is_known"}),
]


@pytest.mark.parametrize(("code", "names"), COMPLETED, ids=[code.splitlines()[-1] for code, _ in COMPLETED])
def test_editors_complete_from_the_sources(code: str, names: set[str]) -> None:
    jedi = pytest.importorskip("jedi")
    found = {completion.name for completion in jedi.Script(code).complete()}
    assert names <= found, sorted(found)


def test_editors_show_documentation() -> None:
    jedi = pytest.importorskip("jedi")
    (found,) = jedi.Script(BEGIN + "client.numbers.assign").help()
    assert "Assigns a free number" in found.docstring()


def test_ipython_completes_what_is_there(
    emulator: trunkline.Emulator, client: trunkline.Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    shells = pytest.importorskip("IPython.core.interactiveshell")
    shell = shells.InteractiveShell()
    shell.history_manager.enabled = False
    shell.user_ns.update(trunkline=trunkline, client=client, number=client.numbers.next_free())
    completer = pytest.importorskip("IPython.core.completer")
    for text, name in [
        ("trunkline.As", "AsyncClient"),
        ("client.nu", "numbers"),
        ("number.tele", "telephone_number"),
        ("number.required.tele", "telephone_number"),
    ]:
        with completer.provisionalcompleter():
            found = {completion.text for completion in shell.Completer.completions(text, len(text))}
        assert name in found, (text, found)
