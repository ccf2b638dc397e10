/** What a network answered to a split, as several pages show it. */
import type { ConfusionMatrix } from '../../metrics/index.ts';
import type { Picture } from '../page/picture.ts';

/** Answers to a split, counted. */
export interface Answered {
  readonly classes: readonly string[];
  /** What the images are called: 'test', 'validation', or other words before 'images'. */
  readonly split: string;
  readonly score: { readonly correct: number; readonly total: number };
  /** `count(label, prediction)` over the split. */
  readonly confusion: ConfusionMatrix;
}

/** Answers with the wrong ones that the network was surest of, surest first. */
export interface Mistaken extends Pick<Answered, 'classes' | 'split' | 'score'> {
  readonly mistakes: readonly Mistake[];
}

/** A wrong answer. */
export interface Mistake {
  readonly picture: Picture;
  /** The index of its class. */
  readonly label: number;
  readonly prediction: number;
  /** Of the predicted class. */
  readonly probability: number;
  /** What the sample is called, where that helps to find it. */
  readonly name?: string | undefined;
}
