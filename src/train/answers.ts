/** What a report needs to know of a split's answers, gathered while the split is scored. */
import { argMax, ConfusionMatrix, type ReliabilityBin, reliabilityBins, softmax } from '../metrics/index.ts';
import type { Mistake } from '../report/index.ts';
import { DataError } from '../tensor/index.ts';

const bins = 15;
/** Mistakes that are worth a picture. */
const kept = 24;

interface Wrong extends Pick<Mistake, 'label' | 'prediction' | 'probability'> {
  readonly index: number;
}

/** What is kept of a split's logits: counts, and the worst mistakes. Its size does not grow with the split. */
export class Answers {
  readonly confusion: ConfusionMatrix;
  readonly calibration: { count: number; confidence: number; accuracy: number }[] = [];
  readonly #classes: number;
  #seen = 0;
  #finite = true;
  #wrong: Wrong[] = [];

  constructor(classes: number) {
    this.#classes = classes;
    this.confusion = new ConfusionMatrix(classes);
  }

  /**
   * A batch's logits [labels.length, classes]: `onBatch` of `evaluateSplit`.
   * @param indices which samples of the split they are of; default: the next ones
   */
  readonly add = (logits: Float32Array, labels: Int32Array, indices?: readonly number[]): void => {
    const classes = this.#classes;
    const probabilities = new Float64Array(logits.length);
    labels.forEach((label, row) => {
      const own = softmax(logits.subarray(row * classes, (row + 1) * classes));
      const prediction = argMax(own);
      if (prediction < 0) {
        this.#finite = false;
        return;
      }
      probabilities.set(own, row * classes);
      this.confusion.add(label, prediction);
      const probability = own[prediction] as number;
      if (prediction !== label)
        this.#wrong.push({ index: indices?.[row] ?? this.#seen + row, label, prediction, probability });
    });
    this.#seen += labels.length;
    this.#wrong = surest(this.#wrong);
    this.#addBins(reliabilityBins(probabilities, labels, bins));
  };

  /** The wrong answers that the network was surest of, surest first. @throws DataError where not all logits are finite */
  mistakes(): readonly Wrong[] {
    if (!this.#finite) throw new DataError('report: the network gives answers that are not finite numbers');
    return this.#wrong;
  }

  #addBins(more: readonly ReliabilityBin[]): void {
    more.forEach(({ count, confidence, accuracy }, i) => {
      this.calibration[i] ??= { count: 0, confidence: Number.NaN, accuracy: Number.NaN };
      if (count === 0) return;
      const bin = this.calibration[i] as Answers['calibration'][number];
      const total = bin.count + count;
      const mean = (old: number, next: number) => (bin.count === 0 ? next : (old * bin.count + next * count) / total);
      bin.confidence = mean(bin.confidence, confidence);
      bin.accuracy = mean(bin.accuracy, accuracy);
      bin.count = total;
    });
  }
}

const surest = (wrong: readonly Wrong[]) =>
  [...wrong].sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, kept);
