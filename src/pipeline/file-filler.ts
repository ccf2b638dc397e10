/** Samples that are image files: decoded once where the cache has room, and prepared by threads where there are some. */
import { type Dataset, type ImageFiles, readsItsFiles } from '../data/index.ts';
import type { Filler, Row } from './batch.ts';
import type { BatchSource } from './batch-builder.ts';
import { decodingOf, type FileJob, type FileJobResult, type FileRow, runFileJob, type Treatment } from './file-job.ts';
import type { ImageCache } from './image-cache.ts';
import type { PictureFolder } from './picture-folder.ts';
import { expectLabel, sharesOf } from './sample-labels.ts';
import { sentAugmentations } from './sent-augmentation.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What prepares files. */
export interface FileMeans {
  readonly pool?: WorkerPool | undefined;
  readonly cache?: ImageCache | undefined;
  readonly folder?: PictureFolder | undefined;
  /** `decoderVersions()`, where there are threads or a folder. */
  readonly versions?: string;
  readonly room: (length: number) => Float32Array;
}

/** Files of a dataset whose labels are known. */
export type FileDataset = Dataset & { readonly images: ImageFiles; readonly labels: ArrayLike<number> };

/** Only the dataset's own `read` is what its files say. */
export const isFileDataset = (dataset: Dataset): dataset is FileDataset =>
  readsItsFiles(dataset) && dataset.labels !== undefined && !dataset.softLabels;

/** Rows that a thread takes at a time: fewer calls, yet all threads find work. */
const rowsAtOnce = 16;

export function fileFiller(source: BatchSource, dataset: FileDataset, means: FileMeans): Filler {
  const { pool, cache, folder, versions, room } = means;
  const { augment = [], seed = 0, epoch = 0, draws = 'each', normalisation } = source;
  const { paths, size } = dataset.images;
  const treatment: Treatment = { size, normalisation, seed, epoch, draws };
  const decoding = decodingOf(size, augment);
  const onDisk = folder && { folder: folder.path, decoding: JSON.stringify([versions, decoding]) };
  const sent = pool && sentAugmentations(augment);

  const run = (rows: readonly FileRow[], images: Float32Array): Promise<FileJobResult> => {
    const kept = onDisk && { ...onDisk, mayWrite: folder?.mayWrite ?? false };
    const job: FileJob = { treatment, rows, isKept: cache?.hasRoom ?? false, kept };
    return pool && sent ? pool.run(job, sent, images, versions) : runFileJob(job, augment, images);
  };

  return {
    image: { channels: size.channels, height: size.height, width: size.width },
    room,
    async fill({ images, labels, targets }, rows) {
      for (const { row, index } of rows) {
        const label = dataset.labels[index] as number;
        expectLabel(dataset, index, label);
        labels[row] = label;
        targets?.set(sharesOf(dataset, index, { label }), row * dataset.classes.length);
      }
      const files = rows.map(({ row, index, repeat }: Row): FileRow => {
        const path = paths[index] as string;
        const decoded = cache?.find(decoding, path);
        const label = dataset.labels[index] as number;
        return { row, index, repeat, path, label, decoded, content: folder?.contents.get(path) };
      });
      const results = await settled(
        inChunks(files),
        (chunk) => run(chunk, images),
        pool !== undefined && sent !== undefined,
      );
      return results.flatMap((result) => {
        if (result.status === 'rejected') throw result.reason;
        const { decoded, contents, keepingProblem, failed } = result.value;
        for (const { path, picture } of decoded) cache?.add(decoding, path, picture);
        for (const { path, content } of contents) folder?.contents.set(path, content);
        if (keepingProblem !== undefined) folder?.stopKeeping(keepingProblem);
        return failed;
      });
    },
  };
}

/** Without threads one after the other: few enough files are open and decoded at a time. */
async function settled(
  chunks: readonly FileRow[][],
  run: (chunk: readonly FileRow[]) => Promise<FileJobResult>,
  atOnce: boolean,
): Promise<PromiseSettledResult<FileJobResult>[]> {
  if (atOnce) return Promise.allSettled(chunks.map(run));
  const results: PromiseSettledResult<FileJobResult>[] = [];
  for (const chunk of chunks) results.push(...(await Promise.allSettled([run(chunk)])));
  return results;
}

const inChunks = (rows: readonly FileRow[]): FileRow[][] =>
  Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, i) =>
    rows.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce),
  );
