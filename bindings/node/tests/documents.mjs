// The code of the documents, as programs: the blocks of each are one program, because a reader goes on where the block before
// ended. A block may declare a name again: it is a scope in that of the block before it.

import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const typescript = createRequire(import.meta.url)("typescript");
const ROOT = new URL("../../../", import.meta.url);
const IMPORT = /^import (type )?(?:\{ (.*?) \}|(\w+)|\* as (\w+)) from "(.*?)";$/;

/** The documents that hold code of this package, by their path in the project. */
export async function documents() {
  const folders = ["", "docs/", "bindings/node/", "bindings/python/", ...(await named("crates/")).map((name) => `crates/${name}/`)];
  const paths = [];
  for (const folder of folders) {
    for (const name of await named(folder)) if (name.endsWith(".md")) paths.push(`${folder}${name}`);
  }
  const programs = await Promise.all(paths.map(program));
  return programs.filter(({ modules }) => modules.has("trunkline"));
}

async function named(folder) {
  return (await readdir(new URL(folder, ROOT))).toSorted();
}

/** The program of a document: what it imports by module, its lines, and where in the document each of these stands. */
export async function program(path) {
  const modules = new Map();
  const lines = [];
  const places = [];
  let open = 0;
  let inBlock = false;
  const document = (await readFile(new URL(path, ROOT), "utf8")).split("\n");
  document.forEach((line, index) => {
    const add = (text) => {
      lines.push(text);
      places.push(index + 1);
    };
    if (line.startsWith("```")) {
      inBlock = !inBlock && /^```(js|ts)$/.test(line);
      if (inBlock) {
        add("{");
        open += 1;
      }
      return;
    }
    if (!inBlock) return;
    const [, , some, whole, all, from] = IMPORT.exec(line) ?? [];
    if (from === undefined) return add(line.replace(/^export /, ""));
    const names = some?.split(", ").map((name) => name.replace(/^type /, "")) ?? [whole === undefined ? `* as ${all}` : `default as ${whole}`];
    modules.set(from, new Set([...(modules.get(from) ?? []), ...names]));
  });
  lines.push("}".repeat(open));
  return { path, modules, lines, places };
}

/** The text of a program. `from`: another module in place of this one. */
function source({ modules, lines }, from = (name) => name) {
  const imports = [...modules].map(([module, names]) => {
    const [first] = names;
    const clause = first.startsWith("* ") ? first : `{ ${[...names].join(", ")} }`;
    return `import ${clause} from "${from(module)}"; `;
  });
  // In one line, so that the others are where they are in `lines`.
  return `${imports.join("")}\n${lines.join("\n")}\nexport {};\n`;
}

/** The program as JavaScript. */
export function javascript(program, from) {
  const { ESNext } = typescript.ModuleKind;
  const compilerOptions = { module: ESNext, target: typescript.ScriptTarget.ES2022, verbatimModuleSyntax: false };
  return typescript.transpileModule(source(program, from), { compilerOptions }).outputText;
}

/** The complaints of the compiler about programs, each with its place in the document. */
export function complaints(programs) {
  const configuration = fileURLToPath(new URL("tsconfig.json", import.meta.url));
  const { options } = typescript.getParsedCommandLineOfConfigFile(configuration, {}, { ...typescript.sys, onUnRecoverableConfigFileDiagnostic: () => {} });
  const files = new Map();
  for (const [index, program] of programs.entries()) {
    files.set(fileURLToPath(new URL(`document-${index}.mts`, import.meta.url)), { program, text: source(program) });
  }
  // Packages of others are not installed here: what they export is anything.
  const others = programs.flatMap(({ modules }) => [...modules.keys()]).filter((name) => !/^(trunkline$|node:)/.test(name));
  const context = fileURLToPath(new URL("document-context.d.ts", import.meta.url));
  files.set(context, { text: others.map((name) => `declare module "${name}";\n`).join("") });
  const host = typescript.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile: read } = host;
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.readFile = (name) => files.get(name)?.text ?? read.call(host, name);
  host.getSourceFile = (name, ...rest) => {
    const file = files.get(name);
    const settings = typeof rest[0] === "object" ? rest[0] : { languageVersion: rest[0] };
    return file === undefined ? getSourceFile.call(host, name, ...rest) : typescript.createSourceFile(name, file.text, settings);
  };
  const compiled = typescript.createProgram([...files.keys()], options, host);
  return typescript.getPreEmitDiagnostics(compiled).map(({ file, start, messageText }) => {
    const says = typescript.flattenDiagnosticMessageText(messageText, " ");
    const { program } = files.get(file?.fileName) ?? {};
    if (program === undefined) return `${file?.fileName ?? "options"}: ${says}`;
    const { line } = file.getLineAndCharacterOfPosition(start);
    return `${program.path}:${program.places[line - 1] ?? "?"}: ${says}`;
  });
}
