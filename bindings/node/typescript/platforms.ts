/** The platforms that have a native part, each in a package of its own. */
export const PLATFORMS: readonly string[] = [
  "darwin-arm64",
  "darwin-x64",
  "linux-arm64-gnu",
  "linux-arm64-musl",
  "linux-x64-gnu",
  "linux-x64-musl",
  "win32-arm64-msvc",
  "win32-x64-msvc",
];

/** The result of requiring a package. */
export type Required = { part: unknown } | { cause: unknown };

/**
 * Requires the package of a platform.
 *
 * Each name is a literal, so that what follows `require` finds the file to carry along: Bun's and Deno's compilers, Next and
 * whatever else traces files. And it is inside `try`, which tells them that the package of another platform may be missing.
 */
export function requirePackage(name: string): Required | undefined {
  try {
    switch (name) {
      case "darwin-arm64":
        return { part: require("@trunkline/darwin-arm64") };
      case "darwin-x64":
        return { part: require("@trunkline/darwin-x64") };
      case "linux-arm64-gnu":
        return { part: require("@trunkline/linux-arm64-gnu") };
      case "linux-arm64-musl":
        return { part: require("@trunkline/linux-arm64-musl") };
      case "linux-x64-gnu":
        return { part: require("@trunkline/linux-x64-gnu") };
      case "linux-x64-musl":
        return { part: require("@trunkline/linux-x64-musl") };
      case "win32-arm64-msvc":
        return { part: require("@trunkline/win32-arm64-msvc") };
      case "win32-x64-msvc":
        return { part: require("@trunkline/win32-x64-msvc") };
      default:
        return undefined;
    }
  } catch (cause) {
    return { cause };
  }
}

/** Requires a file. */
export function requireFile(path: string): Required {
  try {
    return { part: require(path) };
  } catch (cause) {
    return { cause };
  }
}

/** The folder of this file. */
export const folder: string = __dirname;

/** Whether a bundler has put this file into another one. */
export const isBundled: boolean = false;

/** Whether the package of a platform is there, whether or not it loads. */
export function isInstalled(name: string): boolean {
  try {
    require.resolve(`@trunkline/${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
