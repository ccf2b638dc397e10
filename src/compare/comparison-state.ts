/** comparison.json: what is compared, which runs are done, and what they came to. */
import { z } from 'zod';
import { CheckpointError, ConfigError } from '../tensor/index.ts';
import { settledDifference } from '../train/index.ts';
import type { RunFailure, RunOutcome } from './run-outcome.ts';

/** A network, as settled before the first run. */
export interface KeptNetwork {
  readonly name: string;
  /** What it was asked for by; left out where code made it. */
  readonly word?: string;
  readonly module?: string;
  readonly params: number;
  /** Multiply-adds of the forward pass of one image. */
  readonly macs: number;
  /** `SettledRun.config` of the first seed. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A run of a network with a seed. */
export interface KeptRun {
  readonly network: string;
  readonly seed: number;
  /** Beside comparison.json. */
  readonly folder: string;
  /** That its processes took so far. */
  readonly seconds: number;
  /** Where it was stopped: the most memory until then. */
  readonly peakBytes?: number;
  readonly outcome?: RunOutcome;
  readonly failure?: RunFailure;
}

/** All that a comparison goes on from, besides its run folders. */
export interface ComparisonState {
  readonly version: 1;
  readonly seeds: readonly number[];
  /** Of the whole; left out where there is no limit. */
  readonly maxMinutes?: number;
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
  readonly networks: readonly KeptNetwork[];
  /** In the order in which they run: seed by seed. */
  readonly runs: readonly KeptRun[];
}

const failure = z.object({ message: z.string(), hint: z.string().exactOptional() });
const losses = z.object({ loss: z.number(), top1: z.number() });
const outcome = z.looseObject({
  epochs: z.array(z.looseObject({ epoch: z.int(), train: losses, validation: losses, seconds: z.number() })).min(1),
  steps: z.int(),
  best: z.object({ epoch: z.int(), top1: z.number() }),
  score: z.looseObject({ split: z.enum(['test', 'validation']), top1: z.number(), correct: z.int(), total: z.int() }),
  seconds: z.number(),
  imagesPerSecond: z.number(),
  peakBytes: z.number(),
});
const schema = z.looseObject({
  version: z.literal(1),
  seeds: z.array(z.int().min(0)).min(1),
  maxMinutes: z.number().exactOptional(),
  samples: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
  networks: z
    .array(
      z.looseObject({ name: z.string(), params: z.int(), macs: z.number(), config: z.record(z.string(), z.unknown()) }),
    )
    .min(1),
  runs: z.array(
    z.looseObject({
      network: z.string(),
      seed: z.int(),
      // no path that leads elsewhere
      folder: z
        .string()
        .regex(/^[A-Za-z0-9._-]+$/)
        .refine((name) => !/^\.+$/.test(name)),
      seconds: z.number(),
      outcome: outcome.exactOptional(),
      failure: failure.exactOptional(),
    }),
  ),
});

/** @param path what messages call it @throws CheckpointError where it is something else */
export function parseState(path: string, text: string): ComparisonState {
  const { data } = schema.safeParse(attempt(text));
  const names = new Set(data?.networks.map(({ name }) => name));
  if (data?.runs.every(({ network, seed }) => names.has(network) && data.seeds.includes(seed)))
    return data as unknown as ComparisonState;
  throw new CheckpointError(
    `${path}: expected what a comparison keeps of itself, but it is something else`,
    'the file is damaged; the run folders beside it are complete in themselves',
  );
}

function attempt(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How the settings of a comparison differ from those of one that was begun, in words; undefined where they are the same. */
export function stateDifference(started: ComparisonState, now: ComparisonState): string | undefined {
  const list = (state: ComparisonState) => state.networks.map(({ name }) => name).join(' ');
  if (list(started) !== list(now)) return `the networks ${list(started)}, but is to go on with ${list(now)}`;
  const seeds = ({ seeds }: ComparisonState) =>
    `${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} from ${seeds[0]} on`;
  if (seeds(started) !== seeds(now)) return `${seeds(started)}, but is to go on with ${seeds(now)}`;
  for (const [i, { name, config }] of started.networks.entries()) {
    const found = settledDifference(config, now.networks[i]?.config ?? {});
    if (found) return `\`${found.key}\` ${found.before} (${name}), but is to go on with ${found.now}`;
  }
  return undefined;
}

/** @throws ConfigError saying what differs */
export function expectSameState(folder: string, started: ComparisonState, now: ComparisonState): void {
  const difference = stateDifference(started, now);
  if (difference !== undefined)
    throw new ConfigError(
      `compare: ${folder} was started with ${difference}`,
      'go on with the settings that it has, or choose another folder (--out)',
    );
}
