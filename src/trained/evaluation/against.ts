/** Two checkpoints on the same images. */
import { answerRows, wilsonInterval } from '../../metrics/index.ts';
import type { EvaluationAgainst, EvaluationAugmented } from '../../report/index.ts';
import { DataError } from '../../tensor/index.ts';
import type { Classifier } from '../classifier.ts';
import { trainingIds } from '../evaluation-data.ts';
import type { DatasetAnswers } from './answer-store.ts';
import type { EvaluationImages } from './evaluation-images.ts';
import { pairedDifference, verdictOf } from './paired.ts';

/** A checkpoint that has answered, and which images. */
export interface Answered {
  readonly path: string;
  readonly classifier: Pick<Classifier, 'checkpoint'>;
  readonly images: EvaluationImages;
  readonly answers: Pick<DatasetAnswers, 'logits' | 'labels' | 'classes' | 'indices'>;
}

/**
 * Compares image by image: which one alone has right, and how sure it is that one is better.
 * @param seed of the bootstrap
 * @throws DataError where no image was read for both
 */
export async function against(first: Answered, second: Answered, seed: number): Promise<EvaluationAgainst> {
  const [ours, theirs] = [first, second].map(({ answers }) => correctByIndex(answers)) as [Right, Right];
  const both = [...ours.keys()].filter((index) => theirs.has(index));
  if (both.length === 0)
    throw new DataError('evaluate: expected images that both checkpoints can be given, but there are none');
  const paired = pairedDifference(
    both.map((index) => ours.get(index) as number),
    both.map((index) => theirs.get(index) as number),
    seed,
  );
  return {
    checkpoint: second.path,
    network: second.classifier.checkpoint.network.name,
    correct: both.reduce((sum, index) => sum + (theirs.get(index) as number), 0),
    total: both.length,
    ...paired,
    verdict: verdictOf(paired, [first.path, second.path]),
    notes: await seenBefore(first, second),
  };
}

/** What averaging over views gains, on the same images. */
export function augmentedScore(
  name: string,
  views: number,
  averaged: Float32Array,
  { labels, classes }: Pick<DatasetAnswers, 'labels' | 'classes'>,
  correct: Uint8Array,
  seed: number,
): EvaluationAugmented {
  const ours = answerRows(averaged, labels, classes).correct;
  const right = ours.reduce((sum, one) => sum + one, 0);
  const { low, high } = pairedDifference(ours, correct, seed).difference;
  return {
    name,
    views,
    correct: right,
    total: labels.length,
    interval: wilsonInterval(right, labels.length),
    difference: { low, high },
  };
}

/** By the sample's index, 1 or 0. */
type Right = ReadonlyMap<number, number>;

function correctByIndex({ logits, labels, classes, indices }: Answered['answers']): Right {
  const { correct } = answerRows(logits, labels, classes);
  return new Map(Array.from(indices, (index, row) => [index, correct[row] as number]));
}

/** An image that one of them was trained on speaks for that one. */
async function seenBefore(first: Answered, second: Answered): Promise<string[]> {
  const notes: string[] = [];
  for (const { path, classifier, images } of [first, second]) {
    const known = images.found && (await trainingIds(images.found, images.name, path, classifier.checkpoint));
    const seen = known ? (images.dataset.ids?.filter((id) => known.has(id)).length ?? 0) : 0;
    if (seen > 0) notes.push(`${path} was trained on ${seen} of these images`);
  }
  return notes;
}
