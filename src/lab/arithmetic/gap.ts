/** How much worse a network does on images that it has not seen. */
import { differenceOf, type Estimate, shareOf } from './estimate.ts';

/** Answers on some images. */
export interface Answers {
  /** Share that is right. */
  readonly top1: number;
  readonly total: number;
}

/** What is known without chance. */
const exactly = (value: number): Estimate => ({ value, low: value, high: value });

/** Error on the test images, with what their number leaves open. */
export const errorOf = ({ top1, total }: Answers): Estimate => shareOf(total - Math.round(top1 * total), total);

/** Test error less training error. The training images are all that there are, the test images a sample. */
export const gapOf = ({ train, test }: { readonly train: Answers; readonly test: Answers }): Estimate =>
  differenceOf(errorOf(test), exactly(1 - train.top1));
