/** The report of a run, made at its end. */
import { sourceText } from '../data/index.ts';
import type { EnginePlan } from '../engines/index.ts';
import { countParams } from '../ir/index.ts';
import type { ReportData } from '../report/index.ts';
import { version } from '../trained/index.ts';
import type { Answers } from './answers.ts';
import { nextSteps } from './next-steps.ts';
import { paceOf } from './pace.ts';
import { epochsOnImages } from './phase-at.ts';
import { recipeRows } from './recipe-rows.ts';
import { batchPictures, mistakePictures } from './report-pictures.ts';
import type { RunGround } from './run.ts';
import { stepFacts } from './step-facts.ts';
import { waitingAdvice } from './waiting-advice.ts';

/** A run that is over, as its report needs it. */
export interface EndedRun extends RunGround {
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
  const all = measured.filter((one) => one.kind === 'epoch');
  const told = epochsOnImages(settings, all);
  const { imagesPerSecond, waiting } = paceOf(told, train.length);
  const steps = stepFacts(settings, told);
  const advice = waitingAdvice({ waiting, pipeline: train.images && pipeline.means, epochs, steps });
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
      recipe: recipeRows(recipe, settings),
      version,
    },
    confusion: answers.confusion,
    calibration: answers.calibration,
    mistakes: await mistakePictures(answers, split === 'test' && test ? test : validation),
    batch: await batchPictures(settings, pipeline),
    badImages: badImages.all,
    ...(await nextSteps(run)),
  };
}
