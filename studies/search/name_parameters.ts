/** Gives parameters of a file the settings that they mean here. */
import { quote } from "../../config/plain_text.ts";
import { numbersOf } from "./distributions.ts";
import { evenChoice, valueAt } from "./domain.ts";
import { KeyProblem } from "./key_problem.ts";
import type { NamedDomain } from "./parse_parameters.ts";
import type { Meaning, SettingsIndex } from "./settings_index.ts";
import type { Method, Parameter, SweepFile } from "./sweep_file.ts";
import type { JsonValue } from "./trial.ts";

/** Most values of one parameter of a grid. */
const mostValues = 10_000;

/** Shares at which a range is tried: a setting has to take all of its values. */
const triedShares = [0.001, 0.318, 0.682, 0.999];

type Named = Pick<SweepFile, "parameters" | "seeds" | "notes">;

/** @throws KeyProblem for a parameter that means nothing, twice the same, or values it cannot have. */
export function nameParameters(
  domains: readonly NamedDomain[],
  { method, index }: { method: Method; index: SettingsIndex },
): Named {
  const parameters: Parameter[] = [];
  const absent = new Map<string, string[]>();
  let seeds: number[] | undefined;
  for (const named of domains) {
    const { name, keys, domain } = named;
    const meaning = meaningOf(named, index);
    if ("absent" in meaning) {
      absent.set(meaning.absent, [...absent.get(meaning.absent) ?? [], name]);
    } else if (meaning.path === "training.seeds") {
      seeds = seedsOf(named);
    } else {
      const { path } = meaning;
      const other = parameters.find((other) => other.path === path);
      if (other) throw new KeyProblem(keys, `it means ${path}, as ${quote(other.name)} does`);
      const taken = takenBySetting(domain, { keys, path, index });
      parameters.push({ path, name, domain: method === "grid" ? listed(taken, keys) : taken });
    }
  }
  const renamed = parameters.filter(({ name, path }) => !path.endsWith(name));
  return {
    parameters,
    ...seeds && { seeds },
    notes: [
      ...renamed.length > 0
        ? [renamed.map(({ name, path }) => `${name} is ${path}`).join(", ") + " here"]
        : [],
      ...[...absent].map(([why, names]) => `${names.join(", ")}: left out, ${why}`),
    ],
  };
}

/** @throws KeyProblem for a name that nobody knows. */
function meaningOf(
  { name, keys, domain }: NamedDomain,
  index: SettingsIndex,
): Exclude<Meaning, { readonly unknown: string }> {
  const meaning = index.meaningOf(name);
  if ("unknown" in meaning) throw new KeyProblem(keys, meaning.unknown);
  const isDrawnSeed = "path" in meaning && meaning.path === "training.seeds" &&
    domain.kind === "range";
  return isDrawnSeed ? { absent: "each point has the same seeds" } : meaning;
}

/** Seeds are no dimension: each point is trained with all of them. */
function seedsOf({ keys, domain }: NamedDomain): number[] {
  const values = domain.kind === "choice" ? domain.values.flat() : [];
  if (
    values.length > 0 &&
    values.every((seed) => Number.isInteger(seed) && Number(seed) >= 0 && Number(seed) < 2 ** 32)
  ) {
    return [...new Set(values.map(Number))];
  }
  throw new KeyProblem(
    keys,
    "expected seeds as a list of values, whole numbers from 0 to 4294967295",
  );
}

/** The domain with values as the setting takes them. @throws KeyProblem */
function takenBySetting(
  domain: Parameter["domain"],
  { keys, path, index }: { keys: readonly string[]; path: string; index: SettingsIndex },
): Parameter["domain"] {
  const taken = (value: JsonValue, origin: string) => {
    const checked = index.check(path, value);
    if ("value" in checked) return checked.value;
    throw new KeyProblem(keys, `${path}: ${checked.problem}${origin}`);
  };
  if (domain.kind === "choice") {
    return { ...domain, values: domain.values.map((value) => taken(value, "")) };
  }
  for (const share of triedShares) {
    taken(valueAt(domain, share), `, which ${domain.distribution} draws`);
  }
  return domain;
}

/** A grid has a list of values, each once. @throws KeyProblem for a range without steps. */
function listed(domain: Parameter["domain"], keys: readonly string[]): Parameter["domain"] {
  if (domain.kind === "choice") return evenChoice(domain.values);
  const numbers = numbersOf(domain.distribution, domain.numbers, mostValues);
  if (numbers) return evenChoice(numbers);
  throw new KeyProblem(
    keys,
    `method grid needs values, or whole numbers or steps q between min and max, at most ${mostValues}; ` +
      `${domain.distribution} has ${domain.numbers.q === undefined ? "neither" : "more"}`,
  );
}
