/** A setting of a task that does not fit another one of it. */
export class SettingError extends RangeError {
  override readonly name = "SettingError";
  readonly task: string;
  readonly key: string;
  readonly expected: string;
  readonly value: unknown;

  /**
   * @param where the task and its setting
   * @param expected in words, such as `less than the 10 steps`
   * @param value of the setting
   */
  constructor({ task, key }: { task: string; key: string }, expected: string, value: unknown) {
    super(`Task ${task}: ${key}: expected ${expected}, got ${value}`);
    this.task = task;
    this.key = key;
    this.expected = expected;
    this.value = value;
  }
}
