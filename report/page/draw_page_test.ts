import assert from "node:assert/strict";
import { buildPayload } from "../payload.ts";
import { drawPage } from "./draw_page.ts";

Deno.test("a page whose elements share a name is refused: a chart would be drawn into the other", async () => {
  const draw = (sections: string) =>
    drawPage({
      kicker: "",
      title: "",
      verdict: "",
      sections,
      payload: buildPayload({ axes: { titles: {}, values: {} }, charts: [] }),
    });
  assert.match(await draw('<h2 id="study-a"></h2><div id="a"></div>'), /id="study-a"/);
  await assert.rejects(draw('<h2 id="a"></h2><div class="chart" id="a"></div>'), {
    name: "TypeError",
    message: 'Two elements of the page are named "a"',
  });
});
