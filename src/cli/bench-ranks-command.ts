import { type Command, Option } from 'commander';
import {
  type BenchCase,
  benchCases,
  expectedSpeeds,
  gradientBytes,
  type Line,
  type MeasuredRanks,
  measuredLine,
  measuredStep,
  measureRanks,
  nodeStep,
  usualCopyRate,
  usualLine,
} from '../bench/index.ts';
import { chooseEngine, joinJob, type Precision, type Ranks } from '../engines/index.ts';
import { rankThreads } from '../mpi/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { printRanks, type RanksResult } from './bench-ranks-report.ts';
import { aboveZeroValue, listValue, positiveValue, shareValue } from './flag-values.ts';
import { Interrupted, interruptible } from './interruption.ts';
import { modelArgument } from './model-argument.ts';
import type { Output, Surroundings } from './output.ts';
import { runInRanks, wantsRanks } from './run-in-ranks.ts';

interface BenchRanksFlags {
  readonly model?: readonly string[];
  readonly batchSize?: number;
  readonly threads?: number;
  readonly rounds: number;
  readonly engine?: string;
  readonly precision: Precision;
  readonly ranks?: number;
  readonly imagesPerSecond?: number;
  readonly gigabits: readonly number[];
  readonly nodes: readonly number[];
  readonly latency: number;
  readonly lineShare: number;
  readonly json?: boolean;
}

/** `skein bench ranks` */
export function addBenchRanksCommand(bench: Command, { output, words }: Surroundings): void {
  bench
    .command('ranks')
    .description('Measure computing and reducing on several ranks, and tell what speed to expect of more machines')
    .option(
      '--ranks <n>',
      'start so many on this machine by mpirun; mpirun … skein bench ranks needs no flag',
      positiveValue,
    )
    .option(
      '--images-per-second <n>',
      'measure nothing: this is what one machine trains, as skein bench train says',
      aboveZeroValue,
    )
    .addOption(listOption('--gigabits <list>', 'lines, in Gbit/s', aboveZeroValue, [1, 10, 25, 100]))
    .addOption(listOption('--nodes <list>', 'numbers of machines', positiveValue, [2, 4, 16, 64, 256]))
    .option('--latency <microseconds>', 'of a short message', aboveZeroValue, 1e6 * usualLine.latencySeconds)
    .option('--line-share <share>', 'of a line that gradients get', shareValue, usualLine.share)
    .addHelpText(
      'after',
      '\nExamples:\n  skein bench ranks --model resnet50 -b 32 --images-per-second 20\n  skein bench ranks --ranks 2 --model resnet20\n  mpirun -n 2 --hostfile hosts skein bench ranks',
    )
    .action(async (_: unknown, command: Command) => {
      // --model, -b, --threads, --rounds, --engine, --precision and --json are those of skein bench
      const flags = command.optsWithGlobals<BenchRanksFlags>();
      if (flags.imagesPerSecond === undefined && wantsRanks(flags.ranks)) return runInRanks(flags.ranks, words);
      const { model = ['resnet50'], batchSize } = flags;
      const networks = await Promise.all(model.map(modelArgument));
      const cases = benchCases({ networks, phase: 'train', ...(batchSize !== undefined && { batchSize }) });
      const to = output(flags);
      const { imagesPerSecond } = flags;
      if (imagesPerSecond !== undefined) show(cases.map((one) => assumed(one, imagesPerSecond, flags)));
      else await interruptible(to, async (signal) => show(await measured(cases, flags, to, signal)));

      function show(results: readonly RanksResult[]): void {
        if (flags.json) to.json(results);
        else printRanks(to, results);
      }
    });
}

const listOption = (flag: string, about: string, value: (word: string) => number, usual: readonly number[]) =>
  new Option(flag, about).argParser(listValue(value)).default(usual, usual.join());

function assumed(benchCase: BenchCase, imagesPerSecond: number, flags: BenchRanksFlags): RanksResult {
  const step = nodeStep({ benchCase, imagesPerSecond, copyRate: usualCopyRate });
  const { network, batchSize } = benchCase;
  return {
    network: network.name,
    imagesPerNode: batchSize,
    ...step,
    line: lineOf(flags),
    measured: null,
    expected: expectedSpeeds(step, batchSize, linesOf(flags), flags.nodes),
  };
}

/** The same on every rank. */
async function measured(
  cases: readonly BenchCase[],
  flags: BenchRanksFlags,
  output: Output,
  signal: AbortSignal,
): Promise<RanksResult[]> {
  const ranks = await joinJob();
  if (!ranks)
    throw new ConfigError(
      'bench ranks: expected to be started as several ranks, but this is one process',
      '--ranks 2 starts two here; --images-per-second tells what to expect without measuring',
    );
  try {
    const results: RanksResult[] = [];
    for (const one of cases) {
      const found = await measuredCase(one, ranks, flags, output, signal);
      results.push(fromMeasured(one, found, flags));
    }
    await ranks.leave();
    return results;
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    throw error;
  } finally {
    await ranks.dispose();
  }
}

async function measuredCase(
  benchCase: BenchCase,
  ranks: Ranks,
  { engine: name = 'auto', precision, rounds, threads = rankThreads() }: BenchRanksFlags,
  output: Output,
  signal: AbortSignal,
): Promise<MeasuredRanks> {
  const { engine } = await chooseEngine(name, 'train', precision);
  const onRound = (round: number) => output.line(`${benchCase.network.name}  round ${round}/${rounds}`);
  return measureRanks(benchCase, { engine, ranks, threads, precision, rounds, signal, onRound });
}

function fromMeasured(benchCase: BenchCase, found: MeasuredRanks, flags: BenchRanksFlags): RanksResult {
  const bytes = gradientBytes(benchCase);
  const step = measuredStep(found, bytes);
  const line = measuredLine(found, bytes);
  const imagesPerNode = (benchCase.batchSize * found.ranks) / found.hosts.length;
  return {
    network: benchCase.network.name,
    imagesPerNode,
    ...step,
    line: lineOf(flags),
    measured: { ...found, bitsPerSecond: line?.bitsPerSecond ?? null },
    expected: expectedSpeeds(step, imagesPerNode, [...(line ? [line] : []), ...linesOf(flags)], flags.nodes),
  };
}

const lineOf = ({ latency, lineShare }: BenchRanksFlags) => ({ share: lineShare, latencySeconds: latency / 1e6 });

const linesOf = (flags: BenchRanksFlags): Line[] =>
  flags.gigabits.map((gigabits) => ({ bitsPerSecond: gigabits * 1e9, ...lineOf(flags) }));
