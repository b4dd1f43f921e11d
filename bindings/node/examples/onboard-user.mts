/** Onboards a user: a Teams number, a mobile phone method, SMS sign-in. */

import { fileURLToPath } from "node:url";

import { Client, Credential } from "trunkline";

/** Doing it twice does no harm. */
export async function onboard(client: Client, user: string, number: string, mobile: string): Promise<string[]> {
  const phones = client.phones(user);
  const steps = [
    `${await client.numbers.assign(number, user)}`,
    `${await phones.set("mobile", mobile)}`,
    `${await phones.enableSmsSignIn()}`,
  ];
  console.log(steps.join("\n"));
  return steps;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [user, number, mobile] = process.argv.slice(2);
  if (user === undefined || number === undefined || mobile === undefined) {
    throw new Error("give a user, a Teams number and a mobile number");
  }
  await onboard(new Client({ credential: Credential.fromEnvironment() }), user, number, mobile);
}
