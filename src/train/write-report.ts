/** The report of a run, made at its end. */
import { classSharesOf, type Dataset, encodePng, type Image, shuffledOrder, sourceText } from '../data/index.ts';
import type { EnginePlan } from '../engines/index.ts';
import { countParams } from '../ir/index.ts';
import { imageOf, type Pipeline } from '../pipeline/index.ts';
import type { LabelledPicture, Mistake, Picture, ReportData } from '../report/index.ts';
import { version } from '../trained/index.ts';
import type { Answers } from './answers.ts';
import { trainingSource } from './epoch.ts';
import { paceOf } from './pace.ts';
import { recipeRows } from './recipe-rows.ts';
import type { RunUnderWay } from './run.ts';
import type { Settings } from './settings.ts';
import { waitingAdvice } from './waiting-advice.ts';

const shown = { batch: 32, longestSide: 160 };

type Ended = 'settings' | 'recipe' | 'network' | 'position' | 'sink' | 'pipeline' | 'badImages';

/** A run that is over, as its report needs it. */
export interface EndedRun extends Pick<RunUnderWay, Ended> {
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
  const { settings, recipe, network, position, sink, plan, trained, split, score, answers, pipeline, badImages } = run;
  const { splits, image, epochs, batchSize, seed } = settings;
  const { train, validation, test } = splits;
  const { best, epoch, history } = position;
  const { engine, threads, precision, peakBytes } = plan;
  const measured = await sink.measured();
  const told = measured.filter((one) => one.kind === 'epoch');
  const { imagesPerSecond, waiting } = paceOf(told, train.length);
  const advice = waitingAdvice({ waiting, pipeline: train.images && pipeline.means, epochs });
  return {
    network: settings.network.name,
    data: sourceText(settings.dataName),
    classes: train.classes,
    split,
    weights: { epoch: best?.epoch ?? epoch, isBest: best !== undefined },
    score,
    history,
    rates: measured.find((one) => one.kind === 'rates'),
    facts: {
      params: countParams(network.graph),
      engine,
      threads,
      precision,
      imagesPerSecond,
      waiting: waiting === undefined ? undefined : { share: waiting, advice: advice?.ways ?? [] },
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
    batch: await batchPictures(settings, pipeline),
    badImages: badImages.all,
  };
}

async function mistakePictures(answers: Answers, dataset: Dataset): Promise<Mistake[]> {
  const mistakes: Mistake[] = [];
  for (const { index, ...mistake } of answers.mistakes())
    mistakes.push({ ...mistake, picture: await pictureOf((await dataset.read(index)).image) });
  return mistakes;
}

/** The first images of the first epoch's first batch, as the pipeline gives it: augmented, mixed, normalised, and brought back to bytes. */
async function batchPictures(settings: Settings, pipeline: Pick<Pipeline, 'batches'>): Promise<ReportData['batch']> {
  const { splits, image } = settings;
  const order = shuffledOrder(splits.train.length, settings.seed, 0);
  const pictures: LabelledPicture[] = [];
  // the first one of all that the run would have, whatever orders an epoch and mixes a batch
  for await (const batch of pipeline.batches({ ...trainingSource(settings, order, 0), prefetch: 0 })) {
    for (let row = 0; row < Math.min(shown.batch, batch.count); row++)
      pictures.push({
        picture: await pictureOf(imageOf(batch.images, row, image, splits.normalisation)),
        label: batch.labels[row] as number,
        ...(batch.targets && { shares: classSharesOf(batch.targets, row, splits.train.classes.length) }),
      });
    break;
  }
  return pictures;
}

async function pictureOf(image: Image): Promise<Picture> {
  const png = await encodePng(image, { longestSide: shown.longestSide });
  return { png, height: image.height, width: image.width };
}
