/** Texts that the networks of a run have written. */
import type { StoredSamples } from "../analysis/samples/samples_file.ts";
import { formatNumber } from "./format.ts";
import { esc } from "./html.ts";
import { plainText } from "../config/plain_text.ts";

/** The section, or nothing where no network has written. */
export function samplesSection({ networks }: StoredSamples): string {
  if (networks.length === 0) return "";
  const lists = networks.map(({ label, temperature, texts }) => {
    const name = networks.length > 1 ? `${label}, at temperature` : "At temperature";
    const heading = `<h3>${esc(plainText(name))} ${formatNumber(temperature)}</h3>\n`;
    const items = texts.map(({ prompt, text }) =>
      `<li><b>${shown(prompt)}</b>${shown(text.slice(prompt.length))}</li>`
    ).join("\n");
    return `${heading}<ul class="notes">\n${items}\n</ul>`;
  });
  return `<h2>Written by the network</h2>
<p class="lead">Each text goes on from its bold beginning, a character at a time. A rule that learns inside a sequence learns from what it writes.</p>
${lists.join("\n")}
`;
}

/** A text in one line. */
const shown = (text: string): string => esc(plainText(text.replaceAll("\n", "↵")));
