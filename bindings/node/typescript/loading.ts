import { existsSync } from "node:fs";
import { join } from "node:path";

import { PLATFORMS, folder, isBundled, isInstalled, requireFile, requirePackage } from "./platforms.js";

/** Why a native part was not loaded. */
interface Failure {
  name: string;
  /** Whether it is there at all. */
  isThere: boolean;
  cause: unknown;
}

/** Loads the native part from a file next to this one, or else from the package of the platform. */
export function load(): unknown {
  const failures: Failure[] = [];
  for (const name of candidates()) {
    const file = join(folder, `trunkline.${name}.node`);
    const isOwnFile = existsSync(file);
    const required = isOwnFile ? requireFile(file) : requirePackage(name);
    if (required === undefined) continue;
    if ("part" in required) return required.part;
    failures.push({ name, isThere: isOwnFile || isInstalled(name), cause: required.cause });
  }
  throw explained(failures);
}

/** The platforms that this one may be called. Which C library a Linux has shows soonest by which native part loads. */
function candidates(): string[] {
  const { platform, arch } = process;
  if (platform === "linux") return [`${platform}-${arch}-gnu`, `${platform}-${arch}-musl`];
  return [platform === "win32" ? `${platform}-${arch}-msvc` : `${platform}-${arch}`];
}

/** The C library of this Linux; `undefined` where it does not show. Too slow for a start that goes well. */
function libraryOfC(): "gnu" | "musl" | undefined {
  try {
    const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string }; sharedObjects?: string[] };
    if (report.header?.glibcVersionRuntime !== undefined) return "gnu";
    if (report.sharedObjects?.some((object) => object.includes("ld-musl-")) === true) return "musl";
  } catch {
    // Not every runtime writes reports.
  }
  return undefined;
}

/** The error of a start without a native part. "Not installed" and "does not load" need different things done. */
function explained(failures: Failure[]): Error {
  const { platform, arch } = process;
  if (failures.length === 0) {
    return failed(
      "ERR_TRUNKLINE_PLATFORM",
      `trunkline has no native part for ${platform}-${arch}; it has one for ${PLATFORMS.join(", ")}`,
      undefined,
    );
  }
  const library = failures.length > 1 ? libraryOfC() : undefined;
  const fitting = failures.filter(({ name }) => library === undefined || name.endsWith(library));
  const broken = fitting.find(({ isThere }) => isThere);
  if (broken !== undefined) {
    const { name, cause } = broken;
    const reason = messageOf(cause);
    return failed(
      "ERR_TRUNKLINE_NOT_LOADED",
      `trunkline's native part (@trunkline/${name}) is installed but does not load, because: ${reason}`,
      cause,
    );
  }
  const needed = fitting.map(({ name }) => `@trunkline/${name}`).join(" or ");
  const others = PLATFORMS.filter(isInstalled);
  const other =
    others.length === 0
      ? ""
      : ` Installed is @trunkline/${others.join(", @trunkline/")}, for another platform: install on the one it runs on.`;
  const files = fitting.map(({ name }) => `trunkline.${name}.node`).join(" or ");
  const message = isBundled
    ? `trunkline's native part (${needed}) is not found from ${folder}, where a bundler has put trunkline: it cannot be put into ` +
      "JavaScript. Mark trunkline as external (esbuild: --external:trunkline, Next: serverExternalPackages) and install it where " +
      `the program runs, or copy the package's file ${files} into that folder`
    : `trunkline's native part for this platform is not installed: the package ${needed}.${other} It is an optional dependency ` +
      `of trunkline: run "npm install" again without --omit=optional, or "npm install ${fitting.map(({ name }) => `@trunkline/${name}`).join(" ")}"`;
  const causes = fitting.map(({ cause }) => cause);
  return failed(
    "ERR_TRUNKLINE_NOT_INSTALLED",
    message,
    causes.length === 1 ? causes[0] : new AggregateError(causes),
  );
}

function failed(code: string, message: string, cause: unknown): Error {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code });
}

/** The first line of an error's message: what follows it in Node is a list of files that required one another. */
function messageOf(cause: unknown): string {
  const message = typeof cause === "object" && cause !== null && "message" in cause ? cause.message : cause;
  return String(message).split("\n")[0] as string;
}
