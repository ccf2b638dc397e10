/** A run's split against the data as it is now. */
import type { Dataset } from './dataset.ts';
import type { PartName } from './folder-layout.ts';
import type { FoundData } from './found-data.ts';
import { joined } from './joined.ts';
import { type KeptSample, type SplitName, splitNames } from './kept-split.ts';
import { idOf } from './sample-ids.ts';
import { subset } from './subset.ts';

/** What a run kept of its data. */
export interface KeptData {
  readonly samples: readonly KeptSample[];
  /** The bytes of each sample's file, in the order of `samples`, as far as they were kept. */
  readonly sizes?: readonly number[] | undefined;
}

/** The data, sorted by what the run knows of it. */
export interface ComparedData {
  /** Whether this is the data that the run was trained on; where not, some names may be equal all the same. */
  readonly isOwn: boolean;
  /** Files whose names the run knows. */
  readonly known: number;
  /** Files as large, to the byte, as one that the run kept: perhaps the same under other names. */
  readonly asLarge: number;
  /** What the data still has of each split. */
  readonly splits: Readonly<Partial<Record<SplitName, Dataset>>>;
  /** What the run has not seen, but for test images. */
  readonly fresh: Dataset | undefined;
  /** How many samples are not what they were. */
  readonly changes: DataChanges;
}

/** `changed` counts samples with another class, or a file of another size. */
export interface DataChanges {
  readonly added: number;
  readonly missing: number;
  readonly changed: number;
}

/**
 * Finds each kept sample by what it is called. Data is the run's own where most of what was kept is there as it was, or most of what is there was kept so; of
 * samples that are known by their numbers, where all that is there is as it was, and most is there.
 * @param options.evenMoved whether a file of the same name and size in a folder of the same name, elsewhere in the data, is the same
 */
export async function compareSplit(
  { samples, sizes }: KeptData,
  { parts }: Pick<FoundData, 'parts'>,
  { evenMoved = false } = {},
): Promise<ComparedData> {
  // the test set last
  const present = (['all', 'train', 'validation', 'test'] as const).flatMap((part) => {
    const dataset = parts[part];
    return dataset ? [[part, dataset] as const] : [];
  });
  const pool = joined(present.map(([, dataset]) => dataset) as [Dataset, ...Dataset[]]);
  const places = new Map(keysOf(present).map((key, index) => [key, index]));
  const { labels } = pool;
  const now = sizes && (await pool.sizes?.());
  const ids = idsIn(pool);
  const moved = new Map(evenMoved && now ? ids.map((id, index) => [placed(id, now[index]), index] as const) : []);
  const found: Record<SplitName, number[]> = { train: [], validation: [], test: [] };
  const seen = new Uint8Array(pool.length);
  let [same, changed, missing] = [0, 0, 0];
  for (const [row, { split, label, id }] of samples.entries()) {
    const before = sizes?.[row];
    const index = places.get(keyIn(split, id)) ?? places.get(id) ?? moved.get(placed(id, before));
    if (index === undefined || (seen[index] === 1 && !places.has(id))) {
      missing++;
      continue;
    }
    const sameSize = before === undefined || now?.[index] === before;
    const sameLabel = label === '' || !labels || pool.classes[labels[index] as number] === label;
    if (sameLabel && sameSize) same++;
    else changed++;
    found[split].push(index);
    seen[index] = 1;
  }
  const added = seen.filter((one) => one === 0).length;
  const isRecords = present.every(([, dataset]) => dataset.sizes === undefined);
  const isMost = 2 * same >= samples.length || 2 * same >= pool.length;
  const isOwn = isRecords ? changed === 0 && same > missing : isMost && same > 0 && same >= changed;
  const of = (indices: readonly number[], split: string) =>
    subset(pool, indices, `${pool.name.replace(/\/[^/]*$/, '')}/${split}`);
  const splits = splitNames.filter((split) => found[split].length > 0).map((split) => [split, of(found[split], split)]);
  const trainable = pool.length - (parts.test?.length ?? 0);
  const fresh = [...seen.keys()].filter((index) => seen[index] === 0 && index < trainable);
  return {
    isOwn,
    known: isRecords ? 0 : same + changed,
    asLarge: shared(sizes ?? [], now ?? []),
    splits: Object.fromEntries(splits),
    fresh: fresh.length > 0 ? of(fresh, 'new') : undefined,
    changes: { added, missing, changed },
  };
}

/** A file by its folder, its name and its size, wherever that folder is. */
const placed = (id: string, size: number | undefined) => `${id.split('/').slice(-2).join('/')}\0${size}`;

const idsIn = (pool: Dataset) => Array.from({ length: pool.length }, (_, index) => idOf(pool, index));

/** Smaller files than this are often as large as others. */
const telling = 4096;

/** How many of `found` are among `kept`, each of which counts once. */
function shared(kept: readonly number[], found: ArrayLike<number>): number {
  const left = new Map<number, number>();
  for (const size of kept) left.set(size, (left.get(size) ?? 0) + 1);
  return Array.from(found).filter((size) => {
    if (size < telling) return false;
    const count = left.get(size) ?? 0;
    left.set(size, count - 1);
    return count > 0;
  }).length;
}

/**
 * A name for each sample of each part. Parts of one dataset share its names; where two parts have the same ones, as numbers that each counts from
 * 0, all but the first say of which part they are.
 */
function keysOf(parts: readonly (readonly [PartName, Dataset])[]): string[] {
  const taken = new Set<string>();
  return parts.flatMap(([part, dataset]) => {
    const ids = Array.from({ length: dataset.length }, (_, index) => idOf(dataset, index));
    const areTaken = ids.some((id) => taken.has(id));
    for (const id of ids) taken.add(id);
    return areTaken ? ids.map((id) => keyIn(part, id)) : ids;
  });
}

const keyIn = (part: string, id: string) => `${part}\0${id}`;
