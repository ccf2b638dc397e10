/** JPEG and PNG files that stop before their end is marked, though their last pixel may be there. */
import { isFrame } from './jpeg-header.ts';

/** A file whose end is not marked. */
export interface Unended {
  /** The file with its end marked; undefined where it certainly stops within the picture. */
  readonly ended: Uint8Array | undefined;
  /**
   * The same with other data before the mark. A decoder makes pixels of it where it lacks some, so all these files show the same
   * picture exactly where none is missing.
   */
  readonly continued: readonly Uint8Array[];
}

/** Undefined where the end is marked, or where the parts of the file cannot be followed. */
export function unended(bytes: Uint8Array): Unended | undefined {
  // most files: nothing is gone through that ends with a mark
  if (ends.some((end) => end.every((byte, i) => bytes[bytes.length - end.length + i] === byte))) return undefined;
  return bytes[0] === 0xff ? unendedJpeg(bytes) : bytes[0] === 0x89 ? unendedPng(bytes) : undefined;
}

/** JPEG's EOI; PNG's IEND and its checksum. */
const ends: readonly (readonly number[])[] = [
  [0xff, 0xd9],
  [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82],
];

const cutOff: Unended = { ended: undefined, continued: [] };

const concatenated = (...parts: readonly (Uint8Array | readonly number[])[]) => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const [startOfScan, endOfImage, restartInterval] = [0xda, 0xd9, 0xdd];

/** ITU-T T.81, annex B: segments with their length, and after the header of a scan its coded data, up to the next marker. */
function unendedJpeg(bytes: Uint8Array): Unended | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const coded = new CodedBits();
  let restarts = false;
  for (let at = 2; at + 2 <= bytes.length; ) {
    const marker = bytes[at + 1] as number;
    if (bytes[at] !== 0xff || marker === endOfImage) return undefined;
    // a marker may be preceded by any number of fill bytes
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = at + 4 <= bytes.length ? view.getUint16(at + 2) : Number.POSITIVE_INFINITY;
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (segment.length !== length - 2) return cutOff;
    at += 2 + length;
    if (isFrame(marker)) coded.begin(segment);
    if (marker === restartInterval) restarts = segment.some((byte) => byte > 0);
    if (marker !== startOfScan) continue;
    coded.add(segment);
    const { end, seen } = endOfScan(bytes, at);
    at = end;
    if (at >= bytes.length) return coded.isComplete() ? continuedJpeg(bytes, restarts ? seen : undefined) : cutOff;
  }
  return undefined;
}

/** The place of the first marker after coded data, in which 0xff is followed by 0 or is a restart; the file's end where there is none. */
function endOfScan(bytes: Uint8Array, from: number): { end: number; seen: number } {
  let seen = 0;
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0xff;
    if (next >= 0xd0 && next <= 0xd7) seen++;
    else if (next === 0xff && bytes.subarray(at).every((byte) => byte === 0xff)) break;
    else if (next !== 0) return { end: at, seen };
  }
  return { end: bytes.length, seen };
}

/** No group of blocks needs so many bytes: an unseen one, at the edge, leaves some for the next. */
const enough = 4096;

/** So many zeros at the end of a file are no picture, but room that a download had not filled. */
const unfilled = 16;

/** @param restarts that stand in the scan, where it has such */
function continuedJpeg(bytes: Uint8Array, restarts: number | undefined): Unended {
  let length = bytes.length;
  while (bytes[length - 1] === 0) length--;
  if (bytes.length - length < unfilled) length = bytes.length;
  // half of a mark, or of an escaped 0xff
  while (bytes[length - 1] === 0xff) length--;
  const scan = bytes.subarray(0, length);
  const end = [0xff, endOfImage];
  const others = [() => 0x55, () => 0xaa, (at: number) => (at * 151) % 251].map((byte) =>
    Uint8Array.from({ length: enough }, (_, at) => byte(at)),
  );
  const restarted = restarts === undefined ? [] : others.map((other) => [0xff, 0xd0 + (restarts % 8), ...other]);
  const more = [...others, ...restarted];
  return { ended: concatenated(scan, end), continued: more.map((other) => concatenated(scan, other, end)) };
}

/** How far each of the 64 coefficients of each component has been coded: progressive files send a few bits of some at a time. */
class CodedBits {
  /** By component: the lowest bit of each coefficient that a scan has sent. */
  readonly #lowest = new Map<number, number[]>();

  /** @param frame its header: precision, height, width, and three bytes for each component */
  begin(frame: Uint8Array): void {
    for (let i = 6; i + 2 < frame.length; i += 3) this.#lowest.set(frame[i] as number, new Array(64).fill(16));
  }

  /** @param scan its header: two bytes for each component, the first and last coefficient, and two half bytes of bits */
  add(scan: Uint8Array): void {
    const count = scan[0] ?? 0;
    const [first = 0, last = 63, bits = 0] = scan.subarray(1 + 2 * count);
    for (let i = 0; i < count; i++) this.#lowest.get(scan[1 + 2 * i] as number)?.fill(bits & 15, first, last + 1);
  }

  isComplete(): boolean {
    const all = [...this.#lowest.values()];
    return all.length > 0 && all.every((lowest) => lowest.every((bit) => bit === 0));
  }
}

const pngEnd = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

/** Chunks of a length, a name, content and a checksum. */
function unendedPng(bytes: Uint8Array): Unended | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [at, hasPixels] = [8, false];
  while (at + 12 <= bytes.length) {
    const name = latin1(bytes.subarray(at + 4, at + 8));
    if (name === 'IEND') return undefined;
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) return /^[A-Za-z]{4}$/.test(name) ? cutOff : undefined;
    hasPixels ||= name === 'IDAT';
    at = end;
  }
  const isEnd = bytes.subarray(at).every((byte, i) => byte === pngEnd[i]);
  return hasPixels && isEnd ? { ended: concatenated(bytes.subarray(0, at), pngEnd), continued: [] } : cutOff;
}

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);
