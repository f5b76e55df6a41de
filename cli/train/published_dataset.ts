/**
 * `--dataset` means two things: the published program names a task by it, such as `3_palindrome_vary`; the task
 * `text` reads the data set of that name. Which one is meant shows in the name.
 */
import { isFileName } from "../../config/catalogue.ts";
import { isDatasetName } from "../../tasks/text/find_dataset.ts";

const flag = "--dataset";

/**
 * The arguments with the task that `--dataset` asks for, where nothing else names one.
 *
 * @example
 * withTaskOf(["--dataset", "3_palindrome_vary"]); // ["--task", "3_palindrome_vary"]
 * withTaskOf(["--dataset=book.txt"]); // ["--task=text", "--dataset=book.txt"]
 */
export function withTaskOf(args: readonly string[]): string[] {
  const at = args.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const namesTask = args.some((word) =>
    /^(--task$|--task=|--set=task\.name=|task\.name=)/.test(word)
  );
  if (at < 0 || namesTask) return [...args];
  const word = args[at]!;
  const value = word === flag ? args[at + 1] : word.slice(flag.length + 1);
  if (value === undefined) return [...args];
  return isDatasetName(value) && !isFileName(value)
    ? [...args.slice(0, at), "--task=text", ...args.slice(at)]
    : args.with(at, word.replace(flag, "--task"));
}
