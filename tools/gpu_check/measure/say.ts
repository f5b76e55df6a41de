/** Says a part of what a measurement found. */
export type Say = (facts: Readonly<Record<string, unknown>>) => void;
