/** Samples that are image files: decoded once where the cache has room, and prepared by threads where there are some. */
import { type Dataset, type ImageFiles, leastSide } from '../data/index.ts';
import type { Filler, Row } from './batch.ts';
import type { BatchSource } from './batch-builder.ts';
import { type FileJobResult, type FileRow, runFileJob, type Treatment } from './file-job.ts';
import type { ImageCache } from './image-cache.ts';
import { sentAugmentations } from './sent-augmentation.ts';
import { sharesOf } from './soft-labels.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What prepares files. */
export interface FileMeans {
  readonly pool?: WorkerPool | undefined;
  readonly cache?: ImageCache | undefined;
  readonly room: (length: number) => Float32Array;
}

/** Files of a dataset whose labels are known. */
export type FileDataset = Dataset & { readonly images: ImageFiles; readonly labels: ArrayLike<number> };

export const isFileDataset = (dataset: Dataset): dataset is FileDataset =>
  dataset.images !== undefined && dataset.labels !== undefined;

/** Rows that a thread takes at a time: fewer calls, yet all threads find work. */
const rowsAtOnce = 16;

export function fileFiller(source: BatchSource, dataset: FileDataset, { pool, cache, room }: FileMeans): Filler {
  const { augment = [], seed = 0, epoch = 0, draws = 'each', normalisation } = source;
  const { paths, size } = dataset.images;
  const treatment: Treatment = { size, normalisation, seed, epoch, draws };
  const decoding = JSON.stringify(augment[0]?.crop ? ['picture', size.channels, leastSide(size)] : ['sample', size]);
  const sent = pool && sentAugmentations(augment);

  const run = (rows: readonly FileRow[], images: Float32Array): Promise<FileJobResult> => {
    const job = { treatment, rows, isKept: cache?.hasRoom ?? false };
    return pool && sent ? pool.run(job, sent, images) : runFileJob(job, augment, images);
  };

  return {
    image: { channels: size.channels, height: size.height, width: size.width },
    room,
    async fill({ images, labels, targets }, rows) {
      for (const { row, index } of rows) {
        const label = dataset.labels[index] as number;
        labels[row] = label;
        targets?.set(sharesOf(dataset, index, { label }), row * dataset.classes.length);
      }
      const files = rows.map(({ row, index, repeat }: Row): FileRow => {
        const path = paths[index] as string;
        const decoded = cache?.find(decoding, path);
        return { row, index, repeat, path, label: dataset.labels[index] as number, ...(decoded && { decoded }) };
      });
      const results = await Promise.allSettled(inChunks(files).map((chunk) => run(chunk, images)));
      return results.flatMap((result) => {
        if (result.status === 'rejected') throw result.reason;
        for (const { path, picture } of result.value.decoded) cache?.add(decoding, path, picture);
        return result.value.failed;
      });
    },
  };
}

const inChunks = (rows: readonly FileRow[]): FileRow[][] =>
  Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, i) =>
    rows.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce),
  );
