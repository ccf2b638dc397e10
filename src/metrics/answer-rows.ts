/** What each row of logits answers, how sure it is, and what that costs: from here on no statistic needs the logits. */
import { ConfigError } from '../tensor/index.ts';
import { argMax } from './accuracy.ts';
import { checkLabelledRows } from './labelled-rows.ts';

/** One entry for each row. */
export interface AnswerRows {
  /**
   * The class with the largest logit; of equals the first that is not the label, so that it is the label just where `correct` is 1. -1 where no
   * logit is a number.
   */
  readonly predictions: Int32Array;
  /** 1 where the label's logit is above all others: `topK` with k = 1. */
  readonly correct: Uint8Array;
  /** Probability of the predicted class. */
  readonly confidences: Float64Array;
  /** −log of the label's probability, in nats. */
  readonly losses: Float64Array;
  /** Σ over classes of (probability − 1 for the label, − 0 for the others)², 0 to 2 (Brier 1950). */
  readonly brier: Float64Array;
}

/**
 * Reads logits as probabilities softmax(logits / temperature). The temperature, above 0, changes no prediction.
 * @param logits [labels.length, classes]
 * @throws ShapeError, DataError, ConfigError
 */
export function answerRows(
  logits: Float32Array | Float64Array,
  labels: Int32Array,
  classes: number,
  { temperature = 1 } = {},
): AnswerRows {
  checkLabelledRows('answerRows', logits, labels, classes);
  if (!(temperature > 0 && temperature < Number.POSITIVE_INFINITY))
    throw new ConfigError(`answerRows: expected a temperature above 0, but got ${temperature}`);
  const { length } = labels;
  const rows = {
    predictions: new Int32Array(length),
    correct: new Uint8Array(length),
    confidences: new Float64Array(length),
    losses: new Float64Array(length),
    brier: new Float64Array(length),
  };
  const powers = new Float64Array(classes);
  for (let row = 0; row < length; row++) {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    const label = labels[row] as number;
    const prediction = argMax(own);
    const largest = prediction < 0 ? Number.NaN : (own[prediction] as number);
    let [sum, squares, rival] = [0, 0, -1];
    for (let c = 0; c < classes; c++) {
      const logit = own[c] as number;
      if (rival < 0 && c !== label && !(logit < (own[label] as number))) rival = c;
      const power = Math.exp((logit - largest) / temperature);
      powers[c] = power;
      sum += power;
      squares += power ** 2;
    }
    const isCorrect = prediction === label && rival < 0;
    rows.predictions[row] = prediction === label && !isCorrect ? rival : prediction;
    rows.correct[row] = isCorrect ? 1 : 0;
    rows.confidences[row] = 1 / sum;
    rows.losses[row] = Math.log(sum) - ((own[label] as number) - largest) / temperature;
    // Σ p² − 2 p_label + 1
    rows.brier[row] = squares / sum ** 2 - (2 * (powers[label] as number)) / sum + 1;
  }
  return rows;
}

/** Their mean; NaN of none. */
export const meanOf = (values: Float64Array | Uint8Array): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
};
