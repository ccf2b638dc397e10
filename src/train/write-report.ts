/** The report of a run, made at its end. */
import { type Dataset, encodePng, type Image, shuffledOrder } from '../data/index.ts';
import type { EnginePlan } from '../engines/index.ts';
import { countParams } from '../ir/index.ts';
import { batches } from '../pipeline/index.ts';
import type { Mistake, Picture, ReportData } from '../report/index.ts';
import { version } from '../trained/index.ts';
import type { Answers } from './answers.ts';
import { recipeRows } from './recipe-rows.ts';
import type { RunUnderWay } from './run.ts';
import type { Settings } from './settings.ts';

const shown = { batch: 32, longestSide: 160 };

/** A run that is over, as its report needs it. */
export interface EndedRun extends Pick<RunUnderWay, 'settings' | 'recipe' | 'programs' | 'position' | 'sink'> {
  readonly plan: EnginePlan;
  /** Whether this call of `train` trained: only then was the engine's memory measured while training. */
  readonly trained: boolean;
  readonly split: 'test' | 'validation';
  readonly score: ReportData['score'];
  /** To `split`, with the weights of the best epoch. */
  readonly answers: Answers;
}

/** Writes the report, where the sink wants it. Never throws: the run is complete and saved, and what went wrong is part of the answer. */
export async function writeReport(run: EndedRun): Promise<{ report: string | undefined; reportProblem?: string }> {
  try {
    const report = await run.sink.report(async () => {
      // only now: the packages behind the page take longer to load than a short command to run
      const { reportPage } = await import('../report/index.ts');
      return reportPage(await reportData(run));
    });
    return { report };
  } catch (error) {
    return { report: undefined, reportProblem: (error as Error).message };
  }
}

/** Reads the pictures and puts everything together. @throws what the datasets throw */
async function reportData(run: EndedRun): Promise<ReportData> {
  const { settings, recipe, programs, position, sink, plan, trained, split, score, answers } = run;
  const { splits, image, epochs, batchSize, seed } = settings;
  const { train, validation, test } = splits;
  const { best, epoch, history } = position;
  const { engine, threads, precision, peakBytes } = plan;
  const speeds = await sink.speeds();
  return {
    network: settings.network.name,
    data: settings.dataName,
    classes: train.classes,
    split,
    weights: { epoch: best?.epoch ?? epoch, isBest: best !== undefined },
    score,
    history,
    facts: {
      params: countParams(programs.whole.graph),
      engine,
      threads,
      precision,
      imagesPerSecond: speeds.length === 0 ? undefined : speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length,
      peakBytes: trained ? peakBytes : undefined,
      epochs,
      batchSize,
      seed,
      samples: { train: train.length, validation: validation.length, test: test?.length ?? 0 },
      image: [image.channels, image.height, image.width],
      recipe: recipeRows(recipe),
      version,
    },
    confusion: answers.confusion,
    calibration: answers.calibration,
    mistakes: await mistakePictures(answers, split === 'test' && test ? test : validation),
    batch: await batchPictures(settings),
  };
}

async function mistakePictures(answers: Answers, dataset: Dataset): Promise<Mistake[]> {
  const mistakes: Mistake[] = [];
  for (const { index, ...mistake } of answers.mistakes())
    mistakes.push({ ...mistake, picture: await pictureOf((await dataset.read(index)).image) });
  return mistakes;
}

/** The first images of the first epoch's first batch: augmented, normalised, and brought back to bytes. */
async function batchPictures(settings: Settings): Promise<ReportData['batch']> {
  const { splits, augment, seed, image, batchSize } = settings;
  const { train, normalisation } = splits;
  const order = shuffledOrder(train.length, seed, 0).slice(0, Math.min(shown.batch, batchSize));
  const { channels } = image;
  const pictures: { picture: Picture; label: number }[] = [];
  for await (const batch of batches({ dataset: train, order, batchSize: order.length, augment, normalisation, seed })) {
    const size = batch.images.length / order.length;
    const area = size / channels;
    const side = { height: image.height, width: image.width };
    for (let row = 0; row < order.length; row++) {
      const pixels = Uint8Array.from({ length: size }, (_, i) => {
        const channel = Math.floor(i / area);
        const value = batch.images[row * size + i] as number;
        const level = value * (normalisation.std[channel] as number) + (normalisation.mean[channel] as number);
        return Math.min(255, Math.max(0, Math.round(level * 255)));
      });
      pictures.push({ picture: await pictureOf({ channels, ...side, pixels }), label: batch.labels[row] as number });
    }
  }
  return pictures;
}

async function pictureOf(image: Image): Promise<Picture> {
  const png = await encodePng(image, { longestSide: shown.longestSide });
  return { png, height: image.height, width: image.width };
}
