import type { Figure } from "./chart.ts";

/**
 * Names the charts of a page apart, in the order in which they come: a value of a model may be called as an
 * input of the task, or as a figure.
 */
export function distinctIds(): (figures: readonly Figure[]) => Figure[] {
  const taken = new Set<string>();
  return (figures) =>
    figures.map((figure) => {
      const { chart } = figure;
      let id = chart.id;
      for (let number = 2; taken.has(id); number++) id = `${chart.id}-${number}`;
      taken.add(id);
      return id === chart.id ? figure : { ...figure, chart: { ...chart, id } };
    });
}
