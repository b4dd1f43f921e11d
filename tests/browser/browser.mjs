// A browser, and what every page is asked: opened from its file, as a person opens it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const named = (name) => {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; run: cargo xtask test browser`);
  return value;
};
const tools = createRequire(join(named("TRUNKLINE_BROWSER_TOOLS"), "package.json"));
const { chromium } = tools("playwright-core");
// Reading the texts of a print draws nothing; without this the library does not load where there is no canvas.
globalThis.DOMMatrix ??= class DOMMatrix {};
const pdf = await import(pathToFileURL(tools.resolve("pdfjs-dist/legacy/build/pdf.mjs")).href);
const axe = readFileSync(tools.resolve("axe-core/axe.min.js"), "utf8");

/** Widths of a desktop and of a phone. */
export const WIDTHS = [1280, 390];

export const SCHEMES = ["light", "dark"];

/** Starts the browser. It reaches no network. */
export const launch = () =>
  chromium.launch({
    executablePath: named("TRUNKLINE_BROWSER"),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"],
  });

/** Opens a page; whatever it reports as an error, or asks for, fails the test. */
export const open = async (browser, name, { width = 1280, scheme = "light" } = {}) => {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`${error}`));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => !request.url().startsWith("file:") && faults.push(`asks for ${request.url()}`));
  await page.goto(pathToFileURL(join(named("TRUNKLINE_PAGES"), name)).href, { timeout: 120_000 });
  return { page, faults, close: () => context.close() };
};

/** Findings of axe that keep people from reading the page. */
export const seriousFindings = async (page) => {
  await page.evaluate(axe);
  // Style sheets of pages that were opened from a file cannot be read once more.
  const options = { resultTypes: ["violations"], preload: false };
  const found = await page.evaluate((options) => globalThis.axe.run(document, options), options);
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join(" | ")}`);
};

/** Whether the page can be scrolled to the side, and the first element that reaches beyond it. */
export const overflow = (page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return undefined;
    const wide = [...document.querySelectorAll("body *")].find((element) => element.getBoundingClientRect().right > width + 1);
    return `${document.documentElement.scrollWidth} of ${width}: ${wide?.outerHTML.slice(0, 200)}`;
  });

/** The texts of the sheets of a print, without spaces: what is wrapped stands in pieces. */
export const printed = async (page, format) => {
  const bytes = await page.pdf({ format });
  const loading = pdf.getDocument({ data: new Uint8Array(bytes), verbosity: 0, isEvalSupported: false });
  const document = await loading.promise;
  const sheets = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    sheets.push(items.map((item) => item.str).join("").replace(/\s/g, ""));
  }
  await loading.destroy();
  return sheets;
};
