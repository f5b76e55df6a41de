/**
 * Types of the settings of every task, as a user gives them. Written by
 * `deno task settings` from the schemas of the table.
 */

/** Settings of `long_range_memory` (task); one with a default may be left out. */
export interface LongRangeMemoryTaskSettings {
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `resequence` (task); one with a default may be left out. */
export interface ResequenceTaskSettings {
  /** L, symbols in a sequence. Default: 5. */
  readonly length?: number;
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `palindrome` (task); one with a default may be left out. */
export interface PalindromeTaskSettings {
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `palindrome_vary` (task); one with a default may be left out. */
export interface PalindromeVaryTaskSettings {
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `small_palindrome_vary` (task); one with a default may be left out. */
export interface SmallPalindromeVaryTaskSettings {
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `kv_unique` (task); one with a default may be left out. */
export interface KvUniqueTaskSettings {
  /** D, symbols that mean nothing, between the pairs. Default: 0. */
  readonly distractors?: number;
  /** Q, keys that are asked for (default: all K). */
  readonly queries?: number;
  /** A, different keys that occur, of which a sequence has K (default: K). */
  readonly keys?: number;
  /** V, different values. Default: 8. */
  readonly values?: number;
  /** Which next symbols are targets: all, or only those to be recalled. Default: "all". */
  readonly judged?: "all" | "recall";
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `kv_reassign` (task); one with a default may be left out. */
export interface KvReassignTaskSettings {
  /** D, symbols that mean nothing, between the pairs. Default: 0. */
  readonly distractors?: number;
  /** Q, keys that are asked for (default: all K). */
  readonly queries?: number;
  /** A, different keys that occur, of which a sequence has K (default: K). */
  readonly keys?: number;
  /** V, different values. Default: 8. */
  readonly values?: number;
  /** Which next symbols are targets: all, or only those to be recalled. Default: "all". */
  readonly judged?: "all" | "recall";
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `kv_stream` (task); one with a default may be left out. */
export interface KvStreamTaskSettings {
  /** E, keys with values in a sequence. Default: 32. */
  readonly pairs?: number;
  /** s, probability that a key comes with another value. Default: 0.1. */
  readonly switching?: number;
  /** V, different values. Default: 8. */
  readonly values?: number;
  /** W, sequences in a row in which keys keep their values. Default: 1. */
  readonly windows?: number;
  /** Streams side by side (default: one a sequence of the batch). */
  readonly streams?: number;
  /** Which next symbols are targets: all, or only those to be recalled. Default: "all". */
  readonly judged?: "all" | "recall";
}

/** Settings of `mqar` (task); one with a default may be left out. */
export interface MqarTaskSettings {
  /** Symbols, half of them keys and half values; a filler comes on top. Default: 32. */
  readonly vocabulary?: number;
  /** Symbols of a sequence, at least 4K (default: 8K). */
  readonly length?: number;
  /** Which next symbols are targets: all, or only those to be recalled. Default: "all". */
  readonly judged?: "all" | "recall";
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `selcopy` (task); one with a default may be left out. */
export interface SelcopyTaskSettings {
  /** S, different symbols. Default: 8. */
  readonly symbols?: number;
  /** Which next symbols are targets: all, or only those to be recalled. Default: "all". */
  readonly judged?: "all" | "recall";
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `parity` (task); one with a default may be left out. */
export interface ParityTaskSettings {
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `mod3` (task); one with a default may be left out. */
export interface Mod3TaskSettings {
  /**
   * What validation and test hold out: draws, whose texts may be trained too, or texts: 1/16 of all
   * each. Default: "draws".
   */
  readonly held_out?: "draws" | "texts";
}

/** Settings of `continual_scene` (task); one with a default may be left out. */
export interface ContinualSceneTaskSettings {
  /** Frames of a scene. Default: 4. */
  readonly scene_time?: number;
  /** Share of a frame's values that differ from the first frame of its scene. Default: 0.1. */
  readonly variation?: number;
  /** Values of a frame, each -1 or 1. Default: 25. */
  readonly vec_len?: number;
  /** R, scenes from a scene to its repeat; with a curriculum, the first R. Default: 1. */
  readonly interval?: number;
  /** Scenes of a movie (default: 20 R, at least 100). */
  readonly scenes?: number;
  /** Raise R whenever it is learned. Default: true. */
  readonly curriculum?: boolean;
  /** The last R of the curriculum (default: 100, or what the movie has room for). */
  readonly max_interval?: number;
  /** Accuracy of an update's movies, together, that counts as learned. Default: 0.99. */
  readonly acc_threshold?: number;
  /** Updates in a row, each on fresh movies, with that accuracy that raise R. Default: 5. */
  readonly acc_num?: number;
  /**
   * Scenes of a held-out movie, and of another after it, that must be judged so well before R rises
   * that a movie of 10,000 is foretold (95%) to have accuracy .985, FP 1%, FN 3% at worst (0: none).
   * Default: 0.
   */
  readonly verify_scenes?: number;
  /** Updates at one R after which training stops, unconverged. Default: 1000000. */
  readonly max_updates?: number;
}

/** Settings of `single_frame_familiarity` (task); one with a default may be left out. */
export interface SingleFrameFamiliarityTaskSettings {
  /** Values of a frame, each -1 or 1. Default: 25. */
  readonly vec_len?: number;
  /** R, scenes from a scene to its repeat; with a curriculum, the first R. Default: 1. */
  readonly interval?: number;
  /** Scenes of a movie (default: 20 R, at least 100). */
  readonly scenes?: number;
  /** Raise R whenever it is learned. Default: true. */
  readonly curriculum?: boolean;
  /** The last R of the curriculum (default: 100, or what the movie has room for). */
  readonly max_interval?: number;
  /** Accuracy of an update's movies, together, that counts as learned. Default: 0.99. */
  readonly acc_threshold?: number;
  /** Updates in a row, each on fresh movies, with that accuracy that raise R. Default: 5. */
  readonly acc_num?: number;
  /**
   * Scenes of a held-out movie, and of another after it, that must be judged so well before R rises
   * that a movie of 10,000 is foretold (95%) to have accuracy .985, FP 1%, FN 3% at worst (0: none).
   * Default: 0.
   */
  readonly verify_scenes?: number;
  /** Updates at one R after which training stops, unconverged. Default: 1000000. */
  readonly max_updates?: number;
}

/** Settings of `auto_associative` (task); one with a default may be left out. */
export interface AutoAssociativeTaskSettings {
  /** Bits of a pattern; even, and a multiple of 4 for orthogonal patterns. Default: 28. */
  readonly pattern_size?: number;
  /** Patterns to remember. Default: 3. */
  readonly patterns?: number;
  /** Patterns that are orthogonal to each other. Default: true. */
  readonly orthogonal?: boolean;
  /** Rounds in which every pattern is shown once. Default: 2. */
  readonly cycles?: number;
  /** Steps that a pattern is shown. Default: 6. */
  readonly presentation_time?: number;
  /** Steps without a pattern after each. Default: 4. */
  readonly delay?: number;
  /** Steps that a part of a pattern is shown. Default: 6. */
  readonly test_time?: number;
  /** Share of bits that are set to 0 in the test. Default: 0.5. */
  readonly degraded?: number;
  /** Factor on all inputs. Default: 20. */
  readonly input_gain?: number;
  /** Input of the bias neuron, before the factor. Default: 10. */
  readonly bias_input?: number;
  /** Lower half the squared error instead of all of it. Default: true. */
  readonly half_loss?: boolean;
}

/** Settings of `auto_associative_1000` (task); one with a default may be left out. */
export interface AutoAssociative1000TaskSettings {
  /** Bits of a pattern; even, and a multiple of 4 for orthogonal patterns. Default: 1000. */
  readonly pattern_size?: number;
  /** Patterns to remember. Default: 5. */
  readonly patterns?: number;
  /** Patterns that are orthogonal to each other. Default: false. */
  readonly orthogonal?: boolean;
  /** Rounds in which every pattern is shown once. Default: 2. */
  readonly cycles?: number;
  /** Steps that a pattern is shown. Default: 6. */
  readonly presentation_time?: number;
  /** Steps without a pattern after each. Default: 4. */
  readonly delay?: number;
  /** Steps that a part of a pattern is shown. Default: 6. */
  readonly test_time?: number;
  /** Share of bits that are set to 0 in the test. Default: 0.5. */
  readonly degraded?: number;
  /** Factor on all inputs. Default: 20. */
  readonly input_gain?: number;
  /** Input of the bias neuron, before the factor. Default: 1. */
  readonly bias_input?: number;
  /** Lower half the squared error instead of all of it. Default: false. */
  readonly half_loss?: boolean;
}

/** Settings of `attractor` (task); one with a default may be left out. */
export interface AttractorTaskSettings {
  /** N, values of a pattern. Default: 64. */
  readonly neurons?: number;
  /** Patterns to hold. Default: 5. */
  readonly memories?: number;
  /** Mean product of the bits of two patterns. Default: 0. */
  readonly correlation?: number;
  /** Steps of a sequence. Default: 1000. */
  readonly steps?: number;
  /** Steps of the presentation, the first ones. Default: 200. */
  readonly presentation_steps?: number;
  /** Least factor on a pattern that is shown. Default: 2. */
  readonly gain_low?: number;
  /** Largest factor on a pattern that is shown. Default: 3.5. */
  readonly gain_high?: number;
  /**
   * What the network gets of a pattern: an input during the presentation, its first state, or both
   * in turns. Default: "input".
   */
  readonly cue?: "input" | "state" | "turns";
  /** Deviation of noise on the cue, which is then clamped to -1 and 1. Default: 0. */
  readonly noise?: number;
  /** Share of the bits of a cue that are flipped. Default: 0. */
  readonly flips?: number;
  /** Flip each bit with that probability, or exactly that share of them. Default: "each". */
  readonly flip_draw?: "each" | "share";
  /** Weight of the overlap after the presentation. Default: 1. */
  readonly retention_weight?: number;
  /** Weight of the largest overlap during it. Default: 10. */
  readonly reaction_weight?: number;
  /** Weight of mean((f(W m) - m)²). Default: 0.5. */
  readonly fixed_point_weight?: number;
  /** Weight of what the bits of a pattern lack of the model's margin. Default: 10. */
  readonly margin_weight?: number;
  /** Weight of the mean h² of all steps. Default: 0. */
  readonly activity_weight?: number;
  /** Retention and reaction of a pattern that is kept. Default: 0.99. */
  readonly kept_overlap?: number;
  /** Updates in a row with nothing but kept patterns, after which training ends. Default: 20. */
  readonly streak?: number;
  /** Updates after which training ends without that, unconverged. Default: 2000. */
  readonly max_updates?: number;
}

/** Settings of `text` (task); one with a default may be left out. */
export interface TextTaskSettings {
  /**
   * What is read: names or book, which come along; a .txt, .csv, .jsonl or .parquet; or a published
   * name such as roneneldan/tinystories. Default: "names".
   */
  readonly dataset?: string;
  /** Column of a table with the texts (default: as published, the only one, or text). */
  readonly column?: string;
  /** What a document of a .txt is: a line, or a paragraph between empty lines. Default: "lines". */
  readonly documents?: "lines" | "paragraphs";
  /** Documents that are read at most, from the first one on. Default: 1000000. */
  readonly rows?: number;
  /**
   * Characters that count: letters, digits, ,.;:'"?!-, line break and space; or all of the documents
   * of training. Default: "published".
   */
  readonly alphabet?: "published" | "data";
  /**
   * End every document with a line break, which is predicted too, and ends texts that are written.
   * Default: false.
   */
  readonly line_ends?: boolean;
  /** T, characters of a window (default: 64, or those of the longest document if fewer). */
  readonly length?: number;
  /** Let the state go on from window to window of a document in training. Default: true. */
  readonly carry?: boolean;
  /** Texts that the trained network writes for the report (0: none). Default: 3. */
  readonly samples?: number;
  /** Characters of such a text, with those that it begins with. Default: 100. */
  readonly sample_length?: number;
  /**
   * How freely it chooses: below 1 likely characters more often (0: always the likeliest). Default:
   * 0.7.
   */
  readonly temperature?: number;
  /** What all of its texts begin with (default: beginnings of held-out documents). */
  readonly prompt?: string;
}
