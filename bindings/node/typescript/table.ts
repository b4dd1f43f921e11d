/** A page as the native part tells it: every value once, the cells of its records, and what shapes they have. */
export type Payload = readonly [values: string, cells: ArrayBuffer, shapes: string];

/** Members of records, by shape. */
interface Shapes {
  /** Names of members. */
  names: readonly string[];
  /** Which of them may be lists that several records share. */
  lists: readonly boolean[];
  /** Of each shape its members. */
  shapes: readonly (readonly number[])[];
}

/** The records of a page. Each is its own: what a program changes in one shows in no other. */
export function records(payload: Payload): Record<string, unknown>[] {
  const values = JSON.parse(payload[0]) as unknown[];
  const cells = new Uint32Array(payload[1]);
  const { names, lists, shapes } = JSON.parse(payload[2]) as Shapes;
  const list: Record<string, unknown>[] = [];
  for (let at = 0; at < cells.length; ) {
    const shape = shapes[cells[at++] as number] as readonly number[];
    const record: Record<string, unknown> = {};
    for (const member of shape) {
      const value = values[cells[at++] as number];
      record[names[member] as string] = lists[member] && Array.isArray(value) ? (value as unknown[]).slice() : value;
    }
    list.push(record);
  }
  return list;
}
