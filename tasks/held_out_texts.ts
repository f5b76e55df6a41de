/** Texts that are held out: by their hash, so that no text is both trained and judged. */
import { randomStream, streamOf } from "../core/random.ts";
import { SettingError } from "../core/training/setting_error.ts";
import type { Draw, Split } from "../core/training/task.ts";

/** Share of all texts in validation, and in test. */
const HELD_OUT = 1 / 16;
/** Fewer texts would leave parts of a handful. */
const FEWEST_TEXTS = 256;
/** A split that no draw of so many falls into has no text. */
const MOST_DRAWS = 10_000;

/** The split that a text belongs to; the same in every task, run and version. */
export function splitOfText(text: string): Split {
  const share = randomStream({ seed: streamOf(text) }).uniform();
  if (share < HELD_OUT) return "validation";
  return share < 2 * HELD_OUT ? "test" : "train";
}

/**
 * Draws until a text belongs to the split. Validation and test take 16 draws on average.
 *
 * @throws RangeError if none of 10,000 does.
 */
export function drawOfSplit<C extends { readonly text: string }>(
  draw: () => C,
  { split }: Pick<Draw, "split">,
): C {
  for (let tries = 0; tries < MOST_DRAWS; tries++) {
    const drawn = draw();
    if (splitOfText(drawn.text) === split) return drawn;
  }
  throw new RangeError(`No text of ${MOST_DRAWS} that were drawn belongs to ${split}`);
}

/** @throws SettingError if a task has too few texts to split them. */
export function checkTextCount(task: string, texts: number): void {
  if (texts >= FEWEST_TEXTS) return;
  const expected = `draws, since it has ${
    Math.round(texts)
  } texts, and only ${FEWEST_TEXTS} or more are split`;
  throw new SettingError({ task, key: "held_out" }, expected, "texts");
}
