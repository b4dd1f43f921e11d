/** Finds a free number in a city and assigns it. */

import { fileURLToPath } from "node:url";

import { Client, Credential, type NumberOutcome } from "trunkline";

/** Assigns the first free number of a city; `undefined` when there is none. */
export async function assignInCity(client: Client, city: string, user: string): Promise<NumberOutcome | undefined> {
  const free = await client.numbers.nextFree({ city });
  if (!free?.telephoneNumber) {
    console.log(`no number of ${city} is free`);
    return undefined;
  }
  const outcome = await client.numbers.assign(free.telephoneNumber, user);
  console.log(`${outcome}`);
  return outcome;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [city, user] = process.argv.slice(2);
  if (city === undefined || user === undefined) throw new Error("give a city and a user");
  await assignInCity(new Client({ credential: Credential.fromEnvironment() }), city, user);
}
