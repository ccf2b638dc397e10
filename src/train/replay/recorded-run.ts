/** What the folder of a run tells of it, read and never written. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, loadCheckpoint } from '../../checkpoint/index.ts';
import { canonicalJson } from '../../files/index.ts';
import { CheckpointError, ConfigError } from '../../tensor/index.ts';
import { epochFilesIn } from '../epoch-files.ts';
import type { EpochRecord } from '../events.ts';
import { recordedConfig, recordedRanks } from '../from-config.ts';
import { measurementsIn } from '../run-folder.ts';
import type { Measurement } from '../run-sink.ts';

/** A place in a run from which its steps can be taken again. */
export interface KeptPoint {
  /** The file's name; `the start` where there is none. */
  readonly name: string;
  /** Undefined for the start. */
  readonly path: string | undefined;
  /** Complete epochs, and steps. */
  readonly epoch: number;
  readonly step: number;
}

/** A checkpoint that cannot be read. */
export interface UnreadablePoint {
  readonly name: string;
  readonly message: string;
}

export interface RecordedRun {
  readonly folder: string;
  /** What config.yaml says, whatever that is. */
  readonly config: Readonly<Record<string, unknown>>;
  /** By their steps; of two at one step both. The start is the first, where it can be made again. */
  readonly points: readonly KeptPoint[];
  readonly unreadable: readonly UnreadablePoint[];
  /** Those of the data as it was before it changed, which it cannot be any more. */
  readonly outdated: readonly string[];
  /** The newest checkpoint that can be read: it knows the recipe and the data. */
  readonly newest: KeptPoint | undefined;
  /** Epochs that the newest checkpoint remembers, oldest first. */
  readonly history: readonly EpochRecord[];
  /** The losses of metrics.jsonl by their steps. */
  readonly losses: ReadonlyMap<number, number>;
  readonly measured: readonly Measurement[];
  /** The last step that anything tells of. */
  readonly lastStep: number;
}

const start: KeptPoint = { name: 'the start', path: undefined, epoch: 0, step: 0 };

/** @throws ConfigError where the folder holds no run, or one that several ranks trained */
export async function recordedRun(folder: string): Promise<RecordedRun> {
  const config = await recordedConfig(join(folder, 'config.yaml'));
  if (typeof config !== 'object' || config === null)
    throw new ConfigError(
      `${folder}: expected the folder of a run, but there is no config.yaml in it that can be read`,
      'give the folder that skein train made, such as runs/resnet20-1',
    );
  expectOneProcess(folder, config);
  const found = await checkpointsIn(folder);
  const newest = found.read.reduce<Found | undefined>(
    (best, one) => (best === undefined || one.point.step >= best.point.step ? one : best),
    undefined,
  );
  const isOutdated = ({ training }: Found) => canonicalJson(training.data) !== canonicalJson(newest?.training.data);
  const measured = await measurementsIn(folder);
  const losses = new Map(measured.flatMap((one) => (one.kind === 'step' ? [[one.step, one.loss] as const] : [])));
  const { samples } = config as Record<string, unknown>;
  const isOfStart = newest === undefined || newest.training.config.samples === samples || samples === undefined;
  const points = [
    ...(isOfStart ? [start] : []),
    ...found.read.filter((one) => !isOutdated(one)).map(({ point }) => point),
  ];
  return {
    folder,
    config: config as Record<string, unknown>,
    points: points.sort((a, b) => a.step - b.step),
    unreadable: found.unreadable,
    outdated: found.read.filter(isOutdated).map(({ point }) => point.name),
    newest: newest?.point,
    history: (newest?.training.history ?? []) as EpochRecord[],
    losses,
    measured,
    lastStep: Math.max(newest?.point.step ?? 0, ...losses.keys(), 0),
  };
}

/** One process has another batch norm than ranks with statistics of their own, and adds up in another order than all. */
function expectOneProcess(folder: string, config: object): void {
  const ranks = recordedRanks(config);
  if (ranks === undefined) return;
  throw new ConfigError(
    `${folder}: expected a run that one process trained, but ${ranks > 1 ? `${ranks} ranks trained it` : 'several ranks trained it before one went on'}`,
    'steps are taken again in one process, which does not come to the numbers of several ranks; skein eval measures what they saved',
  );
}

interface Found {
  readonly point: KeptPoint;
  readonly training: NonNullable<Checkpoint['training']>;
}

async function checkpointsIn(folder: string): Promise<{ read: Found[]; unreadable: UnreadablePoint[] }> {
  const read: Found[] = [];
  const unreadable: UnreadablePoint[] = [];
  for (const path of [
    ...(await epochFilesIn(folder)),
    join(folder, 'best.safetensors'),
    join(folder, 'last.safetensors'),
  ]) {
    const name = path.slice(folder.length).replace(/^[/\\]+/, '');
    if (!(await isThere(path))) continue;
    try {
      const { training } = await loadCheckpoint(path);
      if (!training) throw new CheckpointError(`${path}: it holds nothing to go on training from`);
      read.push({ point: { name, path, epoch: training.epoch, step: training.step }, training });
    } catch (error) {
      unreadable.push({ name, message: (error as Error).message });
    }
  }
  return { read, unreadable };
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The nearest place at or before `step` complete steps. */
export function pointBefore({ points, folder }: RecordedRun, step: number): KeptPoint {
  const before = points.filter((point) => point.step <= step).at(-1);
  if (before) return before;
  throw new CheckpointError(
    `${folder}: expected a checkpoint of at most ${step} steps, but the first is of ${points[0]?.step ?? 'none'}: the data has changed within the run, and its start cannot be made again`,
    'ask for a later step',
  );
}
