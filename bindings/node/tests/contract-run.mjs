// Runs one case: on a server that records, or through an emulator of its own.

import { Client, Emulator } from "trunkline";

import { begin, contains, ended, outcomeDifferences, told } from "./contract-call.mjs";
import { record, wireDifferences } from "./contract-recorder.mjs";

/** A token that nobody reads. */
const TOKEN = "token";

/** A client that asks for nothing by itself, and whose waits take no time. */
function client(credential, endpoint) {
  return new Client({ credential, endpoint, proxy: false, unknownEnumMembers: false, testTime: true });
}

/** How the call of a case ends; that of several calls in one, by each of them. */
async function call(client, operation, inputs) {
  if (operation !== "batch.send") return ended(() => begin(client.graph, operation, inputs));
  const batch = client.batch();
  const items = inputs.arguments.requests.map((one) => batch.add((graph) => begin(graph, one.operation, one)));
  const answers = await batch.send();
  const endings = items.map((item) => {
    const error = answers.error(item);
    return error === undefined ? batched(answers.get(item)) : { error };
  });
  const failed = endings.every(({ error }) => error !== undefined);
  return { ending: { answers: endings }, status: failed ? endings[0].error.status : 200 };
}

/** What a call in a batch gave: of a list its first page. */
function batched(value) {
  return Array.isArray(value?.items) ? { items: value.items } : told(value);
}

/** Runs a case on a recording server; gives what differs. */
export async function recorded(operation, one) {
  const exchanges = one.request === null ? [] : [one, ...(one.then ?? [])];
  const recorder = await record(exchanges.map(({ response }) => response));
  const using = client(TOKEN, recorder.root);
  try {
    const { ending } = await call(using, operation, one);
    const outcome = JSON.parse(JSON.stringify(one.outcome).replaceAll("{root}", recorder.root));
    const expected = exchanges.map(({ request }) => request);
    return [
      ...wireDifferences(expected, recorder.seen, recorder.root, TOKEN),
      ...(ending.answers !== undefined && "error" in outcome
        ? ending.answers.flatMap((answer) => outcomeDifferences(outcome, answer))
        : outcomeDifferences(outcome, ending)),
    ];
  } finally {
    using.close();
    await recorder.close();
  }
}

/** Runs a case through an emulator; gives what differs. */
export async function emulated(operation, one) {
  const expected = one.emulator;
  const emulator = await Emulator.start({ manualClock: true, seed: expected.seed });
  const user = one.place.root === "me" ? "ana@contoso.example" : "gina@contoso.example";
  const using = client(emulator.token(expected.delegated ? { user } : undefined), emulator.url);
  try {
    const { ending, status } = await call(using, operation, one);
    const differences = [];
    if (status !== expected.status) differences.push(`the status is ${status}, expected ${expected.status}`);
    if (expected.contains !== undefined) {
      const found = ending.items ?? [ending.value ?? ending.longRunning?.value];
      if (!found.some((item) => contains(item, expected.contains))) {
        differences.push(`${JSON.stringify(found)} does not contain ${JSON.stringify(expected.contains)}`);
      }
    }
    if (differences.length > 0 && ending.error !== undefined) differences.push(String(ending.error));
    return differences;
  } finally {
    using.close();
    await emulator.close();
  }
}
