"""Modules of namespaces: their classes are made when somebody comes near them, and nobody notices."""

from __future__ import annotations

import json
import pickle
import pydoc
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from support import run

import trunkline
from trunkline import _registry

NAMESPACES = [trunkline.graph, trunkline.teams_administration]


def made_by(program: str) -> set[str]:
    """The modules of classes that a program of its own imports."""
    tell = "print(json.dumps([name for name in sys.modules if name.startswith('trunkline.generated._')]))"
    received = run(f"import json\n{program}\n{tell}")
    return {name.rsplit(".", 1)[-1] for name in json.loads(received)}


def test_only_what_is_near_is_made() -> None:
    assert made_by("trunkline.graph, trunkline.teams_administration") == set()
    assert made_by("trunkline.graph.Entity") == {"_graph_shared"}
    number = "trunkline._native.decode('microsoft.graph.teamsAdministration.numberAssignment', '{}').number_type"
    assert made_by(number) == {"_graph_shared", "_teams_administration_assignment"}
    method = "from trunkline.generated.graph import PhoneAuthenticationMethod"
    assert made_by(method) == {"_graph_shared", "_graph_authentication_method"}


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_class_is_known_by_its_namespace(namespace: ModuleType) -> None:
    starred: dict[str, Any] = {}
    exec(f"from {namespace.__name__} import *", starred)
    for name in namespace.__all__:
        cls = getattr(namespace, name)
        assert (cls.__module__, cls.__qualname__) == (namespace.__name__, name)
        assert cls is starred[name] and cls.__doc__
        assert pickle.loads(pickle.dumps(cls)) is cls
        assert name in dir(namespace)
    assert "class Entity" in pydoc.plain(pydoc.render_doc(trunkline.graph))


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_type_is_found_by_its_name_in_the_service(namespace: ModuleType) -> None:
    types = {name: getattr(getattr(namespace, name), "_type_name", None) for name in namespace.__all__}
    types = {name: qualified for name, qualified in types.items() if qualified is not None}
    assert len(types) > 10
    made_by(
        f"for name, qualified in {types!r}.items():\n"
        "    assert type(trunkline._native.decode(qualified, '{}')).__name__ == name, name"
    )


def test_enumerations_are_found_by_their_names_in_the_service() -> None:
    made_by(
        "decode = trunkline._native.decode\n"
        "name = 'microsoft.graph.x509CertificateCRLValidationConfiguration'\n"
        "state = decode(name, '{\"state\": \"enabled\"}').state\n"
        "assert state is trunkline.graph.X509CertificateCrlValidationConfigurationState.ENABLED\n"
        "name = 'microsoft.graph.teamsAdministration.telephoneNumberLongRunningOperation'\n"
        "status = decode(name, '{\"status\": \"running\"}').status\n"
        "assert status is trunkline.graph.LongRunningOperationStatus.RUNNING\n"
    )


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_other_names_are_errors(namespace: ModuleType) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Elephant'"):
        namespace.Elephant
    with pytest.raises(ImportError):
        exec(f"from {namespace.__name__} import Elephant")
    _registry.load(f"microsoft.{namespace.__name__}.elephant")
    _registry.load("elephant")


def test_threads_get_the_same_classes() -> None:
    program = (
        "import threading\n"
        "start = threading.Barrier(8)\n"
        "found = []\n"
        "def look(name):\n"
        "    start.wait()\n"
        "    found.append((trunkline.graph.User, trunkline.graph.Entity, getattr(trunkline.graph, name)))\n"
        "names = ['QrCode', 'SmsAuthenticationMethodTarget'] * 4\n"
        "threads = [threading.Thread(target=look, args=(name,)) for name in names]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
        "assert len(found) == 8 and len({(user, entity) for user, entity, _ in found}) == 1\n"
        "assert len({other for *_, other in found}) == 2\n"
    )
    assert "_graph_others" in made_by(program)


def test_no_path_is_too_long_for_windows() -> None:
    package = Path(trunkline.__file__).parent
    compiled = [
        file.relative_to(package.parent).parent / "__pycache__" / f"{file.stem}.cpython-311.pyc"
        for file in package.rglob("*.py")
    ]
    assert [str(path) for path in compiled if len(str(path)) > 80] == []
