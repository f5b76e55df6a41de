/** The table of docs/sweeps.md that compares searches. */
import {
  compareSearches,
  medians,
  searches,
} from "../../studies/search/testing/training_to_find.ts";
import { problems } from "./problems.ts";

/** Seeds of each search. */
export const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

/** Lines of Markdown: of each problem the share of the training of its grid that searches needed. */
export function searchTable(): string[] {
  const names = Object.keys(searches);
  const lines = Object.entries(problems).map(([name, problem]) => {
    const comparison = compareSearches(problem, seeds);
    const middle = medians(comparison);
    const cells = names.map((search) => {
      const found = comparison.shares[search]!.filter((share) => share <= 1).length;
      const share = middle[search]!;
      return `${share <= 1 ? share.toFixed(2).replace(/^0/, "") : "more"} (${found})`;
    });
    return [name, comparison.points, comparison.best.toFixed(3), ...cells];
  });
  const head = ["", "points of the grid", "its best value", ...names];
  const [first, ...rest] = [head, ...lines].map((cells) => `| ${cells.join(" | ")} |`);
  return [first!, `|${head.map(() => "---|").join("")}`, ...rest];
}
