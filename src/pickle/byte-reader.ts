import { PickleError } from './pickle-error.ts';
import { quote } from './pickle-value.ts';

/** No honest name or note is longer, and V8 has a limit of its own. */
const usualTextBytes = 1 << 24;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads numbers (little-endian) and texts one after the other; what would go past the end is an error. */
export class ByteReader {
  readonly bytes: Uint8Array;
  position: number;
  private readonly view: DataView;
  private readonly mostTextBytes: number;

  constructor(bytes: Uint8Array, position = 0, mostTextBytes = usualTextBytes) {
    this.mostTextBytes = mostTextBytes;
    this.bytes = bytes;
    this.position = position;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves on by `count` bytes, and gives the position before. */
  skip(count: number): number {
    const left = this.bytes.length - this.position;
    if (count > left) throw new PickleError(`expected ${count} more bytes at byte ${this.position}, got ${left}`);
    this.position += count;
    return this.position - count;
  }

  uint8(): number {
    return this.view.getUint8(this.skip(1));
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  /** Of a length or a position: above 2⁵³ it is no longer exact, but far past any file's end. */
  uint64(): number {
    return Number(this.view.getBigUint64(this.skip(8), true));
  }

  /** Pickles write floats big-endian. */
  float64(): number {
    return this.view.getFloat64(this.skip(8), false);
  }

  raw(count: number): Uint8Array {
    const start = this.skip(count);
    return this.bytes.subarray(start, start + count);
  }

  text(count: number): string {
    if (count > this.mostTextBytes)
      throw new PickleError(
        `expected a text of at most ${this.mostTextBytes} bytes at byte ${this.position}, got ${count}`,
      );
    const raw = this.raw(count);
    try {
      return utf8.decode(raw);
    } catch {
      throw new PickleError(`expected UTF-8 at byte ${this.position - count}, got something else`);
    }
  }

  /** What Python 2 wrote; a character per byte. */
  latin1(count: number): string {
    if (count > this.mostTextBytes)
      throw new PickleError(
        `expected a text of at most ${this.mostTextBytes} bytes at byte ${this.position}, got ${count}`,
      );
    const raw = this.raw(count);
    return Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('latin1');
  }

  /** Up to the next newline, which is passed. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new PickleError(`expected a line at byte ${this.position}, got no end of one`);
    const text = this.text(end - this.position);
    this.position++;
    return text;
  }

  /** A two's complement integer of `count` bytes. */
  long(count: number): number | bigint {
    if (count > 255) throw new PickleError(`expected an integer of at most 255 bytes, got one of ${count}`);
    let value = 0n;
    const raw = this.raw(count);
    for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(raw[i] as number);
    return shorten(count === 0 ? 0n : BigInt.asIntN(8 * count, value));
  }

  /** An integer in decimals, as protocols 0 and 1 write it; `L` may follow. */
  decimal(): number | bigint {
    const line = this.line();
    if (!/^[+-]?[0-9]{1,600}L?$/.test(line)) throw new PickleError(`expected an integer, got ${quote(line)}`);
    return shorten(BigInt(line.replace(/^\+|L$/g, '')));
  }
}

function shorten(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
