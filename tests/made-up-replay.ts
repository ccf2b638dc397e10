/** What the page of a replayed step is made of: all that can be on it at once, names that are long, and numbers of nothing. */
import type { Picture, ReplayData } from '../src/report/index.ts';

const longName = 'a class of things whose name is much longer than anybody would like';

/** @param pictures one for each sample */
export function madeUpReplay(pictures: readonly Picture[], more: Partial<ReplayData> = {}): ReplayData {
  const layers = [
    'stem.conv',
    'stage1.block1.conv1',
    'stage1.block1.a-layer-of-ones-own-with-a-long-name',
    'classifier',
  ];
  return {
    ...{ run: 'runs/resnet20-1', network: 'resnet20', data: 'photos', version: '0.1.0' },
    ...{ step: 150, epoch: 4, epochs: 30, stepInEpoch: 21, stepsPerEpoch: 43, phase: 'stage4 on' },
    ...{ from: 'epoch-003.safetensors', before: 20, loss: 1.25, recorded: { loss: 1.25, isSame: true }, lr: 0.05 },
    ...{ correct: pictures.length - 2, images: pictures.length, classes: ['cat', longName] },
    ...{ augmentation: 'crop: pad 4; mixup', isOnFeatures: false },
    samples: pictures.map((picture, i) => ({
      ...{ id: `cat/${i}.jpg`, picture, label: i % 2, weight: i === 1 ? 2.5 : 1, isReplaced: i === 2 },
      ...(i % 3 === 0 && {
        shares: [
          { label: 0, share: 0.7 },
          { label: 1, share: 0.3 },
        ],
      }),
    })),
    masks: [
      { path: 'stage1.drop1', kind: 'stochastic depth', rate: 0.2, kept: 100, total: 128 },
      { path: 'stage2.block1.layer1.dropout1', kind: 'dropout', rate: 0.5, kept: 1_048_000, total: 2_097_152 },
    ],
    total: { size: 269_434, weights: 40, gradient: 2, update: 0.1 },
    layers: layers.map((path, i) => ({
      path,
      size: 432 * (i + 1),
      weights: 4 + i,
      gradient: 1 / (i + 1),
      update: 1e-4 * i,
    })),
    clip: { limit: 1, factor: 0.5 },
    ...{ engine: 'onnxruntime', precision: 'float32', threads: 2 },
    changed: [{ what: 'processor', recorded: 'one of the machine before', now: 'another' }],
    ...more,
  };
}
