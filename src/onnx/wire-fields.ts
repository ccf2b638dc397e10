import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { CheckpointError } from '../tensor/index.ts';

/**
 * The fields of one protobuf message, one after the other, without making an object of each: two bytes of a hostile file would
 * become two hundred. Whatever contradicts the format is a CheckpointError.
 */
export class WireFields {
  readonly #reader: BinaryReader;
  #number = 0;
  #type: WireType = WireType.Varint;

  constructor(bytes: Uint8Array) {
    this.#reader = new BinaryReader(bytes);
  }

  /** Goes to the next field; 0 at the message's end. The field must then be read or skipped. */
  next(): number {
    if (this.#reader.pos >= this.#reader.len) return 0;
    [this.#number, this.#type] = guarded(() => this.#reader.tag());
    return this.#number;
  }

  skip(): void {
    guarded(() => this.#reader.skip(this.#type, this.#number));
  }

  /** A view of a field's bytes, which may be a message. */
  bytes(): Uint8Array {
    this.#require(WireType.LengthDelimited);
    return guarded(() => this.#reader.bytes());
  }

  text(): string {
    this.#require(WireType.LengthDelimited);
    return guarded(() => this.#reader.string(true));
  }

  integer(): bigint {
    this.#require(WireType.Varint);
    return guarded(() => BigInt(this.#reader.int64()));
  }

  /** Passes over the numbers of a repeated field, packed or not, and says how many there are. */
  count(type: NumberType): number {
    if (this.#type === wireTypes[type]) {
      this.skip();
      return 1;
    }
    const packed = this.bytes();
    if (type !== 'varint') return packed.length / (type === 'fixed32' ? 4 : 8);
    let count = 0;
    // the last byte of each has its high bit clear
    for (const byte of packed) if (byte < 0x80) count++;
    return count;
  }

  /** Gives the reader of every number of a repeated field, packed or not. */
  each(type: NumberType, take: (reader: BinaryReader) => void): void {
    if (this.#type === wireTypes[type]) {
      guarded(() => take(this.#reader));
      return;
    }
    const packed = new BinaryReader(this.bytes());
    guarded(() => {
      while (packed.pos < packed.len) take(packed);
    });
  }

  #require(type: WireType): void {
    if (this.#type !== type) throw damaged(`field ${this.#number} is of another kind`);
  }
}

/** How the numbers of a repeated field are stored. */
export type NumberType = 'varint' | 'fixed32' | 'fixed64';

const wireTypes: Readonly<Record<NumberType, WireType>> = {
  varint: WireType.Varint,
  fixed32: WireType.Bit32,
  fixed64: WireType.Bit64,
};

/** The library's reader throws plain errors and the platform's. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged((error as Error).message);
  }
}

const damaged = (reason: string) =>
  new CheckpointError(`onnx: expected an ONNX model, but the bytes are no such message: ${reason}`, damagedFile);

export const damagedFile = 'the file is damaged, cut off, or no ONNX model';
