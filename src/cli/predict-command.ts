import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { DataError } from '../tensor/index.ts';
import { loadClassifier, type Prediction } from '../trained/index.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import { engineChoices, positiveValue } from './flag-values.ts';
import type { Output, Surroundings } from './output.ts';
import { percent } from './quantity.ts';

interface PredictFlags {
  readonly top: number;
  readonly threads?: number;
  readonly engine?: string;
  readonly json?: boolean;
}

/** `skein predict` */
export function addPredictCommand(program: Command, { output }: Surroundings): void {
  program
    .command('predict')
    .description('Name what images show')
    .argument('<checkpoint>', 'a .safetensors file, or a run folder for its best epoch')
    .argument('<image...>', 'JPEG, PNG or WebP files, or folders of them')
    .option('--top <k>', 'labels to show for each image', positiveValue, 5)
    .option('--threads <n>', 'of the engine (all cores)', positiveValue)
    .option('--engine <name>', engineChoices)
    .option('--json', 'print an array of { path, top: [{ label, probability }] }')
    .addHelpText('after', '\nExample:\n  skein predict runs/resnet20-1 cat.jpg dog.jpg --top 3')
    .action(async (path: string, images: readonly string[], flags: PredictFlags) => {
      const { top, threads, engine } = flags;
      const out = output(flags);
      const files = (await Promise.all(images.map(imageFiles))).flat();
      const classifier = await loadClassifier(await checkpointArgument(path), {
        ...(threads !== undefined && { threads }),
        ...(engine !== undefined && { engine }),
      });
      try {
        const predictions = await classifier.predictAll(files, { top });
        const named = files.map((file, i) => ({ path: file, top: predictions[i] ?? [] }));
        if (flags.json) out.json(named);
        else printPredictions(out, named);
      } finally {
        await classifier.dispose();
      }
    });
}

/** The file itself, or a folder's images in alphabetical order. */
async function imageFiles(path: string): Promise<string[]> {
  if (!(await stat(path).catch(() => undefined))?.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.(jpe?g|png|webp)$/i.test(name) && !name.startsWith('.'));
  if (names.length === 0)
    throw new DataError(
      `${path}: there is no JPEG, PNG or WebP file in this folder`,
      `images in its subfolders are not read; ${path}/*/ names them all`,
    );
  return names.sort().map((name) => join(path, name));
}

const barWidth = 24;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function printPredictions(output: Output, images: readonly { path: string; top: readonly Prediction[] }[]): void {
  const width = Math.max(...images.flatMap(({ top }) => top.map(({ label }) => label.length)));
  for (const { path, top } of images) {
    output.line(output.style('bold', path));
    for (const { label, probability } of top) {
      const parts = Math.round(probability * barWidth * 8);
      const bar = '█'.repeat(Math.floor(parts / 8)) + eighths[parts % 8];
      output.line(`  ${label.padEnd(width)}  ${percent(probability).padStart(7)}  ${output.style('cyan', bar)}`);
    }
  }
}
