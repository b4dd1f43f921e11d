export { Call } from "./call.js";
export { Client } from "./client.js";
export * from "./errors.js";
export { List, type Page } from "./list.js";
export type { Meta, WithMeta } from "./meta.js";
export type { CallOptions, QueryOptions } from "./options.js";
export { type Body, Place } from "./place.js";
export { type DoneOptions, LongRunning, type Stage, type Verdict } from "./running.js";
