/** The files of the page, by the path of their address. */
import { palette } from "../report/figures/chart.ts";
import { embedJson, esc } from "../report/html.ts";
import css from "../report/page/report.css" with { type: "text" };
import theme from "../report/page/chart_theme.js" with { type: "text" };
import { columns } from "./columns.ts";
import chart from "./page/chart.js" with { type: "text" };
import choice from "./page/choice.js" with { type: "text" };
import curves from "./page/curves.js" with { type: "text" };
import main from "./page/main.js" with { type: "text" };
import runs from "./page/runs.js" with { type: "text" };
import table from "./page/table.js" with { type: "text" };
import watchCss from "./page/watch.css" with { type: "text" };

export interface Asset {
  /** A media type. */
  readonly type: string;
  readonly text: string;
}

const script = (text: string): Asset => ({ type: "text/javascript; charset=utf-8", text });

/** All but the page and Plotly. */
export const assets: Readonly<Record<string, Asset>> = {
  "/watch.css": { type: "text/css; charset=utf-8", text: css + watchCss },
  "/chart_theme.js": script(theme),
  "/main.js": script(main),
  "/runs.js": script(runs),
  "/curves.js": script(curves),
  "/table.js": script(table),
  "/chart.js": script(chart),
  "/choice.js": script(choice),
};

/** Plotly, which is read when a page first draws. */
export const plotlyPath = "/plotly.js";
export const plotly = async (): Promise<Asset> =>
  script((await import("../deps/plotly.ts")).plotlyText);

/** The page. @param root the folder that is watched, as it was given. */
export function drawPage(root: string): Asset {
  const headings = columns.map(({ title, isDownward }, index) =>
    `<th scope="col"><button type="button" data-column="${index}"${
      isDownward ? " data-downward" : ""
    }>${esc(title)}</button></th>`
  );
  return {
    type: "text/html; charset=utf-8",
    text: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${esc(root)} · Hebb</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/watch.css">
<script defer src="/chart_theme.js"></script>
<script type="module" src="/main.js"></script>
</head>
<body>
<main>
<header>
<p class="kicker">Hebb, live</p>
<h1>${esc(root)}</h1>
<p class="about" id="summary">Reading …</p>
</header>
<p class="message" id="message" role="status">This page needs JavaScript.</p>
<section id="curves" hidden>
<div class="bar"><h2>Curves</h2>
<p class="choice">
<label>metric: <select id="metric"></select></label>
<label>x axis: <select id="axis">
<option>iteration</option><option>sequences</option><option>seconds</option>
</select></label>
<label><input type="checkbox" id="logarithmic"> log scale</label>
</p></div>
<figure>
<div class="chart" id="chart"></div>
<figcaption><p id="note"></p></figcaption>
</figure>
<ul id="ticked"></ul>
</section>
<div class="bar"><h2>Runs</h2>
<p class="choice">
<label>show: <select id="show">
<option value="all">all</option><option value="running">in progress</option>
<option value="ended">ended</option>
</select></label>
<label>filter: <input type="search" id="filter" placeholder="words" autocomplete="off"></label>
</p></div>
<div class="table runs"><table>
<thead><tr><th scope="col">Tick</th>${headings.join("")}</tr></thead>
<tbody id="runs"></tbody>
</table></div>
<p><button type="button" id="more" hidden></button></p>
</main>
<script type="application/json" id="setup">${
      embedJson({ titles: columns.map(({ title }) => title), palette })
    }</script>
</body>
</html>
`,
  };
}
