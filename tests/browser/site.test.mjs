// The documentation site: pages of each kind on a desktop and a phone, light and dark, and its search without a network.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { SCHEMES, WIDTHS, launch, open, overflow, seriousFindings } from "./browser.mjs";

const PAGES = [
  "index.html",
  "guides/assign-and-wait.html",
  "operations/numberAssignments.assignNumber.html",
  "errors.html",
  "migration/msgraph-sdk.html",
  "python/client.html",
];
const screenshots = process.env.TRUNKLINE_SCREENSHOTS;

let browser;
before(async () => {
  if (screenshots !== undefined) mkdirSync(screenshots, { recursive: true });
  browser = await launch();
});
after(() => browser?.close());

/** Opens a page, looks at it, and expects it to have reported nothing. */
const look = async (name, options, looks) => {
  const { page, faults, close } = await open(browser, name, options);
  try {
    await looks(page);
    assert.deepEqual(faults, [], "the page reports errors, or asks for something");
  } finally {
    await close();
  }
};

for (const name of PAGES) {
  describe(name, () => {
    for (const width of WIDTHS) {
      for (const scheme of SCHEMES) {
        it(`reads at ${width} pixels in ${scheme} colours`, () =>
          look(name, { width, scheme }, async (page) => {
            assert.equal(await overflow(page), undefined, "the page scrolls to the side");
            assert.equal(await page.evaluate(() => document.body.dataset.mdColorScheme), scheme === "dark" ? "slate" : "default");
            if (screenshots !== undefined) {
              const file = `${name.replaceAll("/", "-").replace(".html", "")}-${width}-${scheme}.png`;
              await page.screenshot({ path: join(screenshots, file) });
            }
            assert.deepEqual(await seriousFindings(page), []);
          }));
      }
    }
  });
}

it("a guide shows the code of the language that is chosen", () =>
  look("guides/assign-and-wait.html", {}, async (page) => {
    await page.locator(".tabbed-labels label", { hasText: "Node" }).first().click();
    const shown = await page.locator(".tabbed-block:visible").first().innerText();
    assert.match(shown, /await client\.numbers\.assign\(number, user/);
    const further = await page.locator(".tabbed-block:visible").nth(1).innerText();
    assert.match(further, /nextFree/, "the other blocks of the page follow");
  }));

it("an operation is found by a part of its name, without a network", () =>
  look("index.html", {}, async (page) => {
    for (const [words, title] of [
      ["assignNumber", "Assign a telephone number"],
      ["unknownOutcome", "unknownOutcome"],
      ["spreadsheet", "From a spreadsheet"],
    ]) {
      await page.fill('[data-md-component="search-query"]', words);
      const results = page.locator(".md-search-result__item", { hasText: title });
      await results.first().waitFor({ state: "attached", timeout: 20_000 });
    }
  }));
