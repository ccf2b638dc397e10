/** Where two states differ in their bytes. */
import type { Tensor } from '../../tensor/index.ts';

type Tensors = ReadonlyMap<string, Tensor>;

/** The first number that two states have otherwise. */
export interface DifferingEntry {
  /** `stem.conv.weight[3]`; without an index where one state lacks the entry, or its shape is another. */
  readonly entry: string;
  /** Null where there is none, or it is not finite. */
  readonly recorded: number | null;
  readonly now: number | null;
  /** Numbers that differ in all, and of how many. */
  readonly differing: number;
  readonly total: number;
}

/** Undefined where all bytes are the same; a NaN equals only itself, and −0 is not 0. */
export function differingEntry(recorded: Tensors, now: Tensors): DifferingEntry | undefined {
  let first: Pick<DifferingEntry, 'entry' | 'recorded' | 'now'> | undefined;
  let [differing, total] = [0, 0];
  for (const name of new Set([...recorded.keys(), ...now.keys()])) {
    const [a, b] = [recorded.get(name), now.get(name)];
    const length = (a ?? b)?.data.length ?? 0;
    total += length;
    if (!a || !b || a.dtype !== b.dtype || String(a.shape) !== String(b.shape)) {
      differing += length;
      first ??= { entry: name, recorded: null, now: null };
      continue;
    }
    const [bitsOfA, bitsOfB] = [bytesOf(a), bytesOf(b)];
    if (bitsOfA.equals(bitsOfB)) continue;
    const size = bitsOfA.length / length;
    for (let i = 0; i < length; i++) {
      const [from, to] = [i * size, (i + 1) * size];
      if (bitsOfA.subarray(from, to).equals(bitsOfB.subarray(from, to))) continue;
      differing++;
      first ??= { entry: `${name}[${i}]`, recorded: finite(a.data[i]), now: finite(b.data[i]) };
    }
  }
  return first && { ...first, differing, total };
}

const bytesOf = ({ data }: Tensor): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

const finite = (value: unknown): number | null => (Number.isFinite(Number(value)) ? Number(value) : null);
