/** Lines of text in UTF-8, one after another: a long file never becomes one string. */
import { DamagedFileError } from "../store/files/damaged_file_error.ts";

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = "\ufeff";

/**
 * The lines of a text, without their line feeds; a carriage return in front of one stays.
 *
 * @param source the name of the file, for errors.
 * @throws DamagedFileError, which names the line that is not UTF-8.
 */
export function* linesOf(bytes: Uint8Array, source: string): Generator<string> {
  // A mark in front of the first line is no text; any other is.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (let [start, line] = [0, 1]; start < bytes.length; line++) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(start, end));
    } catch (error) {
      throw new DamagedFileError(source, `line ${line} is not UTF-8 text`, { cause: error });
    }
    yield line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    start = end + 1;
  }
}
