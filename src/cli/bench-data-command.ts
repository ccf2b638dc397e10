import type { Command } from 'commander';
import { type BenchDataResult, benchData, findTorch } from '../bench/index.ts';
import { imageFolder } from '../data/index.ts';
import { usualCacheBytes, usualWorkers } from '../pipeline/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { readAugmentations } from '../train/index.ts';
import { withDataHint } from './data-hint.ts';
import { sideValue, workersValue } from './flag-values.ts';
import { interruptible } from './interruption.ts';
import type { Output, Surroundings } from './output.ts';
import { textTable } from './text-table.ts';

interface BenchDataFlags {
  readonly data: string;
  readonly imageSize: number;
  readonly workers?: number;
  readonly augment: string;
  readonly rounds: number;
  /** False where --no-peer was given. */
  readonly peer: boolean;
  readonly json?: boolean;
}

/** `skein bench data` */
export function addBenchDataCommand(bench: Command, { output }: Surroundings): void {
  bench
    .command('data')
    .description('Measure how fast image files become batches, in turns with sharp alone and with PyTorch')
    .requiredOption('--data <folder>', 'an image folder')
    .option('--image-size <pixels>', 'height and width of samples', sideValue, 224)
    .option('-j, --workers <n>', `threads that decode and augment (${usualWorkers()} here)`, workersValue)
    .option('--augment <list>', 'as skein train has it', 'randomResizedCrop,flip')
    .addHelpText('after', '\nExamples:\n  skein bench data --data photos --image-size 128 -j 4')
    .action(async (_: unknown, command: Command) => {
      // --rounds, --no-peer and --json are those of skein bench
      const flags = command.optsWithGlobals<BenchDataFlags>();
      const to = output(flags);
      await interruptible(to, async (signal) => {
        const result = await withDataHint(flags.data, {}, to, () => measured(flags, to, signal), { skips: false });
        if (flags.json) to.json(result);
        else print(to, result);
      });
    });
}

async function measured(flags: BenchDataFlags, output: Output, signal: AbortSignal): Promise<BenchDataResult> {
  const { data, imageSize, augment, rounds, workers = usualWorkers() } = flags;
  const { train } = await imageFolder(data, { size: imageSize });
  if (!train.images) throw new ConfigError(`${data}: expected a folder of image files`);
  const say = (text: string): void => {
    if (!flags.json) output.line(text);
  };
  const python = flags.peer ? await findTorch(signal) : undefined;
  if (flags.peer && python === undefined)
    say('PyTorch is left out: python3 with torchvision not found: apt-get install python3-torchvision');
  return benchData({
    dataset: train,
    augment: readAugmentations('--augment', augment),
    workers,
    rounds,
    cacheBytes: usualCacheBytes(),
    python,
    signal,
    onRound: (round) => say(`round ${round} of ${rounds}`),
    onNote: say,
  });
}

function print(output: Output, { images, imageSize, augmentation, workers, ...rates }: BenchDataResult): void {
  const { imagesPerSecond, sharp, torch, cached, rounds } = rates;
  const row = (who: string, rate: number, ratio?: number) => [
    who,
    rate.toFixed(0),
    ratio === undefined ? '' : ratio.toFixed(2),
  ];
  const rows = [
    row(`Skein, ${augmentation.join(' and ')}`, imagesPerSecond),
    row('sharp alone: decoded and scaled', sharp.imagesPerSecond, sharp.ratio),
    ...(torch ? [row(`PyTorch ${torch.version}`, torch.imagesPerSecond, torch.ratio)] : []),
    row('Skein, from decoded pictures in memory', cached.imagesPerSecond, 1 / cached.ratio),
  ];
  const [head = '', ...lines] = textTable(['', 'images/s', 'Skein is'], rows, { left: 1 });
  output.line();
  output.line(output.style('bold', head));
  for (const line of lines) output.line(line);
  output.paragraph(
    `${images} images at ${imageSize}×${imageSize}, ${workers} workers; medians of ${rounds} rounds, the sides in turns. "Skein is": times the speed of that row.`,
    'dim',
  );
}
