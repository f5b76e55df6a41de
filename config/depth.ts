/** How deep the groups and lists of a file of settings may be nested. */

/** Most groups and lists inside each other. */
export const mostDepth = 64;

/** Whether a value is too deep; one that holds itself is deeper than any number. */
export const isTooDeep = (value: unknown, depth = mostDepth): boolean =>
  typeof value === "object" && value !== null &&
  (depth === 0 ||
    (Array.isArray(value) ? value : Object.values(value)).some((part) =>
      isTooDeep(part, depth - 1)
    ));

export const tooDeep = () =>
  new SyntaxError(`expected at most ${mostDepth} groups or lists inside each other`);
