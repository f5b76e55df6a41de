/** Letters for PNG files, 3 x 5 dots, capitals only: so no font file is needed. */

const GLYPH_WIDTH = 3;
export const GLYPH_HEIGHT = 5;

/** Five rows of three dots. A row is an octal digit: 4 is the left dot, 2 the middle, 1 the right. */
const glyphs: Readonly<Record<string, string>> = {
  "0": "75557",
  "1": "26227",
  "2": "71747",
  "3": "71317",
  "4": "55711",
  "5": "74717",
  "6": "74757",
  "7": "71222",
  "8": "75757",
  "9": "75717",
  A: "25755",
  B: "65656",
  C: "34443",
  D: "65556",
  E: "74647",
  F: "74644",
  G: "34553",
  H: "55755",
  I: "72227",
  J: "11152",
  K: "55655",
  L: "44447",
  M: "57755",
  N: "65555",
  O: "25552",
  P: "65644",
  Q: "25573",
  R: "65655",
  S: "34216",
  T: "72222",
  U: "55557",
  V: "55552",
  W: "55775",
  X: "55255",
  Y: "55222",
  Z: "71247",
  " ": "00000",
  ".": "00002",
  ",": "00024",
  "-": "00700",
  "+": "02720",
  "=": "07070",
  "(": "12221",
  ")": "42224",
  ":": "02020",
  ";": "02024",
  "/": "11244",
  "±": "27207",
  "×": "05250",
  "_": "00007",
  "Η": "06551",
  "Λ": "42255",
  "Σ": "03552",
};
const unknown = "71202";

/** The dots of one line of text, as [column, row] from its upper left corner. */
export function textDots(text: string): [column: number, row: number][] {
  return [...text.toUpperCase()].flatMap((letter, index) =>
    [...glyphs[letter] ?? unknown].flatMap((digit, row) =>
      [0, 1, 2].flatMap((column): [number, number][] =>
        Number(digit) & (4 >> column) ? [[index * (GLYPH_WIDTH + 1) + column, row]] : []
      )
    )
  );
}

/** Width of a line of text in dots. */
export const textWidth = (text: string): number =>
  Math.max(0, [...text].length * (GLYPH_WIDTH + 1) - 1);
