"""Handles for callers that await: made of those for callers that block, and nobody notices."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest
from support import run

import trunkline
from trunkline import _native, async_handles, handles
from trunkline._asynchronous.place import AsyncPlace
from trunkline.generated.synchronous.place import Place

METHOD = "3179e48a-750b-4051-897c-87b9720928f7"
BLOCKING = [cls for cls in vars(handles).values() if isinstance(cls, type) and cls.__module__ == handles.__name__]


def public(cls: type[Any]) -> dict[str, Any]:
    return {name: value for name, value in vars(cls).items() if not name.startswith("_")}


@pytest.mark.parametrize("handle", BLOCKING)
def test_every_handle_has_a_twin(handle: type[Any]) -> None:
    name = f"Async{handle.__name__}"
    twin = getattr(async_handles, name)
    assert (twin.__name__, twin.__qualname__, twin.__module__) == (name, name, "trunkline.generated.async_handles")
    assert getattr(async_handles, name) is twin and pickle.loads(pickle.dumps(twin)) is twin
    assert issubclass(twin, AsyncPlace) and not issubclass(twin, Place)
    (base,) = handle.__bases__
    assert [base.__name__ for base in twin.__bases__] == [f"Async{base.__name__}"]
    assert twin.__doc__ == handle.__doc__ and twin._types == handle._types
    assert public(twin) == public(handle)


def test_their_names_are_listed() -> None:
    names = {f"Async{handle.__name__}" for handle in BLOCKING}
    assert len(names) > 60 and names < set(dir(async_handles))
    starred: dict[str, Any] = {}
    exec("from trunkline.generated.async_handles import *", starred)
    assert {name for name in starred if name != "__builtins__"} == names
    for name in ("Graph", "AsyncElephant", "AsyncPlace", "TYPE_CHECKING"):
        with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
            getattr(async_handles, name)


def test_a_step_is_learned_once_and_taken_from_everywhere() -> None:
    getter = handles.UserEntity.authentication.fget
    assert inspect.unwrap(getter) is not getter and getter.__name__ == "authentication"
    assert handles.UserEntity.authentication.__doc__ == inspect.unwrap(getter).__doc__
    with trunkline.Client("token") as client:
        for _ in range(3):
            for user, path in ((client.graph.me, "/me"), (client.graph.users.by_id("ana"), "/users/ana")):
                there = user.authentication
                assert (type(there), there.path) == (handles.AuthenticationEntity, f"{path}/authentication")
    for _ in range(3):
        there = trunkline.AsyncClient("token").graph.me.authentication
        assert (type(there), there.path) == (async_handles.AsyncAuthenticationEntity, "/me/authentication")
    for wrong in (None, object()):
        with pytest.raises(TypeError):
            getter(wrong)


def test_what_a_class_does_not_take_is_kept_for_no_other() -> None:
    with trunkline.Client("token") as client:
        client.graph._step(dict, "/users")  # type: ignore[type-var]
        with pytest.raises(TypeError, match="needs a client and a path"):
            _native.Place()  # type: ignore[call-arg]


def test_steps_lead_to_twins() -> None:
    with trunkline.Client("token") as client:
        blocking = client.graph.users.by_id("a b").authentication.phone_methods.by_id(METHOD)
    client = trunkline.AsyncClient("token")
    graph = client.graph
    awaiting = graph.users.by_id("a b").authentication.phone_methods.by_id(METHOD)
    assert type(graph) is async_handles.AsyncGraph
    assert type(awaiting) is async_handles.AsyncPhoneAuthenticationMethodEntity
    assert awaiting.path == blocking.path == f"/users/a%20b/authentication/phoneMethods/{METHOD}"
    assert repr(awaiting) == "AsyncPhoneAuthenticationMethodEntity()"
    with pytest.raises(TypeError):
        graph.users.by_id(5)  # type: ignore[arg-type]
    with pytest.raises(trunkline.InvalidInputError):
        graph.users.by_id("")


def test_twins_are_cast_to_derived_types() -> None:
    methods = trunkline.AsyncClient("token").graph.users.by_id("ana@contoso.example").authentication.methods
    phones = methods.cast(async_handles.AsyncPhoneAuthenticationMethodCollection)
    assert type(phones) is async_handles.AsyncPhoneAuthenticationMethodCollection
    assert phones.path.endswith("/authentication/methods/microsoft.graph.phoneAuthenticationMethod")
    for wrong in (handles.PhoneAuthenticationMethodCollection, async_handles.AsyncPhoneAuthenticationMethodEntity):
        with pytest.raises(TypeError, match="cannot be cast"):
            methods.cast(wrong)  # type: ignore[type-var]


def test_what_they_await_is_awaited() -> None:
    call = trunkline.AsyncClient("token").graph.users.by_id("ana@contoso.example").get()
    assert inspect.isawaitable(call)
    call.close()


def test_only_twins_that_are_used_are_made() -> None:
    program = (
        "from trunkline._twins import TWINS\n"
        "client = trunkline.AsyncClient('token')\n"
        "client.graph.users\n"
        "print(sorted(twin.__name__ for twin in TWINS.values()))\n"
    )
    assert run(program) == "['AsyncGraph', 'AsyncPlace', 'AsyncUserCollection']\n"


def test_threads_get_the_same_twins() -> None:
    program = (
        "import threading\n"
        "start = threading.Barrier(8)\n"
        "found = []\n"
        "def look(by_name):\n"
        "    start.wait()\n"
        "    if by_name:\n"
        "        found.append(trunkline.async_handles.AsyncPhoneAuthenticationMethodEntity)\n"
        "    else:\n"
        "        user = trunkline.AsyncClient('token').graph.me\n"
        "        found.append(type(user.authentication.phone_methods.by_id('x')))\n"
        "threads = [threading.Thread(target=look, args=(index % 2,)) for index in range(8)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
        "print(len(found), len(set(found)), len({base for cls in found for base in cls.__mro__}))\n"
    )
    # Itself, two it derives from, the package's place, the native one and what that is made of, and `object`.
    assert run(program) == "8 1 7\n"
