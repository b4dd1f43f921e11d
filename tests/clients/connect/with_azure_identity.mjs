// NODE_EXTRA_CA_CERTS is the `certificateFile` of the emulator.
import { ClientSecretCredential } from "@azure/identity";

const EMULATOR = process.env.EMULATOR; // https://localhost:8443

// Every credential of the library takes these two.
export const OPTIONS = { authorityHost: EMULATOR, disableInstanceDiscovery: true };

export function credential(clientId, secret) {
  return new ClientSecretCredential("contoso.example", clientId, secret, OPTIONS);
}

export const SCOPE = `${EMULATOR}/.default`;
