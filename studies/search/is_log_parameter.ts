/** Whether the axis of a parameter is logarithmic. */
import { isLogarithmic } from "../../report/figures/is_logarithmic.ts";
import { distributions } from "./distributions.ts";
import type { Parameter } from "./sweep_file.ts";

const isNumber = (value: unknown): value is number => typeof value === "number";

/** Whether the axis of a parameter is logarithmic. */
export const isLogParameter = ({ domain }: Pick<Parameter, "domain">): boolean =>
  domain.kind === "range"
    ? distributions[domain.distribution]!.isLog
    : domain.values.every(isNumber) && isLogarithmic(domain.values);
