/** Lists all numbers of the tenant into a CSV. */

import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";

import { Client, Credential } from "trunkline";

/** Writes one line per number, and says how many there were. Pages are read as fast as they can be written. */
export async function writeNumbers(client: Client, file: NodeJS.WritableStream): Promise<number> {
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    yield "number,city,status\n";
    const management = client.graph.admin.teams.telephoneNumberManagement;
    for await (const page of management.numberAssignments.list({ top: 999 }).pages()) {
      count += page.items.length;
      const rows = page.items.map(({ telephoneNumber, city, assignmentStatus }) =>
        [telephoneNumber, city, assignmentStatus].map(cell).join(","),
      );
      yield `${rows.join("\n")}\n`;
    }
  }
  await pipeline(lines, file, { end: file !== process.stdout });
  return count;
}

/** A value as CSV has it. */
export function cell(value: string | null | undefined): string {
  const text = value ?? "";
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeNumbers(new Client({ credential: Credential.fromEnvironment() }), process.stdout);
}
