/** Which held-out samples a classifier gets wrong when it is fitted on shares of the others. */
import type { Random } from '../tensor/index.ts';
import { type LabelledFeatures, rowsOf, samplesOfClasses, stratifiedFolds } from './folds.ts';
import { classProbabilities, fitLogisticRegression, type LinearFit } from './logistic-regression.ts';

/** Samples that may be fitted on, and those that are answered then. */
export interface Part {
  readonly pool: readonly number[];
  readonly held: readonly number[];
}

/** Folds of all samples, each answered by the others. */
export function foldParts(labels: ArrayLike<number>, classes: number, folds: number, random: Random): Part[] {
  const foldOf = stratifiedFolds(labels, { classes, folds, random });
  const all = Array.from(foldOf, (_, i) => i);
  return Array.from({ length: folds }, (_, fold) => ({
    pool: all.filter((i) => foldOf[i] !== fold),
    held: all.filter((i) => foldOf[i] === fold),
  }));
}

/** Which classes are made fewer: every one, or one alone while the others stay. */
export type Growing = 'all' | number;

/** One part of the data, with its pool in an order of which each share is the beginning, so that a larger share holds a smaller one. */
export class ShareFits {
  readonly #data: LabelledFeatures;
  readonly #classes: number;
  readonly #ordered: readonly number[][];
  readonly #held: readonly number[];
  readonly #heldRows: LabelledFeatures;
  readonly #whole: LinearFit;

  constructor(data: LabelledFeatures, { pool, held }: Part, classes: number, l2: number, random: Random) {
    this.#data = data;
    this.#classes = classes;
    this.#held = held;
    this.#heldRows = rowsOf(data, held);
    const labels = pool.map((sample) => data.labels[sample]!);
    this.#ordered = samplesOfClasses(labels, classes).map((places) =>
      random.shuffle(places.map((place) => pool[place]!)),
    );
    this.#whole = this.#fit(1, 'all', l2);
  }

  /** Writes 1 into `wrong` for held-out samples that the fit on this share gets wrong, and 0 for the others. */
  answer(share: number, growing: Growing, l2: number, wrong: Uint8Array): void {
    const fit = share === 1 ? this.#whole : this.#fit(share, growing, l2, this.#whole);
    const answers = classProbabilities(fit, this.#heldRows.features);
    this.#held.forEach((sample, i) => {
      const row = answers.subarray(i * this.#classes, (i + 1) * this.#classes);
      wrong[sample] = row.indexOf(Math.max(...row)) === this.#data.labels[sample] ? 0 : 1;
    });
  }

  #fit(share: number, growing: Growing, l2: number, start?: LinearFit): LinearFit {
    const samples = this.#ordered.flatMap((own, c) =>
      growing === 'all' || growing === c ? own.slice(0, Math.ceil(share * own.length)) : own,
    );
    const rows = rowsOf(this.#data, samples);
    // what is left of a class weighs as much as all of it did: a class that is rare is also guessed less often, and that is not what more
    // images teach
    const weights = Array.from(rows.labels, (label) =>
      growing === label ? this.#ordered[label]!.length / Math.ceil(share * this.#ordered[label]!.length) : 1,
    );
    // a thousandth of a nat moves hardly any answer
    return fitLogisticRegression({
      ...rows,
      weights,
      classes: this.#classes,
      l2,
      tolerance: 1e-3,
      ...(start && { start }),
    });
  }
}
