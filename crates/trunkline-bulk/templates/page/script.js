"use strict";
(() => {
  const of = (id) => document.getElementById(id);
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const digitsOf = (text) => text.replace(/\D/g, "");
  // A search is for words, or for the digits of a number in the forms in which people write it (`+1 206 555 0100`,
  // `(206) 555-0100`). A few digits are words, because they are in too many numbers.
  const wishOf = (typed) => {
    const text = typed.trim().toLowerCase();
    const digits = /^[+\d\s()./-]+$/.test(text) ? digitsOf(text) : "";
    return { text, words: text.split(/\s+/).filter(Boolean), digits: digits.length > 4 ? digits : "" };
  };

  // A list that is shown in parts, and as a whole on paper. `most` is what a print holds.
  const shownInParts = ({ prefix, items, size, most, matches, draw, noun }) => {
    const part = (name) => of(prefix + name);
    const [search, choice, earlier, later, shown] = ["search", "choice", "earlier", "later", "shown"].map(part);
    let start = 0;
    const show = (prints) => {
      const wish = wishOf(search.value);
      const found = items.filter((item) => matches(item, wish, choice.value));
      start = Math.max(0, Math.min(start, found.length - 1));
      start -= start % size;
      const [from, to] = prints ? [0, Math.min(found.length, most)] : [start, Math.min(found.length, start + size)];
      draw(found.slice(from, to));
      const left = prints && to < found.length ? `; a print holds ${most}: filter, or write a workbook` : "";
      shown.textContent = found.length === 0 ? `no ${noun}` : `${from + 1} to ${to} of ${found.length} ${noun}${left}`;
      earlier.disabled = start === 0;
      later.disabled = start + size >= found.length;
    };
    const again = (place) => { start = place; show(false); };
    search.addEventListener("input", () => again(0));
    choice.addEventListener("change", () => again(0));
    earlier.addEventListener("click", () => again(start - size));
    later.addEventListener("click", () => again(start + size));
    // Both, because a page that is only shown as on paper says nothing before it.
    window.addEventListener("beforeprint", () => show(true));
    window.addEventListener("afterprint", () => show(false));
    window.matchMedia("print").addEventListener("change", (paper) => show(paper.matches));
    show(window.matchMedia("print").matches);
    return { choose: (value) => { choice.value = value; again(0); } };
  };

  const dataOf = (id) => JSON.parse(of(id).textContent);

  const table = of("rows-table");
  if (table) {
    const heads = [...table.tHead.rows[0].cells].map((head) => ({ label: head.textContent, kind: head.dataset.kind }));
    const state = heads.findIndex((head) => head.kind === "state");
    const number = heads.findIndex((head) => head.label === "Number");
    const cellOf = (value, place) => {
      const { label, kind } = heads[place];
      const cell = make(place === 0 ? "th" : "td", kind === "state" ? value : kind);
      cell.dataset.label = label;
      cell.setAttribute("role", place === 0 ? "rowheader" : "cell");
      if (place === 0) cell.scope = "row";
      const [main, step] = Array.isArray(value) ? value : [value, ""];
      const text = make("span", "", String(main));
      if (step) text.append(make("small", "", step));
      if (!main && !step) cell.classList.add("empty");
      cell.append(text);
      return cell;
    };
    const list = shownInParts({
      prefix: "rows-",
      items: dataOf("rows-data"),
      size: 200,
      most: 50000,
      noun: "rows",
      matches: (row, { text, words, digits }, choice) => {
        const has = (word) => row.some((cell) => String(cell).toLowerCase().includes(word));
        const isFound = digits ? digitsOf(row[number]).includes(digits) || has(digits) || has(text) : words.every(has);
        return isFound && (!choice || row[state] === choice);
      },
      draw: (rows) => of("rows-body").replaceChildren(...rows.map((row) => {
        const line = make("tr");
        line.setAttribute("role", "row");
        line.append(...row.map(cellOf));
        return line;
      })),
    });
    for (const link of document.querySelectorAll("[data-choose]")) {
      link.addEventListener("click", () => list.choose(link.dataset.choose));
    }
    // Sections that are read first are known last; they are moved, so that readers of screens and printers have the same order.
    for (const section of document.querySelectorAll("[data-before-rows]")) of("rows").before(section);
  }

  const map = of("map-blocks");
  if (map) {
    const uses = dataOf("map-uses");
    // Consecutive numbers have a first one; others stand by themselves.
    const numberAt = (block, place) => (block.numbers ? block.numbers[place] : `+${BigInt(block.first) + BigInt(place)}`);
    const drawn = (block) => {
      const item = make("li", "card");
      item.append(make("h3", "", block.name), make("p", "", block.counts));
      const cells = make("div", block.numbers ? "cells named" : "cells");
      cells.setAttribute("role", "img");
      cells.setAttribute("aria-label", `${block.name}: ${block.counts}`);
      [...block.cells].forEach((letter, place) => {
        const use = uses[letter];
        const cell = make("span", use ? `cell ${use.name}` : "cell absent", "");
        const number = numberAt(block, place);
        const detail = block.details[place];
        if (use) {
          cell.textContent = block.numbers ? `${letter} ${number || "(no number)"}` : letter;
          cell.title = `${number}: ${use.words}${detail ? `; ${detail}` : ""}`;
        }
        cells.append(cell);
      });
      item.append(cells);
      return item;
    };
    shownInParts({
      prefix: "map-",
      items: dataOf("map-data"),
      size: 60,
      most: 1000,
      noun: "blocks",
      matches: (block, { words, digits }, choice) => {
        const holds = (letter, place) => letter !== "." && digitsOf(numberAt(block, place)).includes(digits);
        const names = [block.name, ...(block.numbers || [])];
        const isFound = digits ? [...block.cells].some(holds) : words.every((word) => names.some((name) => name.includes(word)));
        return isFound && (!choice || block.cells.includes(choice));
      },
      draw: (blocks) => map.replaceChildren(...blocks.map(drawn)),
    });
  }
})();
