/** A run folder's checkpoints of single epochs: `epoch-007.safetensors`. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, saveCheckpoint } from '../checkpoint/index.ts';
import { fileError } from '../files/index.ts';
import type { EpochToKeep } from './run-sink.ts';

const fileName = /^epoch-(\d{3,})\.safetensors$/;

/** Names sort as epochs do: all have the digits of the last one, and at least three. */
const nameOf = ({ epoch, epochs }: EpochToKeep): string =>
  `epoch-${String(epoch).padStart(Math.max(3, String(epochs).length), '0')}.safetensors`;

/** Writes the epoch's file, and then removes those of more than `most` epochs before. @throws CheckpointError */
export async function keepEpochIn(folder: string, checkpoint: Checkpoint, at: EpochToKeep): Promise<void> {
  await saveCheckpoint(join(folder, nameOf(at)), checkpoint);
  await removeEpochsIn(folder, (epoch) => epoch <= at.epoch - at.most);
}

/** The paths of those in a folder, by their epochs. */
export async function epochFilesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => fileName.test(name));
  return names.sort().map((name) => join(folder, name));
}

/** Removes the files of the epochs of which `isOver` is true. @throws CheckpointError */
export async function removeEpochsIn(folder: string, isOver: (epoch: number) => boolean): Promise<void> {
  for (const name of await readdir(folder)) {
    const epoch = fileName.exec(name)?.[1];
    if (epoch === undefined || !isOver(Number(epoch))) continue;
    const path = join(folder, name);
    await rm(path, { force: true }).catch((error) => {
      throw fileError('remove', path, error, 'the checkpoints of the run are untouched');
    });
  }
}
