// The tasks of the page about moving from microsoft-graph-client, as its users write them.
import { GraphError, PageIterator, ResponseType } from "@microsoft/microsoft-graph-client";
import { setTimeout as sleep } from "node:timers/promises";

const NUMBERS = "/admin/teams/telephoneNumberManagement/numberAssignments";
const MOBILE = "3179e48a-750b-4051-897c-87b9720928f7";

export async function assign(client, number, user) {
  const holder = await client.api(`/users/${user}`).select("id").get();
  const found = await client.api(NUMBERS).filter(`telephoneNumber eq '${number}'`).get();
  const accepted = await client
    .api(`${NUMBERS}/assignNumber`)
    .responseType(ResponseType.RAW)
    .post({ telephoneNumber: number, assignmentTargetId: holder.id, numberType: found.value[0].numberType });
  if (!accepted.ok) throw new Error((await accepted.json()).error.message);
  for (;;) {
    const { status } = await client.api(accepted.headers.get("location")).get();
    if (status === "succeeded" || status === "failed") return status;
    await sleep(2_000);
  }
}

export async function writeNumbers(client, file) {
  let count = 0;
  file.write("number,city,status\n");
  const first = await client.api(NUMBERS).get();
  const iterator = new PageIterator(client, first, ({ telephoneNumber, city, assignmentStatus }) => {
    file.write(`${[telephoneNumber, city, assignmentStatus].map(cell).join(",")}\n`);
    count += 1;
    return true;
  });
  await iterator.iterate();
  file.end();
  return count;
}

function cell(value) {
  const text = value ?? "";
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export async function mobiles(client, users) {
  const found = new Map();
  for (const user of users) {
    try {
      const phone = await client.api(`/users/${user}/authentication/phoneMethods/${MOBILE}`).get();
      found.set(user, phone.phoneNumber);
    } catch (error) {
      if (error.statusCode !== 404) throw error;
      found.set(user, undefined);
    }
  }
  return found;
}

export async function usersIn(client, country) {
  const filter = `usageLocation eq '${country}' and accountEnabled eq true`;
  const names = [];
  const first = await client.api("/users").filter(filter).select("userPrincipalName").top(999).get();
  const iterator = new PageIterator(client, first, ({ userPrincipalName }) => names.push(userPrincipalName) > 0);
  await iterator.iterate();
  return names;
}

export async function assignOrExplain(client, number, user) {
  try {
    return await assign(client, number, user);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    if (error.statusCode === 409) return `somebody holds ${number}`;
    return `${error.statusCode} ${error.code}: ${error.message} (request ${error.requestId})`;
  }
}
