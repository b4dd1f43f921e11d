import type { Client } from "./client.js";
import type { Graph } from "./generated/handles.js";

/** The root of a client's places. Their classes are loaded on first use: they are a fifth of what importing would cost. */
export function rootOf(client: Client): Graph {
  const { Graph } = require("./generated/handles.js") as typeof import("./generated/handles.js");
  return new Graph(client, "");
}
