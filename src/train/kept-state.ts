/** What checkpoints hold of a run's state, and what they leave out. */
import type { Checkpoint } from '../checkpoint/index.ts';
import type { Program, Value } from '../ir/index.ts';
import { zeros } from '../tensor/index.ts';
import { writingSeconds } from './ranks/run-ranks.ts';
import type { RunUnderWay } from './run.ts';
import { snapshot } from './snapshot.ts';

type Tensors = Checkpoint['tensors'];

/** What adds up within a step is 0 between steps, and left out. */
const isKept = ([, { source }]: readonly [string, Value]): boolean =>
  source.kind === 'state' && source.role !== 'gradient';

/** The entries of `whole` that checkpoints hold. */
export const keptEntries = ({ graph }: Program): Map<string, Value> => new Map([...graph.state].filter(isKept));

/** What a checkpoint holds, and zeros for what it leaves out. */
export function complete(tensors: Tensors, { graph }: Program): Tensors {
  const sums = [...graph.state].filter((entry) => !isKept(entry));
  return new Map([...tensors, ...sums.map(([name, { type }]) => [name, zeros('float32', type.shape)] as const)]);
}

/** The entries that prediction has, without the optimiser's. */
export function predicted(tensors: Tensors, { graph }: Program): Tensors {
  return new Map([...tensors].filter(([name]) => graph.state.has(name)));
}

/** All that a checkpoint holds of a run as it stands. */
export async function stateOf({ programs, executable, untouched }: RunUnderWay): Promise<Tensors> {
  return new Map([...untouched, ...(await executable.read([...keptEntries(programs.whole).keys()]))]);
}

/** Saves where the run stands, in the middle of an epoch. */
export async function save(run: RunUnderWay): Promise<void> {
  if (await isForAnother(run)) return;
  await run.sink.save('last', await checkpointOf(run));
}

/** Saves where the run stands after an epoch, read once. `last` comes last: should the run die before, it goes through the epoch again. */
export async function saveEpoch(run: RunUnderWay, isBest: boolean): Promise<void> {
  const { settings, position, sink } = run;
  if (await isForAnother(run)) return;
  const { epochs, keep: most } = settings;
  const checkpoint = await checkpointOf(run);
  if (isBest) await sink.save('best', checkpoint);
  if (most > 0) await sink.keepEpoch?.(checkpoint, { epoch: position.epoch, epochs, most });
  await sink.save('last', checkpoint);
}

/** Of several ranks, which all have the same state, the first one writes, and the others will wait for it. */
async function isForAnother({ settings }: RunUnderWay): Promise<boolean> {
  const ranks = settings.ranks?.ranks;
  if (!ranks || ranks.rank === 0) return false;
  await ranks.allow(writingSeconds);
  return true;
}

async function checkpointOf(run: RunUnderWay): Promise<Checkpoint> {
  return snapshot(run.settings, run.network, run.recipe, run.position, await stateOf(run));
}
