import type { teamsAdministration } from "./generated/index.js";

/** How far a change has come. */
export type Progress =
  /** The number was found in the inventory. */
  | { readonly kind: "found"; readonly number: teamsAdministration.NumberAssignment }
  /** A request that changes something is about to be sent. */
  | { readonly kind: "sending" }
  /** The service accepted the request that was reported last. */
  | { readonly kind: "answered" }
  /** The service accepted the order; `numbers.follow(token)` takes it up again. */
  | { readonly kind: "accepted"; readonly id: string; readonly token: string }
  /** The order's status, as read. */
  | { readonly kind: "stage"; readonly status: string }
  /** The answer to the order was lost; the number is read to see whether it happened. */
  | { readonly kind: "answer_lost" }
  /** The number was read back but does not show the change yet. */
  | { readonly kind: "settling" };

/** How a number is read. */
export interface Dialled {
  /** Two letters: the country of a number without a plus; as of the client unless given. */
  country?: string | undefined;
}

/** How a change is made. */
export interface ChangeOptions {
  /** Seconds that the whole change may take, from looking up to reading back; 600 unless given, 1200 for a move. */
  timeout?: number | undefined;
  /** Stops waiting. An order that was accepted goes on: `onProgress` got its token. */
  signal?: AbortSignal | undefined;
  /**
   * Is called with how far it has come, and awaited. What it throws, or rejects with, stops the change and is the `cause` of its
   * error: at `sending`, that request is not sent.
   */
  onProgress?: ((progress: Progress) => void | Promise<void>) | undefined;
}

/** Calls `onProgress` with the progress that a text describes. */
export function watcher(options: ChangeOptions | undefined): ((text: string) => unknown) | undefined {
  const onProgress = options?.onProgress;
  return onProgress === undefined ? undefined : (text) => onProgress(JSON.parse(text) as Progress);
}
