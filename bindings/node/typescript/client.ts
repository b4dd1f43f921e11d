import { Connection } from "./connection.js";

/** Microsoft Graph for phone numbers, for one tenant. */
export class Client {
  /** @internal */
  readonly connection: Connection;

  constructor(options: object = {}) {
    this.connection = new Connection(options);
  }
}
