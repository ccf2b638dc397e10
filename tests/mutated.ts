import type { Random } from '../src/tensor/index.ts';

/** A copy of `bytes` with one to four changes, as damage and attackers make them. Equal streams of numbers give equal copies. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let result: Buffer = Buffer.from(bytes);
  for (let edits = 1 + random.integer(4); edits > 0 && result.length > 0; edits--) {
    // headers and directories are at the ends, where changes tell most
    const at = [
      random.integer(result.length),
      random.integer(Math.min(200, result.length)),
      result.length - 1 - random.integer(Math.min(200, result.length)),
    ][random.integer(3)] as number;
    result = (changes[random.integer(changes.length)] as Change)(result, at, random);
  }
  return new Uint8Array(result);
}

type Change = (bytes: Buffer, at: number, random: Random) => Buffer;

const joined = (...parts: Uint8Array[]) => Buffer.concat(parts);

/** Characters that mean something in JSON, pickles and protobuf. */
const meaningful = Buffer.from('{}[],:"0123456789eE.-+ \\FIUcRQbtu()\x00\x01\x08\x0a\x7f\x80\xff', 'latin1');

const changes: readonly Change[] = [
  function bit(bytes, at, random) {
    bytes[at] = (bytes[at] as number) ^ (1 << random.integer(8));
    return bytes;
  },
  function byte(bytes, at, random) {
    bytes[at] = random.integer(2) ? random.integer(256) : (meaningful[random.integer(meaningful.length)] as number);
    return bytes;
  },
  function inserted(bytes, at, random) {
    return joined(
      bytes.subarray(0, at),
      Buffer.of(meaningful[random.integer(meaningful.length)] as number),
      bytes.subarray(at),
    );
  },
  function cutOut(bytes, at, random) {
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.integer(20)));
  },
  function truncated(bytes, at, random) {
    return random.integer(4) ? bytes : bytes.subarray(0, at);
  },
  function doubled(bytes, at, random) {
    return joined(bytes.subarray(0, at + random.integer(100)), bytes.subarray(at));
  },
  function spliced(bytes, at, random) {
    const from = random.integer(bytes.length);
    bytes.copy(bytes, at, from, from + 1 + random.integer(32));
    return bytes;
  },
  /** An integer of one to eight bytes that is as large as it can be, or negative. */
  function large(bytes, at, random) {
    const length = 1 << random.integer(4);
    bytes.subarray(at, at + length).fill(random.integer(2) ? 0xff : 0);
    if (random.integer(2)) bytes.subarray(at + length - 1, at + length).fill(random.integer(2) ? 0x7f : 0x80);
    return bytes;
  },
  /** A length or a size that is a little off. */
  function nearby(bytes, at, random) {
    bytes[at] = ((bytes[at] as number) + random.integer(9) - 4) & 255;
    return bytes;
  },
  /** The next decimal number becomes another one. */
  function number(bytes, at, random) {
    const start = bytes.subarray(at).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
    if (start < 0) return bytes;
    const numbers = ['-1', '0', '1e308', '1.5', '4294967296', '9007199254740993', '18446744073709551616'];
    const text = numbers[random.integer(numbers.length)] as string;
    return joined(bytes.subarray(0, at + start), Buffer.from(text), bytes.subarray(at + start + 1));
  },
];
