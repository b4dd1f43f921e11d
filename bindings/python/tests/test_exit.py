"""How programs end, and what they do to themselves: nothing aborts, nothing panics, and what can go on does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import trunkline

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(trunkline.__file__).parents[1])}

HEAD = """
import asyncio, atexit, gc, os, sys, threading, time, trunkline
emulator = trunkline.Emulator(stage_duration=600)
ANA = "ana@contoso.example"
"""


def ends(program: str, status: int = 0, head: str = HEAD) -> str:
    """The output of a separate program. It ends by itself, with this status and without a word on standard error."""
    done = subprocess.run([sys.executable, "-c", head + program], capture_output=True, text=True, env=ENVIRONMENT, timeout=60)
    assert (done.returncode, done.stderr) == (status, ""), done
    return done.stdout


def test_a_credential_that_is_still_asked_does_not_abort_the_exit() -> None:
    program = """
asked = threading.Event()
def credential():
    asked.set()
    time.sleep(600)
try:
    emulator.client(credential=credential).graph.users.by_id(ANA).get(timeout=0.2)
except trunkline.DeadlineError:
    print("late", asked.is_set())
"""
    assert ends(program) == "late True\n"


def test_an_async_credential_that_is_still_asked_does_not_abort_the_exit() -> None:
    program = """
async def credential():
    await asyncio.sleep(600)
try:
    emulator.client(credential=credential).graph.users.by_id(ANA).get(timeout=0.2)
except trunkline.DeadlineError:
    print("late")
"""
    assert ends(program) == "late\n"


CALLS = {
    "blocked": "emulator.client().numbers.assign(FREE, ANA)",
    "watched": "emulator.client().numbers.assign(FREE, ANA, on_progress=lambda progress: None)",
    "in a watcher": "emulator.client().numbers.assign(FREE, ANA, on_progress=lambda progress: (going.set(), time.sleep(600)))",
    "in a credential": "emulator.client(credential=lambda: (going.set(), time.sleep(600))).numbers.get(FREE)",
    "busy": "busy()",
    "in a loop": "asyncio.run(busy_loop())",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_threads_that_the_exit_does_not_wait_for_do_not_abort_it(call: str) -> None:
    """Daemon threads inside calls, on their way back to Python, and in functions that calls have called."""
    program = f"""
FREE = emulator.client().numbers.next_free().telephone_number
going = threading.Event()
def busy():
    client = emulator.client()
    while True:
        for number in client.numbers.list():
            number.to_dict(), repr(number)
        try:
            client.graph.users.by_id("nobody@contoso.example").get()
        except trunkline.NotFoundError:
            going.set()
async def busy_loop():
    client = emulator.async_client()
    while True:
        await asyncio.gather(*(client.graph.users.by_id(ANA).get() for _ in range(20)))
        going.set()
def work():
    {call}
threads = [threading.Thread(target=work, daemon=True) for _ in range(3)]
for thread in threads:
    thread.start()
going.wait(0.5)
print("ends")
"""
    for _ in range(3):
        assert ends(program) == "ends\n"


def test_what_was_registered_before_the_package_may_wait_for_its_threads() -> None:
    program = """
import atexit, sys, threading
threads = []
atexit.register(lambda: print("joined", [thread.join(20) for thread in threads]))
import trunkline
emulator = trunkline.Emulator()
done = threading.Event()
def work():
    for _ in range(50):
        emulator.client().graph.users.by_id("ana@contoso.example").get()
    done.set()
threads.append(threading.Thread(target=work, daemon=True))
threads[0].start()
atexit.register(lambda: None)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=ENVIRONMENT, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "joined [None]\n", "")


def test_calls_work_until_the_very_end() -> None:
    program = """
client = emulator.client()
atexit.register(lambda: print(bool(client.graph.users.by_id(ANA).get().id)))
"""
    assert ends(program) == "True\n"


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are of Unix")
def test_a_daemon_that_closed_all_descriptors_makes_another_client() -> None:
    program = """
def closed(work):
    for descriptor in range(3, 1024):
        if descriptor != out:
            try:
                os.close(descriptor)
            except OSError:
                pass
    work()
def say(text):
    os.write(out, (text + "\\n").encode())
kept = []
async def awaited():
    # It stays open: what the worker closes meanwhile is closed twice.
    kept.append(trunkline.AsyncClient(token, endpoint=url))
    return len([number async for number in kept[-1].numbers.list()])
async def credential():
    return token
def work():
    try:
        list(old.numbers.list())
    except trunkline.InvalidInputError as error:
        say(error.message.split(" before ")[1][:30])
    say(str(len(list(trunkline.Client(token, endpoint=url).numbers.list()))))
    say(str(len(list(trunkline.Client(credential, endpoint=url).numbers.list()))))
    say(str(asyncio.run(awaited())))
out = os.dup(1)
os.set_inheritable(out, True)
server = trunkline.Emulator()
token, url = server.token(), server.url
old = trunkline.Client(credential, endpoint=url)
before = len(list(old.numbers.list()))
assert asyncio.run(awaited()) == before > 0
"""
    forked = program + """
child = os.fork()
if child == 0:
    closed(work)
    os._exit(0)
print(os.waitpid(child, 0)[1], before)
"""
    lines = ends(forked).splitlines()
    count = lines[-1].split()[1]
    assert lines == ["this process was forked, and i", count, count, count, f"0 {count}"]
    # The same without a fork, and with a service in another process.
    own = program + """
out = os.dup(1)
closed(work)
os._exit(0)
"""
    with trunkline.Emulator() as emulator:
        own = own.replace("server = trunkline.Emulator()\n", "").replace(
            "token, url = server.token(), server.url", f"token, url = {emulator.token()!r}, {emulator.url!r}"
        )
        lines = ends(own).splitlines()
    assert lines == ["something in this process clos", count, count, count]


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are of Unix")
def test_clients_whose_descriptors_were_closed_go_without_a_word() -> None:
    with trunkline.Emulator() as emulator:
        program = f"""
def build():
    client = trunkline.Client({emulator.token()!r}, endpoint={emulator.url!r})
    assert list(client.numbers.list())
    return client
kept, dropped, closed = build(), build(), build()
for descriptor in range(3, 1024):
    try:
        os.close(descriptor)
    except OSError:
        pass
del dropped
closed.close()
fresh = build()
print("ended")
"""
        # No emulator in the program: its descriptors would be closed, too.
        assert ends(program, head="import os, trunkline") == "ended\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
@pytest.mark.parametrize("waits", ["in a credential", "in an async credential", "in a watcher", "for an order", "in a list", "for a run"])
def test_control_c_is_control_c_wherever_a_call_waits(waits: str, tmp_path: Path) -> None:
    program = HEAD + f"""
waits = {waits!r}
def say(*_):
    print("waiting", flush=True)
def slow():
    say()
    time.sleep(600)
async def slow_async():
    say()
    await asyncio.sleep(600)
free = emulator.client().numbers.next_free().telephone_number
user = emulator.client().graph.users.by_id(ANA).get().id
credential = {{"in a credential": slow, "in an async credential": slow_async}}.get(waits)
client = emulator.client(credential=credential)
try:
    if credential is not None:
        client.numbers.get(free)
    elif waits == "in a watcher":
        client.numbers.assign(free, ANA, on_progress=lambda progress: slow())
    elif waits == "for an order":
        client.numbers.assign(free, ANA, on_progress=lambda progress: say() if progress.kind == "accepted" else None)
    elif waits == "in a list":
        emulator.fault({{"effect": {{"kind": "delay", "milliseconds": 600_000}}}})
        say()
        list(client.graph.users.list())
    else:
        plan = client.bulk.plan(f"number,user\\n{{free}},{{ANA}}\\n".encode())
        with client.bulk.apply(plan, {str(tmp_path / "journal")!r}, order_timeout=5) as run:
            say()
            list(run)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    os._exit(0)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    assert process.stdout is not None and process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=30)
    assert (out.splitlines()[-1:], errors) == (["interrupted"], "")


def test_what_goes_on_keeps_its_client() -> None:
    """The client is dropped before a call, an order, a batch, a list and a query go on, and each needs another token."""
    program = """
import weakref
emulator = trunkline.Emulator(advance_per_poll=True, page_size=2)
asked, watched = [], []
class Identity:
    async def get_token(self, *scopes, **options):
        asked.append(1)
        return type("Token", (), {"token": emulator.token(), "expires_on": time.time() + 3600})()
def client():
    made = emulator.client(credential=Identity())
    watched.append(weakref.ref(made))
    return made
def order(client):
    free = client.numbers.next_free()
    user = client.graph.users.by_id(ANA).get()
    numbers = client.graph.admin.teams.telephone_number_management.number_assignments
    return numbers.assign_number(free.telephone_number, user.id, free.number_type)
def batch(client):
    batch = client.batch()
    batch.add(lambda graph: graph.users.by_id(ANA).get())
    return batch
going = [order(client()).wait, batch(client()).send, client().numbers.list().all, iter(client().graph.users.list(top=2)).__next__]
for go_on in going:
    gc.collect()
    before = len(asked)
    emulator.fault({"effect": {"kind": "status", "status": 401}, "times": 1})
    go_on()
    assert len(asked) > before
del going, go_on
gc.collect()
print([reference() for reference in watched])
"""
    assert ends(program) == "[None, None, None, None]\n"
