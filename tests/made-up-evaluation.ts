/** The data of an evaluation's page, made up: ten classes, a network that is too sure, two checkpoints. */
import { ConfusionMatrix, type ReliabilityBin, wilsonInterval } from '../src/metrics/index.ts';
import type { CalibrationState, EvaluationReport, Picture } from '../src/report/index.ts';
import { Random } from '../src/tensor/index.ts';
import { madeUpCorruptions } from './made-up-corruptions.ts';

const classes = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
/** Of each class, what is taken for another: cats and dogs most, and both ways. */
const taken: readonly (readonly [label: number, prediction: number, images: number])[] = [
  [3, 5, 92],
  [5, 3, 78],
  [3, 6, 31],
  [2, 4, 27],
  [4, 7, 21],
  [0, 8, 24],
  [1, 9, 25],
  [9, 1, 22],
  [2, 6, 24],
  [3, 2, 22],
  [7, 5, 20],
  [8, 0, 18],
  [4, 2, 19],
  [5, 7, 16],
  [0, 2, 20],
  [6, 3, 15],
];
const perClass = 1000;
const total = perClass * classes.length;

function confusionOf(): ConfusionMatrix {
  const confusion = new ConfusionMatrix(classes.length);
  const add = (label: number, prediction: number, images: number) => {
    for (let i = 0; i < images; i++) confusion.add(label, prediction);
  };
  for (const label of classes.keys()) {
    const away = taken.filter(([from]) => from === label);
    for (const [, prediction, images] of away) add(label, prediction, images);
    // a few of everything else
    const others = [...classes.keys()].filter((other) => other !== label && !away.some(([, to]) => to === other));
    for (const other of others) add(label, other, 3);
    add(label, label, perClass - away.reduce((sum, [, , images]) => sum + images, 0) - 3 * others.length);
  }
  return confusion;
}

/** Bins whose accuracy is `gap` below their confidence. */
function state(gap: number, loss: number, accuracy: number): CalibrationState {
  const bins: ReliabilityBin[] = Array.from({ length: 15 }, (_, i) => {
    const count = i < 3 ? 0 : i === 14 ? 8000 - 20 * gap * 1000 : Math.round(40 + i ** 2 + gap * 100);
    const confidence = count === 0 ? Number.NaN : (i + 0.55) / 15;
    return { count, confidence, accuracy: confidence - gap * (i === 14 ? 0.35 : 1.4) };
  });
  const images = bins.reduce((sum, bin) => sum + bin.count, 0);
  const mean = (of: (bin: ReliabilityBin) => number) =>
    bins.reduce((sum, bin) => sum + (bin.count > 0 ? bin.count * of(bin) : 0), 0) / images;
  return {
    ece: mean((bin) => Math.abs(bin.accuracy - bin.confidence)),
    noise: { mean: 0.0059, high: 0.0092 },
    loss,
    brier: loss / 2,
    confidence: accuracy + mean((bin) => bin.confidence) - mean((bin) => bin.accuracy),
    bins,
  };
}

const share = (correct: number, images: number) => ({ correct, images, interval: wilsonInterval(correct, images) });

/** A page with everything on it, but what `changes` takes away. @param pictures of the mistakes */
export function madeUpEvaluation(
  changes: Partial<EvaluationReport> = {},
  pictures: readonly Picture[] = [{ png: new Uint8Array([1, 2, 3]), height: 28, width: 28 }],
): EvaluationReport {
  const confusion = confusionOf();
  const correct = Math.round(confusion.accuracy * total);
  const random = new Random('made-up evaluation');
  return {
    checkpoint: 'runs/resnet20/best.safetensors',
    network: 'resnet20',
    data: 'cifar10',
    split: 'test',
    notes: ['None of these images was trained on.'],
    classes,
    score: { correct, total, loss: 0.291, top5: 0.997, interval: wilsonInterval(correct, total) },
    confusion,
    confused: taken.map(([label, prediction, images]) => ({ label, prediction, images, share: images / perClass })),
    mistakes: Array.from({ length: 24 }, (_, i) => {
      const [label, prediction] = taken[i % taken.length] as readonly [number, number, number];
      const picture = pictures[i % pictures.length] as Picture;
      return { picture, label, prediction, probability: 0.999 - 0.004 * i, name: `test ${random.integer(total)}` };
    }),
    calibration: {
      before: state(0.11, 0.291, correct / total),
      after: state(0.012, 0.255, correct / total),
      temperature: 1.524,
      origin: 'The temperature was fitted on the 5,000 validation images of the run, and measured on the test images.',
    },
    coverage: {
      points: Array.from({ length: 50 }, (_, i) => {
        const coverage = (i + 1) / 50;
        return {
          coverage,
          accuracy: 1 - (1 - correct / total) * coverage ** 2.2,
          threshold: 1 - 0.7 * coverage ** 4,
        };
      }),
      aurc: 0.0117,
      bestAurc: 0.0032,
    },
    slices: [
      {
        by: 'brightness',
        slices: [
          { label: 'levels 0 to 83', ...share(2206, 2500) },
          { label: 'levels 83 to 117', ...share(2279, 2500) },
          { label: 'levels 117 to 150', ...share(2294, 2500) },
          { label: 'levels 150 to 255', ...share(2329, 2500) },
        ],
      },
      {
        by: 'folder',
        slices: [
          { label: 'indoor/kitchen', ...share(61, 80) },
          { label: 'indoor/living room', ...share(199, 210) },
          { label: 'outdoor', ...share(3290, 3500) },
        ],
      },
    ],
    corruptions: madeUpCorruptions(pictures),
    augmented: {
      name: 'flip',
      views: 2,
      correct: correct + 64,
      total,
      interval: wilsonInterval(correct + 64, total),
      difference: { low: 0.0031, high: 0.0098 },
    },
    against: {
      checkpoint: 'runs/plain20/best.safetensors',
      network: 'plain20',
      correct: correct - 112,
      total,
      mcnemar: { b: 437, c: 325, p: 0.00006, method: 'chi-square' },
      difference: { value: 0.0112, low: 0.0058, high: 0.0165 },
      verdict:
        'resnet20 is better: it has 1.1 points more of these images right, and chance would hardly show as much.',
      notes: ['The two may have been trained on different images.'],
    },
    badImages: [],
    version: '0.1.0',
    ...changes,
  };
}
