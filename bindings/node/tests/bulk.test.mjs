// From a file to a verified end state and back again, against the emulator.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { mock, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { AuthenticationError, BulkError, GraphError, InvalidInputError, Plan } from "trunkline";

import { emulated } from "./support.mjs";

const FILE = Buffer.from(`action,number,user,role,smsSignIn
move,+12065550100,gina@contoso.example,,
move,+12065550114,ben@contoso.example,,
assign,+12065550110,ana@contoso.example,,
unassign,+12065550111,,,
setPhone,+12065550199,carla@contoso.example,mobile,
removePhone,,ben@contoso.example,office,
`);
const BAD = Buffer.from(`number;user
+12065550110;ana@contoso.example
1.20656E+10;ben@contoso.example
12065550111;gina@contoso.example
`);
/** Two moves and an assignment. */
const ORDERS = 5;

async function place(context) {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  context.after(() => rm(folder, { recursive: true }));
  return (name) => join(folder, name);
}

const holders = (emulator) =>
  Object.fromEntries(emulator.state.numbers.map((one) => [one.telephoneNumber, one.assignmentTargetId ?? null]));

/** The orders for numbers that the service took. */
const orders = (emulator) =>
  emulator.requests.filter(({ method, path, status }) => method === "POST" && status < 300 && path.includes("assignNumber"));

const isBulk = (kind) => (error) => {
  assert.ok(error instanceof BulkError && error instanceof GraphError, `${error}`);
  assert.equal(error.kind, kind);
  assert.ok(error.nextStep.length > 0 && error.message.includes(error.nextStep));
  return true;
};

test("a file is applied, verified and undone", async (context) => {
  const { client, emulator } = await emulated(context);
  const at = await place(context);
  const before = holders(emulator);
  const plan = await client.bulk.plan(FILE);
  const { rows, change, already, refused } = plan.summary;
  assert.deepEqual({ rows, change, already, refused }, { rows: 6, change: 5, already: 1, refused: 0 });
  const losses = plan.rows.flatMap((row) => row.losses ?? []);
  assert.ok(losses.length > 0 && plan.summary.losses === losses.length && losses[0].loserName.includes("@"));
  assert.deepEqual(plan.advice.map((advice) => advice.code), ["releasedThenAssigned", "mails"]);
  assert.deepEqual(plan.rows.map((row) => row.row), [2, 3, 4, 5, 6, 7]);
  assert.equal(plan.rows[0].wanted.takes, true);
  assert.equal(plan.rows[5].steps[0].action, "removePhone");
  await plan.write(at("plan"));
  assert.equal((await Plan.read(at("plan"))).digest, plan.digest);

  const run = client.bulk.apply(plan, at("there"));
  const events = [];
  for await (const event of run) events.push(event);
  assert.deepEqual(events[0], { kind: "started", rows: 6, ended: 0, resumed: false });
  assert.deepEqual(events.at(-1), { kind: "ended", ...run.summary });
  const ended = events.filter(({ kind }) => kind === "row");
  assert.equal(ended.length, 6);
  assert.ok(ended.find(({ row }) => row === 2).requestIds.length > 0);
  assert.equal(run.summary.done + run.summary.already, 6);
  assert.notDeepEqual(holders(emulator), before);

  const journal = client.bulk.journal(at("there"));
  assert.deepEqual([journal.state.rows, journal.state.open, journal.state.runs.length], [6, 0, 1]);
  assert.equal(journal.state.planDigest, plan.digest);
  assert.deepEqual([...journal].map((row) => row.outcome.ending).sort(), ended.map((row) => row.ending).sort());

  assert.ok(!(await client.bulk.verify(at("there"))).some((row) => row.hasDrifted));
  await client.numbers.unassign("+12065550110");
  const drifted = (await client.bulk.verify(at("there"), { wait: 0 })).filter((row) => row.hasDrifted);
  assert.deepEqual(drifted.map((row) => row.row), [4]);
  await client.numbers.assign("+12065550110", "ana@contoso.example");

  const back = await client.bulk.undo(at("there"));
  assert.equal(back.summary.refused, 0);
  await client.bulk.apply(back, at("back")).run();
  assert.deepEqual(holders(emulator), before);
});

test("a first wave", async (context) => {
  const { client } = await emulated(context);
  const at = await place(context);
  const plan = await client.bulk.plan(FILE);
  const run = client.bulk.apply(plan, at("wave"), { rows: "2,4", only: ["move", "assign"] });
  const narrowed = [];
  for await (const event of run) if (event.kind === "narrowed") narrowed.push(event);
  // Row 2 swaps numbers with row 3, which is left out.
  assert.deepEqual(narrowed, [{ kind: "narrowed", byRows: 4, byOnly: 0, byLimit: 0, waiting: 1 }]);
  assert.deepEqual([run.summary.done, run.summary.open, run.summary.leftOut], [1, 5, 5]);
  assert.equal((await client.bulk.resume(at("wave"), { limit: 2 }).run()).leftOut, 2);
  assert.equal((await client.bulk.resume(at("wave")).run()).open, 0);
  assert.throws(() => client.bulk.apply(plan, at("other"), { rows: "4-2" }), /rows/);
});

test("numbers that are taken and cannot be given", async (context) => {
  const { client, emulator } = await emulated(context);
  const at = await place(context);
  const words = "The telephone number is blocked from assignment.";
  const effect = { kind: "status", status: 400, code: "BadRequest", message: words };
  emulator.fault({ method: "POST", path: "*/assignNumber", effect });
  const swap = Buffer.from(FILE.toString().split("\n").slice(0, 3).join("\n"));
  const failures = [];
  for await (const event of client.bulk.apply(await client.bulk.plan(swap), at("swap"), { releaseBrake: true })) {
    if (event.kind === "row") failures.push(event.failure);
    if (event.kind === "ended") assert.deepEqual([event.failed, event.notSeen, event.open], [2, 0, 0]);
  }
  assert.equal(failures.length, 2);
  for (const failure of failures) {
    assert.equal(failure.serviceMessage, words);
    assert.ok(failure.what.startsWith("taken from its holder, not assigned: "), failure.what);
  }
  const back = await client.bulk.undo(at("swap"));
  assert.deepEqual(back.rows.map((row) => row.findings[0].code), ["takenNotGiven", "takenNotGiven"]);
});

test("a bad file", async (context) => {
  const { client, emulator } = await emulated(context);
  const rows = await client.bulk.read(BAD);
  assert.deepEqual([rows.length, rows.unreadable, rows.seen, rows.errors, rows.format], [1, 2, 3, 2, "csv"]);
  const found = rows.problems.filter(({ severity }) => severity === "error").map(({ row, kind }) => [row, kind]);
  assert.deepEqual(found, [[3, "scientificNumber"], [4, "noPlus"]]);
  emulator.clearRequests();
  await assert.rejects(client.bulk.plan(rows), isBulk("input"));
  assert.equal(emulator.requests.length, 0);
  const plan = await client.bulk.plan(rows, { skipUnreadable: true });
  assert.deepEqual(plan.rows.map(({ wanted }) => wanted.action), ["assign", "unreadable", "unreadable"]);
  assert.equal(plan.rows[2].findings[0].code, "noPlus");
  assert.deepEqual([rows.unreadable, plan.source.rows, plan.source.unreadable], [2, 3, 2]);
  const workbook = new URL("../../../crates/trunkline-bulk/tests/input/cases/x02-hidden-rows.xlsx", import.meta.url);
  await assert.rejects(client.bulk.read(workbook), isBulk("input"));
  assert.equal((await client.bulk.read(workbook, { hidden: "skip" })).length, 1);
  assert.equal((await client.bulk.read(workbook, { hidden: "include" })).length, 3);
  await assert.rejects(client.bulk.read(workbook, { hidden: "maybe" }), InvalidInputError);
  assert.equal((await client.bulk.read(BAD, { country: "US" })).length, 2);
  await assert.rejects(client.bulk.read("nowhere.csv"), isBulk("input"));
  await assert.rejects(client.bulk.read(BAD, { country: "Ruritania" }), InvalidInputError);
  await assert.rejects(client.bulk.read(7), InvalidInputError);
  await assert.rejects(client.bulk.plan(rows, { pool: { city: 7 }, skipUnreadable: true }), InvalidInputError);
});

test("headings are named, sites have names, and suggestions are accepted", async (context) => {
  const { client } = await emulated(context);
  const at = await place(context);
  const file = Buffer.from("Site;Mail;Line\nSeattle;ana@contoso.example;+12065550110\n");
  await writeFile(at("sites.csv"), "name,locationId\nSeattle,10c00000-0000-4000-8000-000000000001\n");
  for (const locations of [at("sites.csv"), pathToFileURL(at("sites.csv"))]) {
    const rows = await client.bulk.read(file, { columns: { user: "mail", number: "Line" }, locations });
    assert.deepEqual([rows.length, rows.columns], [1, ["location", "user", "number"]]);
  }
  await assert.rejects(client.bulk.read(file, { columns: { mail: "Mail" } }), InvalidInputError);
  await assert.rejects(client.bulk.read(file, { columns: { user: 7 } }), InvalidInputError);
  await assert.rejects(client.bulk.read(file, { columns: { user: "UPN" } }), isBulk("input"));
  const rows = await client.bulk.read(Buffer.concat([BAD, Buffer.from("12065550101;dev@contoso.example\n")]));
  const cause = rows.problemGroups.find(({ kind }) => kind === "noPlus");
  assert.deepEqual([cause.count, cause.cells, cause.column], [2, ["4-5"], "number"]);
  await assert.rejects(client.bulk.plan(rows), isBulk("input"));
  const plan = await client.bulk.plan(rows, { skipUnreadable: true, acceptSuggestions: true });
  assert.deepEqual(plan.rows.slice(2).map(({ wanted }) => wanted.number), ["+12065550111", "+12065550101"]);
  assert.equal(plan.advice[0].code, "suggestionsAccepted");
});

test("numbers are picked", async (context) => {
  const { client } = await emulated(context);
  const wishes = Buffer.from("action,number,user\nassign,,carla@contoso.example\n");
  const plan = await client.bulk.plan(wishes, { pool: { prefix: "+1206", numberType: "callingPlan" } });
  assert.equal(plan.rows[0].wanted.picked, true);
  const empty = await client.bulk.plan(wishes, { pool: { city: "Nowhere" } });
  assert.equal(empty.rows[0].findings[0].code, "poolEmpty");
});

test("what the service says is the cause", async (context) => {
  const { client } = await emulated(context, {}, { credential: "no token" });
  await assert.rejects(client.bulk.plan(FILE), (error) => {
    assert.ok(error.cause instanceof AuthenticationError);
    return isBulk("service")(error);
  });
  assert.throws(() => client.bulk.journal("nowhere"), isBulk("journal"));
  client.close();
  assert.throws(() => client.bulk.resume("nowhere"), InvalidInputError);
});

test("stopping, leaving, and going on", async (context) => {
  const { client, emulator } = await emulated(context);
  // Or all rows may have ended before this thread hears of the first.
  emulator.fault({ method: "GET", effect: { kind: "delay", milliseconds: 40 } });
  const at = await place(context);
  const plan = await client.bulk.plan(FILE);
  const journal = at("journal");
  const run = client.bulk.apply(plan, journal, { inFlight: 1 });
  const stopped = run.run({ onEvent: ({ kind }) => kind === "row" && run.stop() });
  await assert.rejects(stopped, isBulk("stopped"));
  assert.ok(client.bulk.journal(journal).state.open > 0);

  for await (const { kind } of client.bulk.resume(journal, { inFlight: 1 })) if (kind === "row") break;
  const abort = new AbortController();
  const aborted = client.bulk.resume(journal, { inFlight: 1, signal: abort.signal });
  const reason = new Error("enough");
  const rejected = await aborted.run({ onEvent: () => abort.abort(reason) }).then(() => undefined, (error) => error);
  assert.ok(isBulk("stopped")(rejected));
  assert.equal(rejected.cause, reason);

  const wrong = new Error("from the program");
  const broken = client.bulk.resume(journal).run({ onEvent: () => { throw wrong; } });
  await assert.rejects(broken, wrong);
  emulator.clearFaults();
  const summary = await client.bulk.resume(journal).run();
  assert.equal(summary.done + summary.already, 6);
  const other = await client.bulk.undo(journal);
  await assert.rejects(client.bulk.apply(other, journal).run(), isBulk("otherPlan"));
});

test("a journal is for one process", async (context) => {
  const { client } = await emulated(context);
  const at = await place(context);
  const plan = await client.bulk.plan(FILE);
  const run = client.bulk.apply(plan, at("journal"), { inFlight: 1 });
  for await (const event of run) {
    assert.equal(event.kind, "started");
    await assert.rejects(client.bulk.apply(plan, at("journal")).run(), isBulk("busy"));
    // Two journals would send the orders of one plan twice.
    await assert.rejects(client.bulk.apply(plan, at("other")).run(), isBulk("busy"));
    break;
  }
  assert.equal((await client.bulk.resume(at("journal")).run()).rows, 6);
});

for (const moment of ["sending", "accepted", "row"]) {
  test(`a process that is killed at ${moment} is resumed`, async (context) => {
    // Operations go on by themselves here, whoever follows them: an order whose answer was lost shows all the same.
    const options = [{ advancePerPoll: false, stageDuration: 0.01 }, { testTime: false }];
    const { client, emulator } = await emulated(context, ...options);
    const at = await place(context);
    await (await client.bulk.plan(FILE)).write(at("plan"));
    emulator.clearRequests();
    const child = fileURLToPath(new URL("bulk-child.mjs", import.meta.url));
    const process_ = spawn(process.execPath, [child, emulator.url, emulator.token(), at("plan"), at("journal")]);
    const gone = new Promise((resolve) => process_.once("exit", (_, signal) => resolve(signal)));
    for await (const line of createInterface({ input: process_.stdout })) if (line === moment) break;
    process_.kill("SIGKILL");
    assert.equal(await gone, "SIGKILL");
    const summary = await client.bulk.resume(at("journal"), { proof: 1 }).run();
    assert.deepEqual([summary.rows, summary.done + summary.already], [6, 6]);
    assert.equal(orders(emulator).length, ORDERS, "none of them twice");
    assert.equal(client.bulk.journal(at("journal")).state.runs.length, 2);
  });
}

test("export finds nothing to do, and reports are written", async (context) => {
  const { client } = await emulated(context);
  const at = await place(context);
  const { rows } = await client.bulk.export(at("now.csv"));
  const plan = await client.bulk.plan(at("now.csv"));
  assert.deepEqual([plan.summary.already, plan.summary.rows], [rows, rows]);
  assert.ok((await client.bulk.export(at("all.jsonl"), { phones: true })).rows > rows);
  await assert.rejects(client.bulk.export(at("no/where.csv")), isBulk("disk"));

  await client.bulk.apply(await client.bulk.plan(FILE), at("journal")).run();
  await client.bulk.report(at("journal"), { html: at("r.html"), csv: at("r.csv"), jsonl: at("r.jsonl"), masked: true });
  for (const name of ["r.html", "r.csv", "r.jsonl"]) {
    const text = await readFile(at(name), "utf8");
    assert.ok(text.length > 100 && !text.includes("+12065550114") && !text.includes("gina@"), name);
  }
  await client.bulk.verify(at("journal"));
  await client.bulk.report(at("journal"), { html: at("r.html"), xlsx: at("r.xlsx") });
  assert.ok((await readFile(at("r.html"), "utf8")).includes("rows in place"));
  assert.equal((await client.bulk.plan(at("r.xlsx"))).summary.already, 6);
  assert.notEqual(client.bulk.journal(at("journal")).state.runs[0].runner, null);
  const exported = await client.bulk.export(at("now.xlsx"));
  assert.equal((await client.bulk.plan(at("now.xlsx"))).summary.already, exported.rows);
});

test("a pace is kept and received", async (context) => {
  const { client, emulator } = await emulated(context, {}, { pace: "documented" });
  assert.deepEqual(client.throttle, []);
  await client.numbers.nextFree();
  const [group] = client.throttle.filter(({ sent }) => sent > 0);
  assert.ok(group.limitPerSecond > 0 && group.throttled === 0 && group.pausedUntil === null);
  for (const pace of ["fast", -1]) assert.throws(() => emulator.client({ pace }), InvalidInputError);
});

test("the example", async (context) => {
  const { client } = await emulated(context);
  const at = await place(context);
  const output = mock.method(console, "log", () => {});
  try {
    const { applyCsv } = await import("../examples/compiled/bulk-from-csv.mjs");
    const { writeFile } = await import("node:fs/promises");
    await writeFile(at("rows.csv"), FILE);
    assert.equal((await applyCsv(client, at("rows.csv"), at("journal"))).rows, 6);
    assert.equal((await applyCsv(client, at("rows.csv"), at("journal"))).rows, 6);
    assert.ok((await stat(at("journal.html"))).size > 1000);
  } finally {
    output.mock.restore();
  }
});
