// NODE_EXTRA_CA_CERTS is the `certificateFile` of the emulator.
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

const EMULATOR = process.env.EMULATOR; // https://localhost:8443

export function graph(credential) {
  const authProvider = new TokenCredentialAuthenticationProvider(credential, { scopes: [`${EMULATOR}/.default`] });
  return Client.initWithMiddleware({
    authProvider,
    baseUrl: EMULATOR,
    // Without its name here the client sends no token to it.
    customHosts: new Set([new URL(EMULATOR).hostname]),
  });
}
