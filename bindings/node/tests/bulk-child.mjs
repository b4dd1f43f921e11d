// Applies a plan in a process that is killed.

import { Client, Plan } from "trunkline";

const [endpoint, credential, plan, journal] = process.argv.slice(2);
const client = new Client({ endpoint, credential, proxy: false });
for await (const { kind } of client.bulk.apply(await Plan.read(plan), journal, { inFlight: 2 })) console.log(kind);
