import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { contactSheet, decodeImage, sourceText } from '../data/index.ts';
import { writeFileAtomic } from '../files/index.ts';
import {
  type Classifier,
  type EmbeddedData,
  type EvaluationSplit,
  embedData,
  evaluationSplits,
  featureFiles,
  loadClassifier,
  type NearImage,
} from '../trained/index.ts';
import { Bars } from './bars.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import { addReadingFlags, dataOption, givenData, type ReadingFlags } from './data-flags.ts';
import { withDataHint } from './data-hint.ts';
import { type EmbedParts, embedParts } from './embed-parts.ts';
import { printEmbedded } from './embed-report.ts';
import {
  badImageOption,
  engineChoices,
  engineValue,
  pngPath,
  positiveValue,
  threadsValue,
  wholeValue,
  workersHelp,
  workersValue,
} from './flag-values.ts';
import { Interrupted, interruptible } from './interruption.ts';
import { networkImages } from './network-data.ts';
import type { Output, Surroundings } from './output.ts';
import { count } from './quantity.ts';

interface EmbedFlags extends ReadingFlags {
  readonly data: readonly string[];
  readonly out?: string;
  readonly split?: EvaluationSplit;
  readonly unlabelled?: boolean;
  readonly layer?: string;
  readonly k: number;
  readonly scores: boolean;
  readonly nearest?: string;
  readonly sheet?: string;
  readonly seed: number;
  readonly batchSize?: number;
  readonly threads?: number;
  readonly workers?: number;
  readonly onBadImage?: 'stop' | 'skip';
  readonly engine?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  skein embed runs/resnet18-1 --data photos --out features.npy
  skein embed runs/resnet18-1 --data photos --nearest shirt.jpg --sheet like-shirt.png

features.npy is float32 [images, features].
features.rows.csv names each row: id, split, label.

The scores say how well classes can be told:
by a linear classifier (probe), and by a vote
of the nearest images (cosine). Both know the
train split and are asked test or validation.`;

/** `skein embed` */
export function addEmbedCommand(program: Command, { output }: Surroundings): void {
  const command = program
    .command('embed')
    .description('Write what a network sees in images as rows of numbers, and find images that are alike')
    .argument('<checkpoint>', 'a .safetensors file, or a run folder for its best epoch')
    .addOption(dataOption().makeOptionMandatory())
    .option('--out <file>', 'write the features: .npy, with .rows.csv beside it, or .csv (nothing is written)')
    .addOption(
      new Option('--split <split>', 'only this part of the data; all: as one (each part, for itself)').choices(
        evaluationSplits,
      ),
    );
  addReadingFlags(command)
    .option('--unlabelled', 'images of no known class: all in the folder of --data and in folders within')
    .option(
      '--layer <path>',
      'a layer, block or stage such as stage3; of a map the mean of each channel (what the head reads)',
    )
    .option('-k <n>', 'nearest images that vote, or are listed', positiveValue, 5)
    .option('--no-scores', 'leave the two scores out')
    .option('--nearest <image>', 'list the images of the data that are nearest to this one')
    .option('--sheet <file>', 'draw that image and the nearest as a PNG', pngPath)
    .option('--seed <n>', 'of the cross validation', wholeValue, 0)
    .option('-b, --batch-size <n>', 'images that go through together (32)', positiveValue)
    .option('--threads <n>', 'of the engine (all cores)', threadsValue)
    .option('-j, --workers <n>', workersHelp, workersValue)
    .addOption(badImageOption())
    .option('--engine <name>', engineChoices, engineValue)
    .option(
      '--json',
      'print { file, images, features, probe: { top1 }, nearest: { top1, k } }; with --nearest also neighbours: [{ id, split, label, distance }]',
    )
    .addHelpText('after', examples)
    .action(async (path: string, flags: EmbedFlags) => {
      if (flags.sheet !== undefined && flags.nearest === undefined)
        command.error('error: --sheet is for the nearest images: name one with --nearest photo.jpg', { exitCode: 2 });
      // a name that cannot be written is told before the work
      const files = flags.out === undefined ? undefined : featureFiles(flags.out);
      const out = output(flags);
      const checkpoint = await checkpointArgument(path);
      const { batchSize, threads, engine } = flags;
      const classifier = await loadClassifier(checkpoint, {
        ...(batchSize !== undefined && { batchSize }),
        ...(threads !== undefined && { threads }),
        ...(engine !== undefined && { engine }),
      });
      try {
        const data = givenData(flags.data);
        const { parts, notes } = await embedParts(classifier, checkpoint, flags);
        for (const note of notes) out.paragraph(note, 'dim');
        const embedded = await withDataHint(data, flags, out, () =>
          interruptible(out, (signal) => embeddedWithBar(classifier, parts, flags, out, signal)),
        );
        const { images, width: features, scores, nearest: found } = embedded;
        if (flags.sheet !== undefined && found)
          await writeSheet(flags.sheet, flags.nearest as string, found, classifier);
        printEmbedded(out, `${checkpoint} on ${sourceText(data)}`, embedded, { files, ...flags });
        if (flags.json)
          out.json({
            file: files?.file ?? null,
            images,
            features,
            probe: scores ? { top1: scores.probe.top1 } : null,
            nearest: scores ? { top1: scores.nearest.top1, k: scores.nearest.k } : null,
            ...(found && {
              neighbours: found.map(({ id, split, label, distance }) => ({ id, split, label, distance })),
            }),
          });
      } finally {
        await classifier.dispose();
      }
    });
}

/** A bar follows the images that are done. */
async function embeddedWithBar(
  classifier: Classifier,
  parts: EmbedParts['parts'],
  flags: EmbedFlags,
  output: Output,
  signal: AbortSignal,
): Promise<EmbeddedData> {
  const bars = new Bars(output, [{ label: 'embedding', done: 0, facts: [] }]);
  const { out, layer, k, scores, nearest, seed, workers, onBadImage } = flags;
  try {
    return await embedData(classifier, parts, {
      ...(out !== undefined && { out }),
      ...(layer !== undefined && { layer }),
      ...(nearest !== undefined && { nearestTo: nearest }),
      ...(workers !== undefined && { workers }),
      ...(onBadImage && { onBadImage }),
      ...{ k, scores, seed, signal },
      onProgress: (done, total) =>
        bars.set(0, { label: 'embedding', done: done / total, facts: [`${count(done)} of ${count(total)} images`] }),
      onScoring: () => bars.set(0, { label: 'scoring', done: 1, facts: ['the probe and the nearest images'] }),
    });
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    bars.stop();
    output.line('Stopped; nothing was written');
    throw new Interrupted();
  } finally {
    bars.stop();
  }
}

/** The image, apart, and those nearest to it: their classes and distances below. */
async function writeSheet(
  path: string,
  query: string,
  nearest: readonly NearImage[],
  classifier: Classifier,
): Promise<void> {
  const pictures = await Promise.all(
    nearest.map(async ({ dataset, index, label, distance }) => ({
      image: (await dataset.read(index)).image,
      caption: [label, distance.toFixed(3)],
    })),
  );
  const own = { image: await decodeImage(query, networkImages(classifier)), caption: [basename(query)] };
  const sheet = await contactSheet([{ label: '', pictures: [own, ...pictures] }], {
    across: pictures.length + 1,
    apart: 1,
  });
  await writeFileAtomic(path, sheet.png);
}
