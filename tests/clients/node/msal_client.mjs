// @azure/msal-node.
import { application, publicApplication, SCOPES } from "../connect/with_msal.mjs";
import { ALL, check, EMULATOR, federatedAssertion, fixture, run, SECRET, thumbprint, verify } from "./harness.mjs";

const DELEGATED = [`${EMULATOR}/User.Read.All`];

async function signedIn() {
  const app = publicApplication(ALL);
  const first = await app.acquireTokenByDeviceCode({ scopes: DELEGATED, deviceCodeCallback: () => {} });
  return { app, first };
}

await run("@azure/msal-node", {
  async secret() {
    const app = application(ALL, { clientSecret: SECRET });
    const first = await app.acquireTokenByClientCredential({ scopes: SCOPES });
    check((await verify(first.accessToken)).appid === ALL, "the token is of another application");
    const again = await app.acquireTokenByClientCredential({ scopes: SCOPES });
    check(again.fromCache, "the second token does not come from the cache");
  },
  async certificate() {
    const clientCertificate = { thumbprintSha256: thumbprint(), privateKey: fixture("key.pem") };
    const app = application(ALL, { clientCertificate });
    await verify((await app.acquireTokenByClientCredential({ scopes: SCOPES })).accessToken);
    const chain = { ...clientCertificate, x5c: fixture("certificate.pem") };
    const sentAlong = application(ALL, { clientCertificate: chain });
    await verify((await sentAlong.acquireTokenByClientCredential({ scopes: SCOPES })).accessToken);
  },
  async "federated assertion"() {
    const app = application(ALL, { clientAssertion: async () => federatedAssertion() });
    await verify((await app.acquireTokenByClientCredential({ scopes: SCOPES })).accessToken);
  },
  async "device code"() {
    const { first } = await signedIn();
    check((await verify(first.accessToken)).scp === "User.Read.All", first.scopes);
    check(first.account.username === "ana@contoso.example", first.account);
    return first.scopes.join(" ");
  },
  async refresh() {
    const { app, first } = await signedIn();
    const request = { account: first.account, scopes: DELEGATED };
    const silent = await app.acquireTokenSilent(request);
    check(silent.fromCache, "the silent token does not come from the cache");
    const renewed = await app.acquireTokenSilent({ ...request, forceRefresh: true });
    check(!renewed.fromCache, "the renewed token comes from the cache");
    const [before, after] = [await verify(first.accessToken), await verify(renewed.accessToken)];
    check(before.uti !== after.uti, "the renewed token is the first one");
  },
  async "refused sign-in"() {
    const app = application(ALL, { clientSecret: "not the secret" });
    const error = await app.acquireTokenByClientCredential({ scopes: SCOPES }).catch((error) => error);
    check(error.errorCode === "invalid_client" && error.message.includes("AADSTS7000215"), error);
    return error.message.split("\n")[0];
  },
});
