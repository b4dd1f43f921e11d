// Runs one case: on a server that records, or through an emulator of its own.

import { Client, Emulator, List } from "trunkline";

import { begin, contains, ended, outcomeDifferences, received } from "./contract-call.mjs";
import { record, wireDifferences } from "./contract-recorder.mjs";

/** A token that nobody reads. */
const TOKEN = "token";

/** A client that asks for nothing by itself, and whose waits take no time. */
function client(credential, endpoint) {
  return new Client({ credential, endpoint, proxy: false, unknownEnumMembers: false, testTime: true });
}

/** How the call of a case ends; that of several calls in one, by each of them. */
async function call(using, operation, inputs) {
  if (operation !== "batch.send") return ended(() => begin(using.graph, operation, inputs));
  const batch = using.batch();
  const calls = inputs.arguments.requests.map((one) => {
    const begun = begin(batch.graph, one.operation, one);
    // In a batch a list has its first page.
    return begun instanceof List ? begun.firstPage().then(({ items }) => ({ items })) : begun.then(received);
  });
  const sent = await batch.send().then(
    () => ({ status: 200 }),
    (error) => ({ status: error.status }),
  );
  const settled = await Promise.allSettled(calls);
  const answers = settled.map(({ value, reason }) => value ?? { error: reason });
  return { ending: { answers }, status: sent.status };
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
