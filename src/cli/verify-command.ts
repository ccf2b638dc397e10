import { type Command, Option } from 'commander';
import { verify } from '../train/index.ts';
import { Reported } from './failure.ts';
import { positiveValue } from './flag-values.ts';
import type { Surroundings } from './output.ts';
import { addReplayFlags, type ReplayFlags, replayOptionsOf } from './replay-flags.ts';
import { watchedSteps } from './replay-progress.ts';
import { legText, printVerification } from './verify-report.ts';

interface OwnFlags extends ReplayFlags {
  readonly steps?: number;
  readonly all?: boolean;
}

const examples = `
Examples:
  skein verify runs/resnet20-1
  skein verify runs/resnet20-1 --all

It ends with exit code 1 where something differs.`;

/** `skein verify` */
export function addVerifyCommand(program: Command, { output }: Surroundings): void {
  const command = program
    .command('verify')
    .description('Take steps of a run again, and compare its losses and checkpoints with them to the bit')
    .argument('<run>', 'the folder of a run; nothing in it is changed')
    .option('--steps <k>', 'take at most so many steps again (as many as the run took in a minute)', positiveValue)
    .addOption(new Option('--all', 'take all its steps again').conflicts('steps'));
  addReplayFlags(command)
    .option('--json', 'print { verified, steps, from, to, firstDifference, … } as JSON')
    .addHelpText('after', examples)
    .action(async (run: string, flags: OwnFlags) => {
      const out = output(flags);
      const options = await replayOptionsOf(run, flags);
      const steps = flags.all ? 'all' : flags.steps;
      const verification = await watchedSteps(out, (watched) =>
        verify({
          ...options,
          ...watched,
          ...(steps !== undefined && { steps }),
          onPlan: (legs) => {
            for (const leg of legs) out.line(legText(leg));
          },
        }),
      );
      if (flags.json) out.json(verification);
      else printVerification(out, verification);
      if (!verification.verified) throw new Reported();
    });
}
