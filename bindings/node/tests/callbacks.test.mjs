// Functions of the program that the library calls: what they throw stops what they were called for, and is its cause.

import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";

import { AuthenticationError, CancelledError, Credential } from "trunkline";

import { ANA, emulated, program, scripted } from "./support.mjs";

const FREE = "+12065550101";
const HELD = "+12065550100";

const sent = (emulator) => emulator.requests.filter(({ method }) => method === "POST").map(({ path }) => path.split(/[/.]/).at(-1));

test("what onProgress throws stops the change before the request it was called about", async (context) => {
  const { client, emulator } = await emulated(context);
  const mine = new TypeError("mine");
  const foreign = vm.runInNewContext('new RangeError("of another realm")');
  for (const [cause, name] of [
    [mine, "TypeError"],
    [foreign, "RangeError"],
    ["a text", "a thrown string"],
    [undefined, "a thrown undefined"],
  ]) {
    const fail = () => {
      throw cause;
    };
    for (const onProgress of [
      ({ kind }) => kind === "sending" && fail(),
      async ({ kind }) => kind === "sending" && fail(),
      ({ kind }) => ({ then: (pass, refuse) => (kind === "sending" ? refuse(cause) : pass()) }),
      fail,
    ]) {
      const changes = [
        () => client.numbers.assign(FREE, ANA, { onProgress }),
        () => client.numbers.move(HELD, ANA, { onProgress }),
        () => client.numbers.unassign(HELD, { onProgress }),
        () => client.numbers.setLocation(FREE, "10c00000-0000-4000-8000-000000000002", { onProgress }),
      ];
      for (const change of changes) {
        await assert.rejects(change(), (error) => {
          assert.ok(error instanceof CancelledError, String(error));
          assert.equal(error.cause, cause);
          assert.ok(error.message.startsWith(`onProgress failed with ${name}`), error.message);
          assert.equal(error.mayHaveReachedService, false);
          return true;
        });
      }
    }
  }
  assert.deepEqual(sent(emulator), []);
});

test("what onProgress throws later leaves what was sent, and the error says so", async (context) => {
  const { client, emulator } = await emulated(context);
  const cause = new Error("mine");
  const onProgress = ({ kind }) => {
    if (kind === "accepted") throw cause;
  };
  await assert.rejects(client.numbers.move(HELD, ANA, { onProgress }), (error) => {
    assert.equal(error.cause, cause);
    assert.equal(error.mayHaveReachedService, true);
    return true;
  });
  assert.deepEqual(sent(emulator), ["unassignNumber"]);
});

test("a change waits for a promise of onProgress", async (context) => {
  const { client, emulator } = await emulated(context);
  let open;
  const gate = new Promise((resolve) => {
    open = resolve;
  });
  let reached;
  const sending = new Promise((resolve) => {
    reached = resolve;
  });
  const change = client.numbers.assign(FREE, ANA, {
    onProgress: ({ kind }) => {
      if (kind !== "sending") return undefined;
      reached();
      return gate;
    },
  });
  await sending;
  // A call that is begun and ends meanwhile: the worker has had its turn.
  await client.graph.users.byId(ANA).get();
  assert.deepEqual(sent(emulator), []);
  open();
  assert.equal((await change).change, "done");
});

test("many changes that are stopped at once have each its own cause", async (context) => {
  const { client } = await emulated(context);
  const changes = Array.from({ length: 200 }, (_, index) =>
    client.numbers.assign(FREE, ANA, {
      onProgress: () => {
        throw index;
      },
    }),
  );
  const ended = await Promise.allSettled(changes);
  assert.deepEqual(ended.map(({ reason }) => reason.cause), changes.map((_, index) => index));
});

test("a function that throws never reaches the process, and leaves the client as it was", async () => {
  const output = await program(`
    for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => console.log(event, error));
    const emulator = await Emulator.start({ advancePerPoll: true });
    const client = emulator.client({ testTime: true });
    const fail = async () => { throw new Error("mine"); };
    const { cause } = await client.numbers.assign("${FREE}", "${ANA}", { onProgress: fail }).catch((error) => error);
    console.log(cause.message);
    console.log((await client.numbers.assign("${FREE}", "${ANA}")).change);
  `);
  assert.equal(output, "mine\ndone");
});

test("a prompt that throws ends the sign-in", async (context) => {
  const cause = new Error("the screen is off");
  for (const prompt of [
    () => {
      throw cause;
    },
    () => Promise.reject(cause),
  ]) {
    const credential = Credential.deviceCode("contoso.example", "11111111-2222-3333-4444-555555555555", prompt);
    const { client } = await emulated(context, {}, { credential });
    await assert.rejects(client.graph.users.byId(ANA).get(), (error) => {
      assert.ok(error instanceof AuthenticationError, String(error));
      assert.equal(error.cause, cause);
      return true;
    });
  }
});

test("a credential's error of another realm is known by its name", async (context) => {
  const foreign = vm.runInNewContext('new RangeError("of another realm")');
  const credential = () => {
    throw foreign;
  };
  const { client } = await scripted(context, () => ({}), { credential });
  await assert.rejects(client.graph.users.byId(ANA).get(), (error) => {
    assert.match(error.message, /failed with RangeError/);
    assert.equal(error.cause, foreign);
    return true;
  });
});
