/** Makes an outcome say itself in a line: `${outcome}`. */
export function withText<T extends { text: string }>(outcome: T): T {
  Object.defineProperty(outcome, "toString", { value: () => outcome.text });
  return outcome;
}
