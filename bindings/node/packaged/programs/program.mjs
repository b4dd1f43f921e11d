import { Emulator, NotFoundError } from "trunkline";

async function main() {
  const emulator = await Emulator.start();
  const { users } = emulator.client().graph;
  const error = await users.byId("nobody@contoso.example").get().catch((error) => error);
  const { length } = await users.list().all();
  emulator.close();
  return `${length} users, ${error instanceof NotFoundError} ${error.name}`;
}

main().then(console.log);
