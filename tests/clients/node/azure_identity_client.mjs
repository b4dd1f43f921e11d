// @azure/identity.
import { join } from "node:path";
import { ClientAssertionCredential, ClientCertificateCredential, DeviceCodeCredential } from "@azure/identity";
import { credential, OPTIONS, SCOPE } from "../connect/with_azure_identity.mjs";
import { ALL, check, EMULATOR, federatedAssertion, FIXTURES, run, SECRET, verify } from "./harness.mjs";

const TENANT_NAME = "contoso.example";
const DELEGATED = `${EMULATOR}/User.Read.All`;

function device() {
  return new DeviceCodeCredential({
    clientId: ALL,
    tenantId: TENANT_NAME,
    userPromptCallback: () => {},
    ...OPTIONS,
  });
}

await run("@azure/identity", {
  async secret() {
    const known = credential(ALL, SECRET);
    const first = await known.getToken(SCOPE);
    check((await verify(first.token)).appid === ALL, "the token is of another application");
    check((await known.getToken(SCOPE)).token === first.token, "the second token does not come from the cache");
  },
  async certificate() {
    for (const sendCertificateChain of [false, true]) {
      const certificatePath = join(FIXTURES, "client.pem");
      const options = { ...OPTIONS, sendCertificateChain };
      const known = new ClientCertificateCredential(TENANT_NAME, ALL, { certificatePath }, options);
      await verify((await known.getToken(SCOPE)).token);
    }
  },
  async "federated assertion"() {
    const known = new ClientAssertionCredential(TENANT_NAME, ALL, async () => federatedAssertion(), OPTIONS);
    await verify((await known.getToken(SCOPE)).token);
  },
  async "device code"() {
    const record = await device().authenticate(DELEGATED);
    check(record.username === "ana@contoso.example", record);
    return `${record.username} of ${record.tenantId}`;
  },
  async refresh() {
    const known = device();
    await known.authenticate(DELEGATED);
    const first = await known.getToken(DELEGATED);
    // Another scope is in no cached token: the refresh token has to bring it.
    const other = await known.getToken(`${EMULATOR}/TeamsTelephoneNumber.Read.All`);
    check((await verify(first.token)).scp === "User.Read.All", "the first token has another scope");
    check((await verify(other.token)).scp === "TeamsTelephoneNumber.Read.All", "the second has another scope");
  },
  async "refused sign-in"() {
    const error = await credential(ALL, "not the secret").getToken(SCOPE).catch((error) => error);
    check(error.name === "AuthenticationRequiredError" && error.message.includes("AADSTS7000215"), error);
    return error.message.split("\n")[0];
  },
});
