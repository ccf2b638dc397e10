import { Random } from '../../tensor/index.ts';
import { type Amount, fullAmount, quickAmount } from '../amounts.ts';
import { Lesions } from '../arithmetic/lesions.ts';
import { kendallTau, swappedOrder } from '../arithmetic/reordered-state.ts';
import { batchFor, examined, examinedTrainings } from '../examined.ts';
import { defineExperiment } from '../experiment.ts';
import type { Laboratory } from '../laboratory.ts';
import { lesionFigures } from './lesion-figures.ts';
import { lesionFindings } from './lesion-findings.ts';
import type { LesionRecord, LesionResult } from './lesion-result.ts';

export interface LesionSettings extends Amount {
  readonly networks: readonly string[];
  /** Test images for each lesion. */
  readonly testImages: number;
  /** How many blocks are taken out together. */
  readonly several: readonly number[];
  /** How many pairs of blocks change places. */
  readonly swaps: readonly number[];
  /** Choices of blocks for each of both. */
  readonly draws: number;
}

/** Residual networks do without single blocks, plain ones do not. */
export const lesion = defineExperiment<LesionSettings, LesionResult>({
  name: 'lesion',
  title: { en: 'What does a network lose with a block?', zh: '去掉一个块，网络会变差多少？' },
  about: 'test error without one block, without several, and with blocks in another order',
  source: {
    en: 'Veit, Wilber and Belongie 2016, arXiv 1605.06431, §4, Figures 3 and 5',
    zh: 'Veit、Wilber 与 Belongie 2016，arXiv 1605.06431，§4，图 3 与图 5',
  },
  method: {
    en: 'Blocks are taken out of trained networks, which are tested without any further training. A residual block leaves its shortcut, a dense layer zeros in place of its channels, a plain block hands on its input.',
    zh: '从训练好的网络中去掉块，不再训练，直接测试。去掉残差块后只剩快捷连接；稠密层的输出以零代替；普通块则直接传递其输入。',
  },
  limits: {
    en: 'A plain block that changes the shape cannot be taken out and is left out. Zeros in place of a dense layer are not what later layers were trained with. Few test images leave an uncertainty of a few percent.',
    zh: '改变形状的普通块无法去掉，因此不测。稠密层的输出以零代替，这是后面的层在训练时没有见过的。测试图像不多，误差有几个百分点的不确定性。',
  },
  takesRun: true,
  quick: {
    networks: ['resnet56', 'plain56', 'densenet-bc40-k12'],
    ...quickAmount,
    testImages: 300,
    several: [2, 5, 10],
    swaps: [2, 10],
    draws: 3,
  },
  full: {
    networks: ['resnet110', 'plain56', 'densenet-bc40-k12'],
    ...fullAmount,
    testImages: 2000,
    several: [2, 5, 10, 15, 20],
    swaps: [1, 2, 5, 10, 20, 40],
    draws: 5,
  },
  trainings: ({ networks, ...settings }) => examinedTrainings(networks, settings),
  async run(lab, settings) {
    const networks: LesionRecord[] = [];
    for await (const network of examined(lab, settings.networks, settings)) {
      const batch = await batchFor(lab, 'test', settings.testImages, network);
      const lesions = new Lesions({ ...network, batch, engine: lab.engine, threads: lab.threads });
      try {
        networks.push({
          network: network.name,
          classes: network.checkpoint.classes.length,
          images: batch.labels.length,
          ...(await lesionsOf(lab, network.name, lesions, settings)),
        });
      } finally {
        await lesions.dispose();
      }
    }
    return { networks };
  },
  show: ({ networks }) => ({ findings: lesionFindings(networks), figures: lesionFigures(networks) }),
});

type Measured = Pick<LesionRecord, 'kind' | 'error' | 'without' | 'several' | 'swaps'>;

async function lesionsOf(lab: Laboratory, name: string, lesions: Lesions, settings: LesionSettings): Promise<Measured> {
  const { blocks } = lesions;
  const removable = blocks.flatMap(({ isRemovable }, place) => (isRemovable ? [place] : []));
  const random = (what: string, count: number, draw: number) =>
    new Random(lab.seed).fork(`lesion ${name} ${what} ${count} ${draw}`);
  const single = await lab.piece(`${name}: without each block`, async () => {
    const without: { block: string; error: number | null }[] = [];
    for (const [place, { path, isRemovable }] of blocks.entries()) {
      lab.signal.throwIfAborted();
      without.push({ block: path, error: isRemovable ? lesions.errorOf(await lesions.without([place])) : null });
      lab.progress(`${name}: without each block`, (place + 1) / blocks.length);
    }
    return { error: lesions.errorOf(await lesions.without([])), without };
  });
  const several = await lab.piece(`${name}: without several blocks`, async () => {
    const found: { count: number; errors: number[] }[] = [];
    for (const count of settings.several.filter((n) => n < removable.length)) {
      const errors: number[] = [];
      for (let draw = 0; draw < settings.draws; draw++) {
        lab.signal.throwIfAborted();
        const removed = random('without', count, draw)
          .shuffle([...removable])
          .slice(0, count);
        errors.push(lesions.errorOf(await lesions.without(removed)));
      }
      found.push({ count, errors });
    }
    return found;
  });
  const swaps = await lab.piece(`${name}: blocks in another order`, async () => {
    const found: { swaps: number; tau: number; error: number }[] = [];
    for (const count of settings.swaps)
      for (let draw = 0; draw < settings.draws; draw++) {
        lab.signal.throwIfAborted();
        const order = swappedOrder(blocks, count, random('swaps', count, draw));
        if (order)
          found.push({ swaps: count, tau: kendallTau(order), error: lesions.errorOf(await lesions.reordered(order)) });
      }
    return found;
  });
  return { kind: blocks[0]?.kind ?? 'plain', ...single, several, swaps };
}
