/** How large gradients are from layer to layer: without batch norm by depth, with it in published networks, and while those train. */
import { findModel } from '../../models/index.ts';
import { type Tensor, tensor } from '../../tensor/index.ts';
import { gradientFigures } from '../arithmetic/gradient-figures.ts';
import { gradientFindings } from '../arithmetic/gradient-findings.ts';
import { normsFrom } from '../arithmetic/gradient-norms.ts';
import type { GradientResult, TowerNorms } from '../arithmetic/gradient-result.ts';
import { type NetworkNorms, normsInTraining, normsOfOwn } from '../arithmetic/network-norms.ts';
import { type TowerVariant, towerVariants } from '../arithmetic/tower-variants.ts';
import { type TowerKind, type TowerOptions, towerProgram, towerState } from '../arithmetic/towers.ts';
import { defineExperiment } from '../experiment.ts';
import type { Laboratory } from '../laboratory.ts';
import { wholeBatch } from '../whole-batch.ts';

export interface GradientSettings {
  readonly towers: Pick<TowerOptions, 'width' | 'growth' | 'batchSize'> & { readonly depths: readonly number[] };
  /** Whose gradients are measured in one training step. */
  readonly networks: readonly string[];
  /** Those of them that go on training. */
  readonly trained: readonly string[];
  readonly steps: number;
  readonly batchSize: number;
  readonly lr: number;
  /** Training images that they see. */
  readonly images: number;
}

/** Norms of gradients by layer and depth. */
export const gradients = defineExperiment<GradientSettings, GradientResult>({
  name: 'gradients',
  title: { en: 'Do gradients vanish in deep networks?', zh: '深层网络的梯度会消失吗？' },
  about: 'norms of gradients by layer and depth, with batch norm and without it, at first and over training',
  source: {
    en: 'He et al. 2015 (arXiv 1502.01852), §2.2; He et al. 2015 (arXiv 1512.03385), §4.1; Zhang, Dauphin and Ma 2019, Fixup (arXiv 1901.09321), §2',
    zh: 'He 等人 2015（arXiv 1502.01852），§2.2；He 等人 2015（arXiv 1512.03385），§4.1；Zhang、Dauphin 与 Ma 2019，Fixup（arXiv 1901.09321），§2',
  },
  method: {
    en: 'The norm of the loss’s gradient is read at every layer: in towers of 3×3 convolutions without batch norm, by each layer’s output; in published networks with batch norm, by each convolution’s weight, at the first step and at each that follows.',
    zh: '逐层读取损失函数梯度的范数：在没有批归一化的 3×3 卷积塔中，取对每层输出的梯度；在带批归一化的已发表网络中，取对每个卷积权重的梯度，从第一步开始，并在训练的每一步读取。',
  },
  limits: {
    en: 'One seed, small batches and the first steps of training; a healthy norm says nothing of a gradient’s direction.',
    zh: '只用一个种子、小批量和训练最初的若干步；范数正常并不说明梯度的方向是否有用。',
  },
  quick: {
    towers: { depths: [8, 20, 50, 100], width: 16, growth: 4, batchSize: 8 },
    networks: ['plain20', 'plain56', 'resnet20', 'resnet56', 'densenet-bc40-k12'],
    trained: ['plain56', 'resnet56'],
    steps: 40,
    batchSize: 32,
    lr: 0.05,
    images: 1280,
  },
  full: {
    towers: { depths: [8, 20, 50, 100], width: 16, growth: 4, batchSize: 64 },
    networks: ['plain20', 'plain56', 'plain110', 'resnet20', 'resnet56', 'resnet110', 'densenet-bc40-k12'],
    trained: ['plain56', 'resnet56', 'plain110', 'resnet110'],
    steps: 400,
    batchSize: 128,
    lr: 0.1,
    images: 12_800,
  },
  takesRun: true,
  async run(lab, settings) {
    const towers: TowerNorms[] = [];
    for (const depth of settings.towers.depths)
      for (const kind of ['plain', 'residual', 'dense'] as const)
        towers.push(
          ...(await lab.piece(`${kind} towers, depth ${depth}`, () => towersOf(lab, kind, depth, settings.towers))),
        );
    const { batchSize, lr } = settings;
    const networks: NetworkNorms[] = [];
    for (const name of settings.networks) {
      const goesOn = settings.trained.includes(name);
      const amount = goesOn ? { steps: settings.steps, images: settings.images } : { steps: 1, images: batchSize };
      const network = findModel(name);
      networks.push(
        await lab.piece(`${name}, ${amount.steps} steps`, () =>
          normsInTraining(lab, { network, batchSize, lr, ...amount }),
        ),
      );
    }
    const { own } = lab;
    const ofOwn = own && (await lab.piece('your network', () => normsOfOwn(lab, own, batchSize)));
    return { towers, networks, ...(ofOwn && { own: ofOwn }) };
  },
  show: (result, { towers: { width } }) => ({
    findings: gradientFindings(result, width),
    figures: gradientFigures(result, width),
  }),
});

/** All variants of a kind: one program, with other weights and another scale of its branches. */
async function towersOf(
  lab: Laboratory,
  kind: TowerKind,
  depth: number,
  options: GradientSettings['towers'],
): Promise<TowerNorms[]> {
  const { image, classes, seed, threads } = lab;
  const { batchSize } = options;
  const program = towerProgram({ ...options, kind, depth, image, classes });
  const { images, labels } = await wholeBatch(lab, 'train', batchSize);
  const { channels, height, width } = image;
  const batch = [
    ['image', tensor('float32', [batchSize, channels, height, width], images)],
    ['labels', tensor('int32', [batchSize], labels)],
  ] as const;
  const executable = await lab.engine.compile({ tower: program }, { threads });
  const measured = async ({ id, initialisation, scale }: TowerVariant): Promise<TowerNorms> => {
    await executable.load(towerState(program, initialisation, seed));
    const scaled = tensor('float32', [], Float32Array.of(scale(depth / 2)));
    const outputs = await executable.run('tower', new Map<string, Tensor>([...batch, ['scale', scaled]]));
    return { variant: id, depth, norms: normsFrom(outputs) };
  };
  try {
    const done: TowerNorms[] = [];
    for (const variant of towerVariants.filter((one) => one.kind === kind)) done.push(await measured(variant));
    return done;
  } finally {
    await executable.dispose();
  }
}
