/** What a person does after fine-tuning: which classes to photograph, and which labels to look at. */
import type { ReportData } from '../report/index.ts';
import { featuresOf } from './phase-features.ts';
import { pictureOf } from './report-pictures.ts';
import type { RunGround } from './run.ts';

const shown = 24;
/** With more, every image is a small matter, and the linear classifiers that tell take minutes. */
const most = { images: 20_000, classes: 100 };

/** Whether a run's report looks so far. */
export function looksFurther({ fineTune, splits: { train, validation } }: RunGround['settings']): boolean {
  const images = train.length + validation.length;
  return fineTune !== undefined && images <= most.images && train.classes.length <= most.classes;
}

/** From features of the best epoch's weights; nothing for a run that does not fine-tune, or has very much data. */
export async function nextSteps(run: RunGround): Promise<Pick<ReportData, 'forecast' | 'doubtful'>> {
  const { settings, sink } = run;
  if (!looksFurther(settings)) return {};
  const { tensors } = (await sink.load('best')).checkpoint;
  // the run is over: nothing stops its report
  const features = await featuresOf({ ...run, signal: undefined, callbacks: [] }, tensors);
  // only now: most commands need none of it
  const { forecastOf } = await import('../probes/index.ts');
  const trainedOnThese = settings.phases.some(({ name }) => name !== 'head');
  const { forecast, doubtful, agreement } = forecastOf(
    features.train,
    features.validation,
    settings.splits.train.classes.length,
    settings.seed,
    {
      trainedOnThese,
    },
  );
  const pictures = doubtful.slice(0, shown).map(async ({ split, index, label, likelier, confidence }) => {
    const dataset = settings.splits[split];
    const name = dataset.images?.paths[index] ?? dataset.ids?.[index] ?? `${split} ${index}`;
    const picture = await pictureOf((await dataset.read(index)).image);
    return { picture, label, likelier, probability: confidence.likelier, name };
  });
  return {
    ...(forecast && { forecast }),
    doubtful: { shown: await Promise.all(pictures), total: doubtful.length, agreement },
  };
}
