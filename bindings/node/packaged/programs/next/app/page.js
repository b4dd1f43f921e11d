import { NotFoundError } from "trunkline";

export const dynamic = "force-dynamic";

export default function Page() {
  return <p>{NotFoundError.prototype.kind}</p>;
}
