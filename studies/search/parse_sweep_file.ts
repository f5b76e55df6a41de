/** Reads sweep files in the syntax of W&B. */
import { z } from "../../deps/zod.ts";
import { type Catalogue, tablesOnly } from "../../config/catalogue.ts";
import { explainIssue, valueAt } from "../../config/explain_issue.ts";
import { parseConfigText } from "../../config/parse_config_file.ts";
import { cut } from "../../config/plain_text.ts";
import { type SourcePlaces, sourcePlaces } from "../../config/source_places.ts";
import { UsageError } from "../../config/usage_error.ts";
import { didYouMean } from "../../core/similar_name.ts";
import { rungsOf } from "./early_stop.ts";
import { KeyProblem } from "./key_problem.ts";
import { nameParameters } from "./name_parameters.ts";
import { parseParameters } from "./parse_parameters.ts";
import { publicMetric } from "./public_names.ts";
import { SettingsIndex } from "./settings_index.ts";
import { methods, type SweepFile, type SweepMetric } from "./sweep_file.ts";

/** Trials of a random or Bayesian search whose file has no `run_cap`. */
export const defaultRunCap = 32;

/** Keys that say how W&B runs a program. */
const foreignKeys = [
  ...["program", "command", "entity", "project", "controller", "apiVersion", "kind", "job"],
  ...["image_uri", "scheduler", "launch", "tags", "notes", "resource", "queue"],
];

const imputation = z.enum(["latest", "best", "worst", "false"]).or(z.literal(false)).optional();

const sweepSchema = z.object({
  name: z.string().nullish(),
  description: z.string().nullish(),
  method: z.enum(methods),
  metric: z.strictObject({
    name: z.string().min(1),
    goal: z.enum(["minimize", "maximize"]).optional(),
    target: z.number().optional(),
    impute: imputation,
    impute_while_running: imputation,
  }).nullish(),
  early_terminate: z.strictObject({
    type: z.literal("hyperband"),
    min_iter: z.int().min(1).optional(),
    max_iter: z.int().min(1).optional(),
    s: z.int().min(1).optional(),
    eta: z.number().gt(1).default(3),
    strict: z.boolean().optional(),
  }).nullish(),
  run_cap: z.int().min(1).nullish(),
  parameters: z.unknown().optional(),
});

type Parsed = z.output<typeof sweepSchema>;

/**
 * The sweep that a text defines, in the syntax of W&B's sweep files
 * (https://docs.wandb.ai/models/sweeps/sweep-config-keys).
 *
 * Early termination is ASHA here (see `nextBudget`), where W&B's Hyperband stops running trials. `bayes` is
 * TPE (see `tpe.ts`), where W&B fits a Gaussian process. Iterations of `early_terminate` are rows of metrics,
 * as W&B counts what a program logs.
 *
 * @param path of the file: its ending says the format, YAML, JSON or TOML, and errors name it.
 * @param catalogue what may be named; default: the tables.
 * @throws UsageError, one line that names file, key and its line, and what was expected.
 *
 * @example
 * const file = await parseSweepFile(
 *   "method: random\nparameters: { lr: { min: 0.001, max: 0.1 } }\n",
 *   "sweep.yaml",
 * );
 * file.parameters[0].path; // "updater.learning_rate"
 */
export async function parseSweepFile(
  text: string,
  path: string,
  catalogue: Catalogue = tablesOnly,
): Promise<SweepFile> {
  const value = await parseConfigText(text, path, "sweep");
  const places = await sourcePlaces(text);
  try {
    return sweepOf(value, { places, index: new SettingsIndex(catalogue) });
  } catch (error) {
    if (!(error instanceof KeyProblem)) throw error;
    const keys = cut(error.keys.join("."));
    const line = places.line(error.keys);
    const place = [keys, line === undefined ? "" : `(line ${line})`].filter(Boolean).join(" ");
    throw new UsageError(`sweep ${path}: ${place && `${place}: `}${error.message}`, {
      cause: error,
    });
  }
}

function sweepOf(
  value: unknown,
  { places, index }: { places: SourcePlaces; index: SettingsIndex },
): SweepFile {
  const { name, description, method, parameters, ...file } = checked(value);
  const { metric, earlyTermination, notes: ofMetric } = judgement(file, method);
  const named = nameParameters(parseParameters(parameters, { places }), { method, index });
  const foreign = foreignKeys.filter((key) => Object.hasOwn(value as object, key));
  const runCap = file.run_cap ?? (method === "grid" ? undefined : defaultRunCap);
  return {
    ...name && { name },
    ...description && { description },
    method,
    ...metric && { metric },
    parameters: named.parameters,
    ...named.seeds && { seeds: named.seeds },
    ...earlyTermination && { earlyTermination },
    ...runCap !== undefined && { runCap },
    notes: [
      ...foreign.length > 0
        ? [`${foreign.join(", ")}: how W&B runs a program, and nothing here`]
        : [],
      ...named.notes,
      ...ofMetric,
      ...file.run_cap || method === "grid" ? [] : [
        `run_cap is not given: ${defaultRunCap} points, where W&B would go on until it is stopped`,
      ],
    ],
  };
}

/** The value in the types of its keys. @throws KeyProblem */
function checked(value: unknown): Parsed {
  const known = [...Object.keys(sweepSchema.shape), ...foreignKeys];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new KeyProblem([], "expected a sweep: method, parameters, metric");
  }
  const key = Object.keys(value).find((key) => !known.includes(key));
  if (key !== undefined) {
    throw new KeyProblem([key], `a sweep has no such key${didYouMean(key, known)}`);
  }
  const { data, error } = sweepSchema.safeParse(value);
  if (data) return data;
  const issue = error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    throw new KeyProblem([...issue.path, issue.keys[0]!], "there is no such key here");
  }
  const given = valueAtOrNone(value, issue.path);
  const missing = given === undefined ? ", which is missing" : "";
  throw new KeyProblem(issue.path, explainIssue(issue, given) + missing);
}

const valueAtOrNone = (value: unknown, path: readonly PropertyKey[]): unknown => {
  try {
    return valueAt(value, path);
  } catch {
    return undefined;
  }
};

/** What trials are judged by. @throws KeyProblem */
function judgement(
  { metric: asked, early_terminate: terminate }: Pick<Parsed, "metric" | "early_terminate">,
  method: SweepFile["method"],
): Pick<SweepFile, "metric" | "earlyTermination" | "notes"> {
  if (!asked) {
    const needs = terminate ? "early_terminate" : method === "bayes" ? "method bayes" : undefined;
    if (needs) throw new KeyProblem(["metric"], `expected a name and a goal, ${needs} needs them`);
    return { notes: [] };
  }
  const { name, goal, target } = asked;
  const metric: SweepMetric = {
    name: publicMetric(name),
    goal: goal ?? "minimize",
    ...target !== undefined && { target },
  };
  const idle = [
    ...["impute", "impute_while_running"].filter((key) => key in asked)
      .map((key) => `metric.${key}`),
    ...terminate?.strict === undefined ? [] : ["early_terminate.strict"],
  ];
  const rungs = terminate && rungsOf(terminate);
  if (rungs?.length === 0) {
    throw new KeyProblem(
      ["early_terminate"],
      "expected min_iter, or s and a max_iter of at least eta",
    );
  }
  return {
    metric,
    ...terminate && rungs && { earlyTermination: { rungs, eta: terminate.eta } },
    notes: [
      ...metric.name === name ? [] : [`metric ${name} is ${metric.name} here`],
      ...goal ? [] : ["metric.goal is not given: minimize, as in W&B"],
      ...idle.length > 0 ? [`${idle.join(", ")}: nothing here`] : [],
    ],
  };
}
