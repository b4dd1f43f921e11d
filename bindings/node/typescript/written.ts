/**
 * A record as it is given in a body: only what its type declares, so that a slip of the pen does not compile. What the
 * service says may hold more; that is read from the record itself.
 */
export type Written<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Written<Item>[]
    : T extends object
      ? { [Name in keyof T as string extends Name ? never : Name]: Written<T[Name]> }
      : T;
