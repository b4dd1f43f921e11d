import { Emulator } from "trunkline";

export const dynamic = "force-dynamic";

export async function GET() {
  const emulator = await Emulator.start();
  const { length } = await emulator.client().graph.users.list().all();
  emulator.close();
  return Response.json({ users: length });
}
