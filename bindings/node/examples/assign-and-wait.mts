/** Assigns a number to a user and waits until it works. */

import { fileURLToPath } from "node:url";

import { Client, Credential, type NumberOutcome } from "trunkline";

/** Assigns it, and tells how far it has come. */
export async function assign(client: Client, number: string, user: string): Promise<NumberOutcome> {
  const outcome = await client.numbers.assign(number, user, {
    onProgress: (progress) => console.log(`  ${progress.kind}`),
  });
  console.log(`${outcome}`);
  return outcome;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [number, user] = process.argv.slice(2);
  if (number === undefined || user === undefined) throw new Error("give a number and a user");
  await assign(new Client({ credential: Credential.fromEnvironment() }), number, user);
}
