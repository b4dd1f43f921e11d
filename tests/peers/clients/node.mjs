// Drives one Node client against the server and prints what it cost as one line of JSON. Runs in a folder with the
// client in its node_modules.
//
// node.mjs CLIENT BASE patch CALLS AT_ONCE   microseconds of CPU a call
// node.mjs CLIENT BASE list PAGES -          seconds of CPU for all 20 pages, three properties read of each record
//
// CPU is user and system time of this process, all its threads; the server's is not in it.
import { createRequire } from "node:module";

const [name, base, scenario, count, atOnce] = process.argv.slice(2);
const require = createRequire(`${process.cwd()}/index.js`);

const USER = "8b9c1d2e-1111-4222-8333-444455556666";
const METHOD = "3179e48a-750b-4051-897c-87b9720928f7";
const PHONE = `/users/${USER}/authentication/phoneMethods/${METHOD}`;
const NUMBERS = "/admin/teams/telephoneNumberManagement/numberAssignments";
const TOKEN = "eyJ0eXAiOiJKV1QifQ.e30.AAAA";
const CHANGE = { phoneNumber: "+1 2065550100", phoneType: "mobile" };
const PAGE = 999;

let letters = 0;

function readThree(number) {
  letters += number.telephoneNumber.length + number.numberType.length + number.city.length;
}

const CLIENTS = {
  undici() {
    const { Agent, request } = require("undici");
    const dispatcher = new Agent({ connections: 100 });
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const call = async (url, method, body) => {
      const answer = await request(url, { method, dispatcher, headers, body });
      const text = await answer.body.text();
      if (answer.statusCode >= 400) throw new Error(text);
      return text;
    };
    return {
      patch: () => call(`${base}/v1.0${PHONE}`, "PATCH", JSON.stringify(CHANGE)),
      async list() {
        let seen = 0;
        for (let url = `${base}/v1.0${NUMBERS}?$top=${PAGE}`; url; ) {
          const page = JSON.parse(await call(url, "GET"));
          page.value.forEach(readThree);
          seen += page.value.length;
          url = page["@odata.nextLink"];
        }
        return seen;
      },
    };
  },

  gclient() {
    const { Client, PageIterator } = require("@microsoft/microsoft-graph-client");
    const client = Client.init({
      authProvider: (done) => done(null, TOKEN),
      baseUrl: `${base}/`,
      defaultVersion: "v1.0",
      customHosts: new Set([new URL(base).hostname]),
    });
    return {
      patch: () => client.api(PHONE).patch(CHANGE),
      async list() {
        let seen = 0;
        const first = await client.api(NUMBERS).top(PAGE).get();
        const read = (number) => {
          readThree(number);
          seen += 1;
          return true;
        };
        // It takes absolute addresses for https alone, so that the links are made relative.
        const links = { api: (link) => client.api(link.replace(`${base}/v1.0`, "")) };
        await new PageIterator(links, first, read).iterate();
        return seen;
      },
    };
  },

  trunkline() {
    const { Client } = require("trunkline");
    const client = new Client({ credential: TOKEN, endpoint: base });
    return {
      patch: () => client.graph.users.byId(USER).authentication.phoneMethods.byId(METHOD).update(CHANGE),
      async list() {
        let seen = 0;
        const numbers = client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
        for await (const number of numbers.list({ top: PAGE })) {
          readThree(number);
          seen += 1;
        }
        return seen;
      },
    };
  },
};

function cpu() {
  const used = process.resourceUsage();
  return used.userCPUTime + used.systemCPUTime;
}

async function measured() {
  const client = CLIENTS[name]();
  if (scenario === "list") {
    const before = cpu();
    const seen = await client.list();
    if (seen !== Number(count) * PAGE) throw new Error(`${seen} records`);
    return (cpu() - before) / 1e6;
  }
  const calls = Number(count);
  const lanes = Array.from({ length: Number(atOnce) });
  for (let call = 0; call < Math.min(calls, 500); call += 1) await client.patch();
  await Promise.all(lanes.map(() => client.patch()));
  let left = calls;
  const before = cpu();
  const lane = async () => {
    while (left-- > 0) await client.patch();
  };
  await Promise.all(lanes.map(lane));
  return (cpu() - before) / calls;
}

const cost = await measured();
if (Number.isNaN(letters)) throw new Error("a property is missing");
console.log(JSON.stringify({ cost }));
process.exit(0);
