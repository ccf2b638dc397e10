import { DataError, ShapeError } from '../tensor/index.ts';

/** One class's scores, each from 0 to 1; NaN where nothing was measured (a class never predicted has no precision). */
export interface ClassScores {
  /** Images that carry this label. */
  readonly support: number;
  /** Of the images predicted to be this class, the fraction that are. */
  readonly precision: number;
  /** Of the images that are this class, the fraction predicted so. */
  readonly recall: number;
  /** Harmonic mean of the two; 0 where no image of the class was found. */
  readonly f1: number;
}

/** Counts of (label, prediction) pairs. */
export class ConfusionMatrix {
  readonly classes: number;
  readonly #counts: Float64Array;

  /** @throws ShapeError where `classes` is not an integer >= 1 */
  constructor(classes: number) {
    if (!Number.isSafeInteger(classes) || classes < 1)
      throw new ShapeError(`ConfusionMatrix: expected at least 1 class, got ${classes}`);
    this.classes = classes;
    this.#counts = new Float64Array(classes * classes);
  }

  /** @throws DataError where either is not a class */
  add(label: number, prediction: number): void {
    this.#check('label', label);
    this.#check('prediction', prediction);
    this.#counts[label * this.classes + prediction] = this.count(label, prediction) + 1;
  }

  /** All counts, label by label: those of another matrix may be added to them. */
  get counts(): Float64Array {
    return this.#counts;
  }

  /** Images labelled `label` and predicted to be `prediction`. */
  count(label: number, prediction: number): number {
    return this.#counts[label * this.classes + prediction] as number;
  }

  /** `rows()[label][prediction]`, a copy. */
  rows(): number[][] {
    return this.#each((label) => this.#each((prediction) => this.count(label, prediction)));
  }

  /** Pairs added so far. */
  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** The fraction whose prediction is the label; NaN before the first pair. */
  get accuracy(): number {
    let correct = 0;
    for (let c = 0; c < this.classes; c++) correct += this.count(c, c);
    return correct / this.total;
  }

  /** Scores of every class, in class order. */
  perClass(): ClassScores[] {
    return this.#each((c) => {
      let support = 0;
      let predicted = 0;
      for (let other = 0; other < this.classes; other++) {
        support += this.count(c, other);
        predicted += this.count(other, c);
      }
      const correct = this.count(c, c);
      return {
        support,
        precision: correct / predicted,
        recall: correct / support,
        f1: (2 * correct) / (support + predicted),
      };
    });
  }

  #each<T>(compute: (index: number) => T): T[] {
    return Array.from({ length: this.classes }, (_, index) => compute(index));
  }

  #check(what: string, index: number): void {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.classes)
      throw new DataError(`ConfusionMatrix: expected a ${what} from 0 to ${this.classes - 1}, got ${index}`);
  }
}
