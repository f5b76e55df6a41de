/** Tests the matrices of rules in place of the learned ones. */
import type { Backend } from "../../core/backends/backend.ts";
import { measureBasins, openBasins } from "./basins.ts";
import type { BasinPoint, RuleExamination } from "./examination.ts";
import {
  effectiveWeights,
  hebbMatrix,
  likeness,
  meanField,
  type Numbers,
  pseudoInverseMatrix,
} from "./matrices.ts";
import { type NetworkSet, ofReplica } from "./networks.ts";
import { proportion } from "./recall.ts";

/** Least mean input in the direction of a bit; tanh of it is 0.9993. */
const LEAST_FIELD = 4;

const rules = { hebb: hebbMatrix, pseudo_inverse: pseudoInverseMatrix } as const;
type RuleName = keyof typeof rules;

/** W [N, N] of every replica. */
export function weightsOf(networks: NetworkSet): Float64Array[] {
  const { symmetric, zero_diagonal } = networks.model as unknown as {
    symmetric: boolean;
    zero_diagonal: boolean;
  };
  return networks.seeds.map((_, replica) =>
    effectiveWeights({ symmetric, zero_diagonal }, {
      free: ofReplica(networks, { slot: "w_self_free", replica })!,
      exists: ofReplica(networks, { slot: "w_exists", replica }),
    })
  );
}

/**
 * Compares the learned matrices with those of a rule, and measures the basins of the rule. The rule's
 * matrix has no diagonal, tanh as activation and the same connections. It is scaled so that bits of the
 * patterns get the same mean input as from the learned matrix.
 *
 * @returns by replica [P]; null if its patterns have no such matrix.
 */
export async function examineRule(
  rule: RuleName,
  { networks, patterns, backend, sequences }: {
    networks: NetworkSet;
    /** By replica, [memories, N]. */
    patterns: readonly (readonly Numbers[])[];
    backend: Backend;
    sequences: number;
  },
): Promise<(RuleExamination | null)[]> {
  const replicas = networks.seeds.length;
  const learned = weightsOf(networks);
  const matrices = patterns.map((memories) => rules[rule](memories));
  const gains = matrices.map((matrix, replica) => {
    if (!matrix) return 0;
    const field = meanField(matrix, patterns[replica]!);
    return field > 0
      ? Math.max(LEAST_FIELD, meanField(learned[replica]!, patterns[replica]!)) / field
      : 1;
  });
  const size = learned[0]!.length;
  const scaled = new Float32Array(replicas * size);
  matrices.forEach((matrix, replica) =>
    matrix && scaled.set(matrix.map((value) => value * gains[replica]!), replica * size)
  );
  if (!matrices.some((matrix) => matrix)) return matrices.map(() => null);
  const forward = await openBasins(networks, {
    backend,
    sequences,
    model: { symmetric: true, zero_diagonal: true, activation: "tanh" },
  });
  let basins: BasinPoint[][];
  try {
    forward.write("w_self_free", scaled);
    basins = await measureBasins(forward, { replicas, sequences });
  } finally {
    forward.close();
  }
  return matrices.map((matrix, replica) => {
    if (!matrix) return null;
    const exists = ofReplica(networks, { slot: "w_exists", replica });
    return {
      ...likeness(learned[replica]!, matrix, exists),
      gain: gains[replica]!,
      fixed: fixedOf(matrix, { patterns: patterns[replica]!, exists }),
      basins: basins[replica]!,
    };
  });
}

/** Patterns m whose signs W m has too; no gain changes that. */
function fixedOf(
  matrix: Numbers,
  { patterns, exists }: { patterns: readonly Numbers[]; exists: Numbers | undefined },
) {
  const neurons = patterns[0]!.length;
  const isFixed = (pattern: Numbers) => {
    for (let i = 0; i < neurons; i++) {
      let field = 0;
      for (let j = 0; j < neurons; j++) {
        const index = i * neurons + j;
        if (i !== j && exists?.[index] !== 0) field += matrix[index]! * pattern[j]!;
      }
      // "Not above" makes a field that is not a number hold nothing.
      if (!(field * pattern[i]! > 0)) return false;
    }
    return true;
  };
  return proportion(patterns.filter(isFixed).length, patterns.length);
}
