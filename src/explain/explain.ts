/** Why a network answers as it does: maps of what in images speaks for a label, and what speaks for the maps. */
import { type Checkpoint, loadCheckpoint } from '../checkpoint/index.ts';
import { chooseEngine, type Engine } from '../engines/index.ts';
import { ConfigError, DataError, tensor } from '../tensor/index.ts';
import type { Classifier, Prediction } from '../trained/index.ts';
import { checkMaps } from './check-maps.ts';
import { chosenMethods, type ExplainOptions, labelIndex } from './explain-options.ts';
import { ExplainedNetwork } from './explained-network.ts';
import type { ExplainedImage, ExplainedMap, Explanation } from './explanation.ts';
import { type ReadImage, readImage } from './images.ts';
import type { MadeMap } from './made-map.ts';
import { methodTitles } from './method-titles.ts';
import { Progress } from './progress.ts';

/**
 * Explains images by each method. The class that is explained is the predicted one (and the true one, where it is known and another), or `label`.
 * @param trained a checkpoint's file, or a classifier, whose engine, threads and batch size are taken
 * @throws CheckpointError where the file is damaged; ConfigError for options that cannot work; DataError where an image cannot be read; EngineError
 */
export async function explain(trained: string | Classifier, options: ExplainOptions): Promise<Explanation> {
  const { images: given, layer, label, checks = true, seed = 0, top = 5, signal, onUnreadable, onProgress } = options;
  const methods = chosenMethods(options.methods);
  const titles = methodTitles(methods);
  const source = await sourceOf(trained, options);
  const { classes, preprocessing } = source.checkpoint;
  const asked = label === undefined ? undefined : labelIndex(label, classes, 'explain: `label`');
  const images: ReadImage[] = [];
  for (const [index, one] of given.entries())
    try {
      signal?.throwIfAborted();
      images.push(await readImage(one, index, preprocessing));
    } catch (error) {
      if (!onUnreadable || !(error instanceof DataError)) throw error;
      onUnreadable(index, error);
    }
  const asks = new Set(methods.map((method) => method.asks));
  const network = await ExplainedNetwork.compile(source.checkpoint, { ...source, asks, layer });
  try {
    const probabilities = await probabilitiesOf(network, images, signal);
    const wanted = images.flatMap((image, row) =>
      labelsOf(image, probabilities[row] as Float64Array, classes, asked).flatMap((own) =>
        methods.map((method, i) => ({ method, title: titles[i] as string, image, label: own })),
      ),
    );
    const progress = new Progress(wanted.length, onProgress);
    const maps: MadeMap[] = [];
    for (const { method, title, image, label: own } of wanted) {
      signal?.throwIfAborted();
      maps.push({ method, title, image, label: own, heat: await method.explain(network, image.pixels, own) });
      progress.step();
    }
    const checked = checks ? await checkMaps(network, maps, { seed, signal, progress }) : undefined;
    const described = maps.map((made, i): ExplainedMap => {
      const row = images.indexOf(made.image);
      const { values, height, width, completeness } = made.heat;
      return {
        method: made.method.name,
        title: made.title,
        label: classes[made.label] as string,
        labelIndex: made.label,
        probability: probabilities[row]?.[made.label] as number,
        layer: made.method.asks === 'atLayer' ? network.layer : undefined,
        map: tensor('float32', [height, width], values),
        ...(completeness && { completeness }),
        ...(checked && { checks: checked[i] as NonNullable<ExplainedMap['checks']> }),
      };
    });
    const explained = images.map((image, row): ExplainedImage => {
      const own = described.filter((_, i) => maps[i]?.image === image);
      const { name, truth } = image;
      const predictions = likeliest(probabilities[row] as Float64Array, classes, top);
      return { name, image: image.image, ...(truth !== undefined && { truth }), predictions, maps: own };
    });
    return { images: explained, layer: network.layer };
  } finally {
    await network.dispose();
  }
}

interface Source {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  readonly engine: Engine;
  readonly threads: number | undefined;
  readonly batchSize: number;
}

async function sourceOf(trained: string | Classifier, options: ExplainOptions): Promise<Source> {
  const { engine = 'auto', threads, batchSize } = options;
  const own = typeof trained === 'string' ? undefined : trained;
  const given = options.engine === undefined ? own?.running?.engine : undefined;
  const chosen = given ?? (typeof engine === 'object' ? engine : (await chooseEngine(engine, 'predict')).engine);
  return {
    path: typeof trained === 'string' ? trained : (trained.running?.path ?? trained.checkpoint.network.name),
    checkpoint: typeof trained === 'string' ? await loadCheckpoint(trained) : trained.checkpoint,
    engine: chosen,
    threads: threads ?? own?.running?.threads,
    batchSize: batchSize ?? own?.batchSize ?? 32,
  };
}

async function probabilitiesOf(
  network: ExplainedNetwork,
  images: readonly ReadImage[],
  signal: AbortSignal | undefined,
): Promise<Float64Array[]> {
  const found: Float64Array[] = [];
  for (const { pixels } of images) {
    signal?.throwIfAborted();
    found.push(...(await network.probabilities(pixels)));
  }
  return found;
}

function labelsOf(
  { truth, truthIndex }: ReadImage,
  probabilities: Float64Array,
  classes: readonly string[],
  asked: number | undefined,
): number[] {
  const first = asked ?? probabilities.indexOf(Math.max(...probabilities));
  if (truthIndex !== undefined && classes[truthIndex] !== truth)
    throw new ConfigError(
      `explain: \`truthIndex\`: expected the index of ${truth} among the network's classes, but ${truthIndex} is ${classes[truthIndex] ?? 'none'}`,
      'leave it out where no two classes share a name',
    );
  const known = truthIndex ?? (truth === undefined ? -1 : classes.indexOf(truth));
  return known < 0 || known === first ? [first] : [first, known];
}

function likeliest(probabilities: Float64Array, classes: readonly string[], top: number): Prediction[] {
  return [...probabilities]
    .map((probability, i) => ({ label: classes[i] as string, probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, top);
}
