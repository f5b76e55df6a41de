/** What each study shows, in a sentence or two that its numbers make. */
import { formatCount } from "../../report/format.ts";
import {
  absoluteRetention,
  count,
  cueShare,
  examined,
  fixedShare,
  hasDiverged,
  recallShare,
  signedRetention,
  worstRetention,
} from "./measures.ts";
import type { PointResult } from "./results.ts";
import type { StudyName } from "./studies.ts";
import { activity } from "./tables.ts";
import { percent, threeDigits } from "./texts.ts";

type Finding = (points: readonly PointResult[]) => string;

const nothing = "Nothing has been trained yet.";

const named = (points: readonly PointResult[], name: string) =>
  points.filter(({ configuration, networks }) =>
    configuration.name.startsWith(name) && networks.length > 0
  );

const shareOf = (proportion: { share: number | null } | undefined): string =>
  proportion?.share == null ? "an unknown share" : `${percent(proportion.share)}%`;

const numberOf = (measure: { mean: number } | undefined): string =>
  measure ? threeDigits(measure.mean) : "unknown";

const converged = (point: PointResult): string =>
  `${count(point, "converged")} of ${point.networks.length} seeds`;
const ratio = (point: PointResult): string =>
  `${count(point, "converged")}/${point.networks.length}`;

const memoriesOf = ({ networks }: PointResult): number => networks[0]?.memories ?? 0;

const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

const each = (points: readonly PointResult[], text: (point: PointResult) => string): string =>
  list(points.map(text));

const keyOf = ({ configuration: { name } }: PointResult): string => name.replace(/^[^-]*-/, "");

export const findings: Readonly<Record<StudyName, Finding>> = {
  "single-memory": (points) =>
    `One memory: ${
      each(points, (point) =>
        `${converged(point)} converge within ${point.configuration.iterations} updates in the ${
          keyOf(point)
        } form (absolute retention ${numberOf(absoluteRetention(point))}, signed ${
          numberOf(signedRetention(point))
        })`)
    }. Where the two differ, a network holds the inverse of its memory.`,
  "two-memories": (points) =>
    `Absolute retention of two memories: ${
      each(points, (point) =>
        `${numberOf(absoluteRetention(point))} (${keyOf(point)} form, ${
          converged(point)
        } converge, signed retention ${numberOf(signedRetention(point))})`)
    }.`,
  "activation-sweep"(points) {
    const diverged = points.filter(hasDiverged);
    const finite = points.filter((point) => !hasDiverged(point));
    return `${
      diverged.length === 0 ? "None diverges" : `${each(diverged, keyOf)} diverge`
    }; absolute retention of the others: ${
      each(finite, (point) => `${numberOf(absoluteRetention(point))} (${keyOf(point)})`)
    }.`;
  },
  "structure-ablation"(points) {
    const text = (name: string) =>
      each(
        named(points, name),
        (point) => `${keyOf(point).replaceAll("-", " ")} ${ratio(point)}`,
      );
    return `Seeds that converge, with 2 memories as published: ${
      text("two-published")
    }, and of that ${text("published-")}; with 10 memories, margin and zero diagonal: ${
      text("margin-")
    }.`;
  },
  "memory-sweep"(points) {
    const own = named(points, "memory-margin");
    const strict = named(points, "memory-strict");
    const published = named(points, "memory-published");
    const seeds = (some: readonly PointResult[]) =>
      each(some, (point) => `${memoriesOf(point)}: ${ratio(point)}`);
    return `Seeds that converge, by memories: as published ${
      seeds(published)
    }; the published loss without the free diagonal and with signed overlap ${
      seeds(strict)
    }; with the margin ${seeds(own)}, after at most ${
      each(
        own,
        (point) => formatCount(Math.max(0, ...point.networks.map(({ updates }) => updates))),
      )
    } updates. Recall of 20 memories from 10% flipped first states: ${
      shareOf(recallShare(published.at(-1) ?? { networks: [] }, { flips: 0.1 }))
    } as published, ${
      shareOf(recallShare(own.at(-1) ?? { networks: [] }, { flips: 0.1 }))
    } with the margin.`;
  },
  noise(points) {
    const text = (point: PointResult) =>
      `${shareOf(cueShare(point, { kind: "noise", level: 0.5 }))} exact after σ 0.5, ${
        shareOf(cueShare(point, { kind: "flips", level: 0.2 }))
      } after flips of 0.2, ${
        shareOf(recallShare(point, { flips: 0.2 }))
      } from first states with 20% flipped (${point.configuration.name})`;
    return `Noise of σ 0.5 turns 2.3% of the signs only, and the input stays for 200 steps; real ` +
      `flips tell networks apart: ${points.map(text).join("; ")}.`;
  },
  "hebb-comparison"(points) {
    const [point] = named(points, "memory-margin-15");
    if (!point) return nothing;
    const like = (rule: "hebb" | "pseudo_inverse") =>
      numberOf(examined(point, (one) => one[rule]?.correlation ?? undefined));
    const recall = (matrix: "learned" | "hebb" | "pseudo_inverse") =>
      shareOf(recallShare(point, { flips: 0.2, matrix }));
    return `With 15 memories the learned weights correlate ${
      like("hebb")
    } with the Hebb rule and ` +
      `${
        like("pseudo_inverse")
      } with the pseudo-inverse; from first states with 20% flipped they ` +
      `recall ${recall("learned")}, the Hebb rule ${recall("hebb")}, the pseudo-inverse ${
        recall("pseudo_inverse")
      }.`;
  },
  capacity(points) {
    const whole = points.filter((point) => fixedShare(point)?.share === 1);
    const most = Math.max(0, ...whole.map(memoriesOf));
    const [full] = points.filter((point) => memoriesOf(point) === 64);
    return `Up to ${most} patterns (${
      (most / 64).toFixed(2)
    } N) are all exact fixed points in every ` +
      `seed, ${(most / 64 / 0.138).toFixed(1)} times 0.138 N. At N patterns ${
        shareOf(full && fixedShare(full))
      } are fixed, with the Hebb rule ${shareOf(full && fixedShare(full, "hebb"))}; without ` +
      "self-excitation the pseudo-inverse keeps " +
      `${shareOf(full && fixedShare(full, "pseudo_inverse"))}. Being a fixed point is not yet ` +
      `having a basin: ${
        shareOf(full && recallShare(full, { flips: 0.05 }))
      } come back from 5% flipped bits.`;
  },
  "noise-aware": (points) =>
    `Exact recall from first states with 30% flipped: ${
      each(points, (point) =>
        `${shareOf(recallShare(point, { flips: 0.3 }))} (${keyOf(point).replaceAll("-", " ")})`)
    }.`,
  "network-size"(points) {
    const text = [64, 128, 256].flatMap((neurons) => {
      const own = points.filter(({ networks }) => networks[0]?.neurons === neurons);
      const whole = own.filter((point) => fixedShare(point)?.share === 1).map(memoriesOf);
      return whole.length === 0 ? [] : [
        `${Math.max(...whole)} of ${neurons} neurons (${
          (Math.max(...whole) / neurons).toFixed(2)
        } N)`,
      ];
    });
    return `The most patterns tried that all seeds hold as fixed points grow with the network: ${
      list(text)
    }.`;
  },
  correlation: (points) =>
    `Seeds that converge and recall from 20% flipped, by mean product of two bits: ${
      each(points, (point) =>
        `${point.value}: ${ratio(point)}, ${shareOf(recallShare(point, { flips: 0.2 }))}`)
    }.`,
  sparsity: (points) =>
    `Seeds that converge and recall from 20% flipped, by share of the connections: ${
      each(points, (point) =>
        `${point.value ?? 1}: ${ratio(point)}, ${shareOf(recallShare(point, { flips: 0.2 }))}`)
    }.`,
  "firing-rate": (points) =>
    `Mean h² and the retention of the worst memory, by weight of the price: ${
      each(points, (point) =>
        `${keyOf(point)}: ${numberOf(activity(point))}, ${numberOf(worstRetention(point))}`)
    }.`,
};

export const findingOf = (study: StudyName, points: readonly PointResult[]): string => {
  const trained = points.filter(({ networks }) => networks.length > 0);
  return trained.length === 0 ? nothing : findings[study](trained);
};
