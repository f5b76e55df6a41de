/** Opens the corpus that settings name. */
import { type Corpus, createCorpus } from "./corpus.ts";
import { findDataset } from "./find_dataset.ts";
import { readDocuments } from "./read_documents.ts";

/** What of a task's settings says which documents there are. */
export interface CorpusSettings {
  readonly dataset: string;
  readonly column?: string | undefined;
  readonly documents: "lines" | "paragraphs";
  readonly rows: number;
  readonly alphabet: "published" | "data";
  readonly line_ends: boolean;
}

/** Corpora that are kept: a task is built several times before it is trained. */
const mostKept = 3;
const kept = new Map<string, Corpus>();

/**
 * The corpus of some settings. It is read again if a file has changed.
 *
 * @throws SettingError if there is no such data set or column; RangeError, a line that names the data set or file, if
 * it cannot be read or is too small.
 */
export function openCorpus(settings: CorpusSettings, task: string): Corpus {
  const { dataset, column, documents, rows, alphabet, line_ends: lineEnds } = settings;
  const files = findDataset(dataset, task);
  const versions = files.paths.map((path) => {
    const { mtime, size } = Deno.statSync(path);
    return [String(path), mtime?.getTime(), size];
  });
  const key = JSON.stringify([versions, column, documents, rows, alphabet, lineEnds]);
  const known = kept.get(key);
  if (known) return known;
  const options = { task, column, publishedColumn: files.column, documents };
  const read = function* () {
    let row = 0;
    for (const path of files.paths) {
      for (const document of readDocuments(path, options)) {
        if (row++ === rows) return;
        yield document;
      }
    }
  };
  const corpus = createCorpus({ name: dataset, documents: read, alphabet, lineEnds });
  if (kept.size === mostKept) kept.delete(kept.keys().next().value!);
  kept.set(key, corpus);
  return corpus;
}
