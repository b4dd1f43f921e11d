// Programs that the types allow and refuse; compiled, never run. A line behind `@ts-expect-error` that compiles is a failure.

import {
  type Call,
  type CallEvent,
  Client,
  graph,
  type LongRunning,
  type PhoneAuthenticationMethodEntity,
  required,
  teamsAdministration,
  type TransportFunction,
} from "trunkline";
import { openTelemetry } from "trunkline/opentelemetry";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>(): void => {};

export async function bodies(client: Client, method: PhoneAuthenticationMethodEntity): Promise<void> {
  await method.update({ phoneNumber: "+1 206-555-0100", phoneType: "mobile" });
  await method.update({ phoneNumber: null });
  // @ts-expect-error a slip of the pen
  await method.update({ phoneNummer: "+1 206-555-0100" });
  // @ts-expect-error not a text
  await method.update({ phoneNumber: 12065550100 });
  const orders = client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
  const call = orders.assignNumber({
    telephoneNumber: "+12065550100",
    assignmentTargetId: "a0000000-0000-4000-8000-000000000001",
    numberType: teamsAdministration.NumberType.CallingPlan,
  });
  holds<Same<typeof call, Call<LongRunning<teamsAdministration.TelephoneNumberLongRunningOperation>>>>();
  // @ts-expect-error the number's type is required
  await orders.assignNumber({ telephoneNumber: "+12065550100", assignmentTargetId: "a" });
  // A record that was read can be sent back.
  const read = await method.get();
  await method.update(read);
}

export async function kinds(client: Client): Promise<void> {
  const sms = client.graph.policies.authenticationMethodsPolicy.authenticationMethodConfigurations.byId("sms");
  await sms.update({ "@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration", state: "enabled" });
  // @ts-expect-error which of the configurations it is has to be said
  await sms.update({ state: "enabled" });
  // @ts-expect-error that is a property of another one
  await sms.update({ "@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration", isOfficePhoneAllowed: true });
}

export async function answers(client: Client): Promise<void> {
  const user = client.graph.users.byId("ana@contoso.example");
  const read = await user.get({ select: ["id", "displayName"] });
  holds<Same<typeof read.displayName, string | null | undefined>>();
  // A member that no type declares can be read, and has the type unknown.
  holds<Same<(typeof read)["extension_abc"], unknown>>();
  // @ts-expect-error reading one takes no filter
  await user.get({ filter: "id eq 'a'" });
  for await (const method of user.authentication.methods.list()) {
    switch (method["@odata.type"]) {
      case "#microsoft.graph.phoneAuthenticationMethod":
        holds<Same<typeof method.phoneNumber, string | null | undefined>>();
        break;
      case "#microsoft.graph.emailAuthenticationMethod":
        holds<Same<typeof method.emailAddress, string | null | undefined>>();
        break;
      case undefined:
        break;
      default:
        holds<Same<typeof method.id, string | undefined>>();
    }
  }
  // @ts-expect-error one of the entity has no list
  user.list();
  // @ts-expect-error the service offers no deletion of users here
  await user.delete();
}

export function members(number: teamsAdministration.NumberAssignment): boolean {
  // Open: a member that is not known yet is a text like the others.
  const later: teamsAdministration.NumberType = "satellite";
  // @ts-expect-error frozen
  graph.AuthenticationPhoneType.Mobile = "other";
  return number.numberType === later || number.numberType === "callingPlan";
}

export async function references(client: Client): Promise<void> {
  const number = required(await client.numbers.nextFree());
  const user = await client.graph.users.byId("ana@contoso.example").get();
  await client.numbers.assign(number, user, { category: "primary", numberType: "callingPlan" });
  await client.numbers.verify(number, { kind: "assigned", to: user, numberType: "callingPlan" });
  client.numbers.list({ number, heldBy: user });
  const method = await client.phones(user).get("mobile");
  // Open: a role that is not known yet is a text like the others.
  const later: string = "satellite";
  await client.phones(user).get(later);
  const { phoneMethods } = client.graph.users.byId(user).authentication;
  await phoneMethods.byId(required(method)).get();
  const orders = client.graph.admin.teams.telephoneNumberManagement.numberAssignments;
  const numberType = required(number, "numberType");
  await orders.assignNumber({ telephoneNumber: number, assignmentTargetId: user, numberType });
  // @ts-expect-error there may be none
  await client.numbers.assign(await client.numbers.nextFree(), user);
  // @ts-expect-error a record of another type
  await client.numbers.assign(user, number);
  // @ts-expect-error a record of another type
  client.graph.users.byId(number);
  // @ts-expect-error a number of JavaScript
  await client.numbers.assign(12065550100, user);
}

export function requirements(number: teamsAdministration.NumberAssignment | undefined, user: graph.User): void {
  holds<Same<ReturnType<typeof required<string | null | undefined>>, string>>();
  const known = required(number);
  holds<Same<typeof known, teamsAdministration.NumberAssignment>>();
  const city = required(number, "city");
  holds<Same<typeof city, string>>();
  const { id, displayName } = required(user, ["id", "displayName"]);
  holds<Same<typeof id, string>>();
  holds<Same<typeof displayName, string>>();
  // @ts-expect-error a slip of the pen is unknown, and no text
  const slip: string = required(user, "displayNam");
}

export function observers(): Client[] {
  const happened = (event: CallEvent): void => {
    if (event.kind === "response") holds<Same<typeof event.status, number | null>>();
    // @ts-expect-error frozen
    event.kind = "row";
  };
  return [
    new Client({ onEvent: happened, onRetry: ({ wait }) => holds<Same<typeof wait, number>>() }),
    new Client({ onEvent: openTelemetry() }),
    // @ts-expect-error a retry has no status
    new Client({ onRetry: ({ status }) => void status }),
  ];
}

export function transports(): Client[] {
  const answer: TransportFunction = (request) => ({ status: 404, body: { url: request.url } });
  return [
    new Client({ transport: answer }),
    new Client({ transport: async () => Response.json({ id: "1" }) }),
    new Client({ clientCertificate: new URL("file:///gateway.pem"), certificateAuthorities: Buffer.from("PEM") }),
    // @ts-expect-error no response
    new Client({ transport: () => "yes" }),
  ];
}
