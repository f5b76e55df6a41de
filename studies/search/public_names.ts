/** What names in sweep files of other programs mean here. */

/** Names that settings have in public sweep files, in lower case and with underscores, by our path. */
const settingNames: Readonly<Record<string, readonly string[]>> = {
  "task.name": ["task", "task_name"],
  "task.length": ["seq_len", "seq_length", "sequence_length"],
  "model.name": ["model", "model_name", "model_type", "arch", "architecture", "network"],
  "model.hidden_size": [
    ...[
      "hidden_dim",
      "hidden_units",
      "hidden_layer_size",
      "fc_layer_size",
      "layer_size",
      "n_hidden",
    ],
    ...["num_hidden", "n_units", "num_units", "hidden_channels", "d_model"],
  ],
  "model.num_layers": ["n_layers", "layers", "num_hidden_layers", "n_hidden_layers", "depth"],
  "model.activation": ["activation_function", "activation_fn", "nonlinearity"],
  "updater.name": ["updater", "rule", "learning_rule"],
  "updater.learning_rate": ["lr", "learning_rate_init", "init_lr", "initial_lr", "base_lr"],
  "updater.optimizer": ["optim", "optimiser", "optimizer_name", "optimizer_type"],
  "updater.weight_decay": ["wd"],
  "updater.schedule": ["scheduler", "lr_scheduler", "lr_schedule"],
  "updater.warm_up": ["warmup", "warmup_steps", "num_warmup_steps"],
  "updater.grad_clip": [
    ...[
      "clip",
      "clip_grad",
      "gradient_clip",
      "gradient_clip_val",
      "grad_clip_norm",
      "max_grad_norm",
    ],
    "clip_grad_norm",
  ],
  "updater.accumulate_batches": ["gradient_accumulation_steps", "accumulate_grad_batches"],
  "training.batch_size": ["bs", "batch", "batchsize", "train_batch_size"],
  "training.iterations": [
    ...["max_steps", "num_steps", "train_steps", "max_iters", "num_iterations", "n_iterations"],
  ],
  "training.early_stop_patience": ["patience", "early_stopping_patience"],
  "training.seeds": ["seed", "random_seed", "manual_seed"],
};

/** Names that no setting here is like, and what to say of them. */
const absences: readonly (readonly [names: RegExp, why: string])[] = [
  [/(^|_)epochs?$/, "tasks draw sequences without end, training.iterations says how long"],
  [/(^|_)drop(out|_|$)/, "no model drops units"],
  [
    /^(device|gpus?|cuda|(num|n)_workers|pretrained|log_(interval|freq)|save_model|(data|output)_(dir|path)|\w*wandb\w*)$/,
    "it says how another program runs",
  ],
];

const paths = new Map(
  Object.entries(settingNames).flatMap(([path, names]) => names.map((name) => [name, path])),
);

/** The paths that have other names in public files. */
export const namedPaths: readonly string[] = Object.keys(settingNames);

/** A name as the tables have it. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll("-", "_");

/** The path of the setting that a public name means; undefined of a name that is not public. */
export const publicSetting = (name: string): string | undefined => paths.get(plainName(name));

/** Why a public name means nothing here; undefined of a name that is not public. */
export const whyAbsent = (name: string): string | undefined =>
  absences.find(([names]) => names.test(plainName(name)))?.[1];

/** First words of metrics, by our name of the split. Tests during a training are of held-out sequences. */
const splitWords = {
  eval: ["eval", "evaluation", "val", "valid", "validation", "dev", "test", "testing"],
  train: ["train", "training"],
} as const;

const metricWords: Readonly<Record<string, string>> = { acc: "accuracy", ppl: "perplexity" };

/**
 * The name that rows have for a metric of a public file; the same name, if it is not known to mean another.
 *
 *     publicMetric("val_acc"); // "eval/accuracy"
 *     publicMetric("plastic/gradient_norm"); // "plastic/gradient_norm"
 */
export function publicMetric(name: string): string {
  // Beginnings and ends that others add to names of metrics: of the best row, of a whole epoch.
  const plain = plainName(name).replace(/^best_|_epoch$/g, "");
  for (const [split, words] of Object.entries(splitWords)) {
    for (const word of words) {
      const [, rest] = new RegExp(`^${word}[_/. ](.+)$`).exec(plain) ?? [];
      if (rest !== undefined) return `${split}/${metricWords[rest] ?? rest}`;
    }
  }
  if (Object.hasOwn(metricWords, plain)) return metricWords[plain]!;
  return plain === "loss" || plain === "accuracy" ? plain : name;
}
