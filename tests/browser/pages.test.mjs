// The pages of bulk work: on a desktop and a phone, light and dark, and on paper.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { SCHEMES, WIDTHS, launch, open, overflow, printed, seriousFindings } from "./browser.mjs";

const PAGES = ["report.html", "masked.html", "empty.html", "plan.html", "map.html"];

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Opens a page, looks at it, and expects it to have reported nothing. */
const look = async (name, options, looks) => {
  const { page, faults, close } = await open(browser, name, options);
  try {
    await looks(page);
    assert.deepEqual(faults, [], "the page reports errors, or asks for something");
    assert.notEqual(await page.title(), "broken", "a hostile text ran as script");
  } finally {
    await close();
  }
};

const text = (page, selector) => page.locator(selector).innerText();
const count = (page, selector) => page.locator(selector).count();

for (const name of PAGES) {
  describe(name, () => {
    for (const width of WIDTHS) {
      for (const scheme of SCHEMES) {
        it(`reads at ${width} pixels in ${scheme} colours`, () =>
          look(name, { width, scheme }, async (page) => {
            assert.equal(await overflow(page), undefined, "the page scrolls to the side");
            assert.deepEqual(await seriousFindings(page), []);
            const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
            assert.equal(ground, scheme === "dark" ? "rgb(18, 22, 28)" : "rgb(244, 246, 248)");
          }));
      }
    }

    it("prints without a dark background", () =>
      look(name, { scheme: "dark" }, async (page) => {
        await page.emulateMedia({ media: "print", colorScheme: "dark" });
        const colours = await page.evaluate(() => {
          const style = getComputedStyle(document.body);
          return [style.backgroundColor, style.color];
        });
        assert.deepEqual(colours, ["rgb(255, 255, 255)", "rgb(28, 36, 48)"]);
      }));
  });
}

describe("the report", () => {
  it("shows totals, time, causes and the first rows", () =>
    look("report.html", {}, async (page) => {
      for (const ending of ["done", "already", "failed", "pending", "unknown"]) {
        assert.equal(await text(page, `#total-${ending}`), "100", ending);
      }
      assert.equal(await text(page, "#total-skipped"), "102");
      assert.equal(await count(page, ".timeline .bar"), 160, "the time is drawn in equal parts");
      assert.equal(await count(page, ".timeline .wait"), 5);
      assert.equal(await count(page, "#rows-body tr"), 200);
      assert.equal(await text(page, "#rows-shown"), "1 to 200 of 605 rows");
      assert.equal(await count(page, "img"), 0, "a hostile text became an element");
      const facts = await text(page, "dl.facts");
      assert.match(facts, /ana1@contoso\.example, with trunkline 0\.1\.0/);
      assert.match(facts, /1 of 605 rows in place, 2 drifted/);
      assert.match(facts, /open rows, which were not selected or not reached: 3/);
      assert.match(await text(page, "#rows-body tr:nth-child(4)"), /drifted: ana3@contoso\.example has another number/);
    }));

  it("names the rows that were left out, and why", () =>
    look("report.html", {}, async (page) => {
      const left = await text(page, "#left-out");
      assert.match(left, /Cannot be read: 2 × noPlus/);
      assert.match(left, /Write it with its country code/);
      assert.match(left, /Rows 602, 603/);
      assert.match(left, /Open.*: 3\. Rows 604, 605, 606/s);
      const order = await page.evaluate(() => [...document.querySelectorAll("h2")].map((heading) => heading.textContent));
      assert.deepEqual(order, ["Over time", "Problems by cause", "Rows left out", "Map of the numbers of this run", "Rows"]);
    }));

  it("searches, chooses and turns pages", () =>
    look("report.html", {}, async (page) => {
      await page.click("#rows-later");
      assert.equal(await text(page, "#rows-shown"), "201 to 400 of 605 rows");
      for (const number of ["+12065550007", "+1 206 555 0007", "(206) 555-0007", "+1.206.555.0007"]) {
        await page.fill("#rows-search", number);
        assert.equal(await text(page, "#rows-shown"), "1 to 1 of 1 rows", number);
      }
      // In the file it stands with a space.
      await page.fill("#rows-search", "+12065550004");
      assert.equal(await text(page, "#rows-shown"), "1 to 1 of 1 rows");
      await page.fill("#rows-search", "");
      await page.click('[data-choose="failed"]');
      assert.equal(await text(page, "#rows-shown"), "1 to 100 of 100 rows");
    }));

  it("shows a row as a card on a phone", () =>
    look("report.html", { width: 390 }, async (page) => {
      const label = await page.evaluate(() => getComputedStyle(document.querySelector("#rows-body td"), "::before").content);
      assert.equal(label, '"Action"');
      const isHidden = await page.evaluate(() => document.querySelector("#rows-table thead").getBoundingClientRect().width <= 2);
      assert.ok(isHidden, "the headings are shown above the cards, too");
    }));

  for (const format of ["A4", "Letter"]) {
    it(`prints every row on ${format}, with the headings on each sheet`, () =>
      look("report.html", {}, async (page) => {
        const sheets = await printed(page, format);
        const request = (index) => `c0000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
        const printedText = sheets.join("");
        const missing = Array.from({ length: 600 }, (_, index) => request(index)).filter((id) => !printedText.includes(id));
        assert.deepEqual(missing, [], "rows are not printed");
        const headed = sheets.filter((sheet) => sheet.includes("RowActionUserNumberEndingWhat,andwhattodo"));
        const first = sheets.findIndex((sheet) => headed.includes(sheet));
        assert.equal(headed.length, sheets.length - first, "a sheet of the table has no headings");
        assert.ok(sheets.length < 60, `${sheets.length} sheets`);
        assert.equal(await text(page, "#rows-shown"), "1 to 200 of 605 rows", "the screen is as before");
        await page.emulateMedia({ media: "print" });
        await page.waitForFunction(() => document.querySelectorAll("#rows-body tr").length === 605, null, { timeout: 20_000 });
        const head = await page.evaluate(() => getComputedStyle(document.querySelector("#rows-table thead")).display);
        assert.equal(head, "table-header-group", "the headings are not repeated");
        const numbers = await page.locator("#rows-body").innerText();
        assert.ok(numbers.includes("+12065550599"), "the last number is not printed");
      }));
  }

  it("has no map and no names when it is masked", () =>
    look("masked.html", {}, async (page) => {
      assert.match(await text(page, "#map"), /no map/);
      assert.doesNotMatch(await page.content(), /206555|ana1@/);
    }));
});

describe("the plan", () => {
  it("shows what is taken away, and what is blocked by cause", () =>
    look("plan.html", {}, async (page) => {
      assert.deepEqual(
        [await text(page, "#total-change"), await text(page, "#total-already"), await text(page, "#total-refused")],
        ["100", "100", "100"],
      );
      const losses = await text(page, "#taken");
      assert.match(losses, /\+12065550000\s+ben@contoso\.example/);
      assert.match(await text(page, ".cause"), /100 × noPhoneLicence/);
      assert.match(await text(page, "dl.facts"), /people\.xlsx/);
      assert.equal(await text(page, "#map-blocked"), "90");
    }));

  it("prints every row", () =>
    look("plan.html", {}, async (page) => {
      const text = (await printed(page, "A4")).join("");
      const rows = [...text.matchAll(/\+1206555(\d{4})/g)].map(([number]) => number);
      assert.ok(new Set(rows).size >= 270, `${new Set(rows).size} numbers are printed`);
    }));
});

describe("the map", () => {
  it("has a cell for each number, with its use in a letter and in words", () =>
    look("map.html", {}, async (page) => {
      const [free, used, change, blocked] = await Promise.all(
        ["free", "inUse", "willChange", "blocked"].map(async (use) => Number(await text(page, `#map-${use}`))),
      );
      assert.equal(free + used + change + blocked, 262);
      assert.equal(await count(page, "#map-blocks .cell:not(.absent)"), 262);
      assert.equal(await count(page, "#map-blocks .cell.free"), free);
      assert.equal(await count(page, "#map-blocks .cell.absent"), 40);
      assert.equal(await text(page, "#map-blocks li:first-child .cell:first-child"), "F");
      assert.equal(await page.getAttribute("#map-blocks li:first-child .cell:first-child", "title"), "+12065550100: free");
      assert.match(await page.getAttribute("#map-blocks li:first-child .cells", "aria-label"), /^\+120655501xx: \d+ free, \d+ in use/);
      assert.match(await page.getAttribute("#map-blocks .willChange", "title"), /will change; row \d+/);
      assert.match(await text(page, "#map-blocks li:nth-child(4)"), /with an extension/);
      assert.match(await text(page, "main"), /Use by city[\s\S]*Bellevue[\s\S]*Seattle[\s\S]*no city/);
    }));

  it("says above the blocks what each use means", () =>
    look("map.html", {}, async (page) => {
      const above = (await text(page, "main")).split(/^Blocks$/m)[0];
      for (const words of ["free (F)", "in use (U)", "will change (C)", "blocked (B)", "no assignment block of the tenant", "--plan"]) {
        assert.ok(above.includes(words), `${words}: ${above}`);
      }
      const last = await page.evaluate(() => {
        const place = (selector) => document.querySelector(selector).getBoundingClientRect().top;
        return place(".legend") < place("#map-blocks");
      });
      assert.ok(last, "the legend comes first");
    }));

  it("finds the block of a number, and blocks with changes", () =>
    look("map.html", {}, async (page) => {
      for (const number of ["+12065550305", "+1 206 555 0305", "(206) 555-0305", "206-555-03", "extension", "+12065550113;ext"]) {
        await page.fill("#map-search", number);
        assert.equal(await text(page, "#map-shown"), "1 to 1 of 1 blocks", number);
      }
      await page.fill("#map-search", "+1 206 555 0399");
      assert.equal(await text(page, "#map-shown"), "no blocks", "there is no such number in the block");
      await page.fill("#map-search", "");
      await page.selectOption("#map-choice", "C");
      assert.equal(await text(page, "#map-shown"), "1 to 3 of 3 blocks");
    }));

  it("is readable on paper without colours", () =>
    look("map.html", {}, async (page) => {
      await page.emulateMedia({ media: "print" });
      const colour = await page.evaluate(() => getComputedStyle(document.querySelector(".cell.inUse")).color);
      assert.equal(colour, "rgb(0, 0, 0)");
    }));
});

it("a page of a million rows shows the first of them", { timeout: 240_000 }, () =>
  look("large.html", {}, async (page) => {
    assert.equal(await count(page, "#rows-body tr"), 200);
    assert.equal(await text(page, "#rows-shown"), "1 to 200 of 1000000 rows");
    const started = Date.now();
    await page.click("#rows-later");
    assert.equal(await text(page, "#rows-shown"), "201 to 400 of 1000000 rows");
    assert.ok(Date.now() - started < 10_000, "turning a page takes too long");
  }));

it("the checks find a text without contrast, and a page that is too wide", () =>
  look("map.html", {}, async (page) => {
    await page.evaluate(() => {
      const facts = document.querySelector("dl.facts");
      facts.style.color = "#e8eaec";
      facts.style.width = "2000px";
    });
    assert.match((await seriousFindings(page)).join(), /color-contrast/);
    assert.match(await overflow(page), /2\d\d\d of 1280/);
  }));
