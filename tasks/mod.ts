/**
 * The table of tasks; help, tests and benches go over it. A family of tasks that differ in a number is one
 * entry. Its members have the number before the name or behind it: `3_resequence`, `kv_unique_4`.
 *
 * Two conventions hold for all tasks. `bestLoss` is the loss of the ideal predictor, which knows how
 * sequences are made: its expected sum over a sequence, divided by the expected number of predictions. The
 * mean over all predictions of many sequences tends to it. `chance` is the best accuracy, over all recall
 * positions, of a guesser that sees only the present symbol and the step: a network without memory can
 * reach it.
 */
import type { TaskEntry } from "./entry.ts";
import { findEntry } from "./find_entry.ts";
import { attractorMemories } from "./attractor_memories.ts";
import { autoAssociative, autoAssociative1000 } from "./auto_associative.ts";
import { continualScene, singleFrameFamiliarity } from "./continual_scene.ts";
import { kvReassign, kvUnique } from "./key_value.ts";
import { kvStream } from "./key_value_stream.ts";
import { longRangeMemory } from "./long_range_memory.ts";
import { mqar } from "./multi_query_recall.ts";
import { palindrome } from "./palindrome.ts";
import { palindromeVary, smallPalindromeVary } from "./palindrome_vary.ts";
import { resequence } from "./resequence.ts";
import { mod3, parity } from "./running_sum.ts";
import { selcopy } from "./selective_copy.ts";
import { text } from "./text/text.ts";
import type {
  AttractorTaskSettings,
  AutoAssociative1000TaskSettings,
  AutoAssociativeTaskSettings,
  ContinualSceneTaskSettings,
  KvReassignTaskSettings,
  KvStreamTaskSettings,
  KvUniqueTaskSettings,
  LongRangeMemoryTaskSettings,
  Mod3TaskSettings,
  MqarTaskSettings,
  PalindromeTaskSettings,
  PalindromeVaryTaskSettings,
  ParityTaskSettings,
  ResequenceTaskSettings,
  SelcopyTaskSettings,
  SingleFrameFamiliarityTaskSettings,
  SmallPalindromeVaryTaskSettings,
  TextTaskSettings,
} from "./settings.ts";

export type { TaskEntry } from "./entry.ts";
export { membersOf } from "./numbered_task.ts";

/** The table of tasks, each with the type of its settings. */
export type Tasks = {
  /** Recall of a key over a long time. */
  readonly long_range_memory: TaskEntry<LongRangeMemoryTaskSettings>;
  /** A sequence, and then the same in another order. */
  readonly resequence: TaskEntry<ResequenceTaskSettings>;
  /** Palindromes of one length. */
  readonly palindrome: TaskEntry<PalindromeTaskSettings>;
  /** Palindromes of varying length. */
  readonly palindrome_vary: TaskEntry<PalindromeVaryTaskSettings>;
  /** The same with a small alphabet. */
  readonly small_palindrome_vary: TaskEntry<SmallPalindromeVaryTaskSettings>;
  /** Recall of the values of keys. */
  readonly kv_unique: TaskEntry<KvUniqueTaskSettings>;
  /** The same with values that change: the latest one counts. */
  readonly kv_reassign: TaskEntry<KvReassignTaskSettings>;
  /** A stream of keys whose values switch at times. */
  readonly kv_stream: TaskEntry<KvStreamTaskSettings>;
  /** Multi-query associative recall. */
  readonly mqar: TaskEntry<MqarTaskSettings>;
  /** Selective copying. */
  readonly selcopy: TaskEntry<SelcopyTaskSettings>;
  /** Running parity of bits. */
  readonly parity: TaskEntry<ParityTaskSettings>;
  /** Running sum modulo 3. */
  readonly mod3: TaskEntry<Mod3TaskSettings>;
  /** Continual detection of scenes that come again. */
  readonly continual_scene: TaskEntry<ContinualSceneTaskSettings>;
  /** The same with single frames. */
  readonly single_frame_familiarity: TaskEntry<SingleFrameFamiliarityTaskSettings>;
  /** Completion of patterns that were shown before. */
  readonly auto_associative: TaskEntry<AutoAssociativeTaskSettings>;
  /** The same with 1000 bits. */
  readonly auto_associative_1000: TaskEntry<AutoAssociative1000TaskSettings>;
  /** Memories that an attractor network learns as fixed points. */
  readonly attractor: TaskEntry<AttractorTaskSettings>;
  /** The characters of documents. */
  readonly text: TaskEntry<TextTaskSettings>;
};

/**
 * Every task, by name; a family once. `findTask` finds aliases and members of families too.
 *
 * @example
 * console.log(Object.values(tasks).map(({ name, summary }) => `${name}: ${summary}`).join("\n"));
 */
export const tasks: Tasks = Object.freeze({
  long_range_memory: longRangeMemory,
  resequence,
  palindrome,
  palindrome_vary: palindromeVary,
  small_palindrome_vary: smallPalindromeVary,
  kv_unique: kvUnique,
  kv_reassign: kvReassign,
  kv_stream: kvStream,
  mqar,
  selcopy,
  parity,
  mod3,
  continual_scene: continualScene,
  single_frame_familiarity: singleFrameFamiliarity,
  auto_associative: autoAssociative,
  auto_associative_1000: autoAssociative1000,
  attractor: attractorMemories,
  text,
});

/**
 * The task with a name or alias, such as `3_resequence`.
 *
 * @throws RangeError that names the nearest name and lists all entries.
 * @example
 * const task = findTask("3_palindrome_vary").build();
 */
export function findTask(name: string): TaskEntry {
  return findEntry(tasks, name);
}
