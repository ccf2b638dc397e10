/** An experiment from options to its page. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { sourceText } from '../data/index.ts';
import { chooseEngine, keptProcess } from '../engines/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { version } from '../trained/index.ts';
import { findExperiment } from './experiments.ts';
import { digestsOf, labData } from './lab-data.ts';
import { LabFolder } from './lab-folder.ts';
import type { LabOptions, LabRun } from './lab-options.ts';
import type { Laboratory } from './laboratory.ts';
import { OpenLaboratory, ownNetwork, plain } from './open-laboratory.ts';
import { writeResults } from './write-results.ts';

const usualData = 'fashion-mnist-sample';
const usualSize = 32;

/**
 * Does an experiment, and writes results.json, a CSV file for each figure and page.html into its folder. What is done there already is not done again.
 * @throws ConfigError, DataError for options or data that cannot work; the signal's reason where it comes before the end; what trainings throw
 */
export async function lab(options: LabOptions): Promise<LabRun> {
  const { setting = 'quick', data: source = usualData, imageSize = usualSize, seed = 0, callbacks = [] } = options;
  const { precision = 'float32', threads = availableParallelism(), signal = new AbortController().signal } = options;
  const experiment = typeof options.experiment === 'string' ? findExperiment(options.experiment) : options.experiment;
  const settings = experiment[setting];
  const own = options.run === undefined ? undefined : await ownNetwork(options.run);
  if (own && !experiment.takesRun)
    throw new ConfigError(`lab: ${experiment.name} trains its own networks and takes no run`, 'leave the run out');
  const chosen =
    typeof options.engine === 'object'
      ? options.engine
      : (await chooseEngine(options.engine ?? 'auto', 'train', precision)).engine;
  const data = await labData(source, imageSize, seed);
  const image = await imageOf(data);
  const folder = await LabFolder.take(
    options.out ?? `runs/lab-${experiment.name}-${setting}`,
    {
      experiment: experiment.name,
      setting,
      settings,
      data: sourceText(source),
      image,
      seed,
      engine: chosen.name,
      threads,
      // folders from before it could be chosen do not name it
      ...(precision !== 'float32' && { precision }),
      version,
      run: options.run ?? null,
      // a run may have gone on since, under the same path
      weights: own ? await fingerprint(own.file) : null,
      // the same of data; last, since images that are held out follow from the seed
      images: await digestsOf(data),
    },
    version,
  );
  const engine = keptProcess(chosen);
  const began = performance.now();
  try {
    for (const { onStart } of callbacks)
      onStart?.({ folder: folder.path, engine: engine.name, isResumed: folder.isResumed });
    const laboratory = new OpenLaboratory(
      { folder, data, image, seed, engine, precision, threads, own, signal, callbacks },
      experiment.name,
    );
    // a network of one's own is trained already
    if (setting === 'full' && !own) await laboratory.forecast(experiment.trainings?.(settings, laboratory) ?? []);
    const result = plain(await experiment.run(laboratory, settings));
    await folder.spent((performance.now() - began) / 1000);
    return await writeResults(folder, experiment, {
      result,
      settings,
      options,
      data,
      engine: engine.name,
    });
  } catch (error) {
    await folder.spent((performance.now() - began) / 1000).catch(() => {});
    throw error;
  } finally {
    await engine.dispose();
    await folder.leave();
  }
}

const fingerprint = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 12);

async function imageOf({ train }: Laboratory['data']): Promise<Laboratory['image']> {
  const { channels, height, width } = (await train.read(0)).image;
  return { channels, height, width };
}
