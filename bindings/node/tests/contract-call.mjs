// Makes the call of a case with the generated handles, and tells how it ended.

import { GraphError, List, LongRunning } from "trunkline";

import { operations } from "./contract-cases.mjs";
import { difference } from "./contract-recorder.mjs";

/** Begins the call of a case on a graph: a list, or a call that is under way. */
export function begin(graph, operation, { place, arguments: received = {}, options = {}, headers }) {
  const { root, ...keys } = place;
  const known = operations.get(operation);
  const template = known.paths.find((path) => path.split("/")[1] === root);
  const segments = template.split("/").slice(1);
  const invoked = known.verb === "action" || known.verb === "function";
  if (invoked) segments.pop();
  const left = Object.values(keys);
  let handle = graph;
  let fixed = false;
  for (const segment of segments) {
    fixed = !segment.startsWith("{") && typeof handle.byId === "function";
    if (fixed) handle = handle.byId(segment);
    else if (segment.startsWith("{")) handle = handle.byId(left.shift());
    else handle = handle[segment];
  }
  const { orderby, ...rest } = options;
  const callOptions = { ...rest, ...(orderby && { orderBy: orderby }), ...(headers && { headers }) };
  if (known.verb === "create" || known.verb === "update") {
    // Which of the derived types stands under a key that the path itself has, a caller says by its name.
    const body = fixed ? { "@odata.type": `#${known.target}`, ...received } : received;
    return handle[known.verb](body, callOptions);
  }
  if (!invoked) return handle[known.verb](callOptions);
  const name = overload(handle, known.callable, Object.keys(received));
  // Parameters of a method come before its options.
  const first = handle[name].length === 1 ? [] : [received];
  return handle[name](...first, callOptions);
}

/** The method of that name, or the overload that takes these parameters. */
function overload(handle, callable, parameters) {
  const by = parameters.map((name) => name[0].toUpperCase() + name.slice(1)).join("And");
  const named = `${callable}By${by}`;
  return typeof handle[named] === "function" ? named : callable;
}

/** How a call ended, as a case tells it, and with which status. */
export async function ended(call) {
  try {
    const begun = call();
    if (begun instanceof List) {
      const items = [];
      let status;
      for await (const page of begun.pages()) {
        status = page.meta.status;
        items.push(...page.items);
      }
      return { ending: { items }, status };
    }
    const { value, meta } = await begun.withMeta();
    return { ending: received(value), status: meta.status };
  } catch (error) {
    return { ending: { error }, status: error.status };
  }
}

/** The form of a value in a case. */
export function received(value) {
  if (value === undefined) return { none: true };
  if (value instanceof LongRunning) return { longRunning: { id: value.id, value: value.accepted } };
  return { value };
}

/** Differences between the outcome of a case and the end of its call. */
export function outcomeDifferences(outcome, ending) {
  if ("error" in outcome) {
    const { error } = ending;
    if (!(error instanceof GraphError)) return [`ended with ${shown(ending)}, expected ${shown(outcome)}`];
    const wanted = Object.entries(outcome.error).filter(([name, value]) => error[name] !== value);
    return [
      ...wanted.map(([name, value]) => `the error's ${name} is ${error[name]}, expected ${value}`),
      ...unsound(error),
    ];
  }
  if ("long_running" in outcome && ending.longRunning !== undefined) {
    const { id, value } = outcome.long_running;
    return [
      ...difference(id, ending.longRunning.id),
      ...difference(withoutLinks(value), withoutLinks(ending.longRunning.value)),
    ];
  }
  for (const kind of ["value", "items", "none"]) {
    if (kind in outcome && kind in ending) {
      return difference(withoutLinks(outcome[kind]), withoutLinks(ending[kind]));
    }
  }
  if ("answers" in outcome && ending.answers?.length === outcome.answers.length) {
    return outcome.answers.flatMap((wanted, index) =>
      outcomeDifferences(wanted, ending.answers[index]).map((what) => `answer ${index + 1}: ${what}`),
    );
  }
  return [`ended with ${shown(ending)}, expected ${shown(outcome)}`];
}

/** Mistakes in the texts of an error, whatever its kind. */
function unsound(error) {
  const found = [];
  if (!(error instanceof Error) || error.message.trim() === "" || /[\r\n]/.test(error.message)) {
    found.push(`the error is not one line: ${error.message}`);
  }
  if (!error.nextStep) found.push(`the error does not say what to do next: ${error.message}`);
  return found;
}

/** Takes away what an outcome leaves out: where the answer came from and where the next page is. */
function withoutLinks(value) {
  if (Array.isArray(value)) return value.map(withoutLinks);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== "@odata.context" && name !== "@odata.nextLink");
  return Object.fromEntries(members.map(([name, member]) => [name, withoutLinks(member)]));
}

function shown(value) {
  return value?.error instanceof Error ? `${value.error.name}: ${value.error.message}` : JSON.stringify(value);
}

/** Whether a value has these members; objects inside are compared the same way, everything else whole. */
export function contains(found, members) {
  return Object.entries(members).every(([name, expected]) => {
    const there = found?.[name];
    if (typeof expected === "object" && expected !== null && !Array.isArray(expected)) return contains(there, expected);
    // A property that a service leaves out is null.
    return difference(expected, there ?? null).length === 0;
  });
}
