"use strict";
(() => {
  const rows = JSON.parse(document.getElementById("rows").textContent);
  const body = document.getElementById("table-body");
  const search = document.getElementById("search");
  const ending = document.getElementById("ending");
  const shown = document.getElementById("shown");
  const earlier = document.getElementById("earlier");
  const later = document.getElementById("later");
  const size = 200;
  let start = 0;

  const cell = (text, name) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    if (name) cell.className = name;
    return cell;
  };

  const draw = () => {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = rows.filter((row) =>
      (!ending.value || row[4] === ending.value)
      && words.every((word) => row.some((text) => String(text).toLowerCase().includes(word))));
    start = Math.max(0, Math.min(start, found.length - 1));
    start -= start % size;
    const part = found.slice(start, start + size);
    body.replaceChildren(...part.map((row) => {
      const line = document.createElement("tr");
      const last = cell(row[5]);
      if (row[6]) {
        const step = document.createElement("small");
        step.textContent = row[6];
        last.append(step);
      }
      line.append(cell(row[0], "number"), cell(row[1]), cell(row[2]), cell(row[3], "number"), cell(row[4], row[4]), last, cell(row[7]));
      return line;
    }));
    const to = start + part.length;
    shown.textContent = found.length === 0 ? "no rows" : `${start + 1} to ${to} of ${found.length}`;
    earlier.disabled = start === 0;
    later.disabled = to >= found.length;
  };

  search.addEventListener("input", () => { start = 0; draw(); });
  ending.addEventListener("change", () => { start = 0; draw(); });
  earlier.addEventListener("click", () => { start -= size; draw(); });
  later.addEventListener("click", () => { start += size; draw(); });
  for (const link of document.querySelectorAll("[data-ending]")) {
    link.addEventListener("click", () => { ending.value = link.dataset.ending; start = 0; draw(); });
  }
  draw();
})();
