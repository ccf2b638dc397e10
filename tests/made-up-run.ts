/** The data of a training report, made up. */
import { ConfusionMatrix } from '../src/metrics/index.ts';
import type { ReportData } from '../src/report/index.ts';

/** No picture, to tests that do not look. */
const picture = { png: new Uint8Array([1, 2, 3]), height: 28, width: 28 };

/** A run on `classes`: 20 images of each, of which every fourth is taken for the next class. */
export function madeUpRun(classes: readonly string[], changes: Partial<ReportData> = {}): ReportData {
  const confusion = new ConfusionMatrix(classes.length);
  for (let i = 0; i < 20 * classes.length; i++) {
    const label = i % classes.length;
    confusion.add(label, i % 4 === 3 ? (label + 1) % classes.length : label);
  }
  const total = 20 * classes.length;
  return {
    network: 'resnet8',
    data: 'photos',
    classes,
    split: 'test',
    weights: { epoch: 2, isBest: true },
    score: { correct: total * 0.75, total, loss: 0.5 },
    facts: {
      params: 75_290,
      engine: 'onnxruntime',
      threads: 2,
      precision: 'float32',
      imagesPerSecond: 310.4,
      waiting: { share: 0.34, advice: ['more workers', 'smaller images'] },
      peakBytes: 319e6,
      epochs: 3,
      batchSize: 128,
      seed: 7,
      samples: { train: 900, validation: 100, test: total },
      image: [1, 28, 28],
      recipe: [
        ['optimiser', 'sgd: momentum 0.9'],
        ['augmentation', 'flip'],
      ],
      version: '0.1.0',
    },
    history: [1, 2, 3].map((epoch) => ({
      epoch,
      train: { loss: 2 / epoch, top1: 0.2 * epoch },
      validation: { loss: 2.1 / epoch, top1: 0.25 * epoch },
      lr: 0.1 / epoch,
    })),
    confusion,
    calibration: Array.from({ length: 15 }, (_, i) => ({ count: i * 5, confidence: (i + 0.5) / 15, accuracy: i / 15 })),
    mistakes: [{ picture, label: 0, prediction: 1, probability: 0.987 }],
    batch: [{ picture, label: 1 }],
    badImages: [],
    ...changes,
  };
}
