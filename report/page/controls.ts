/** HTML of the controls that choose what a page shows; its script finds them by name. */
import type { Choice } from "../figures/chart.ts";
import { esc } from "../html.ts";

export interface SelectOptions {
  readonly label: string;
  readonly options: readonly { readonly value: number; readonly text: string }[];
  /** Chosen at first; default: the first option. */
  readonly initial?: number;
}

/** A list to choose from; empty if it has one option only. */
export function drawSelect(name: string, { label, options, initial }: SelectOptions): string {
  if (options.length < 2) return "";
  const items = options.map(({ value, text }) =>
    `<option value="${value}"${value === initial ? " selected" : ""}>${esc(text)}</option>`
  );
  return `<p class="choice"><label>${esc(label)}: <select id="${esc(name)}" data-control="${
    esc(name)
  }" autocomplete="off" disabled>${items.join("")}</select></label></p>`;
}

export interface SliderOptions {
  readonly label: string;
  /** Values are 0 .. count - 1. */
  readonly count: number;
  readonly initial: number;
}

/** A slider, with the text of its value beside it (`Control.texts`). */
export function drawSlider(name: string, { label, count, initial }: SliderOptions): string {
  return `<p class="choice slider"><label>${esc(label)}: <input type="range" id="${
    esc(name)
  }" data-control="${esc(name)}" min="0" max="${
    count - 1
  }" step="1" value="${initial}" autocomplete="off" disabled></label> ` +
    `<span data-text-of="${esc(name)}"></span></p>`;
}

/** The attribute that shows an element only while the controls have these values. */
export function shownWhen(choice: Choice): string {
  const terms = Object.entries(choice).map(([name, value]) => `${name}=${value}`);
  return `data-when="${esc(terms.join(" "))}"`;
}
