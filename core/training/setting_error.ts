/** A setting of a task does not fit another setting of it. */
export class SettingError extends RangeError {
  /** What tells it apart from other errors. */
  override readonly name = "SettingError";
  /** Name of the task. */
  readonly task: string;
  /** Key of the setting. */
  readonly key: string;
  /** What was expected, in words, such as `less than the 10 steps`. */
  readonly expected: string;
  /** What the setting is. */
  readonly value: unknown;

  /**
   * The error of one setting.
   *
   * @param where the task and its setting.
   * @param expected what was expected, in words.
   * @param value what the setting is.
   */
  constructor(where: { task: string; key: string }, expected: string, value: unknown) {
    const { task, key } = where;
    super(`Task ${task}: ${key}: expected ${expected}, got ${value}`);
    this.task = task;
    this.key = key;
    this.expected = expected;
    this.value = value;
  }
}
