import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { saveCheckpoint } from '../checkpoint/index.ts';
import { readClassList } from '../data/index.ts';
import { decimalOf } from '../parts/index.ts';
import { ConfigError, quoted } from '../tensor/index.ts';
import { type ImportedWeights, type ImportOptions, importWeights, interpolations } from '../trained/index.ts';
import { positiveValue } from './flag-values.ts';
import { modelArgument } from './model-argument.ts';
import type { Output, Surroundings } from './output.ts';
import { count, fileSize } from './quantity.ts';
import { weightsArgument } from './weights-argument.ts';

interface ImportFlags {
  readonly out?: string;
  readonly force?: boolean;
  readonly model?: string;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly imageSize?: number;
  readonly resize?: number;
  readonly interpolation?: ImportOptions['interpolation'];
  readonly classNames?: string;
  readonly state?: string;
  readonly allowUnused?: boolean;
  readonly json?: boolean;
}

/** `skein import` */
export function addImportCommand(program: Command, { output }: Surroundings): void {
  program
    .command('import')
    .description('Make a checkpoint from weights that another tool trained')
    .argument(
      '<file>',
      'a .pth or .pt file of PyTorch, a .safetensors or an .onnx file, a URL, hf:OWNER/NAME, or imagenet with --model',
    )
    .option('--out <file>', 'the checkpoint (MODEL.safetensors in the current folder)')
    .option('--force', 'replace a file that is there')
    .option('--model <model>', 'the network that the weights are of (told from their names and shapes)')
    .option('--mean <numbers>', 'per channel, of pixels from 0 to 1, as 0.485,0.456,0.406', numbersValue)
    .option('--std <numbers>', 'per channel, as --mean', numbersValue)
    .option('--image-size <pixels>', "height and width of the network's input (its own)", positiveValue)
    .option('--resize <pixels>', 'the shorter side of an image before its centre is cut out', positiveValue)
    .addOption(
      new Option('--interpolation <how>', 'how images are scaled (bilinear for large images)').choices(interpolations),
    )
    .option(
      '--class-names <file>',
      'one name a line, a CSV with a header, or JSON (what the file says, else class 0, …)',
    )
    .option('--state <keys>', 'in a file of PyTorch, which of its weights, as state_dict_ema (state_dict, or the like)')
    .option('--allow-unused', 'leave out weights that the network has no place for')
    .option(
      '--json',
      'print { checkpoint, network, classes, preprocessing, source, naming, matched, ignored, leftOver, notes }',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  skein import resnet18-f37072fd.pth --class-names imagenet.txt\n' +
        '  skein import imagenet --model resnet50\n' +
        '  skein import resnet20.safetensors --mean 0.4914,0.4822,0.4465 --std 0.247,0.2435,0.2616',
    )
    .action(async (word: string, flags: ImportFlags) => {
      const out = output(flags);
      const model = flags.model === undefined ? undefined : await modelArgument(flags.model);
      const { path: file, preprocessing } = await weightsArgument(word, out, model);
      if (flags.out !== undefined) await expectFree(file, flags.out, flags);
      const { mean, std, imageSize, resize, interpolation, allowUnused, state } = flags;
      const imported = await importWeights(file, {
        ...{ mean, std, imageSize, resize, interpolation, allowUnused, state, preprocessing, model },
        classNames: flags.classNames === undefined ? undefined : await readClassList(flags.classNames),
      });
      const checkpoint = flags.out ?? `${imported.checkpoint.network.name.replaceAll(/[^\w.+@-]+/g, '-')}.safetensors`;
      await expectFree(file, checkpoint, flags);
      await saveCheckpoint(checkpoint, imported.checkpoint);
      if (flags.json) out.json(facts(checkpoint, imported));
      else await printImported(out, checkpoint, imported);
    });
}

function numbersValue(words: string): number[] {
  const numbers = words.split(',').map((word) => decimalOf(word.trim()) ?? Number.NaN);
  if (numbers.some((n) => !Number.isFinite(n)))
    throw new InvalidArgumentError('It is not a list of numbers such as 0.485,0.456,0.406.');
  return numbers;
}

/** @throws ConfigError where there is a file that may not be replaced */
async function expectFree(source: string, out: string, { force = false }: ImportFlags): Promise<void> {
  if (resolve(source) === resolve(out))
    throw new ConfigError(`import: ${out} would replace the file that it is made from`, 'name another with --out FILE');
  const found = await stat(out).catch(() => undefined);
  if (found?.isDirectory())
    throw new ConfigError(
      `import: ${out} is a folder`,
      `name a file: --out ${out.replace(/\/+$/, '')}/NAME.safetensors`,
    );
  if (found && !force)
    throw new ConfigError(
      `import: ${out} is there already`,
      'name another with --out FILE, or replace it with --force',
    );
}

const facts = (path: string, { checkpoint, ...rest }: ImportedWeights) => ({
  checkpoint: path,
  network: checkpoint.network.name,
  classes: checkpoint.classes,
  preprocessing: checkpoint.preprocessing,
  ...rest,
});

async function printImported(output: Output, path: string, imported: ImportedWeights): Promise<void> {
  const { checkpoint, source, naming, matched, ignored, leftOver, notes } = imported;
  const { channels, height, width, mean, std, resize, interpolation } = checkpoint.preprocessing;
  const size = fileSize((await stat(path)).size);
  output.line(`${output.style('bold', path)}  ${size}, a checkpoint of ${checkpoint.network.name}`);
  const counters = ignored.length === 0 ? '' : `; ${count(ignored.length)} counters ignored`;
  const left =
    leftOver.length === 0
      ? '0 left over'
      : `${count(leftOver.length)} left over: ${leftOver.slice(0, 3).join(', ')}${leftOver.length > 3 ? ', …' : ''}`;
  const rows = [
    ['file', `${source}, names of ${naming}`],
    [
      'network',
      `${checkpoint.network.name}, ${count(checkpoint.classes.length)} ${checkpoint.classes.length === 1 ? 'class' : 'classes'}, images of ${channels}×${height}×${width}`,
    ],
    ['tensors', `${count(matched)} matched, 0 missing, ${left}${counters}`],
    [
      'pixels',
      `mean ${mean.join(', ')}; std ${std.join(', ')}${resize ? `; shorter side ${resize.shorterSide}, centre cut out` : ''}` +
        (interpolation ? `; ${interpolation}` : ''),
    ],
  ] as const;
  for (const [name, what] of rows) output.line(`  ${name.padEnd(7)}  ${what}`);
  if (notes.length > 0) output.line('\nNot seen in the weights, or changed:');
  for (const note of notes) output.paragraph(`- ${note}`);
  output.line('\nNext:');
  output.line(`  ${output.command} predict ${quoted(path)} IMAGE`);
  output.line(`  ${output.command} eval ${quoted(path)} --data DATA`);
}
