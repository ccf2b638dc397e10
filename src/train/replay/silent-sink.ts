/** A run's folder as a sink that keeps nothing: its run is taken again from a checkpoint of it, and the folder stays as it is. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, loadCheckpoint } from '../../checkpoint/index.ts';
import { fileError } from '../../files/index.ts';
import { CheckpointError } from '../../tensor/index.ts';
import { splitFile } from '../../trained/index.ts';
import type { RunSink } from '../run-sink.ts';
import type { RecordedRun } from './recorded-run.ts';

/** @param checkpoint the path of the one that stands for the last */
export function silentSink({ folder, config, measured }: RecordedRun, checkpoint: string | undefined): RunSink {
  const nothing = async (): Promise<void> => {};
  return {
    name: folder,
    kept: undefined,
    take: nothing,
    leave: nothing,
    begin: nothing,
    goOn: nothing,
    log: nothing,
    results: nothing,
    save: nothing,
    keepEpoch: nothing,
    recorded: async () => config,
    measured: async () => measured,
    split: () => splitIn(folder),
    load: async () => ({ name: checkpoint ?? folder, checkpoint: await loaded(folder, checkpoint) }),
    report: async () => undefined,
  };
}

function loaded(folder: string, path: string | undefined): Promise<Checkpoint> {
  if (path === undefined) throw new CheckpointError(`${folder}: there is no checkpoint`);
  return loadCheckpoint(path);
}

/** The text of split.csv; undefined where there is none. @throws CheckpointError where it cannot be read */
export async function splitIn(folder: string): Promise<string | undefined> {
  const path = join(folder, splitFile);
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError('read', path, error, 'the run folder is untouched');
  });
}
