import { type Command, Option } from 'commander';
import { groupLayers, type ReceptiveField } from '../ir/index.ts';
import type { NetworkDescription, PlannedMemory } from '../train/index.ts';
import { type MemoryAmount, memoryValue, positiveValue } from './flag-values.ts';
import { inspected, type SizeFlags } from './inspect-argument.ts';
import { addDrawingOptions, type DrawingFlags, writeDrawings } from './inspect-drawing.ts';
import { alignedStages, printPair } from './inspect-pair.ts';
import { type LayerRow, layerRows } from './inspect-rows.ts';
import { addNetworkOptions } from './network-options.ts';
import type { Output, Surroundings } from './output.ts';
import { count, counted, macs, memory } from './quantity.ts';
import { textTable } from './text-table.ts';

interface InspectFlags extends SizeFlags, DrawingFlags {
  readonly json?: boolean;
}

/** `skein inspect` */
export function addInspectCommand(program: Command, { output }: Surroundings): void {
  const command = program
    .command('inspect')
    .description('Show what a network is made of: its layers, their size and cost, and the memory it will need')
    .argument('<model>', 'a name from skein models, a module such as ./net.mjs, a .safetensors file or a run folder')
    .argument('[other]', 'a second network, to show both beside each other');
  addNetworkOptions(command)
    .option('-b, --batch-size <n>', 'images that go through together, for the memory (128)', positiveValue)
    .option('--memory <amount>', 'find the largest batches that fit, for example into 8GB', memoryValue)
    .option('--image-size <pixels>', "height and width of an image (the network's own)", positiveValue)
    .option('--classes <n>', "classes to tell apart (the network's own)", positiveValue)
    .option('--channels <n>', "of an image: 1 for grey (the network's own, else 3)", positiveValue)
    .option('--depth <n>', 'open stages and blocks to this depth (as deep as a screen holds)', positiveValue)
    .addOption(new Option('--full', 'open everything: a row for each layer').conflicts('depth'));
  addDrawingOptions(command)
    .option('--json', 'print { name, input, classes, params, statistics, macs, receptiveField, …, layers }')
    .addHelpText('after', '\nExample:\n  skein inspect densenet-bc100-k12 --classes 100 -b 64')
    .action(async (model: string, other: string | undefined, flags: InspectFlags) => {
      const out = output(flags);
      if (other !== undefined) return inspectPair(out, [model, other], flags);
      const description = await inspected(model, flags);
      if (!flags.json) printNetwork(out, model, description, flags);
      const written = await writeDrawings([description], flags, out);
      if (flags.json) out.json({ ...asJson(description), ...written });
    });
}

async function inspectPair(out: Output, models: readonly string[], flags: InspectFlags): Promise<void> {
  const networks: NetworkDescription[] = [];
  for (const model of models) networks.push(await inspected(model, flags));
  if (!flags.json) printPair(out, networks);
  const written = await writeDrawings(networks, flags, out);
  if (flags.json) out.json({ networks: networks.map(asJson), stages: alignedStages(networks), ...written });
}

function asJson({ image, layers, ...rest }: NetworkDescription) {
  const { name, classes, params, statistics, macs: multiplyAdds, activationBytes, batchSize } = rest;
  return {
    name,
    input: [image.channels, image.height, image.width],
    classes,
    params,
    statistics,
    macs: multiplyAdds,
    activationBytes,
    ...(rest.receptiveField && { receptiveField: rest.receptiveField }),
    batchSize,
    ...(rest.training && { training: rest.training }),
    ...(rest.recomputing && { recomputing: rest.recomputing }),
    prediction: rest.prediction,
    ...(rest.fits && { fits: rest.fits }),
    ...(rest.calibration && { calibration: rest.calibration }),
    layers: layers.map(({ output, ...layer }) => ({ ...layer, ...(output && { output: output.slice(1) }) })),
  };
}

function printNetwork(output: Output, model: string, network: NetworkDescription, flags: InspectFlags): void {
  const { name, image, classes } = network;
  const of = name === model ? '' : ` (${model})`;
  output.line(
    `${output.style('bold', name)}${of}: images of ${image.channels}×${image.height}×${image.width}, ${counted(classes, 'class', 'classes')}`,
  );
  const tree = groupLayers(network.layers);
  const rows = layerRows(tree, flags.full ? Number.POSITIVE_INFINITY : flags.depth);
  const total: LayerRow = { ...tree, level: 0, label: 'total', output: [] };
  const cells = [...rows, total].map((row) => [
    `${'  '.repeat(row.level)}${row.label}`,
    row.output.join('×'),
    row.params === 0 ? '–' : count(row.params),
    row.macs === 0 ? '–' : macs(row.macs),
    memory(row.activationBytes),
  ]);
  const [header = '', ...lines] = textTable(['layer', 'output', 'parameters', 'MACs', 'activations'], cells);
  output.line(output.style('dim', `  ${header}`));
  lines.forEach((line, i) => {
    const { level } = rows[i] ?? total;
    // where blocks stand below their stage, the stage's sum stands out
    const isSum = i === rows.length || (rows[i + 1]?.level ?? 0) > level;
    output.line(`  ${isSum ? output.style('bold', line) : line}`);
  });
  output.line();
  printTotals(output, network, flags);
  if (rows.length < network.layers.length)
    output.paragraph(`--full shows all ${count(network.layers.length)} layers.`, 'dim');
}

function printTotals(output: Output, network: NetworkDescription, { memory: amount }: InspectFlags): void {
  const { params, statistics, receptiveField, training, prediction, fits, batchSize, calibration } = network;
  const also = statistics > 0 ? `, and ${count(statistics)} running statistics` : '';
  const saving = savingChoices(network);
  const lines: [string, string][] = [
    ['parameters', `${count(params)} trained numbers${also}`],
    ['MACs', `${macs(network.macs)} multiply-adds for one image`],
    ...(receptiveField ? [['sees', fieldText(receptiveField)] as [string, string]] : []),
    ['to train', training ? memoryText(training) : 'not known: only the prediction is in the file'],
    ...saving.map(([choice, { totalBytes }]): [string, string] => [
      '',
      `${memory(totalBytes)} with --recompute ${choice}`,
    ]),
    ['to predict', memoryText(prediction)],
    ...(fits && amount
      ? [
          [
            'fits',
            fitsText(
              fits,
              amount,
              saving.map(([choice]) => choice),
            ),
          ] as [string, string],
        ]
      : []),
    ...(calibration ? [['calibrated', calibrationText(calibration)] as [string, string]] : []),
  ];
  for (const [label, text] of lines) output.line(`${output.style('bold', label.padEnd(10))}  ${text}`);
  output.paragraph(
    `Memory is planned for ${batchSize === 1 ? 'one image' : `batches of ${count(batchSize)}`}: ` +
      'what must exist at the same time if each result is freed after its last use' +
      `${training ? ', with gradients and the state of SGD with momentum' : ''}. ` +
      "The engine's process, workspaces and copies come on top.",
    'dim',
  );
}

/** What `skein eval --calibrate` kept. */
const calibrationText = ({ temperature, data, split, images }: NonNullable<NetworkDescription['calibration']>) =>
  `temperature ${temperature.toFixed(3)}, fitted on ${counted(images, 'image', 'images')} of ${data} (${split}): predictions divide their logits by it`;

function fieldText(field: ReceptiveField): string {
  const pixels = field === 'whole image' ? 'the whole image' : `${field.join('×')} pixels of the image`;
  return `${pixels} from each place of its last map`;
}

type Choice = keyof NonNullable<NetworkDescription['recomputing']>;

/** The choices of --recompute that save a tenth or more beyond the one before, and what they need. */
function savingChoices({ training, recomputing }: NetworkDescription): [Choice, PlannedMemory][] {
  if (!training || !recomputing) return [];
  let least = training.totalBytes;
  return (['dense', 'cheap'] as const).flatMap((choice) => {
    const needed = recomputing[choice];
    if (needed.totalBytes > 0.9 * least) return [];
    least = needed.totalBytes;
    return [[choice, needed]];
  });
}

/** into 7.5 GiB: batches of 512 to train (1,024 with --recompute cheap), batches of 4,096 to predict. `saving` are the choices that the lines above name. */
function fitsText(
  { training, recomputing, prediction }: NonNullable<NetworkDescription['fits']>,
  { words }: MemoryAmount,
  saving: readonly Choice[],
): string {
  const most = (batch: number, use: string) =>
    `${batch === 0 ? 'not one image' : batch === 1 ? 'one image' : `batches of ${count(batch)}`} ${use}`;
  const parts = [most(prediction, 'to predict')];
  if (training !== undefined) {
    let best: { batch: number; choice?: Choice } = { batch: training };
    for (const choice of saving.length > 0 ? saving : (['dense', 'cheap'] as const)) {
      const batch = recomputing?.[choice] ?? 0;
      if (batch > best.batch) best = { batch, choice };
    }
    const more = best.choice ? ` (${count(best.batch)} with --recompute ${best.choice})` : '';
    parts.unshift(most(training, 'to train') + more);
  }
  return `into ${words}: ${parts.join(', ')}`;
}

/** 84.1 MB (0.3 MB weights + 0.3 MB optimiser + 83.5 MB results) */
function memoryText({ totalBytes, parameterBytes, statisticBytes, optimiserBytes, peakResultBytes }: PlannedMemory) {
  const parts = [`${memory(parameterBytes + statisticBytes)} weights`];
  if (optimiserBytes > 0) parts.push(`${memory(optimiserBytes)} optimiser`);
  parts.push(`${memory(peakResultBytes)} results`);
  return `${memory(totalBytes)} (${parts.join(' + ')})`;
}
