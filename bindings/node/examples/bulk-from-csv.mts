/** Applies a CSV of telephone numbers and phone methods. Run it again after a kill: it goes on where it was. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Client, Credential, Plan, type Summary } from "trunkline";

/** The plan is kept next to the journal: another run with the same journal goes on with the same plan. */
export async function applyCsv(client: Client, file: string, journal: string): Promise<Summary> {
  const saved = `${journal}.plan`;
  let plan: Plan;
  if (existsSync(saved)) {
    plan = await Plan.read(saved);
  } else {
    const rows = await client.bulk.read(file);
    for (const problem of rows.problems) console.error(`row ${problem.row}: ${problem.what}. ${problem.nextStep}`);
    plan = await client.bulk.plan(rows);
    await plan.write(saved);
  }
  console.log(`${plan.summary.change} rows to change, ${plan.summary.already} are already correct`);

  const run = client.bulk.apply(plan, journal);
  for await (const event of run) {
    if (event.kind === "row" && event.failure !== undefined) {
      console.log(`row ${event.row}: ${event.failure.what}. ${event.failure.nextStep}`);
    } else if (event.kind === "progress") {
      console.log(`${event.summary.rows} of ${event.rows}, ${event.rowsPerSecond.toFixed(0)} a second`);
    }
  }

  for (const row of await client.bulk.verify(journal)) {
    if (row.hasDrifted) console.log(`row ${row.row} was changed since: ${row.what}`);
  }
  await client.bulk.report(journal, { html: `${journal}.html`, masked: true });
  return run.run();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, journal] = process.argv.slice(2);
  if (file === undefined || journal === undefined) throw new Error("give a file of rows and a journal");
  const client = new Client({ credential: Credential.fromEnvironment(), pace: "documented" });
  const summary = await applyCsv(client, file, journal);
  console.log(summary);
  process.exitCode = summary.rows === summary.done + summary.already ? 0 : 1;
}
