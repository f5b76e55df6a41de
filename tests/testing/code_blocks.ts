/** The fenced blocks of documents, and what becomes of them in tests. */

/** A block between fences. */
export interface CodeBlock {
  /** The number of its first line in the page, from 1. */
  readonly line: number;
  /** The first word behind the fence, such as `ts`; "" without one. */
  readonly language: string;
  /** Whether it is only checked: the fence says `no-run`. */
  readonly isOnlyChecked: boolean;
  /** The file that it is the content of: the fence says a name with a dot. */
  readonly file: string | undefined;
  readonly text: string;
}

/** The blocks of a page of Markdown. @throws Error where a fence does not close. */
export function codeBlocks(page: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { line: number; words: string[]; lines: string[] } | undefined;
  page.split("\n").forEach((text, index) => {
    const fence = /^```(.*)$/.exec(text);
    if (!fence) open?.lines.push(text);
    else if (!open) {
      open = { line: index + 2, words: fence[1]!.trim().split(/\s+/), lines: [] };
    } else {
      const { line, words: [language = "", ...words], lines } = open;
      blocks.push({
        line,
        language,
        isOnlyChecked: words.includes("no-run"),
        file: words.find((word) => word.includes(".")),
        text: lines.join("\n"),
      });
      open = undefined;
    }
  });
  if (open) throw new Error(`the fence before line ${open.line} does not close`);
  return blocks;
}

/** Blocks as one text, each on the lines that it has in its page, so that errors name these. */
export function onTheirLines(blocks: readonly CodeBlock[]): string {
  const lines: string[] = [];
  for (const { line, text } of blocks) {
    text.split("\n").forEach((own, i) => lines[line - 1 + i] = own);
  }
  return Array.from(lines, (text) => text ?? "").join("\n");
}

/** The commands of a block of shell, each as words: no comments, continued lines joined, `&&` is a new line. */
export function commandsOf(text: string): string[][] {
  return text.replaceAll(/\\\n\s*/g, " ").split(/\n|&&/)
    .map((line) => [...line.replace(/(^|\s)#.*$/, "").matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)])
    .map((words) => words.map(([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2")))
    .filter((words) => words.length > 0);
}
