// The live page: asks every two seconds what has changed, and draws that. It asks instead of being told, so that
// the server holds nothing for a page: one that is closed, hidden or asleep costs nothing.
import { choice, loadChoice, MOST_TICKED, saveChoice } from "./choice.js";
import { drawChart, styles } from "./chart.js";
import { curves, metricNames, updateCurves } from "./curves.js";
import { runs, updateRuns } from "./runs.js";
import { drawTable, listenToTable } from "./table.js";

/** Milliseconds between questions. */
const PAUSE = 2000;

const byId = (id) => document.getElementById(id);
const root = document.documentElement;

/** The metric that is drawn: the chosen one, else what the first ticked run is about. */
const metric = () => choice.metric || runs.get(choice.ticked[0])?.score || "loss";

const tickedRows = () => choice.ticked.flatMap((path) => runs.get(path) ?? []);

function summarize(shown) {
  const all = [...runs.values()];
  const running = all.filter(({ state }) => state === "running").length;
  const hidden = all.length === shown ? "" : `, ${shown} shown`;
  byId("summary").textContent = `${running} in progress, ${all.length - running} others${hidden}`;
}

/** The choice of metrics, made anew where it has changed. */
function listMetrics() {
  const select = byId("metric");
  const names = [...new Set([metric(), ...metricNames()])].sort();
  if (names.join("\n") !== [...select.options].map(({ value }) => value).join("\n")) {
    select.replaceChildren(...names.map((name) => new Option(name.replaceAll("_", " "), name)));
  }
  select.value = metric();
}

/** Under the chart: the ticked runs with their colours, pages and problems. */
function listTicked() {
  const look = styles();
  byId("ticked").replaceChildren(...choice.ticked.map((path) => {
    const item = document.createElement("li");
    const { problem, pages = [] } = curves.get(path) ?? {};
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.style.background = look.get(path).color;
    const links = pages.map((name) => {
      const link = document.createElement("a");
      link.href = `/page?${new URLSearchParams({ run: path, name })}`;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = name.replace(".html", "");
      return link;
    });
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "untick";
    remove.addEventListener("click", () => tick(path, false));
    const row = runs.get(path);
    const says = problem ?? (row ? row.message : "this run is gone");
    item.append(swatch, path, ...links.flatMap((link) => [" ", link]), " ", remove);
    if (says) item.append(` ${says}`);
    return item;
  }));
}

function note() {
  const known = [...curves.values()];
  const stretch = Math.max(1, ...known.map((found) => found.stretch ?? 1));
  byId("note").textContent = [
    "Strong: held-out sequences; thin: training. Mean over networks; bands: the lowest to the highest.",
    stretch > 1 ? `Of every ${stretch} logged values the lowest and the highest are drawn.` : "",
    known.some(({ isSampled }) => isSampled)
      ? "Of long logs rows at even distances were read."
      : "",
  ].filter((text) => text !== "").join(" ");
}

/** Draws the ticked runs, if they have changed. */
async function updateChart({ isNewChoice = false } = {}) {
  byId("curves").hidden = choice.ticked.length === 0;
  const hasChanged = await updateCurves(tickedRows(), metric());
  if (choice.ticked.length === 0 || !(hasChanged || isNewChoice)) return;
  listMetrics();
  listTicked();
  note();
  await drawChart(metric());
}

/** Changes of the choice and answers of the server wait for each other. */
let work = Promise.resolve();
const inTurn = (task) => work = work.then(task).catch(explain);

function explain(error) {
  root.dataset.state = "failed";
  byId("message").textContent = `${error.message}. Trying again.`;
  byId("message").hidden = false;
}

async function update() {
  const changed = await updateRuns();
  if (changed.size > 0 || root.dataset.state !== "drawn") summarize(drawTable());
  await updateChart();
  byId("message").hidden = true;
  root.dataset.state = "drawn";
  root.dataset.updates = Number(root.dataset.updates ?? 0) + 1;
}

let timer;

/** Asks, and again after a pause, as long as somebody can see the page. */
async function keepAsking() {
  clearTimeout(timer);
  if (document.hidden) return;
  await inTurn(update);
  clearTimeout(timer);
  timer = setTimeout(keepAsking, PAUSE);
}

function tick(path, isTicked) {
  const others = choice.ticked.filter((other) => other !== path);
  choice.ticked = (isTicked ? [...others, path] : others).slice(0, MOST_TICKED);
  choose();
}

/** Shows a new choice. */
function choose() {
  saveChoice();
  summarize(drawTable());
  inTurn(() => updateChart({ isNewChoice: true }));
}

function listen() {
  listenToTable({ onTick: tick, onSort: choose });
  for (const name of ["metric", "axis", "show"]) {
    byId(name).addEventListener("change", ({ target }) => {
      choice[name] = target.value;
      choose();
    });
  }
  byId("logarithmic").addEventListener("change", ({ target }) => {
    choice.logarithmic = target.checked;
    choose();
  });
  byId("filter").addEventListener("input", ({ target }) => {
    choice.filter = target.value;
    saveChoice();
    summarize(drawTable());
  });
  document.addEventListener("visibilitychange", keepAsking);
  const redraw = () => choice.ticked.length > 0 && drawChart(metric()).catch(explain);
  globalThis.chartTheme.onChange(redraw, redraw);
}

loadChoice();
for (const name of ["axis", "show", "filter"]) byId(name).value = choice[name];
byId("logarithmic").checked = choice.logarithmic;
byId("message").hidden = true;
listen();
keepAsking();
