import assert from "node:assert/strict";
import { createJobsDisplay, type DisplayMode } from "./jobs_display.ts";

function display(mode: DisplayMode, { rows = 24 } = {}) {
  let text = "";
  const shown = createJobsDisplay({
    mode,
    write: (part) => text += part,
    isTerminal: () => false,
    consoleSize: () => ({ columns: 20, rows }),
  });
  return {
    ...shown,
    take() {
      const taken = text;
      text = "";
      return taken;
    },
  };
}

Deno.test("a terminal's block is redrawn and cut to the console", () => {
  const { show, message, close, take, interval } = display("tty");
  assert.equal(interval, 1);
  show(["one", "a line that is far too long"]);
  assert.equal(take(), "one\na line that is far…");
  show(["two"]);
  assert.equal(take(), "\r\x1b[1A\x1b[Jtwo");
  message("news\x1b[2J");
  assert.equal(take(), "\r\x1b[Jnews?[2J\n");
  close();
  assert.equal(take(), "");
});

Deno.test("more lines than the console has are summed up", () => {
  const { show, take } = display("tty", { rows: 4 });
  show(["1", "2", "3", "4", "all"]);
  assert.equal(take(), "1\n... and 3 more\nall");
});

Deno.test("a log file gets whole lines, and auto is for it where there is no terminal", () => {
  const { show, message, take, interval } = display("auto");
  assert.equal(interval, 30);
  show(["one", "all"]);
  message("news");
  assert.equal(take(), "one\nall\nnews\n");
});

Deno.test("mode none shows messages alone", () => {
  const { show, message, take, interval } = display("none");
  assert.equal(interval, undefined);
  show(["one"]);
  message("news");
  assert.equal(take(), "news\n");
});
