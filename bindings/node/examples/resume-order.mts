/** Starts an order and keeps its token in a file, so that another run can wait for its end. */

import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { Client, Credential } from "trunkline";

/** Sends the order and keeps its token. */
export async function start(client: Client, number: string, user: string, file: string): Promise<void> {
  const found = await client.numbers.get(number);
  const holder = await client.graph.users.byId(user).get({ select: ["id"] });
  if (!found?.numberType || holder.id === undefined) throw new Error("there is no such number or user");
  const orders = client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
  const running = await orders.assignNumber({
    telephoneNumber: number,
    assignmentTargetId: holder.id,
    numberType: found.numberType,
  });
  await writeFile(file, running.token);
}

/** Takes the order up again, and says whether it succeeded. */
export async function finish(client: Client, file: string): Promise<boolean> {
  const end = await client.follow(await readFile(file, "utf8")).done({ timeout: 600 });
  console.log(end.status);
  return end.succeeded === true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const client = new Client({ credential: Credential.fromEnvironment() });
  const order = "order.token";
  const [number, user] = process.argv.slice(2);
  if (existsSync(order)) await finish(client, order);
  else if (number !== undefined && user !== undefined) await start(client, number, user, order);
  else throw new Error("give a number and a user");
}
