/** Each combination's run undisturbed and killed, for tests and for `scripts/kill-runs.ts`. */
import { join } from 'node:path';
import type { Random } from '../src/tensor/index.ts';
import type { Combination } from './combinations.ts';
import { putImageFiles } from './image-files.ts';
import { contentOf, differences, live, type Moment } from './killed-run.ts';
import { skein } from './run-skein.ts';

const epochs = 3;

/** What runs need, in a folder of their own. */
export interface Ground {
  readonly folder: string;
  readonly data: string;
  /** Of a network for other classes. */
  readonly weights: string;
}

const small = ['--image-size', '16', '--batch-size', '8', '--threads', '1', '--val-fraction', '0.2'];

export async function makeGround(folder: string): Promise<Ground> {
  const [data, others, before] = ['photos', 'others', 'before'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await putImageFiles(data, ['a', 'b'], 20);
  await putImageFiles(others, ['x', 'y', 'z'], 8);
  await trained(['resnet8', '--data', others, ...small, '--epochs', '1', '--workers', '0', '--out', before]);
  return { folder, data, weights: join(before, 'last.safetensors') };
}

async function trained(words: readonly string[]): Promise<void> {
  const { code, stderr } = await skein('train', ...words);
  if (code !== 0) throw new Error(stderr);
}

/** The command line, but for where the run goes. */
function wordsOf({ data, weights, folder }: Ground, { isTuned, words }: Combination, place: string): string[] {
  const own = words.map((word) =>
    word === 'WEIGHTS' ? weights : word === 'CACHE' ? join(folder, `${place} pictures`) : word,
  );
  // with the epoch of the head, all have as many
  const length = ['--epochs', String(isTuned ? epochs - 1 : epochs)];
  return ['resnet8', '--data', data, ...small, ...length, '--keep', '2', ...own];
}

/** A moment in any epoch, from its first save on. */
export const momentIn = (random: Random): Moment => ({
  epochs: random.integer(epochs),
  changes: 1 + random.integer(12),
});

/** What became of a run that was killed at some moments. */
export interface Outcome {
  readonly kills: number;
  /** The files that are not as without the kills. */
  readonly different: readonly string[];
}

/** A run that was over before a moment came was not killed there. */
export async function killed(ground: Ground, combination: Combination, moments: readonly Moment[]): Promise<Outcome> {
  const { folder } = ground;
  const whole = join(folder, combination.name);
  await trained([...wordsOf(ground, combination, combination.name), '--out', whole]);
  const expected = await contentOf(whole);
  const place = `${combination.name} killed`;
  const words = [...wordsOf(ground, combination, place), '--save-minutes', '0.00001'];
  let kills = 0;
  for (const moment of moments) {
    const { isKilled, code, stderr } = await live(join(folder, place), words, moment);
    if (isKilled) kills++;
    else if (code !== 0) throw new Error(stderr);
  }
  const { code, stderr } = await live(join(folder, place), words);
  if (code !== 0) throw new Error(stderr);
  return { kills, different: differences(expected, await contentOf(join(folder, place))) };
}
