// What the visitor has chosen. It stands in the address behind "#", so that it survives a reload.

export const choice = {
  /** Paths of the runs whose curves are shown, in the order of their ticks. */
  ticked: [],
  /** "": the score of the first ticked run. */
  metric: "",
  axis: "iteration",
  logarithmic: false,
  show: "all",
  filter: "",
  /** Number of the column that orders the table. */
  column: 1,
  downward: false,
};

/** More runs nobody can tell apart. */
export const MOST_TICKED = 24;

export function loadChoice() {
  const stored = new URLSearchParams(location.hash.slice(1));
  choice.ticked = stored.getAll("run").slice(0, MOST_TICKED);
  for (const name of ["metric", "axis", "show", "filter"]) {
    choice[name] = stored.get(name) ?? choice[name];
  }
  choice.column = Number(stored.get("column") ?? choice.column);
  choice.logarithmic = stored.has("logarithmic");
  choice.downward = stored.has("downward");
}

export function saveChoice() {
  const { ticked, metric, axis, show, filter, column, logarithmic, downward } = choice;
  const stored = new URLSearchParams(ticked.map((path) => ["run", path]));
  for (const [name, value] of Object.entries({ metric, axis, show, filter, column })) {
    if (value !== "") stored.set(name, value);
  }
  if (logarithmic) stored.set("logarithmic", "");
  if (downward) stored.set("downward", "");
  history.replaceState(null, "", `#${stored}`);
}
