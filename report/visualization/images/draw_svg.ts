/** A drawing as an SVG file. Matrices are PNG images inside it, which keeps the file small. */
import { esc } from "../../html.ts";
import type { Colour, Drawing, Mark } from "./drawing.ts";
import { encodePng } from "./png.ts";

export function drawSvg({ width, height, title, marks }: Drawing): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" \
viewBox="0 0 ${width} ${height}" font-family="system-ui, Helvetica, Arial, sans-serif" \
font-size="12" role="img">
<title>${esc(title)}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${marks.map(drawMark).join("\n")}
</svg>
`;
}

function drawMark(mark: Mark): string {
  const { x, y } = mark;
  if (mark.kind === "rectangle") {
    const { width, height, colour } = mark;
    return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${hex(colour)}"/>`;
  }
  if (mark.kind === "cells") {
    const { rows, columns, cell: [width, height], pixels } = mark;
    const picture = encodePng({ width: columns, height: rows, pixels }).toBase64();
    return `<image x="${x}" y="${y}" width="${columns * width}" height="${rows * height}" ` +
      `preserveAspectRatio="none" style="image-rendering:pixelated" ` +
      `href="data:image/png;base64,${picture}"/>`;
  }
  const { text, anchor, colour, isTurned } = mark;
  const turned = isTurned ? ` transform="rotate(-90 ${x} ${y})"` : "";
  return `<text x="${x}" y="${y}" dy="0.35em" text-anchor="${anchor}" fill="${
    hex(colour)
  }"${turned}>${esc(text)}</text>`;
}

const hex = (colour: Colour): string =>
  `#${colour.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
