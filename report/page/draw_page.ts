/** One HTML file that needs no network: the frame of every report. */
import { embedJson, esc } from "../html.ts";
import type { Payload } from "../payload.ts";
import { packedPlotly } from "../plotly_bundle.ts";
import { contentPolicy } from "./content_policy.ts";
import css from "./report.css" with { type: "text" };
import script from "./report.js" with { type: "text" };
import theme from "./chart_theme.js" with { type: "text" };

export interface Page {
  /** What kind of report this is, above the title. */
  readonly kicker: string;
  readonly title: string;
  /** What the page is about, below the title. */
  readonly about?: string;
  /** The outcome in a few sentences. */
  readonly verdict: string;
  /** HTML below the verdict, such as tiles. */
  readonly lead?: string;
  /** HTML of the sections. */
  readonly sections: string;
  readonly payload: Payload;
}

/**
 * Draws a page. The same input gives the same bytes: it reads no clock and no file.
 *
 * @throws TypeError if two elements have the same id: a chart would be drawn into the first.
 */
export async function drawPage(
  { kicker, title, about = "", verdict, lead = "", sections, payload }: Page,
): Promise<string> {
  refuseDuplicateIds(`${lead}${sections}`);
  const code = theme + script;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${await contentPolicy(code)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${esc(title)} · Hebb</title>
<link rel="icon" href="data:,">
<style>
${css}</style>
</head>
<body>
<main>
<header>
<p class="kicker">${esc(kicker)}</p>
<h1>${esc(title)}</h1>
${about === "" ? "" : `<p class="about">${esc(about)}</p>\n`}<p class="verdict">${esc(verdict)}</p>
${lead}
</header>
<p class="message" id="message" role="status">The charts need JavaScript. The tables below are
complete.</p>
${sections}
</main>
<script type="application/json" id="payload">${embedJson(payload)}</script>
<script type="text/plain" id="plotly">${await packedPlotly()}</script>
<script>${code}</script>
</body>
</html>
`;
}

function refuseDuplicateIds(html: string): void {
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  const duplicate = ids.find((id, index) => ids.indexOf(id) < index);
  if (duplicate === undefined) return;
  throw new TypeError(`Two elements of the page are named "${duplicate}"`);
}
