import { type Command, Option } from 'commander';
import { type BenchCase, benchCases, expectedSpeeds, nodeStep, usualCopyRate, usualLine } from '../bench/index.ts';
import { printRanks, type RanksResult } from './bench-ranks-report.ts';
import { aboveZeroValue, listValue, positiveValue, shareValue } from './flag-values.ts';
import { modelArgument } from './model-argument.ts';
import type { Surroundings } from './output.ts';

interface BenchRanksFlags {
  readonly model?: readonly string[];
  readonly batchSize?: number;
  readonly imagesPerSecond: number;
  readonly gigabits: readonly number[];
  readonly nodes: readonly number[];
  readonly latency: number;
  readonly lineShare: number;
  readonly json?: boolean;
}

/** `skein bench ranks` */
export function addBenchRanksCommand(bench: Command, { output }: Surroundings): void {
  bench
    .command('ranks')
    .description('Tell what speed to expect of training on several machines')
    .requiredOption(
      '--images-per-second <n>',
      'what one machine trains, as skein bench train measures it',
      aboveZeroValue,
    )
    .addOption(listOption('--gigabits <list>', 'lines, in Gbit/s', aboveZeroValue, [1, 10, 25, 100]))
    .addOption(listOption('--nodes <list>', 'numbers of machines', positiveValue, [2, 4, 16, 64, 256]))
    .option('--latency <microseconds>', 'of a short message', aboveZeroValue, 1e6 * usualLine.latencySeconds)
    .option('--line-share <share>', 'of a line that gradients get', shareValue, usualLine.share)
    .addHelpText(
      'after',
      '\nExamples:\n  skein bench ranks --model resnet50 -b 32 --images-per-second 20\n  skein bench ranks --model resnet50 -b 64 --images-per-second 100 --gigabits 25 --nodes 2,8',
    )
    .action(async (_: unknown, command: Command) => {
      // --model, -b and --json are those of skein bench
      const flags = command.optsWithGlobals<BenchRanksFlags>();
      const { model = ['resnet50'], batchSize } = flags;
      const networks = await Promise.all(model.map(modelArgument));
      const cases = benchCases({ networks, phase: 'train', ...(batchSize !== undefined && { batchSize }) });
      const results = cases.map((one) => expected(one, flags));
      const to = output(flags);
      if (flags.json) to.json(results);
      else printRanks(to, results);
    });
}

const listOption = (flag: string, about: string, value: (word: string) => number, usual: readonly number[]) =>
  new Option(flag, about).argParser(listValue(value)).default(usual, usual.join());

function expected(benchCase: BenchCase, flags: BenchRanksFlags): RanksResult {
  const { imagesPerSecond, nodes, lineShare: share, latency } = flags;
  const latencySeconds = latency / 1e6;
  const lines = flags.gigabits.map((gigabits) => ({ bitsPerSecond: gigabits * 1e9, share, latencySeconds }));
  const step = nodeStep({ benchCase, imagesPerSecond, copyRate: usualCopyRate });
  return {
    network: benchCase.network.name,
    imagesPerNode: benchCase.batchSize,
    ...step,
    line: { share, latencySeconds },
    expected: expectedSpeeds(step, benchCase.batchSize, lines, nodes),
  };
}
