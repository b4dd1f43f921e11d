/** Short tasks, each a function: phones of many users, users with a filter, an error handled, a test of your own code. */

import assert from "node:assert/strict";

import { type Client, ConflictError, Emulator, GraphError, type PhoneOutcome } from "trunkline";

import { cell } from "./numbers-to-csv.mjs";

export async function writeNumbers(client: Client, file: NodeJS.WritableStream): Promise<number> {
  let count = 0;
  file.write("number,city,status\n");
  const numbers = client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
  for await (const { telephoneNumber, city, assignmentStatus } of numbers.list({ top: 999 })) {
    file.write(`${[telephoneNumber, city, assignmentStatus].map(cell).join(",")}\n`);
    count += 1;
  }
  file.end();
  return count;
}

export async function setMobile(client: Client, user: string, number: string): Promise<PhoneOutcome> {
  const outcome = await client.phones(user).set("mobile", number);
  console.log(`${outcome}`);
  return outcome;
}

export async function mobiles(client: Client, users: string[]): Promise<Map<string, string | null | undefined>> {
  const phones = users.map(async (user) => [user, (await client.phones(user).get("mobile"))?.phoneNumber] as const);
  return new Map(await Promise.all(phones));
}

export async function usersIn(client: Client, country: string): Promise<string[]> {
  const filter = `usageLocation eq '${country}' and accountEnabled eq true`;
  const users = await client.graph.users.list({ filter, select: ["userPrincipalName"], top: 999 }).all();
  return users.map((user) => user.userPrincipalName ?? "");
}

export async function assignOrExplain(client: Client, number: string, user: string): Promise<string> {
  try {
    return `${await client.numbers.assign(number, user)}`;
  } catch (error) {
    if (error instanceof ConflictError) return `somebody holds ${number}: ${error.nextStep}`;
    if (error instanceof GraphError) return `${error.kind} ${error.code}: ${error.nextStep} (request ${error.requestId})`;
    throw error;
  }
}

export async function testOnboarding(): Promise<void> {
  const emulator = await Emulator.start();
  emulator.fault({ effect: { kind: "status", status: 503 }, times: 1 });
  await setMobile(emulator.client({ testTime: true }), "ana@contoso.example", "+1 206 555 0199");
  assert.equal(emulator.requests[0]?.status, 503);
  assert.equal(emulator.requests.at(-1)?.status, 200);
  emulator.close();
}
