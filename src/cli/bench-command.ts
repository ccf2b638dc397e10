import { availableParallelism } from 'node:os';
import { Argument, type Command } from 'commander';
import type { Recompute } from '../autodiff/index.ts';
import { type BenchCase, type BenchResult, bench, benchCases, findTorch, type Phase, phases } from '../bench/index.ts';
import { chooseEngine } from '../engines/index.ts';
import { benchProgress } from './bench-progress.ts';
import { printBench } from './bench-report.ts';
import { engineChoices, positiveValue, recomputeOption } from './flag-values.ts';
import { Interrupted, interruptible } from './interruption.ts';
import { modelArgument } from './model-argument.ts';
import type { Output } from './output.ts';
import type { Surroundings } from './program.ts';

interface BenchFlags {
  readonly model?: readonly string[];
  readonly batchSize?: number;
  readonly recompute?: Recompute;
  readonly threads?: number;
  readonly rounds: number;
  readonly engine?: string;
  /** False where --no-peer was given. */
  readonly peer: boolean;
  readonly json?: boolean;
}

/** `skein bench` */
export function addBenchCommand(program: Command, { output }: Surroundings): void {
  program
    .command('bench')
    .description('Measure images per second, in turns with PyTorch where python3 has torch')
    .addArgument(
      new Argument('[phase]', 'training steps, or prediction with finished weights; default both').choices(phases),
    )
    .option('--model <name...>', 'names from skein models, or modules (resnet20 densenet-bc100-k12)')
    .option('-b, --batch-size <n>', 'images per step (128 for resnet20, else 64)', positiveValue)
    .addOption(recomputeOption())
    .option('--threads <n>', 'of the engine and of PyTorch (all cores)', positiveValue)
    .option('--rounds <n>', 'turns of each side', positiveValue, 5)
    .option('--engine <name>', engineChoices)
    .option('--no-peer', 'leave PyTorch out')
    .option('--json', 'print an array of { case, phase, batchSize, engine, precision, threads, rounds, … }')
    .addHelpText('after', '\nExample:\n  skein bench train --model resnet20 -b 64')
    .action(async (phase: Phase | undefined, flags: BenchFlags) => {
      const { model, batchSize, recompute } = flags;
      const networks = model && (await Promise.all(model.map(modelArgument)));
      const cases = benchCases({
        ...(networks && { networks }),
        ...(phase && { phase }),
        ...(batchSize !== undefined && { batchSize }),
        ...(recompute && { recompute }),
      });
      await runBench(cases, flags, output(flags));
    });
}

async function runBench(cases: readonly BenchCase[], flags: BenchFlags, output: Output): Promise<void> {
  const { threads = availableParallelism(), rounds } = flags;
  await interruptible(output, async (signal) => {
    const progress = benchProgress(output, cases, rounds);
    signal.addEventListener('abort', () => progress.log('Stopping; Ctrl-C again quits at once'));
    const results: BenchResult[] = [];
    const told = new Set<string>();
    try {
      const note = (text: string) => progress.log(`PyTorch is left out: ${text}`);
      const python = await pythonFor(cases, flags, signal, note);
      for (const one of cases) {
        const followed = progress.begin(one);
        const { engine, reason } = await chooseEngine(
          flags.engine ?? 'auto',
          one.phase === 'train' ? 'train' : 'predict',
        );
        if (reason !== undefined && !told.has(engine.name)) progress.log(`engine ${engine.name}: ${reason}`);
        told.add(engine.name);
        results.push(await bench(one, { engine, threads, rounds, python, signal, ...followed, onNote: note }));
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      progress.stop();
    }
    // what was finished before Ctrl-C is as good as ever
    if (flags.json) output.json(results);
    else if (results.length > 0) printBench(output, results);
    if (signal.aborted) throw new Interrupted();
  });
}

/** The python3 to compare with, looked for only where a case has a peer. */
async function pythonFor(
  cases: readonly BenchCase[],
  { peer }: BenchFlags,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<string | undefined> {
  if (!peer || cases.every((one) => one.peer === undefined)) return undefined;
  const python = await findTorch(signal);
  if (python === undefined) note('python3 with torch not found: apt-get install python3-torch');
  return python;
}
