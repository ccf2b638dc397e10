/** Which images `skein explain` is about: files, or the surest mistakes on a part of labelled data. */
import { sourceText } from '../data/index.ts';
import { type NamedImage, surestMistakes } from '../explain/index.ts';
import { type Classifier, type EvaluationSplit, evaluationData, type SkippedImage } from '../trained/index.ts';
import { Bars } from './bars.ts';
import { givenData, type ReadingFlags } from './data-flags.ts';
import { withDataHint } from './data-hint.ts';
import { printPassedOver } from './explain-report.ts';
import { imageArguments } from './image-arguments.ts';
import { dataForNetwork } from './network-data.ts';
import type { Output } from './output.ts';
import { count } from './quantity.ts';

/** The flags that choose them. */
export interface ImageFlags extends ReadingFlags {
  readonly data?: readonly string[];
  readonly mistakes?: number;
  readonly split?: EvaluationSplit;
  readonly workers?: number;
  readonly classesByPosition?: boolean;
  readonly onBadImage?: 'stop' | 'skip';
}

/** @param paths files and folders, in place of mistakes */
export async function explainedImages(
  classifier: Classifier,
  checkpoint: string,
  paths: readonly string[],
  flags: ImageFlags,
  output: Output,
  signal: AbortSignal,
): Promise<NamedImage[]> {
  if (flags.data === undefined) {
    const { files } = await imageArguments(paths);
    return files.map((image) => ({ image, name: image }));
  }
  const found = await dataForNetwork(classifier, flags.data, flags);
  const source = sourceText(givenData(flags.data));
  const { dataset, split, notes } = await evaluationData(found, source, checkpoint, classifier.checkpoint, flags.split);
  for (const note of notes) output.paragraph(note, 'dim');
  const { mistakes = 1, workers, classesByPosition = false, onBadImage } = flags;
  const skipped: SkippedImage[] = [];
  const bars = new Bars(output, [{ label: 'looking', done: 0, facts: [] }]);
  const wrong = await withDataHint(givenData(flags.data), flags, output, () =>
    surestMistakes(classifier, dataset, {
      count: mistakes,
      ...{ classesByPosition, signal },
      ...(workers !== undefined && { workers }),
      ...(onBadImage && { onBadImage }),
      onSkipped: (bad) => void skipped.push(bad),
      onProgress: (done, total) =>
        bars.set(0, { label: 'looking', done: done / total, facts: [`${count(done)} of ${count(total)} images`] }),
    }).finally(() => bars.stop()),
  );
  printPassedOver(output, skipped);
  const part = split === 'all' ? 'all images' : `${split} split`;
  if (wrong.length === 0) output.paragraph(`no answer on ${source}, ${part}, is wrong: there is nothing to explain`);
  return wrong;
}
