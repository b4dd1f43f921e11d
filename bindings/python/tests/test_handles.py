"""Handles for callers that block and for those that await: two classes, written from one plan."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest
from support import run

import trunkline
from trunkline import _native, async_handles, handles
from trunkline.generated import async_batch, async_bulk, async_client, async_intents, async_lists, async_running, batch, bulk, client, intents, lists, running

METHOD = "3179e48a-750b-4051-897c-87b9720928f7"
MODULES = [
    (handles, async_handles),
    (lists, async_lists),
    (running, async_running),
    (client, async_client),
    (intents, async_intents),
    (bulk, async_bulk),
    (batch, async_batch),
]


def classes(module: Any) -> dict[str, type[Any]]:
    own = (cls for cls in vars(module).values() if isinstance(cls, type) and cls.__module__ == module.__name__)
    return {cls.__name__: cls for cls in own}


def public(cls: type[Any]) -> dict[str, Any]:
    return {name: value for name, value in vars(cls).items() if not name.startswith("_")}


def parameters(function: Any) -> list[tuple[str, Any, Any]]:
    # Hints that name handles name those of the same kind.
    signature = inspect.signature(function)
    return [(one.name, one.kind, one.default) for one in signature.parameters.values()]


@pytest.mark.parametrize(("blocking", "awaiting"), MODULES, ids=[blocking.__name__ for blocking, _ in MODULES])
def test_both_kinds_offer_the_same(blocking: Any, awaiting: Any) -> None:
    theirs = classes(awaiting)
    assert set(theirs) == {f"Async{name}" for name in classes(blocking)}
    for name, cls in classes(blocking).items():
        other = theirs[f"Async{name}"]
        assert pickle.loads(pickle.dumps(other)) is other
        assert list(public(other)) == list(public(cls)), name
        assert getattr(other, "_types", None) == getattr(cls, "_types", None)
        for member, value in public(cls).items():
            counterpart = public(other)[member]
            if inspect.isfunction(value):
                assert parameters(counterpart) == parameters(value), (name, member)
            if blocking is handles:
                assert counterpart.__doc__ == value.__doc__
        if blocking is handles:
            assert other.__doc__ == cls.__doc__
            assert [base.__name__ for base in other.__bases__] == [f"Async{base.__name__}" for base in cls.__bases__]
            assert issubclass(other, async_lists.AsyncHandle) and not issubclass(other, lists.Handle)
    assert len(classes(handles)) > 60


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
            _native.Handle()  # type: ignore[call-arg]
        with pytest.raises(TypeError):
            handles.UserCollection(object(), "/users").by_id("ana").get()  # type: ignore[arg-type]


def test_steps_lead_to_handles_of_the_same_kind() -> None:
    with trunkline.Client("token") as client:
        blocking = client.graph.users.by_id("a b").authentication.phone_methods.by_id(METHOD)
    graph = trunkline.AsyncClient("token").graph
    awaiting = graph.users.by_id("a b").authentication.phone_methods.by_id(METHOD)
    assert type(graph) is async_handles.AsyncGraph
    assert type(awaiting) is async_handles.AsyncPhoneAuthenticationMethodEntity
    assert awaiting.path == blocking.path == f"/users/a%20b/authentication/phoneMethods/{METHOD}"
    assert repr(awaiting) == "AsyncPhoneAuthenticationMethodEntity()"
    with pytest.raises(TypeError):
        graph.users.by_id(5)  # type: ignore[arg-type]
    with pytest.raises(trunkline.InvalidInputError):
        graph.users.by_id("")


def test_they_are_cast_to_derived_types() -> None:
    methods = trunkline.AsyncClient("token").graph.users.by_id("ana@contoso.example").authentication.methods
    phones = methods.cast(async_handles.AsyncPhoneAuthenticationMethodCollection)
    assert type(phones) is async_handles.AsyncPhoneAuthenticationMethodCollection
    assert phones.path.endswith("/authentication/methods/microsoft.graph.phoneAuthenticationMethod")
    for wrong in (handles.PhoneAuthenticationMethodCollection, async_handles.AsyncPhoneAuthenticationMethodEntity):
        with pytest.raises(TypeError, match="cannot be cast"):
            methods.cast(wrong)  # type: ignore[type-var]


def test_calls_of_awaiting_callers_are_awaited() -> None:
    call = trunkline.AsyncClient("token").graph.users.by_id("ana@contoso.example").get()
    assert inspect.isawaitable(call)
    call.close()


@pytest.mark.parametrize(("client", "other"), [("Client", "async_"), ("AsyncClient", "")])
def test_a_program_loads_the_handles_that_it_uses(client: str, other: str) -> None:
    program = (
        f"trunkline.{client}('token').graph.users\n"
        f"print('trunkline.generated.{other}handles' in sys.modules, 'trunkline.generated.{other}lists' in sys.modules)\n"
    )
    # `List` is a name of the package, which is imported with it.
    assert run(program) == ("False False\n" if client == "Client" else "False True\n")
