// Keys in paths: what needs no encoding is put there by JavaScript, everything else by the native part.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "trunkline";

import { native } from "./native.mjs";

const { users } = new Client().graph;

test("every key stands in a path as the native part writes it", () => {
  const characters = Array.from({ length: 0x180 - 0x20 }, (_, index) => String.fromCharCode(index + 0x20));
  const printable = characters.filter((character) => !/\p{Cc}/u.test(character));
  const keys = printable.flatMap((one) => [`${one}`, `${one}a`, `a${one}b`, `a${one}`]);
  for (const key of [...keys, "a..", "ana@contoso.example", "8b9c1d2e-1111-4222-8333-444455556666", "安"]) {
    if (key === ".") continue;
    assert.equal(users.byId(key).path, native.withKey("/users", key), key);
  }
});

test("what is no key is refused", () => {
  for (const key of ["", ".", "..", "a\n", "\n", "a\u0000"]) {
    assert.throws(() => users.byId(key), { name: "InvalidInputError" }, JSON.stringify(key));
  }
  for (const key of [undefined, null, 7, {}]) {
    assert.throws(() => users.byId(key), { name: "InvalidInputError" }, String(key));
  }
});
