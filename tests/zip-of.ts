import { crc32 } from 'node:zlib';

/** How an archive that `zipOf` writes differs from a good one. */
export interface ZipDefects {
  /** The compression that entries claim; 0 is none. */
  readonly method?: number;
  readonly flags?: number;
  /** Added to every checksum. */
  readonly checksum?: number;
  /** Added to every size. */
  readonly sizes?: number;
  /** Sizes and places in 64 bits, as in a file above 4 GiB. */
  readonly wide?: boolean;
}

/** A zip with stored entries, in the order given; names may repeat. */
export function zipOf(entries: readonly (readonly [string, Uint8Array])[], defects: ZipDefects = {}): Uint8Array {
  const { method = 0, flags = 0, checksum = 0, sizes: excess = 0, wide = false } = defects;
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  for (const [name, content] of entries) {
    const named = Buffer.from(name);
    const sum = (crc32(content) + checksum) >>> 0;
    const fields = [u16(20), u16(flags), u16(method), u32(0), u32(sum)];
    const sizes = [u32(content.length + excess), u32(content.length + excess), u16(named.length)];
    const local = Buffer.concat([u32(0x04034b50), ...fields, ...sizes, u16(0), named, content]);
    const extra = wide
      ? Buffer.concat([u16(9), u16(1), u8(7), u16(1), u16(24), u64(content.length), u64(content.length), u64(position)])
      : Buffer.alloc(0);
    const shown = wide ? [u32(0xffffffff), u32(0xffffffff), u16(named.length)] : sizes;
    const place = u32(wide ? 0xffffffff : position);
    directory.push(
      u32(0x02014b50),
      u16(20),
      ...fields,
      ...shown,
      u16(extra.length),
      Buffer.alloc(10),
      place,
      named,
      extra,
    );
    parts.push(local);
    position += local.length;
  }
  const list = Buffer.concat(directory);
  const count = entries.length;
  const end64 = [u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count), u64(list.length)];
  const locator = [u32(0x07064b50), u32(0), u64(position + list.length), u32(1)];
  const before = wide ? [...end64, u64(position), ...locator] : [];
  const counts = wide ? [u16(0xffff), u16(0xffff)] : [u16(count), u16(count)];
  const end = [u32(0x06054b50), u32(0), ...counts, u32(list.length), u32(wide ? 0xffffffff : position), u16(0)];
  return Buffer.concat([...parts, list, ...before, ...end]);
}

const u8 = (value: number) => Buffer.from([value]);
const u16 = (value: number) => Buffer.from(Uint16Array.of(value).buffer);
const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value: number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
