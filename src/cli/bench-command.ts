import { availableParallelism } from 'node:os';
import { Argument, type Command, Option } from 'commander';
import type { Recompute } from '../autodiff/index.ts';
import {
  type BenchCase,
  type BenchProfile,
  type BenchResult,
  bench,
  benchCases,
  compareWithPeak,
  measureMatrixPeak,
  type Phase,
  phases,
  profile,
} from '../bench/index.ts';
import { chooseEngine, type Engine, type Precision, precisions } from '../engines/index.ts';
import { addBenchDataCommand } from './bench-data-command.ts';
import { choosePeer, peerNames } from './bench-peer.ts';
import { printProfile } from './bench-profile.ts';
import { benchProgress } from './bench-progress.ts';
import { addBenchRanksCommand } from './bench-ranks-command.ts';
import { printBench } from './bench-report.ts';
import { engineChoices, engineValue, positiveValue, recomputeOption, threadsValue } from './flag-values.ts';
import { Interrupted, interruptible } from './interruption.ts';
import { modelArgument } from './model-argument.ts';
import type { Output, Surroundings } from './output.ts';

interface BenchFlags {
  readonly model?: readonly string[];
  readonly batchSize?: number;
  readonly recompute?: Recompute;
  readonly threads?: number;
  readonly rounds: number;
  readonly engine?: string;
  readonly precision: Precision;
  readonly against: string;
  /** False where --no-peer was given. */
  readonly peer: boolean;
  readonly profile?: boolean;
  readonly json?: boolean;
}

/** `skein bench` */
export function addBenchCommand(program: Command, surroundings: Surroundings): void {
  const { output } = surroundings;
  const command = program
    .command('bench')
    .description('Measure images per second, in turns with PyTorch where python3 has torch')
    .addArgument(
      new Argument('[phase]', 'training steps, or prediction with finished weights; default both').choices(phases),
    )
    .option(
      '--model <name...>',
      'names from skein models, or modules (resnet20 densenet-bc100-k12 resnet50 densenet121 seresnet50 vgg16_bn)',
    )
    .option(
      '-b, --batch-size <n>',
      'images per step (128 for resnet20, 8 for vgg16_bn, 16 for the other large ones, else 64)',
      positiveValue,
    )
    .addOption(recomputeOption())
    .option('--threads <n>', 'of the engine and of its peer (all cores)', threadsValue)
    .option('--rounds <n>', 'turns of each side', positiveValue, 5)
    .option('--engine <name>', engineChoices, engineValue)
    .addOption(
      new Option('--precision <name>', 'of convolutions and maps, on both sides')
        .choices(precisions)
        .default('float32'),
    )
    .addOption(
      new Option('--against <peer>', 'whom to take turns with: PyTorch or another engine')
        .choices(peerNames)
        .default('torch'),
    )
    .option('--no-peer', 'measure the engine alone')
    .option('--profile', 'instead show what the instructions of a step take (engine onednn)')
    .option('--json', 'print an array of { case, phase, batchSize, engine, precision, threads, … }')
    .addHelpText(
      'after',
      '\nExamples:\n  skein bench train --model resnet20 -b 64\n  skein bench infer --engine onednn --against onnxruntime\n  skein bench train --engine onednn --model resnet50 --profile',
    )
    .action(async (phase: Phase | undefined, flags: BenchFlags) => {
      const { model, batchSize, recompute } = flags;
      const networks = model && (await Promise.all(model.map(modelArgument)));
      const cases = benchCases({
        ...(networks && { networks }),
        ...(phase && { phase }),
        ...(batchSize !== undefined && { batchSize }),
        ...(recompute && { recompute }),
      });
      const run: Run = {
        cases,
        flags,
        output: output(flags),
        threads: flags.threads ?? availableParallelism(),
        engineFor: engineChoice(flags),
      };
      await interruptible(run.output, (signal) => (flags.profile ? runProfile(run, signal) : runBench(run, signal)));
    });
  addBenchDataCommand(command, surroundings);
  addBenchRanksCommand(command, surroundings);
}

interface Run {
  readonly cases: readonly BenchCase[];
  readonly flags: BenchFlags;
  readonly output: Output;
  readonly threads: number;
  /** The engine for a case, by what it does; why `auto` takes it is said once. */
  engineFor(benchCase: BenchCase, say: (text: string) => void): Promise<Engine>;
}

function engineChoice({ engine: name = 'auto', precision }: BenchFlags): Run['engineFor'] {
  const told = new Set<string>();
  return async ({ phase }, say) => {
    const { engine, reason } = await chooseEngine(name, phase === 'train' ? 'train' : 'predict', precision);
    if (reason !== undefined && !told.has(engine.name)) say(`engine ${engine.name}: ${reason}`);
    told.add(engine.name);
    return engine;
  };
}

async function runBench(run: Run, signal: AbortSignal): Promise<void> {
  const { cases, flags, output, engineFor, threads } = run;
  const { precision, rounds } = flags;
  const progress = benchProgress(output, cases, rounds);
  signal.addEventListener('abort', () => progress.log('Stopping; Ctrl-C again quits at once'));
  const results: BenchResult[] = [];
  const peak = () => (signal.aborted ? undefined : measureMatrixPeak({ threads, precision }));
  let before: number | undefined;
  try {
    const peer = flags.peer ? await choosePeer(flags.against, cases, signal, (text) => progress.log(text)) : undefined;
    const onNote = (text: string) => progress.log(`${peer?.name} is left out: ${text}`);
    before = await peak();
    for (const one of cases) {
      const engine = await engineFor(one, (text) => progress.log(text));
      const followed = progress.begin(one, engine.name, peer?.name);
      results.push(await bench(one, { engine, threads, precision, rounds, peer, signal, ...followed, onNote }));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.stop();
  }
  const matrixPeak = before === undefined ? null : { before, after: (await peak()) ?? null };
  // what was finished before Ctrl-C is as good as ever
  const compared = results.map((result) => compareWithPeak(result, matrixPeak));
  if (flags.json) output.json(compared);
  else if (compared.length > 0) printBench(output, compared);
  if (signal.aborted) throw new Interrupted();
}

async function runProfile({ cases, flags, output, engineFor, threads }: Run, signal: AbortSignal): Promise<void> {
  const { precision } = flags;
  const profiles: BenchProfile[] = [];
  try {
    for (const one of cases) {
      const engine = await engineFor(one, (text) => flags.json || output.line(text));
      const found = await profile(one, { engine, threads, precision, signal });
      profiles.push(found);
      if (!flags.json) printProfile(output, found);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (flags.json) output.json(profiles);
  if (signal.aborted) throw new Interrupted();
}
