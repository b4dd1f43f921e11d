import type { Client } from "./client.js";
import { Graph } from "./generated/handles.js";

/** The root of a client's places. */
export function rootOf(client: Client): Graph {
  return new Graph(client, "");
}
