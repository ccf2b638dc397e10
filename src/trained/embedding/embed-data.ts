/** All that features of a dataset are for: a file of them, how well they tell the classes apart, and the images nearest to one. */
import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Dataset, Image } from '../../data/index.ts';
import { type FeatureScores, nearestNeighbours, scoreFeatures } from '../../probes/index.ts';
import { Random } from '../../tensor/index.ts';
import type { Classifier, EmbedOptions, SkippedImage } from '../classifier.ts';
import type { EvaluationSplit } from '../evaluation-data.ts';
import type { Embedded } from './embed-split.ts';
import { type RowName, type WriteRows, writeFeatures } from './feature-file.ts';

/** Options of `embedData`. */
export interface EmbedDataOptions extends EmbedOptions {
  /** Where the features go: .npy, with the list of its rows beside it, or .csv. Default: nowhere. */
  readonly out?: string;
  /** Whether a linear probe and a vote of neighbours are scored; default true. */
  readonly scores?: boolean;
  /** Neighbours that vote, and nearest images that are listed; default 5. */
  readonly k?: number;
  /** An image whose nearest images in the data are sought; where it is a file of the data, it is none of them. */
  readonly nearestTo?: string | Uint8Array | Image;
  /** Of the cross validation, and of which images are scored where they are too many; default 0. */
  readonly seed?: number;
  /** Hears what is begun after the last image, which may take long. */
  readonly onScoring?: () => void;
}

/** An image of the data, and how far its features are from another's. */
export interface NearImage {
  /** `Dataset.ids` of its split. */
  readonly id: string;
  readonly split: EvaluationSplit;
  readonly label: string;
  /** 1 − cosine of the angle between the features: 0 to 2. */
  readonly distance: number;
  /** Where it is to be read. */
  readonly dataset: Dataset;
  readonly index: number;
}

/** How the scores were found. */
export interface FeatureScoring extends FeatureScores {
  /** The split that was known. */
  readonly known: EvaluationSplit;
  /** The split that was scored; undefined where it is the same. */
  readonly asked: EvaluationSplit | undefined;
  /** How many rows were known. */
  readonly rows: number;
}

/** What `embedData` found. */
export interface EmbeddedData {
  readonly images: number;
  /** Numbers of each image. */
  readonly width: number;
  /** Undefined where they were not asked for, or there are fewer than 2 classes. */
  readonly scores: FeatureScoring | undefined;
  /** The nearest first. */
  readonly nearest: readonly NearImage[] | undefined;
  readonly skipped: readonly SkippedImage[];
}

/** Of more rows, as many are drawn: more change little and take long. */
const mostKnown = 50_000;
const mostAsked = 10_000;

type Parts = Readonly<Partial<Record<EvaluationSplit, Dataset>>>;

/**
 * Features of all parts of a dataset, in their order. Classes are scored with the training images as what is known and the test images, or
 * else the validation images, as what is asked; data of one part is scored within itself (`scoreFeatures`). Memory holds what is scored, at
 * most 50,000 and 10,000 rows, and not the rest.
 * @throws as `Classifier.embed`; CheckpointError where a file cannot be written
 */
export async function embedData(
  classifier: Classifier,
  parts: Parts,
  options: EmbedDataOptions = {},
): Promise<EmbeddedData> {
  const { out, layer, nearestTo, k = 5, scores = true, seed = 0, onScoring, onProgress } = options;
  const given = (Object.entries(parts) as [EvaluationSplit, Dataset][]).filter(([, { length }]) => length > 0);
  const total = given.reduce((sum, [, { length }]) => sum + length, 0);
  const query =
    nearestTo === undefined
      ? undefined
      : await classifier.features(nearestTo, { ...(layer !== undefined && { layer }) });
  const { known, asked } = rolesOf(given.map(([split]) => split));
  const kept = new Map<EvaluationSplit, KeptRows>();
  for (const [split, { length }] of given)
    if (scores && (split === known || split === asked))
      kept.set(split, new KeptRows(length, split === known ? mostKnown : mostAsked, new Random(seed).fork(split)));
  const skipped: SkippedImage[] = [];
  let nearest: NearImage[] = [];
  let [images, width, before] = [0, 0, 0];

  const readAll = async (write?: WriteRows) => {
    for (const [split, dataset] of given) {
      const start = before;
      const own = typeof nearestTo === 'string' ? await samplesOfFile(dataset, nearestTo) : new Set<number>();
      const batches = classifier.embedBatches(dataset, {
        ...options,
        onSkipped: (bad) => void skipped.push(bad),
        onProgress: (done) => onProgress?.(start + done, total),
      });
      for await (const batch of batches) {
        images += batch.labels.length;
        width = batch.width;
        kept.get(split)?.add(batch);
        if (query) nearest = nearer(nearest, batch, { query: query.data as Float32Array, own, k }, split, dataset);
        await write?.({ ...batch, names: namesOf(batch, split, dataset) });
      }
      before += dataset.length;
    }
  };
  await (out === undefined ? readAll() : writeFeatures(out, readAll));
  onScoring?.();
  return {
    images,
    width,
    scores: scoresOf(kept, known, asked, given, { k, seed }),
    nearest: query ? nearest : undefined,
    skipped,
  };
}

/** Which part is known, and which is asked by it. */
function rolesOf(splits: readonly EvaluationSplit[]): {
  known: EvaluationSplit | undefined;
  asked: EvaluationSplit | undefined;
} {
  if (!splits.includes('train')) return { known: splits[0], asked: undefined };
  return { known: 'train', asked: (['test', 'validation'] as const).find((split) => splits.includes(split)) };
}

const namesOf = ({ labels, indices }: Embedded, split: EvaluationSplit, { ids, classes }: Dataset): RowName[] =>
  Array.from(indices, (index, row) => [ids?.[index] ?? String(index), split, classes[labels[row] as number] ?? '']);

/** Which samples are this file, by whatever path. */
async function samplesOfFile({ images }: Dataset, file: string): Promise<ReadonlySet<number>> {
  const samples = new Set<number>();
  const target = await realpath(file);
  for (const [index, path] of (images?.paths ?? []).entries())
    if (basename(path) === basename(file) && (await realpath(path)) === target) samples.add(index);
  return samples;
}

/** Whose nearest are sought, and how many; `own` are samples that are the image itself. */
interface Sought {
  readonly query: Float32Array;
  readonly own: ReadonlySet<number>;
  readonly k: number;
}

/** The `k` nearest of those that were so far and of a batch; of equals the one that came first. */
function nearer(
  before: readonly NearImage[],
  { features, width, labels, indices }: Embedded,
  { query, own, k }: Sought,
  split: EvaluationSplit,
  dataset: Dataset,
): NearImage[] {
  // as many more as are left out
  const found = nearestNeighbours({ features, width, k: k + own.size, queries: query });
  const near = Array.from(found.indices, (row, i): NearImage => {
    const index = indices[row] as number;
    const label = dataset.classes[labels[row] as number] ?? '';
    const id = dataset.ids?.[index] ?? String(index);
    return { id, split, label, distance: found.distances[i] as number, dataset, index };
  });
  const others = near.filter(({ index }) => !own.has(index));
  return [...before, ...others].sort((a, b) => a.distance - b.distance).slice(0, k);
}

/** Rows that are scored: all, or `most` of them, drawn before the first is there. */
class KeptRows {
  readonly #chosen: Uint8Array | undefined;
  readonly #labels: Int32Array;
  #features = new Float32Array(0);
  #width = 0;
  #rows = 0;

  constructor(length: number, most: number, random: Random) {
    this.#labels = new Int32Array(Math.min(length, most));
    if (length <= most) return;
    this.#chosen = new Uint8Array(length);
    const drawn = random.shuffle(Uint32Array.from({ length }, (_, i) => i)).subarray(0, most);
    for (const index of drawn) this.#chosen[index] = 1;
  }

  add({ features, width, labels, indices }: Embedded): void {
    if (this.#width === 0) {
      this.#width = width;
      this.#features = new Float32Array(this.#labels.length * width);
    }
    for (const [row, index] of indices.entries()) {
      if (this.#chosen && !this.#chosen[index]) continue;
      this.#features.set(features.subarray(row * width, (row + 1) * width), this.#rows * width);
      this.#labels[this.#rows++] = labels[row] as number;
    }
  }

  get all(): { features: Float32Array; width: number; labels: Int32Array } {
    const features = this.#features.subarray(0, this.#rows * this.#width);
    return { features, width: this.#width, labels: this.#labels.subarray(0, this.#rows) };
  }
}

function scoresOf(
  kept: ReadonlyMap<EvaluationSplit, KeptRows>,
  known: EvaluationSplit | undefined,
  asked: EvaluationSplit | undefined,
  parts: readonly (readonly [EvaluationSplit, Dataset])[],
  { k, seed }: { k: number; seed: number },
): FeatureScoring | undefined {
  const rows = known && kept.get(known)?.all;
  if (known === undefined || !rows || new Set(rows.labels).size < 2) return undefined;
  const others = asked && kept.get(asked)?.all;
  const classes = Math.max(...parts.map(([, dataset]) => dataset.classes.length));
  const scores = scoreFeatures({ known: rows, classes, k, seed, ...(others && { asked: others }) });
  return { ...scores, known, asked, rows: rows.labels.length };
}
