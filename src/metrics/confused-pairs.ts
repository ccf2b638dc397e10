import type { ConfusionMatrix } from './confusion-matrix.ts';

/** Images of one class that are taken for another. */
export interface ConfusedPair {
  readonly label: number;
  readonly prediction: number;
  readonly images: number;
  /** Of the images with this label. */
  readonly share: number;
}

/** The pairs of classes that are confused most often, the most frequent first, at most `most`; of equal ones the larger share, then the label's place. */
export function confusedPairs(confusion: ConfusionMatrix, most = 10): ConfusedPair[] {
  const pairs: ConfusedPair[] = [];
  confusion.perClass().forEach(({ support }, label) => {
    for (let prediction = 0; prediction < confusion.classes; prediction++) {
      const images = confusion.count(label, prediction);
      if (images > 0 && prediction !== label) pairs.push({ label, prediction, images, share: images / support });
    }
  });
  return pairs.sort((a, b) => b.images - a.images || b.share - a.share || a.label - b.label).slice(0, most);
}
