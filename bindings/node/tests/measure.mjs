// Measures the package against undici on one server: `node tests/measure.mjs [PATH OF UNDICI]`. Prints client CPU; not a test.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const METHOD = "3179e48a-750b-4051-897c-87b9720928f7";
const PATH = `/v1.0/users/ana@contoso.example/authentication/phoneMethods/${METHOD}`;
const NUMBERS = "/v1.0/admin/teams/telephoneNumberManagement/numberAssignments?$top=999";
const COUNT = 2000;
const ROUNDS = 4;

if (process.argv[2] === "serve") {
  const { Emulator } = await import("trunkline");
  const emulator = await Emulator.start({ numbers: 19_980, pageSize: 999, lenient: true });
  await emulator.client().phones("ana@contoso.example").set("mobile", "+1 206-555-0100");
  console.log(`${emulator.url} ${emulator.token()}`);
  process.stdin.resume().on("end", () => process.exit());
} else {
  await measure();
}

async function measure() {
  const server = spawn(process.execPath, [import.meta.filename, "serve"], { stdio: ["pipe", "pipe", "inherit"] });
  const [url, token] = (await createInterface(server.stdout)[Symbol.asyncIterator]().next()).value.split(" ");
  const { Client } = await import("trunkline");
  const ours = await trunkline(new Client({ credential: token, endpoint: url, proxy: false }));
  const theirs = process.argv[2] === undefined ? undefined : await undici(process.argv[2], url, token);
  const table = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [who, acts] of [["trunkline", ours], ["undici", theirs]]) {
      if (acts === undefined) continue;
      await note(table, `PATCH, sequential | ${who}`, COUNT, () => spread(1, acts.patch));
      await note(table, `PATCH, 64 at once | ${who}`, COUNT, () => spread(64, acts.patch));
      await note(table, `list 19,980 | ${who}`, 1, acts.list);
    }
  }
  for (const [what, figures] of [...table].sort()) {
    figures.sort((one, other) => one - other);
    const [least, median] = [figures[0], figures[figures.length >> 1]];
    console.log(`${what.padEnd(34)} ${median.toFixed(1).padStart(10)} µs CPU (least ${least.toFixed(1)})`);
  }
  server.stdin.end();
}

async function note(table, what, count, act) {
  const began = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(began);
  table.set(what, [...(table.get(what) ?? []), (user + system) / count]);
}

async function spread(atOnce, act) {
  const work = async () => {
    for (let index = 0; index < COUNT / atOnce; index += 1) await act();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function trunkline(client) {
  const method = client.graph.users.byId("ana@contoso.example").authentication.phoneMethods.byId(METHOD);
  const numbers = client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
  const patch = () => method.update({ phoneNumber: "+1 2065550145", phoneType: "mobile" });
  const list = async () => {
    let count = 0;
    for await (const number of numbers.list({ top: 999 })) {
      if (number.telephoneNumber && number.city && number.numberType) count += 1;
    }
    if (count !== 19_980) throw new Error(`${count} numbers`);
  };
  return { patch, list };
}

async function undici(place, url, token) {
  const { Agent, request } = createRequire(pathToFileURL(`${place}/`))("undici");
  const dispatcher = new Agent({ connections: 64 });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ phoneNumber: "+1 2065550145", phoneType: "mobile" });
  // It does not send a request again whose connection the server closed meanwhile.
  const sent = (address, options) => request(address, options).catch(() => sent(address, options));
  const patch = async () => {
    const answer = await sent(url + PATH, { method: "PATCH", headers, body, dispatcher });
    const text = await answer.body.text();
    if (text !== "") JSON.parse(text);
  };
  const list = async () => {
    let count = 0;
    for (let link = url + NUMBERS, skip = 0; count < 19_980; skip += 999) {
      const answer = await sent(skip === 0 ? link : `${url}${NUMBERS}&$skip=${skip}`, { headers, dispatcher });
      const page = JSON.parse(await answer.body.text());
      for (const number of page.value) if (number.telephoneNumber && number.city && number.numberType) count += 1;
    }
  };
  return { patch, list };
}
