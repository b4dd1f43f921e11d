// The examples, carried out.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Emulator } from "trunkline";

const example = (name) => import(`../examples/compiled/${name}.mjs`);

let said;
beforeEach(() => {
  said = mock.method(console, "log", () => {});
});
afterEach(() => said.mock.restore());

test("assigning and onboarding", async () => {
  await using(await Emulator.start({ advancePerPoll: true }), async (emulator) => {
    const client = emulator.client({ testTime: true });
    const free = await client.numbers.nextFree();
    const { assign } = await example("assign-and-wait");
    assert.equal((await assign(client, free.telephoneNumber, "ana@contoso.example")).change, "done");
    await client.numbers.unassign(free.telephoneNumber);

    const { assignInCity } = await example("assign-in-city");
    const outcome = await assignInCity(client, "Seattle", "ana@contoso.example");
    assert.equal(outcome.change, "done");
    assert.equal(await assignInCity(client, "Nowhere", "ana@contoso.example"), undefined);

    const { onboard } = await example("onboard-user");
    const onboarding = () => onboard(client, "ana@contoso.example", outcome.number, "+1 206-555-0188");
    const [, first] = await onboarding();
    assert.match(first, /\+1 2065550188$/);
    const again = await onboarding();
    assert.deepEqual(again.map((step) => step.includes("already")), [true, true, true], `${again}`);
  });
});

test("twenty thousand numbers into a CSV", async () => {
  await using(await Emulator.start({ numbers: 20_000, pageSize: 999 }), async (emulator) => {
    let text = "";
    const file = new Writable({
      write(piece, _, done) {
        text += piece;
        done();
      },
    });
    const { writeNumbers } = await example("numbers-to-csv");
    assert.equal(await writeNumbers(emulator.client(), file), 20_000);
    const lines = text.split("\n");
    assert.equal(lines.length, 20_002);
    assert.equal(lines[0], "number,city,status");
    assert.equal(new Set(lines.slice(1, -1).map((line) => line.split(",")[0])).size, 20_000);
  });
});

test("an order is resumed by another client", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  try {
    await using(await Emulator.start({ advancePerPoll: true }), async (emulator) => {
      const order = join(folder, "order.token");
      const { start, finish } = await example("resume-order");
      const first = emulator.client({ testTime: true });
      const free = await first.numbers.nextFree();
      await start(first, free.telephoneNumber, "ana@contoso.example", order);
      first.close();
      assert.equal(await finish(emulator.client({ testTime: true }), order), true);
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("short tasks", async () => {
  await using(await Emulator.start({ advancePerPoll: true }), async (emulator) => {
    const client = emulator.client({ testTime: true });
    const tasks = await example("tasks");
    let text = "";
    const file = new Writable({ write: (piece, _, done) => done(void (text += piece)) });
    assert.equal(await tasks.writeNumbers(client, file), 20);
    assert.match(text, /^number,city,status\n\+\d+,Seattle,unassigned$/m);
    const mobiles = await tasks.mobiles(client, ["ana@contoso.example", "dev@contoso.example"]);
    assert.deepEqual([...mobiles.values()], ["+1 2065550142", undefined]);
    assert.equal((await tasks.setMobile(client, "ana@contoso.example", "+1 206 555 0199")).change, "updated");
    assert.ok((await tasks.usersIn(client, "US")).includes("ana@contoso.example"));
    assert.deepEqual(await tasks.usersIn(client, "FR"), []);
    assert.match(await tasks.assignOrExplain(client, "+12065550101", "ana@contoso.example"), /assigned/);
    assert.match(await tasks.assignOrExplain(client, "+12065550100", "dev@contoso.example"), /somebody holds \+12065550100/);
    assert.match(await tasks.assignOrExplain(client, "+12065550101", "nobody@contoso.example"), /^notFound /);
    await tasks.testOnboarding();
  });
});

async function using(emulator, run) {
  try {
    await run(emulator);
  } finally {
    emulator.close();
  }
}
