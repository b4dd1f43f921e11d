// @microsoft/microsoft-graph-client, with @azure/identity.
import {
  BatchRequestContent,
  BatchResponseContent,
  PageIterator,
  ResponseType,
} from "@microsoft/microsoft-graph-client";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { credential } from "../connect/with_azure_identity.mjs";
import { graph } from "../connect/with_graph_client.mjs";
import * as tasks from "./graph_tasks.mjs";
import {
  ALL,
  ANA,
  check,
  ClientFault,
  EMULATOR,
  FREE,
  NOBODY,
  NUMBERS,
  PAUSE,
  READER,
  run,
  SECRET,
  throttle,
} from "./harness.mjs";

const client = graph(credential(ALL, SECRET));
const PHONES = `/users/${ANA}/authentication/phoneMethods`;
const MOBILE = `${PHONES}/3179e48a-750b-4051-897c-87b9720928f7`;
const ALTERNATE = `${PHONES}/b6332ec1-7057-4abe-9331-3d72feddfe41`;

async function refused(request, status) {
  const error = await request.then(
    () => undefined,
    (error) => error,
  );
  check(error?.statusCode === status && error.code, error ?? `the request was answered, though ${status} was due`);
  return error.code;
}

const create = () => client.api(PHONES).post({ phoneNumber: "+1 2065550161", phoneType: "alternateMobile" });

await run("@microsoft/microsoft-graph-client", {
  async secret() {
    const organizations = await graph(credential(ALL, SECRET)).api("/organization").get();
    check(organizations.value[0].displayName === "Contoso", organizations);
  },
  async list() {
    const answer = await client.api(NUMBERS).get();
    check(answer.value.length === 20, answer);
    return `${answer.value.length} numbers`;
  },
  async filter() {
    const filter = "numberType eq 'directRouting' and assignmentStatus eq 'unassigned'";
    const answer = await client.api(NUMBERS).filter(filter).top(50).get();
    check(answer.value.length > 0, "nothing was found");
    check(
      answer.value.every((number) => number.numberType === "directRouting"),
      answer,
    );
    return `${answer.value.length} numbers`;
  },
  async page() {
    const first = await client.api(NUMBERS).top(6).get();
    check(first.value.length === 6 && first["@odata.nextLink"], first);
    const seen = new Set();
    await new PageIterator(client, first, (number) => Boolean(seen.add(number.telephoneNumber))).iterate();
    check(seen.size === 20, [...seen]);
    return `${seen.size} numbers`;
  },
  async get() {
    const user = await client.api(`/users/${ANA}`).select(["id", "userPrincipalName"]).get();
    check(user.userPrincipalName === "ana@contoso.example", user);
    const [first] = (await client.api(NUMBERS).get()).value;
    const again = await client.api(`${NUMBERS}/${first.id}`).get();
    check(again.telephoneNumber === first.telephoneNumber, again);
  },
  async "alternate key"() {
    for (const path of ["/users(userPrincipalName='ana@contoso.example')", "/users/ana@contoso.example"]) {
      const user = await client.api(path).get();
      check(user.id === ANA, user);
    }
  },
  async function() {
    const found = await client
      .api("/admin/teams/policy/getPolicyId(type='TeamsMeetingPolicy',name='AllOn')")
      .get();
    check(found.value.length === 1 && found.value[0].policyId, found);
    return found.value[0].policyId;
  },
  async create() {
    const created = await create();
    check(created.phoneNumber === "+1 2065550161", created);
  },
  async update() {
    await client.api(MOBILE).patch({ phoneNumber: "+1 2065550162", phoneType: "mobile" });
    check((await client.api(MOBILE).get()).phoneNumber === "+1 2065550162", "the change is not there");
  },
  async delete() {
    await create();
    await client.api(ALTERNATE).delete();
    await refused(client.api(ALTERNATE).get(), 404);
  },
  async order() {
    const body = { telephoneNumber: FREE, assignmentTargetId: ANA, numberType: "directRouting" };
    const accepted = await client.api(`${NUMBERS}/assignNumber`).responseType(ResponseType.RAW).post(body);
    check(accepted.status === 202, accepted.status);
    const status = [];
    while (!["succeeded", "failed"].includes(status.at(-1)) && status.length < 100) {
      status.push((await client.api(accepted.headers.get("location")).get()).status);
      await sleep(20);
    }
    check(status.at(-1) === "succeeded", status);
    return [...new Set(status)].join(" ");
  },
  async batch() {
    // The second form is the natural one; the first is what people do because of the fault.
    for (const root of [EMULATOR, `${EMULATOR}/v1.0`]) {
      const steps = [ANA, NOBODY].map((id, index) => ({
        id: String(index + 1),
        request: new Request(`${root}/users/${id}`),
      }));
      const content = await new BatchRequestContent(steps).getContent();
      const answer = new BatchResponseContent(await client.api("/$batch").post(content));
      const first = answer.getResponseById("1");
      if (root !== EMULATOR && first.status === 400) {
        const { error } = await first.json();
        throw new ClientFault(`sends ${content.requests[0].url} and gets 400, ${error.message}`);
      }
      check(first.status === 200 && (await first.json()).id === ANA, first.status);
      check(answer.getResponseById("2").status === 404, answer.getResponseById("2").status);
    }
  },
  async "404"() {
    return refused(client.api(`/users/${NOBODY}`).get(), 404);
  },
  async "403"() {
    const reader = graph(credential(READER, SECRET));
    return refused(reader.api(MOBILE).patch({ phoneNumber: "+1 2065550162", phoneType: "mobile" }), 403);
  },
  async throttled() {
    await throttle("numberAssignments");
    const started = performance.now();
    const answer = await client.api(NUMBERS).get();
    const took = (performance.now() - started) / 1000;
    check(answer.value.length === 20 && took >= PAUSE, `came back after ${took} s`);
    return `came back after ${took.toFixed(1)} s`;
  },
  // The code of the page about moving to Trunkline.
  async tasks() {
    const people = ["ana@contoso.example", "dev@contoso.example"];
    check((await tasks.assign(client, FREE, people[0])) === "succeeded", "the order");
    let text = "";
    const file = new Writable({ write: (piece, _, done) => done(void (text += piece)) });
    check((await tasks.writeNumbers(client, file)) === 20, text);
    check(text.split("\n").some((line) => line.startsWith(FREE) && line.endsWith("userAssigned")), text);
    const mobiles = await tasks.mobiles(client, people);
    check(mobiles.get(people[0]) === "+1 2065550142" && mobiles.get(people[1]) === undefined, [...mobiles]);
    check((await tasks.usersIn(client, "US")).includes(people[0]), "the filter");
    const unknown = await tasks.assignOrExplain(client, FREE, "nobody@contoso.example");
    check(unknown.startsWith("404 "), unknown);
    return "5 tasks";
  },
});
