// Pages of many records travel as tables; the records equal those that `JSON.parse` reads from their text.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

import { scripted } from "./support.mjs";

const numbersOf = (client) => client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
const PAGE = 40;

/** The records of a page that is served as it is. */
async function served(context, text) {
  const { client } = await scripted(context, () => ({ body: text }));
  return (await numbersOf(client).list().firstPage()).items;
}

/** A page as text, whose records are texts. */
const page = (records) => `{"@odata.context": "x", "value": [${records.join(", ")}], "@odata.count": 7}`;

/** Records of many shapes: equal ones, ones of one kind, unknown members, other orders, spaces, escapes. */
const SHAPES = [
  (index) => `{"id":"${index}","city":"Seattle","capabilities":["userAssignment","voiceApplicationAssignment"]}`,
  (index) => `{ "id" : "${index}" , "city" : null , "capabilities" : [ ] }`,
  (index) => `{"city":"M\\u00fcnchen \\"Süd\\" \\\\","id":"${index}","capabilities":["userAssignment"]}`,
  (index) => `{"id":"${index}","city":"東京 🗼","novelty":{"depth":[{"is":${index}}],"none":null},"rank":${index}.5e1}`,
  (index) => `{"id":"${index}","novelty":[[1,2],{"a":[]}],"rank":-0,"is new":true}`,
  (index) => `{"id":"${index}","novelty":[true,null,"x"],"rank":12345678901234567890,"is new":false,"":"unnamed"}`,
  () => "{}",
  (index) => `{"id":"${index}","constructor":"c","toString":"t"}`,
];

test("records are what their text says, member by member, in its order", async (context) => {
  for (const choose of [
    (index) => SHAPES[index % SHAPES.length](index),
    (index) => SHAPES[Math.floor(index / 7) % SHAPES.length](index),
    ...SHAPES.map((shape) => (index) => shape(index)),
  ]) {
    const text = page(Array.from({ length: PAGE }, (_, index) => choose(index)));
    const records = await served(context, text);
    const expected = JSON.parse(text).value;
    assert.deepStrictEqual(records, expected);
    assert.deepEqual(records.map(Object.keys), expected.map(Object.keys));
  }
});

test("what is changed in one record shows in no other", async (context) => {
  const records = await served(context, page(Array.from({ length: PAGE }, (_, index) => SHAPES[0](index))));
  records[0].capabilities.push("mine");
  assert.equal(records[0].capabilities.length, 3);
  assert.equal(records[1].capabilities.length, 2);
  const nested = await served(context, page(Array.from({ length: PAGE }, (_, index) => SHAPES[3](index))));
  nested[0].novelty.depth[0].is = "changed";
  assert.equal(nested[1].novelty.depth[0].is, 1);
});

test("pages that make no table are read all the same", async (context) => {
  const many = Array.from({ length: 100 }, (_, index) => `{"id":"${index}","member${index}":1}`);
  const proto = Array.from({ length: PAGE }, (_, index) => `{"id":"${index}","__proto__":{"polluted":true}}`);
  for (const text of [page(many), page(proto), page([SHAPES[0](1)]), page([])]) {
    assert.deepEqual(await served(context, text), JSON.parse(text).value);
  }
  assert.equal({}.polluted, undefined);
});

/** Goes through 750 pages and says how much more memory the process has after the last 500 of them. */
const GROWTH = `
  import { createServer } from "node:http";
  import { Client } from "trunkline";
  const record = (index) => ({ id: "00000000-aaaa-4bbb-8ccc-" + String(index).padStart(12, "0"), numberType: "callingPlan",
    city: "Seattle", capabilities: ["userAssignment"], activationState: "activated", notes: "x".repeat(500) + index });
  const value = Array.from({ length: 400 }, (_, index) => record(index));
  const text = Buffer.from(JSON.stringify({ value }));
  // The list ends with an empty page.
  const answer = (url) => (url.includes("skip") ? '{"value":[]}' : text);
  const server = createServer(({ url }, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(answer(url)),
  );
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new Client({ credential: "a token", endpoint: "http://127.0.0.1:" + server.address().port, proxy: false });
  const numbers = client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
  const pages = async (count) => {
    for (let page = 0; page < count; page += 1) for await (const number of numbers.list()) number.city.length;
    return process.memoryUsage().rss;
  };
  const before = await pages(250);
  console.log((await pages(500)) - before);
  server.closeAllConnections();
  server.close();
`;

test("memory does not grow with the pages that were read", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", GROWTH], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  // Some 130 MB of text were read meanwhile.
  assert.ok(Number(stdout) < 48e6, `${stdout} bytes more`);
});
