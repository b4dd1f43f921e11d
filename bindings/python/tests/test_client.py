"""The synchronous client: calls, lists, operations, intents, failures."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from support import Recorder, run

import trunkline
from trunkline import _native, handles
from trunkline.generated.errors import BY_KIND
from trunkline.generated.graph import PhoneAuthenticationMethod
from trunkline.generated.teams_administration import NumberAssignment

ANA = "ana@contoso.example"


def management(client: trunkline.Client) -> Any:
    return client.graph.admin.teams.telephone_number_management


def test_every_kind_has_its_class() -> None:
    assert set(BY_KIND) == set(_native.error_kinds())
    assert all(issubclass(cls, trunkline.GraphError) for cls in BY_KIND.values())


def test_a_record_has_the_metadata_of_its_answer(client: trunkline.Client) -> None:
    user = client.graph.users.by_id(ANA).get(select=["id", "displayName"])
    assert user.display_name and user.meta.status == 200 and user.meta.request_id
    assert user.meta.headers["content-type"].startswith("application/json")
    answer = client.graph.users.by_id(ANA).authentication.phone_methods.by_id(
        "3179e48a-750b-4051-897c-87b9720928f7"
    ).update(PhoneAuthenticationMethod(phone_number="+1 206 555 0177", phone_type="mobile"))
    assert answer.status == 204 and answer.value is None and answer.request_id


def test_lists_go_on_where_they_stopped() -> None:
    with trunkline.Emulator(numbers=25, page_size=10) as emulator, emulator.client() as client:
        numbers = management(client).number_assignments.list(top=10)
        assert len(numbers.all()) == 25 and len(list(numbers)) == 25
        first = numbers.first_page()
        assert len(first) == 10 and first[0].telephone_number and first[-1] is first[9]
        with pytest.raises(IndexError):
            first[10]
        rest = client.resume_list(first.continuation, NumberAssignment)
        assert [number.id for number in first] + [number.id for number in rest] == [number.id for number in numbers]
        assert [len(page) for page in numbers.pages()] == [10, 10, 5]
        with pytest.raises(trunkline.InvalidInputError):
            client.resume_list("rubbish", NumberAssignment).all()


def test_operations_are_waited_for_followed_and_resumed(client: trunkline.Client) -> None:
    free = client.numbers.next_free()
    user = client.graph.users.by_id(ANA).get()
    running = management(client).number_assignments.assign_number(free.telephone_number, user.id, free.number_type)
    assert running.meta.status == 202 and running.started_by == "numberAssignments.assignNumber"
    stages = list(client.follow(running.token))
    assert [stage.is_finished for stage in stages] == [False] * (len(stages) - 1) + [True]
    assert stages[-1].succeeded and stages[-1].check().status == "succeeded" and stages[-1].verdicts[0].succeeded
    again = client.follow(running.token).wait(timeout=5)
    assert again.succeeded and again.meta.status == 200
    with pytest.raises(trunkline.InvalidInputError):
        client.follow("rubbish")


def test_a_failed_operation_is_an_error_when_checked(client: trunkline.Client) -> None:
    held = next(number for number in client.numbers.list() if number.assignment_target_id)
    user = client.graph.users.by_id(ANA).get()
    running = management(client).number_assignments.assign_number(held.telephone_number, user.id, held.number_type)
    end = running.wait()
    assert not end.succeeded
    with pytest.raises(trunkline.OperationFailedError):
        end.check()


def test_a_deadline_says_how_to_resume() -> None:
    with trunkline.Emulator(stage_duration=60) as emulator, emulator.client() as client:
        free = client.numbers.next_free()
        user = client.graph.users.by_id(ANA).get()
        running = management(client).number_assignments.assign_number(free.telephone_number, user.id, free.number_type)
        with pytest.raises(trunkline.DeadlineError) as raised:
            running.wait(timeout=0.01)
        assert raised.value.resume_token == running.token
        with pytest.raises(TimeoutError):
            running.wait(timeout=0)
        with pytest.raises(ValueError):
            running.wait(timeout=-1)


def test_intents_say_how_they_ended(client: trunkline.Client) -> None:
    free = client.numbers.next_free(city="seattle")
    received: list[str] = []
    outcome = client.numbers.assign(free.telephone_number, ANA, on_progress=lambda progress: received.append(progress.kind))
    assert outcome.change == "done" and outcome.after.assignment_target_id and received[:4] == ["found", "sending", "answered", "accepted"]
    assert outcome.orders[0].stages[-1] == "succeeded" and "is assigned to" in str(outcome)
    assert client.numbers.assign(free.telephone_number, ANA).change == "already"
    assert client.numbers.get(free.telephone_number) == outcome.after
    ben = client.graph.users.by_id("ben@contoso.example").get().id
    for held in client.numbers.list(held_by=ben):
        client.numbers.unassign(held.telephone_number)
    moved = client.numbers.move(free.telephone_number, "ben@contoso.example")
    assert moved.change == "done" and len(moved.orders) == 2
    assert client.numbers.unassign(free.telephone_number).change == "done"
    assert client.numbers.get("+12065559999") is None
    phone = client.phones(ANA).set("mobile", "+1 206-555-0199")
    assert phone.after.phone_number == "+1 2065550199" and phone.change in ("created", "updated")
    assert client.phones(ANA).get("mobile") == phone.after
    assert phone.after in client.phones(ANA).list()
    with pytest.raises(trunkline.InvalidInputError):
        client.phones(ANA).set("car", "+1 206-555-0199")
    with pytest.raises(trunkline.InvalidInputError):
        client.numbers.assign("1.2E10", ANA)
    with pytest.raises(trunkline.NotFoundError):
        client.phones("nobody@contoso.example").list()


def test_what_follows_is_said_before_it_is_done(client: trunkline.Client) -> None:
    ana = client.graph.users.by_id(ANA).get().id
    free = client.numbers.next_free(city="seattle")
    wanted = trunkline.Wanted.assigned(ana, category="primary")
    decision = client.numbers.decide(free, wanted)
    assert decision.action == "send" and decision.warnings == ["it has no emergency location"]
    assert [step.operation for step in decision.steps] == ["numberAssignments.assignNumber"]
    assert decision.steps[0].request["method"] == "POST" and ana not in repr(decision) + repr(wanted)
    assert not client.numbers.verify(free.telephone_number, wanted).holds
    seen: list[trunkline.Progress] = []
    client.numbers.assign(free.telephone_number, ANA, on_progress=seen.append)
    verified = client.numbers.verify(free.telephone_number, wanted)
    assert verified.decision is not None and verified.decision.action == "already"
    assert verified.holds == (not verified.decision.warnings)
    ben = client.graph.users.by_id("ben@contoso.example").get().id
    refused = client.numbers.verify(free.telephone_number, trunkline.Wanted.assigned(ben))
    assert isinstance(refused.refusal, trunkline.ConflictError) and refused.decision is None
    with pytest.raises(trunkline.ConflictError):
        client.numbers.decide(verified.found, trunkline.Wanted.assigned(ben))
    moves = client.numbers.decide(verified.found, trunkline.Wanted.assigned(ben, takes=True))
    assert len(moves.steps) == 2
    assert client.numbers.decide(verified.found, trunkline.Wanted.located(None)).action in ("already", "send")
    with pytest.raises(TypeError, match="Wanted"):
        client.numbers.decide(verified.found, "unassigned")  # type: ignore[arg-type]
    order = next(progress.id for progress in seen if progress.kind == "accepted")
    assert order is not None and client.numbers.follow(order).order.id == order
    with pytest.raises(trunkline.NotFoundError):
        client.numbers.follow("00000000-0000-4000-8000-00000000abcd")


def test_a_first_call_imports_next_to_nothing(emulator: trunkline.Emulator) -> None:
    program = (
        "import sys; before = set(sys.modules); import trunkline\n"
        "with trunkline.Client(sys.argv[1], endpoint=sys.argv[2], proxy=False) as client:\n"
        "    assert client.graph.users.by_id('ana@contoso.example').get().id\n"
        "found = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        # `atexit` is built in, and `site`, which is left out here, imports `_collections_abc`.
        "assert found <= {'trunkline', '__future__', 'atexit', '_collections_abc'}, found"
    )
    subprocess.run([sys.executable, "-S", "-c", program, emulator.token(), emulator.url], check=True, env={**os.environ, "PYTHONPATH": str(Path(trunkline.__file__).parents[1])})


def test_one_call_may_be_sent_again_in_its_own_way(emulator: trunkline.Emulator) -> None:
    with emulator.client(retry=4, _test_time=True) as client:
        user = client.graph.users.by_id(ANA)
        for retry, attempts in ((1, 1), (trunkline.RetryPolicy(attempts=2), 2), (None, 3)):
            emulator.clear_faults()
            emulator.fault({"effect": {"kind": "status", "status": 503}, "times": 2})
            if attempts < 3:
                with pytest.raises(trunkline.ServiceError) as raised:
                    user.get(retry=retry)
                assert raised.value.attempts == attempts
            else:
                assert user.get(retry=retry).meta.attempts == attempts
        emulator.clear_faults()
        emulator.fault({"effect": {"kind": "status", "status": 503}, "times": 2})
        with pytest.raises(trunkline.ServiceError):
            client.graph.users.list(retry=1).all()
        with pytest.raises(TypeError, match="RetryPolicy"):
            user.get(retry="often")  # type: ignore[arg-type]


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_every_option_of_the_client_is_taken(emulator: trunkline.Emulator, asynchronous: bool) -> None:
    options: dict[str, Any] = {
        "attempt_timeout": 30, "http2_keep_alive": 5, "connect_timeout": 5, "http_version": "1.1", "throttle_scope": "client", "pace": 500,
        "retry": trunkline.RetryPolicy(budget=5), "maximum_connections": 8, "user_agent": "helpdesk/2.1", "scopes": ["x"],
    }  # fmt: skip
    if asynchronous:

        async def main() -> str:
            async with emulator.async_client(**options) as client:
                return (await client.graph.users.by_id(ANA).get()).id

        assert asyncio.run(main())
    else:
        with emulator.client(**options) as client:
            assert client.graph.users.by_id(ANA).get().id
    kind: Any = trunkline.AsyncClient if asynchronous else trunkline.Client
    for wrong, message in (
        ({"attempt_timeout": -1}, "attempt_timeout must be a number of seconds"),
        ({"attempt_timeout": float("nan")}, "attempt_timeout must be a finite number"),
        ({"http_version": "3"}, 'http_version must be "automatic" or "1.1" or "2"'),
        ({"pace": "fast"}, 'pace must be "documented" or a number'),
        ({"retry": 0}, "retry.attempts must be a whole number of at least 1"),
    ):
        with pytest.raises(trunkline.InvalidInputError, match=message):
            kind(**wrong)
    for mistyped, message in (
        ({"attempt_timeout": "soon"}, "attempt_timeout must be a number, not a string"),
        ({"allow_endpoint": 1}, "allow_endpoint must be true or false"),
    ):
        with pytest.raises(TypeError, match=message):
            kind(**mistyped)


def test_bodies_are_checked_where_they_are_written(client: trunkline.Client) -> None:
    methods = client.graph.users.by_id(ANA).authentication.phone_methods
    with pytest.raises(trunkline.InvalidInputError, match="phoneNumber") as refused:
        methods.create(PhoneAuthenticationMethod(phone_number="none", phone_type="office"))
    assert refused.value.path == "$.phoneNumber"
    with pytest.raises(TypeError):
        methods.create({"phoneNumber": "+1 2065550100"})  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        client.graph.users.by_id(None)  # type: ignore[arg-type]
    with pytest.raises(trunkline.InvalidInputError):
        client.graph.users.by_id("")
    with pytest.raises(trunkline.GraphError):
        client.request("GET", "/users/../x")


def test_errors_have_fields_and_a_cause() -> None:
    def broken() -> str:
        raise RuntimeError("canary")

    with trunkline.Emulator() as emulator:
        with emulator.client(credential=broken) as client, pytest.raises(trunkline.AuthenticationError) as raised:
            client.graph.users.by_id(ANA).get()
        assert isinstance(raised.value.__cause__, RuntimeError) and "canary" not in str(raised.value)
        for rubbish in (lambda: 7, lambda: None, type("C", (), {"get_token": lambda self, *s: 7})()):
            with emulator.client(credential=rubbish) as client, pytest.raises(trunkline.AuthenticationError):
                client.graph.users.by_id(ANA).get()
        with emulator.client() as client, pytest.raises(trunkline.NotFoundError) as missing:
            client.graph.users.by_id("nobody@contoso.example").get()
    error = missing.value
    assert (error.status, error.kind, error.operation, error.method) == (404, "notFound", "users.get", "GET")
    assert error.code and error.request_id and error.body and error.next_step and error.headers
    with pytest.raises(trunkline.InvalidInputError):
        trunkline.Client(cloud="moon")
    with pytest.raises(TypeError):
        trunkline.Client(7)  # type: ignore[arg-type]


def test_credentials_of_all_forms() -> None:
    with trunkline.Emulator() as emulator:

        class Token:
            token = emulator.token()
            expires_on = int(time.time()) + 3600

        class Identity:
            def get_token(self, *scopes: str, **options: Any) -> Token:
                assert scopes
                return Token()

        class AsyncIdentity:
            async def get_token(self, *scopes: str, **options: Any) -> Token:
                return Token()

        async def function() -> str:
            return Token.token

        secret = trunkline.Credential.client_secret(
            "contoso.example", "app", "canary"
        )
        assert "canary" not in repr(secret)
        for credential in (Identity(), AsyncIdentity(), function, lambda: Token.token, Token.token):
            with emulator.client(credential=credential) as client:
                assert client.graph.users.by_id(ANA).get().id


def test_a_closed_client_says_so(emulator: trunkline.Emulator) -> None:
    client = emulator.client()
    client.close()
    with pytest.raises(trunkline.InvalidInputError, match="closed"):
        client.graph.users.by_id(ANA).get()
    with pytest.raises(trunkline.InvalidInputError, match="closed"):
        client.numbers.next_free()


def test_threads_share_a_client(client: trunkline.Client) -> None:
    seen: list[str] = []

    def work() -> None:
        for _ in range(5):
            seen.append(client.graph.users.by_id(ANA).get().id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 40


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_use_after_fork_fails_clearly(client: trunkline.Client, emulator: trunkline.Emulator) -> None:
    client.graph.users.by_id(ANA).get()

    def child(pipe: Any) -> None:
        try:
            client.graph.users.by_id(ANA).get()
            pipe.send("worked")
        except trunkline.InvalidInputError as error:
            with emulator.client() as own:
                pipe.send((str(error), own.graph.users.by_id(ANA).get().id))

    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=child, args=(theirs,))
    process.start()
    assert ours.poll(20)
    message, user = ours.recv()
    process.join(10)
    assert "fork" in message and user and process.exitcode == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_client_is_of_the_process_that_made_it_and_of_none_after() -> None:
    program = """
import os

def refused(client):
    try:
        client.batch()
    except trunkline.InvalidInputError as error:
        return "fork" in str(error)
    return False

def fork(act):
    child = os.fork()
    if child == 0:
        os._exit(act())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def child():
    own = trunkline.Client("token")
    received = [refused(first), not refused(own)]
    received.append(fork(lambda: refused(first) + refused(own)) == 2)
    return sum(received) + (not refused(own))

first = trunkline.Client("token")
print(fork(child), fork(child), refused(first))
"""
    assert run(program) == "4 4 False\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
def test_control_c_is_noticed() -> None:
    program = """
import trunkline
with trunkline.Emulator(stage_duration=600) as emulator, emulator.client() as client:
    free = client.numbers.next_free()
    print("waiting", flush=True)
    try:
        client.numbers.assign(free.telephone_number, "ana@contoso.example")
    except KeyboardInterrupt:
        print("interrupted")
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(trunkline.__file__).parents[1])},
    )
    assert process.stdout is not None and process.stdout.readline() == "waiting\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=10)[0] == "interrupted\n"


def test_a_page_that_cannot_be_read_names_its_path() -> None:
    body = {"value": [{"id": "1"}, {"telephoneNumber": 7}]}
    with Recorder([{"status": 200, "headers": {}, "body": body}]) as recorder:
        client = trunkline.Client("token", endpoint=recorder.root, proxy=False)
        with pytest.raises(trunkline.DecodeError) as raised:
            management(client).number_assignments.list().all()
    assert raised.value.path == "$.value[1].telephoneNumber" and raised.value.status == 200


def test_previews_send_nothing(client: trunkline.Client, emulator: trunkline.Emulator) -> None:
    emulator.clear_requests()
    preview = client.preview("POST", "/users", body={"displayName": "Ana"}, query={"$top": "1"})
    assert preview["method"] == "POST" and preview["url"].endswith("/v1.0/users?$top=1")
    assert emulator.requests == []
    assert client.request("GET", "/users", query={"$top": "1"}).value["value"]


def test_places_are_cast_to_derived_types(client: trunkline.Client) -> None:
    methods = client.graph.users.by_id(ANA).authentication.methods
    phones = methods.cast(handles.PhoneAuthenticationMethodCollection)
    assert phones.path.endswith("/authentication/methods/microsoft.graph.phoneAuthenticationMethod")
    one = methods.by_id("3179e48a-750b-4051-897c-87b9720928f7").cast(handles.PhoneAuthenticationMethodEntity)
    assert isinstance(one, handles.PhoneAuthenticationMethodEntity) and one.path.endswith(".phoneAuthenticationMethod")
    for wrong in (handles.PhoneAuthenticationMethodEntity, handles.UserCollection, handles.Graph, int):
        with pytest.raises(TypeError, match="cannot be cast"):
            methods.cast(wrong)  # type: ignore[type-var]


def test_what_a_watcher_raises_stops_the_change(client: trunkline.Client, emulator: trunkline.Emulator) -> None:
    def refuse(progress: trunkline.Progress) -> None:
        if progress.kind == "sending":
            raise RuntimeError("canary")

    free = client.numbers.next_free()
    emulator.clear_requests()
    with pytest.raises(trunkline.CancelledError) as stopped:
        client.numbers.assign(free.telephone_number, ANA, on_progress=refuse)
    assert isinstance(stopped.value.__cause__, RuntimeError)
    with pytest.raises(trunkline.CancelledError):
        client.phones(ANA).set("office", "+1 206-555-0199", on_progress=refuse)
    assert {request["method"] for request in emulator.requests} == {"GET"}


def test_what_is_known_is_not_read_again(client: trunkline.Client, emulator: trunkline.Emulator) -> None:
    free = client.numbers.next_free()
    emulator.clear_requests()
    assert client.numbers.assign(free.telephone_number, ANA, known=free).change == "done"
    paths = [request["path"] for request in emulator.requests if request["method"] == "GET"]
    assert not any("numberAssignments?" in path or path.endswith("numberAssignments") for path in paths[:1])
    known = client.phones(ANA).list()
    emulator.clear_requests()
    client.phones(ANA).set("mobile", "+1 206-555-0177", known=known)
    assert next(request["method"] for request in emulator.requests if "phoneMethods" in request["path"]) != "GET"


def test_orders_are_followed_from_the_token_of_a_deadline() -> None:
    with trunkline.Emulator(manual_clock=True, stage_duration=60) as emulator, emulator.client(_test_time=True) as client:
        free = client.numbers.next_free()
        received: list[trunkline.Progress] = []
        with pytest.raises(trunkline.DeadlineError) as late:
            client.numbers.assign(free.telephone_number, ANA, timeout=20, on_progress=received.append)
        assert late.value.resume_token in [progress.token for progress in received]
        emulator.advance(600)
        outcome = client.numbers.follow(late.value.resume_token, timeout=5)
        assert outcome.order.stages[-1] == "succeeded" and outcome.after.telephone_number == free.telephone_number
        assert str(outcome).startswith(free.telephone_number)
        with pytest.raises(trunkline.InvalidInputError):
            client.numbers.follow("eyJydWJiaXNo")


def test_what_is_accepted_and_not_yet_seen_is_done() -> None:
    empty = {"method": "GET", "path": "*/authentication/phoneMethods", "nth": 2, "times": 1000, "effect": {"kind": "set", "pointer": "/value", "value": []}}
    for times, seen in ((3, True), (1000, False)):
        with trunkline.Emulator(manual_clock=True) as emulator, emulator.client(_test_time=True) as client:
            emulator.fault({**empty, "times": times})
            kinds: list[str] = []
            phones = client.phones("carla@contoso.example")
            outcome = phones.set("mobile", "+1 206 555 0198", timeout=30, on_progress=lambda progress: kinds.append(progress.kind))
            assert (outcome.change, outcome.seen) == ("created", seen)
            assert str(outcome).startswith("done, not yet seen: ") is not seen
            assert "settling" in kinds
            assert len(outcome.warnings) == (0 if seen else 1)
    with trunkline.Emulator() as emulator, emulator.client() as client:
        with pytest.raises(ValueError, match="timeout"):
            client.phones(ANA).disable_sms_sign_in(timeout=-1)
        assert client.phones(ANA).disable_sms_sign_in(timeout=30).seen
        assert client.phones("ben@contoso.example").remove("office", timeout=30).seen


def test_a_record_that_was_read_can_be_changed_and_sent_back() -> None:
    with trunkline.Emulator() as emulator, emulator.client() as client:
        method = client.graph.users.by_id(ANA).authentication.phone_methods.by_id("3179e48a-750b-4051-897c-87b9720928f7")
        phone = method.get()
        assert "@odata.context" in phone.additional and phone.sms_sign_in_state
        phone.phone_number = "+1 2065550177"
        method.update(phone)
        assert method.get().phone_number == "+1 2065550177"
        policy = client.graph.policies.authentication_methods_policy
        read: Any = policy.get()
        read.reconfirmation_in_days = 7
        changed: Any = policy.update(read).value
        assert changed.reconfirmation_in_days == 7
        sms = policy.authentication_method_configurations.by_id("sms")
        configuration: Any = sms.get()
        configuration.state = "disabled"
        sms.update(configuration)
        assert sms.get().state == "disabled"
        count = len(emulator.requests)
        with pytest.raises(trunkline.InvalidInputError, match="phoneType must be given"):
            method.update(PhoneAuthenticationMethod(phone_number="+1 2065550177"))  # type: ignore[call-arg]
        assert len(emulator.requests) == count


def test_the_first_row_of_a_list_is_not_the_number_that_was_asked_for() -> None:
    rows = [{"telephoneNumber": "+12065550001", "assignmentStatus": "unassigned"}]
    with trunkline.Emulator() as emulator, emulator.client() as client:
        emulator.fault({"method": "GET", "path": "*/numberAssignments", "effect": {"kind": "set", "pointer": "/value", "value": rows}})
        numbers = client.numbers
        for call in (
            lambda: numbers.get("+12065550100"),
            lambda: numbers.unassign("+12065550100"),
            lambda: numbers.verify("+12065550100", trunkline.Wanted.unassigned()),
        ):
            with pytest.raises(trunkline.UnexpectedBodyError, match="asked for .*00, the service answered with .*01"):
                call()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="descriptors are counted on Linux")
def test_closing_a_client_closes_its_connections(emulator: trunkline.Emulator) -> None:
    program = f"""
import asyncio, os, time
def target(name):
    try:
        return os.readlink("/proc/self/fd/" + name)
    except FileNotFoundError:  # Another thread closed it.
        return ""
def sockets():
    names = [target(name) for name in os.listdir("/proc/self/fd")]
    with open("/proc/net/tcp") as table:
        connected = {{line.split()[9] for line in table if line.split()[3] == "01"}}
    return sum(name.startswith("socket:[") and name[8:-1] in connected for name in names)
options = dict(endpoint={emulator.url!r}, proxy=False)
def blocking():
    client = trunkline.Client({emulator.token()!r}, **options)
    client.graph.users.by_id({ANA!r}).get()
    return client
async def awaited():
    client = trunkline.AsyncClient({emulator.token()!r}, **options)
    await asyncio.gather(*(client.graph.users.by_id({ANA!r}).get() for _ in range(5)))
    open = sockets()
    await client.close()
    deadline = time.monotonic() + 20
    while sockets() and time.monotonic() < deadline:
        await asyncio.sleep(0)
    return open > 0, sockets()
client = blocking()
before = sockets()
client.close()
after = sockets()
client.close()
print(before, after, client.closed, client.base, client.throttle)
with blocking():
    pass
print(sockets(), asyncio.run(awaited()))
"""
    first, second = run(program).splitlines()
    assert first == f"1 0 True {emulator.url}/v1.0 ()" and second == "0 (True, 0)"
