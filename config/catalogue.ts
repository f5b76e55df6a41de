/** What the names in a config stand for: the tables, and entries of one's own. */
import type { Model } from "../core/program/model.ts";
import { models } from "../models/mod.ts";
import type { TaskEntry } from "../tasks/entry.ts";
import { findTask, tasks } from "../tasks/mod.ts";
import type { Updater } from "../updaters/updater.ts";
import { updaters } from "../updaters/mod.ts";

/** The sections of a config that name an entry. */
export const entrySections = ["task", "model", "updater"] as const;
export type EntrySection = typeof entrySections[number];

/** Whether a section names an entry. */
export const isEntrySection = (section: string): section is EntrySection =>
  entrySections.some((other) => other === section);

/** What an entry of each section is. */
export interface Entries {
  readonly task: TaskEntry;
  readonly model: Model;
  readonly updater: Updater;
}

/** An entry of a file or a script, which stands where the name of a table could. */
export interface OwnEntry<K extends EntrySection = EntrySection> {
  /** What the config calls it: the path of its file as it was typed, or its own name. */
  readonly name: string;
  readonly entry: Entries[K];
  /** SHA-256 of its file and of the files beside it that it imports; undefined without a file. */
  readonly hash?: string;
  /** Address of its file, for threads that load it again; undefined without a file. */
  readonly url?: string;
}

/** At most one entry of one's own a section. */
export type OwnEntries = { readonly [K in EntrySection]?: OwnEntry<K> };

const tables: { readonly [K in EntrySection]: Readonly<Record<string, Entries[K]>> } = {
  task: tasks,
  model: models,
  updater: updaters,
};

/** Whether a text in the place of a name is the path of a file. */
export const isFileName = (name: string): boolean => /\.[jt]s$/.test(name);

/**
 * The tables, and the entries that a command line or a script brings along.
 *
 * @example
 * const { model } = await loadOwnEntries({ model: "own/hebbff.ts" });
 * new Catalogue({ model }).find("model", "own/hebbff.ts").instantiate({ inputs: 8 });
 */
export class Catalogue {
  constructor(readonly own: OwnEntries = {}) {}

  /** The entry of a name, or undefined if there is none. */
  get<K extends EntrySection>(section: K, name: string): Entries[K] | undefined {
    const own = this.own[section] as OwnEntry<K> | undefined;
    if (own?.name === name) return own.entry;
    if (section === "task") {
      try {
        return findTask(name) as Entries[K];
      } catch {
        return undefined;
      }
    }
    const table = tables[section] as Readonly<Record<string, Entries[K]>>;
    return Object.hasOwn(table, name) ? table[name] : undefined;
  }

  /** The entry of a name that is known to exist. @throws RangeError if it does not. */
  find<K extends EntrySection>(section: K, name: string): Entries[K] {
    const entry = this.get(section, name);
    if (!entry) throw new RangeError(`no ${section} is named ${JSON.stringify(name)}`);
    return entry;
  }

  /** The entries to choose from, by name: the own one if there is one, or else the table. */
  choices<K extends EntrySection>(section: K): Readonly<Record<string, Entries[K]>> {
    const own = this.own[section] as OwnEntry<K> | undefined;
    const table = tables[section] as Readonly<Record<string, Entries[K]>>;
    return own ? { [own.name]: own.entry } : table;
  }

  /** A config is stored without the code that its names stand for. */
  toJSON(): undefined {
    return undefined;
  }
}

/** The tables alone. */
export const tablesOnly = new Catalogue();
