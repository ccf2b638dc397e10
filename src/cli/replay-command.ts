import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { fileError, makeFolder, writeFileAtomic } from '../files/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { replayedRun, replayPageOf } from '../train/index.ts';
import { fromFlags } from './failure.ts';
import { positiveValue } from './flag-values.ts';
import type { Surroundings } from './output.ts';
import { addReplayFlags, type ReplayFlags, replayOptionsOf } from './replay-flags.ts';
import { watchedSteps } from './replay-progress.ts';
import { planText, printReplay, replayJson } from './replay-report.ts';

interface OwnFlags extends ReplayFlags {
  readonly step: number;
  readonly out?: string;
}

const examples = `
Examples:
  skein replay runs/resnet20-1 --step 70
  skein replay runs/resnet20-1 --step 70 --out step.html

What is left out is as the run recorded it.`;

/** `skein replay` */
export function addReplayCommand(program: Command, { output }: Surroundings): void {
  const command = program
    .command('replay')
    .description(
      'Take a step of a run again and show all of it: the batch, what was left out, and each layer’s gradient and update',
    )
    .argument('<run>', 'the folder of a run; nothing in it is changed')
    .requiredOption('--step <n>', 'counted from 1 over all epochs, as in metrics.jsonl', positiveValue);
  addReplayFlags(command)
    .option('--out <file>', 'where the page goes, a file or a folder (RUN-step-N.html)')
    .option('--json', 'print the step as JSON')
    .addHelpText('after', examples)
    .action(async (run: string, flags: OwnFlags) => {
      const out = output(flags);
      const file = fromFlags(() => pageFile(run, flags));
      const options = await replayOptionsOf(run, flags);
      const replayed = await watchedSteps(out, (watched) =>
        replayedRun({
          ...options,
          ...watched,
          step: flags.step,
          onPlan: (plan) => out.line(planText(plan, flags.step)),
        }),
      );
      await makeFolder(dirname(file)).catch((error: unknown) => {
        throw fileError('write', dirname(file), error, 'name another file with --out');
      });
      await writeFileAtomic(file, await replayPageOf(replayed));
      if (flags.json) out.json(replayJson(replayed.replayed, file));
      else printReplay(out, replayed.replayed, file);
    });
}

/** Beside the run's folder, never in it. */
function pageFile(run: string, { out, step }: OwnFlags): string {
  const folder = resolve(run);
  const usual = `${basename(folder)}-step-${step}.html`;
  if (out === undefined) return join(dirname(run), usual);
  const file = ['.html', '.htm'].includes(extname(out).toLowerCase()) ? out : join(out, usual);
  if (!resolve(file).startsWith(folder + sep)) return file;
  throw new ConfigError(
    `--out: expected a place outside ${run}, but got ${file}`,
    'nothing is written into the folder of a run that is taken again',
  );
}
