// NODE_EXTRA_CA_CERTS is the `certificateFile` of the emulator.
import { ConfidentialClientApplication, PublicClientApplication } from "@azure/msal-node";

const EMULATOR = process.env.EMULATOR; // https://localhost:8443

const authority = {
  authority: `${EMULATOR}/contoso.example`,
  knownAuthorities: [new URL(EMULATOR).host],
};

export function application(clientId, credential) {
  return new ConfidentialClientApplication({ auth: { clientId, ...credential, ...authority } });
}

export function publicApplication(clientId) {
  return new PublicClientApplication({ auth: { clientId, ...authority } });
}

export const SCOPES = [`${EMULATOR}/.default`];
