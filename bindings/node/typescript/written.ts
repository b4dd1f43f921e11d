/**
 * A record as the body of a request: only the properties that its type declares, so that a misspelled name does not
 * compile. A record that the service returns may have further members; read those from the record itself.
 */
export type Written<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Written<Item>[]
    : T extends object
      ? { [Name in keyof T as string extends Name ? never : Name]: Written<T[Name]> }
      : T;
