/** What a run kept of its data: split.csv beside the checkpoint, or the same split made again. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TrainingProgress } from '../checkpoint/index.ts';
import {
  type FoundData,
  type KeptData,
  type KeptSample,
  keptSplit,
  parseSplit,
  splitsOf,
  splitText,
  usualHoldOut,
} from '../data/index.ts';
import { fileError } from '../files/index.ts';

/** The file of a run folder that lists which sample is in which split. */
export const splitFile = 'split.csv';

/** How the split of a run is known. */
export type KnownSplit =
  | {
      readonly kind: 'kept';
      readonly data: KeptData;
      /** Whether the list was written after this checkpoint. */
      readonly isNewer: boolean;
    }
  /** An earlier version made it, and kept no list. */
  | {
      readonly kind: 'by place';
      readonly fraction: number;
      readonly seed: number;
      readonly samples: number | undefined;
    }
  /** There was a list, which is not here, and the data no longer gives the same one. */
  | { readonly kind: 'lost' }
  /** It was trained elsewhere, or on data made in code. */
  | { readonly kind: 'none' };

/** Of what a run learns from: the test images have no say in it. */
export function digestOf(samples: readonly KeptSample[]): string {
  const text = splitText(samples.filter(({ split }) => split !== 'test'));
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * How the run of a checkpoint split its data.
 * @param path the checkpoint
 * @param found the data as it is now
 * @throws DataError where split.csv is damaged; CheckpointError where it cannot be read
 */
export async function knownSplit(
  path: string,
  training: TrainingProgress | undefined,
  found: FoundData,
): Promise<KnownSplit> {
  if (!training) return { kind: 'none' };
  const { data, config, seed } = training;
  const { validationFraction: fraction, samples } = config;
  const isShare = typeof fraction === 'number' && fraction > 0 && fraction < 1;
  if (!data) {
    if (!isShare) return { kind: 'none' };
    return { kind: 'by place', fraction, seed, samples: typeof samples === 'number' ? samples : undefined };
  }
  const file = join(dirname(path), splitFile);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError('read', file, error, 'the checkpoint is untouched');
  });
  if (text !== undefined) {
    const samples = parseSplit(file, text);
    const isNewer = digestOf(samples) !== data.split;
    return { kind: 'kept', data: { samples, ...(!isNewer && { sizes: data.sizes }) }, isNewer };
  }
  const again = isShare ? await splitAgain(found, fraction, seed) : undefined;
  if (again === undefined || digestOf(again) !== data.split) return { kind: 'lost' };
  return { kind: 'kept', data: { samples: again, sizes: data.sizes }, isNewer: false };
}

async function splitAgain(found: FoundData, validationFraction: number, seed: number) {
  try {
    return keptSplit(await splitsOf(found, found.name, usualHoldOut(found, { validationFraction, seed })));
  } catch {
    // data that nothing can be trained on
    return undefined;
  }
}
