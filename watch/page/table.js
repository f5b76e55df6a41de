// The table of runs: sorted, filtered, with a tick for each run whose curves are shown.
import { choice, MOST_TICKED } from "./choice.js";
import { runs } from "./runs.js";

const { titles } = JSON.parse(document.getElementById("setup").textContent);
const body = document.getElementById("runs");
const more = document.getElementById("more");

/** Rows that are drawn at first; a thousand would make a phone slow. */
const FIRST = 200;
let most = FIRST;

/** Drawn rows by the paths of their runs. */
const drawn = new Map();

/** How two runs compare by the chosen column; runs without a value come last, then the newest first. */
function compare(a, b) {
  const [x, y] = [a.keys[choice.column] ?? null, b.keys[choice.column] ?? null];
  if (x !== y) {
    if (x === null || y === null) return x === null ? 1 : -1;
    return (x < y ? -1 : 1) * (choice.downward ? -1 : 1);
  }
  return a.stamp === b.stamp ? (a.path < b.path ? -1 : 1) : a.stamp > b.stamp ? -1 : 1;
}

/** The runs that hold all words of the filter, in any column, and are in the chosen state. */
function chosenRuns() {
  const words = choice.filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return [...runs.values()].filter(({ state, cells, message }) => {
    if (choice.show !== "all" && (choice.show === "running") !== (state === "running")) {
      return false;
    }
    const text = `${cells.join("\n")}\n${message}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }).sort(compare);
}

function cellOf(title, index) {
  const cell = document.createElement(index === 0 ? "th" : "td");
  if (index === 0) cell.scope = "row";
  cell.dataset.title = title;
  return cell;
}

function newRow(path) {
  const element = document.createElement("tr");
  const tick = document.createElement("input");
  tick.type = "checkbox";
  tick.value = path;
  tick.setAttribute("aria-label", `curves of ${path}`);
  const first = document.createElement("td");
  first.append(tick);
  element.append(first, ...titles.map(cellOf));
  return { element, tick, row: undefined };
}

function fill(entry, row) {
  if (entry.row === row) return;
  entry.row = row;
  const { element } = entry;
  element.dataset.state = row.state;
  element.title = row.message;
  row.cells.forEach((text, index) => {
    const cell = element.cells[index + 1];
    if (titles[index] === "Progress" && row.share !== null) {
      const bar = cell.querySelector("progress") ?? document.createElement("progress");
      bar.value = row.share;
      if (cell.textContent !== text) cell.replaceChildren(bar, text);
    } else if (cell.textContent !== text) cell.textContent = text;
  });
}

/** Draws what has changed. */
export function drawTable() {
  const chosen = chosenRuns();
  const shown = chosen.slice(0, most);
  const paths = new Set(shown.map(({ path }) => path));
  for (const path of drawn.keys()) if (!paths.has(path)) drawn.delete(path);
  const ticked = new Set(choice.ticked);
  const elements = shown.map((row) => {
    const { path } = row;
    if (!drawn.has(path)) drawn.set(path, newRow(path));
    const entry = drawn.get(path);
    fill(entry, row);
    entry.tick.checked = ticked.has(path);
    entry.tick.disabled = !ticked.has(path) && ticked.size >= MOST_TICKED;
    return entry.element;
  });
  const isInOrder = elements.length === body.children.length &&
    elements.every((element, index) => element === body.children[index]);
  if (!isInOrder) {
    const focused = document.activeElement;
    body.replaceChildren(...elements);
    if (body.contains(focused)) focused.focus();
  }
  more.hidden = shown.length === chosen.length;
  more.textContent = `Show all ${chosen.length}`;
  for (const button of document.querySelectorAll("[data-column]")) {
    const isChosen = Number(button.dataset.column) === choice.column;
    const order = choice.downward ? "descending" : "ascending";
    button.parentElement.setAttribute("aria-sort", isChosen ? order : "none");
  }
  return chosen.length;
}

/** @param onTick called with a path and whether its run is ticked. @param onSort called after a new order. */
export function listenToTable({ onTick, onSort }) {
  body.addEventListener("change", ({ target }) => onTick(target.value, target.checked));
  more.addEventListener("click", () => {
    most = Infinity;
    drawTable();
  });
  for (const button of document.querySelectorAll("[data-column]")) {
    button.addEventListener("click", () => {
      const column = Number(button.dataset.column);
      const isAgain = column === choice.column;
      choice.downward = isAgain ? !choice.downward : "downward" in button.dataset;
      choice.column = column;
      onSort();
    });
  }
}
