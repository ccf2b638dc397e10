/** What a report needs to know of a split's answers, gathered while the split is scored. */
import type { Ranks } from '../engines/index.ts';
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

  /** What several ranks have of the same split, each of its own part: afterwards all have the whole. @throws EngineError */
  async join(ranks: Ranks | undefined): Promise<void> {
    if (!ranks) return;
    const { counts } = this.confusion;
    const own = new Float64Array(counts.length + bins * 3 + 1 + ranks.size * kept * 5);
    own.set(counts);
    const [atBins, atFlag, atWrong] = [counts.length, counts.length + bins * 3, counts.length + bins * 3 + 1];
    this.calibration.forEach(({ count, confidence, accuracy }, i) => {
      if (count > 0) own.set([count, count * confidence, count * accuracy], atBins + i * 3);
    });
    own[atFlag] = this.#finite ? 0 : 1;
    for (const [i, { index, label, prediction, probability }] of this.#wrong.entries())
      own.set([1, index, label, prediction, probability], atWrong + (ranks.rank * kept + i) * 5);
    const all = await ranks.sum(own);
    counts.set(all.subarray(0, counts.length));
    for (let i = 0; i < bins; i++) {
      const [count = 0, confidence = 0, accuracy = 0] = all.subarray(atBins + i * 3, atBins + i * 3 + 3);
      this.calibration[i] = { count, confidence: confidence / count, accuracy: accuracy / count };
    }
    this.#finite = all[atFlag] === 0;
    const rows = Array.from({ length: ranks.size * kept }, (_, i) =>
      all.subarray(atWrong + i * 5, atWrong + i * 5 + 5),
    );
    this.#wrong = surest(
      rows
        .filter(([is]) => is === 1)
        .map(([, index = 0, label = 0, prediction = 0, probability = 0]) => ({
          index,
          label,
          prediction,
          probability,
        })),
    );
  }

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
