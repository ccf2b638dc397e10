import { type Command, Option } from 'commander';
import { imageFormats, sourceText } from '../data/index.ts';
import {
  chosenMethods,
  type Explanation,
  expectFolderFor,
  explain,
  methodKind,
  type NamedImage,
  nearestImages,
  writeExplanation,
} from '../explain/index.ts';
import { DataError } from '../tensor/index.ts';
import { type Classifier, dataParts, evaluationSplits, loadClassifier, type SkippedImage } from '../trained/index.ts';
import { Bars } from './bars.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import { addReadingFlags, dataChoices, dataOption, givenData } from './data-flags.ts';
import { explainedImages, type ImageFlags } from './explain-images.ts';
import { explanationJson, printExplanation, printPassedOver } from './explain-report.ts';
import { printFailure, Reported } from './failure.ts';
import {
  badImageOption,
  engineChoices,
  engineValue,
  positiveValue,
  threadsValue,
  wholeValue,
  workersHelp,
  workersValue,
} from './flag-values.ts';
import { Interrupted, interruptible } from './interruption.ts';
import { dataForNetwork } from './network-data.ts';
import type { Output, Surroundings } from './output.ts';
import { count } from './quantity.ts';

interface ExplainFlags extends ImageFlags {
  readonly method?: string;
  readonly layer?: string;
  readonly label?: string;
  readonly out: string;
  readonly checks: boolean;
  readonly trainData?: string;
  readonly k?: number;
  readonly seed: number;
  readonly batchSize?: number;
  readonly threads?: number;
  readonly engine?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  skein explain runs/resnet20-1 cat.jpg
  skein explain runs/resnet20-1 --data cifar10 --mistakes 8 --method all --out why

Each picture is written with what speaks for it:
insertion and deletion scores beside those of random
maps, and whether it is another one once the network
has lost its weights. explanation.html shows all.`;

/** `skein explain` */
export function addExplainCommand(program: Command, { output }: Surroundings): void {
  const names = methodKind.parts.map(({ name }) => name).join(', ');
  const command = program
    .command('explain')
    .description('Show what in images speaks for an answer, and whether that can be believed')
    .argument('<checkpoint>', 'a .safetensors file, or a run folder for its best epoch')
    .argument('[image...]', `${imageFormats('or')} files, or folders of them, with all folders within`)
    .addOption(dataOption())
    .option('--mistakes <n>', 'explain the wrong answers on --data that the network is surest of', positiveValue)
    .addOption(new Option('--split <split>', 'part of --data (as for eval)').choices(evaluationSplits))
    .option('--method <list>', `${names}, or all (gradCam,integratedGradients)`)
    .option('--layer <path>', 'a layer, block or stage such as stage3 (the last map before the head’s pooling)')
    .option('--label <name>', 'the label to explain (the predicted one; of mistakes the true one, too)')
    .option('--out <folder>', 'where pictures, maps and explanation.html go', 'explanation')
    .option('--no-checks', 'leave scores and randomised weights out')
    .option('--train-data <data>', 'show the training images that are most like each: data as for --data')
    .option('-k <n>', 'how many of them (5)', positiveValue);
  addReadingFlags(command)
    .option('--classes-by-position', 'match the classes by position, whatever their names are')
    .option('--seed <n>', 'of random maps and randomised weights', wholeValue, 0)
    .option('-b, --batch-size <n>', 'images that go through together (32)', positiveValue)
    .option('--threads <n>', 'of the engine (all cores)', threadsValue)
    .option('-j, --workers <n>', workersHelp, workersValue)
    .addOption(badImageOption())
    .option('--engine <name>', engineChoices, engineValue)
    .option('--json', 'print an array of { image, label, method, layer, file, insertion, deletion, … }')
    .addHelpText('after', examples)
    .action(async (path: string, images: readonly string[], flags: ExplainFlags) => {
      const wrong = usageMistake(images, flags);
      if (wrong !== undefined) command.error(`error: ${wrong}`, { exitCode: 2 });
      const methods = chosenMethods(flags.method, '--method');
      const out = output(flags);
      await expectFolderFor(flags.out);
      const checkpoint = await checkpointArgument(path);
      const { batchSize, threads, engine } = flags;
      const classifier = await loadClassifier(checkpoint, {
        ...(batchSize !== undefined && { batchSize }),
        ...(threads !== undefined && { threads }),
        ...(engine !== undefined && { engine }),
      });
      const unreadable: DataError[] = [];
      try {
        const explanation = await stoppable(out, async (signal) => {
          const chosen = await explainedImages(classifier, checkpoint, images, flags, out, signal);
          const onUnreadable = (error: DataError) => void unreadable.push(error);
          const explained = await explainedWithBar(classifier, chosen, flags, out, { signal, onUnreadable });
          return addNearest(classifier, checkpoint, explained, flags, out, signal);
        });
        const { name: network } = classifier.checkpoint.network;
        const written = await writeExplanation(flags.out, explanation, { network, checkpoint, methods });
        if (flags.json) out.json(explanationJson(written.maps));
        else printExplanation(out, written);
        for (const error of unreadable) printFailure(out.stderr, error);
        if (unreadable.length > 0) throw new Reported();
      } finally {
        await classifier.dispose();
      }
    });
}

/** Nothing is on disk before all of it is there, so Ctrl-C leaves nothing behind. @throws Interrupted */
function stoppable<T>(output: Output, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return interruptible(output, async (signal) => {
    try {
      return await work(signal);
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) throw error;
      output.line('Stopped; nothing was written');
      throw new Interrupted();
    }
  });
}

function usageMistake(images: readonly string[], { data, mistakes, trainData, k }: ExplainFlags): string | undefined {
  if (images.length === 0 && data === undefined) return 'name images, or mistakes: --data DATA --mistakes 8';
  if (images.length > 0 && data !== undefined) return 'images and --data are both given: name one of them';
  if (data !== undefined && mistakes === undefined) return '--data is for mistakes: say how many with --mistakes 8';
  if (data === undefined && mistakes !== undefined) return '--mistakes needs --data DATA';
  if (k !== undefined && trainData === undefined) return '-k is of training images: name them with --train-data DATA';
  return undefined;
}

async function explainedWithBar(
  classifier: Classifier,
  images: readonly NamedImage[],
  { method, layer, label, checks, seed }: ExplainFlags,
  output: Output,
  { signal, onUnreadable }: { signal: AbortSignal; onUnreadable: (error: DataError) => void },
): Promise<Explanation> {
  const bars = new Bars(output, [{ label: 'explaining', done: 0, facts: [] }]);
  try {
    return await explain(classifier, {
      images,
      ...(method !== undefined && { methods: method }),
      ...(layer !== undefined && { layer }),
      ...(label !== undefined && { label }),
      ...{ checks, seed, signal },
      onUnreadable: (_, error) => onUnreadable(error),
      onProgress: (done, total) =>
        bars.set(0, { label: 'explaining', done: done / total, facts: [`${count(done)} of ${count(total)} maps`] }),
    });
  } finally {
    bars.stop();
  }
}

/** The training images that are nearest to each, where data is given for them. */
async function addNearest(
  classifier: Classifier,
  checkpoint: string,
  explanation: Explanation,
  flags: ExplainFlags,
  output: Output,
  signal: AbortSignal,
): Promise<Explanation> {
  if (flags.trainData === undefined) return explanation;
  const data = [flags.trainData];
  const found = await dataForNetwork(classifier, data, flags);
  const source = sourceText(givenData(data));
  const { parts } = await dataParts(found, source, checkpoint, classifier.checkpoint);
  const dataset = parts.train ?? parts.all;
  if (!dataset)
    throw new DataError(
      `${source}: expected training images, but it has ${Object.keys(parts).join(', ')}`,
      `--train-data takes ${dataChoices}`,
    );
  const skipped: SkippedImage[] = [];
  const bars = new Bars(output, [{ label: 'nearest', done: 0, facts: [] }]);
  try {
    const { images } = explanation;
    const nearest = await nearestImages(
      classifier,
      images.map(({ image }) => image),
      {
        dataset,
        split: parts.train ? 'train' : 'all',
        signal,
        ...(flags.k !== undefined && { k: flags.k }),
        ...(flags.workers !== undefined && { workers: flags.workers }),
        ...(flags.onBadImage && { onBadImage: flags.onBadImage }),
        onSkipped: (bad) => void skipped.push(bad),
        onProgress: (done, total) =>
          bars.set(0, { label: 'nearest', done: done / total, facts: [`${count(done)} of ${count(total)} images`] }),
      },
    );
    return { ...explanation, images: images.map((image, i) => ({ ...image, nearest: nearest[i] ?? [] })) };
  } finally {
    bars.stop();
    printPassedOver(output, skipped);
  }
}
