/** `samples.json`: texts that the networks of a run have written. */
import { join } from "node:path";
import { z } from "../../deps/zod.ts";
import { writeJsonFile } from "../../store/files/json_file.ts";

export const samplesName = "samples.json";

/** The content of the file. */
export const samplesSchema = z.object({
  networks: z.array(z.object({
    label: z.string(),
    temperature: z.number(),
    texts: z.array(z.object({ prompt: z.string(), text: z.string() })),
  })).default([]),
});

/** Texts by network. */
export type StoredSamples = z.output<typeof samplesSchema>;

/** Stores texts in the folder of a run, in place of earlier ones. */
export const storeSamples = (folder: string, samples: StoredSamples): void =>
  writeJsonFile(join(folder, samplesName), samples);
