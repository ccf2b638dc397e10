import type { Command } from 'commander';
import { demo } from './demo.ts';
import { demoProgress } from './demo-progress.ts';
import { demoEntries, demoRecipe } from './demo-recipe.ts';
import { printDemo } from './demo-report.ts';
import { positiveValue, wholeValue } from './flag-values.ts';
import { Interrupted, interruptible } from './interruption.ts';
import type { Output, Surroundings } from './output.ts';

interface DemoFlags {
  readonly out?: string;
  readonly threads?: number;
  readonly seed?: number;
  readonly json?: boolean;
}

/** `skein demo` */
export function addDemoCommand(program: Command, { output }: Surroundings): void {
  program
    .command('demo')
    .description('Train a residual and a dense network side by side, on images that ship with skein')
    .option('--out <folder>', 'for the three run folders (runs/demo-N)')
    .option('--threads <n>', 'shared by the networks (all cores)', positiveValue)
    .option('--seed <n>', 'of everything random (0)', wholeValue)
    .option('--json', 'print { folder, networks } as JSON, and progress to standard error')
    .addHelpText('after', '\nExample:\n  skein demo --out runs/first')
    .action((flags: DemoFlags) => runDemo(flags, output(flags)));
}

async function runDemo(flags: DemoFlags, output: Output): Promise<void> {
  const names = Object.values(demoEntries).map(({ network }) => network.name);
  await interruptible(output, async (signal) => {
    output.line(`${demoRecipe.data}: a linear baseline, then two deep networks`);
    const progress = demoProgress(output, names);
    signal.addEventListener('abort', () => progress.log('Stopping after this step; Ctrl-C again quits at once'));
    const { folder, networks } = await demo({ ...flags, signal, callbackFor: progress.callbackFor }).finally(() =>
      progress.stop(),
    );
    if (flags.json) output.json({ folder, networks });
    if (!flags.json || signal.aborted) printDemo(output, networks);
    const whole = networks.length === names.length && networks.every(({ stopped }) => stopped === 'finished');
    if (!whole) throw new Interrupted();
  });
}
