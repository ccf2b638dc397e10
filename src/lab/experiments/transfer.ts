import { ExplainedNetwork } from '../../explain/index.ts';
import { findModel } from '../../models/index.ts';
import { fullAmount, quickAmount } from '../amounts.ts';
import { distillationLoss, teacherInput } from '../arithmetic/distillation-loss.ts';
import { type KeptTensors, keepTensors, keptTensors } from '../arithmetic/kept-tensors.ts';
import { amongClasses, halvesOf, ofClasses } from '../arithmetic/some-classes.ts';
import type { Curve } from '../arithmetic/steps-to.ts';
import { defineExperiment } from '../experiment.ts';
import { batchOf, someOfEach } from '../lab-data.ts';
import type { Laboratory, LaboratoryBatch } from '../laboratory.ts';
import { type StepTraining, trainSteps } from '../training-loop.ts';
import type { TransferResult, TransferSettings } from './transfer-result.ts';
import { showTransfer } from './transfer-shown.ts';

/** Fine-tuning against a start from nothing, and a student with a teacher against one without. */
export const transfer = defineExperiment<TransferSettings, TransferResult>({
  name: 'transfer',
  title: { en: 'Do transfer and distillation train faster?', zh: '迁移学习和知识蒸馏能加快训练吗？' },
  about: 'steps and time to an accuracy: fine-tuned against from scratch, with a teacher against without',
  source: {
    en: 'Yosinski et al. 2014, arXiv 1411.1792; Hinton et al. 2015, arXiv 1503.02531',
    zh: 'Yosinski 等人 2014，arXiv 1411.1792；Hinton 等人 2015，arXiv 1503.02531',
  },
  method: {
    en: 'A network is trained on half of the classes; then it learns the other half, from those weights with a new head and from random ones, with the same images, order and rate. A small network learns all classes with labels alone, and with the softened answers of a trained larger one beside them. Accuracy on test images is measured every few steps. The target is the largest multiple of 5 % that all trainings of a pair reach.',
    zh: '网络先在一半类别上训练，然后学习另一半：一次从这些权重开始（换新的分类层），一次从随机权重开始，图像、顺序和学习率相同。再让小网络学习全部类别：一次只用标签，一次同时使用已训练的大网络的软目标。每隔几步在测试图像上测量准确率。目标准确率取一组对比中所有训练都能达到的 5 % 的最大整数倍。',
  },
  limits: {
    en: 'One constant rate for both ways; a rate of its own could help either, and Hinton et al. expect a teacher to allow a much higher one. Both halves are of one dataset, which makes transfer easy. Steps are told to the nearest measurement. Few seeds: intervals are wide.',
    zh: '两种方式使用同一固定学习率，单独调整可能对任一方有利；Hinton 等人认为有教师网络时可以用高得多的学习率。两半类别来自同一数据集，迁移较容易。步数只精确到测量间隔。种子少，区间较宽。',
  },
  quick: {
    seeds: 3,
    network: 'resnet8',
    batchSize: 32,
    lr: 0.02,
    every: 6,
    pretraining: { images: 2000, steps: 180 },
    target: { images: 400, steps: 48 },
    teacher: 'resnet20',
    teacherAmount: quickAmount,
    distillation: { images: 1000, steps: 72, temperature: 4, share: 0.9 },
    test: 400,
  },
  full: {
    seeds: 3,
    network: 'resnet20',
    batchSize: 64,
    lr: 0.05,
    every: 50,
    pretraining: { images: 20_000, steps: 3000 },
    target: { images: 5000, steps: 1000 },
    teacher: 'resnet56',
    teacherAmount: fullAmount,
    distillation: { images: 10_000, steps: 2000, temperature: 4, share: 0.9 },
    test: 2000,
  },
  trainings: ({ teacher, teacherAmount }) => [{ network: findModel(teacher), ...teacherAmount }],
  async run(lab, settings) {
    const { network, every } = settings;
    return {
      network,
      every,
      transfer: await transferred(lab, settings),
      distillation: await distilled(lab, settings),
    };
  },
  show: showTransfer,
});

const seedsOf = (lab: Laboratory, count: number) => Array.from({ length: count }, (_, i) => lab.seed + i);

async function transferred(lab: Laboratory, settings: TransferSettings): Promise<TransferResult['transfer']> {
  const { network: name, batchSize, lr, every, pretraining, target, seeds, test: most } = settings;
  const [first, second] = halvesOf(lab.classes);
  const batches = async (classes: readonly number[], count: number) => {
    const of = async (part: 'train' | 'test', images: number) =>
      amongClasses(
        await batchOf(someOfEach(ofClasses(lab.data[part], classes), images, lab.seed), lab.data, lab.image),
        classes,
      );
    return { train: await of('train', count), test: await of('test', most), classes: classes.length };
  };
  const shared = { network: findModel(name), batchSize, lr, every };
  const source = await lab.piece(`${name} on the first half of the classes`, async () => {
    const { curve, state } = await trainSteps(lab, {
      ...shared,
      ...(await batches(first, pretraining.images)),
      steps: pretraining.steps,
      every: pretraining.steps,
      seed: lab.seed,
      text: `${name} on the first half of the classes`,
    });
    const isKept = (entry: string) => !entry.startsWith('momentum.') && !entry.startsWith('classifier.');
    return { curve, weights: keepTensors(state, isKept) };
  });
  const images = await batches(second, target.images);
  const train = (way: string, seed: number, weights?: KeptTensors): Promise<Curve> =>
    lab.piece(`${name} on the second half, ${way}, seed ${seed}`, async () => {
      const start = weights && keptTensors(weights);
      const text = `${name} on the second half, ${way}`;
      return (await trainSteps(lab, { ...shared, ...images, steps: target.steps, seed, text, ...(start && { start }) }))
        .curve;
    });
  const [scratch, tuned]: [Curve[], Curve[]] = [[], []];
  for (const seed of seedsOf(lab, seeds)) {
    scratch.push(await train('from scratch', seed));
    tuned.push(await train('fine-tuned', seed, source.weights));
  }
  const names = (classes: readonly number[]) => classes.map((i) => lab.data.train.classes[i] as string);
  const last = source.curve.points.at(-1);
  return {
    from: names(first),
    to: names(second),
    images: images.train.labels.length,
    pretraining: { ...pretraining, seconds: last?.seconds ?? 0, top1: last?.top1 ?? 0 },
    scratch,
    tuned,
  };
}

async function distilled(lab: Laboratory, settings: TransferSettings): Promise<TransferResult['distillation']> {
  const { network: name, batchSize, lr, every, seeds, teacher: teacherName, teacherAmount, test: most } = settings;
  const { images, steps, temperature, share } = settings.distillation;
  const teacher = await lab.train({ network: findModel(teacherName), ...teacherAmount });
  const [train, test] = [await lab.batch('train', images), await lab.batch('test', most)];
  const answers = await lab.piece(`answers of ${teacherName}`, () => teacherAnswers(lab, teacher, train));
  const logits = keptTensors(answers.logits).get('logits')?.data as Float32Array;
  const shared = { network: findModel(name), classes: lab.classes, train, test, batchSize, lr, every, steps };
  const run = (way: string, seed: number, more: Partial<StepTraining> = {}): Promise<Curve> =>
    lab.piece(
      `${name} ${way}, seed ${seed}`,
      async () => (await trainSteps(lab, { ...shared, seed, text: `${name} ${way}`, ...more })).curve,
    );
  const [alone, taught]: [Curve[], Curve[]] = [[], []];
  for (const seed of seedsOf(lab, seeds)) {
    alone.push(await run('without a teacher', seed));
    const loss = distillationLoss({ temperature, share });
    taught.push(await run(`taught by ${teacherName}`, seed, { loss, teacher: { input: teacherInput, logits } }));
  }
  const { top1 } = teacher.record.test;
  return {
    temperature,
    share,
    images: train.labels.length,
    teacher: { network: teacherName, top1, seconds: teacher.record.seconds },
    answerSeconds: answers.seconds,
    alone,
    taught,
  };
}

async function teacherAnswers(
  lab: Laboratory,
  { checkpoint, file }: Awaited<ReturnType<Laboratory['train']>>,
  { images, labels }: LaboratoryBatch,
): Promise<{ logits: KeptTensors; seconds: number }> {
  const { engine, threads } = lab;
  const asks = new Set<never>();
  const network = await ExplainedNetwork.compile(checkpoint, { path: file, engine, threads, batchSize: 50, asks });
  try {
    const began = performance.now();
    const data = await network.logits(images);
    const seconds = (performance.now() - began) / 1000;
    const shape = [labels.length, lab.classes];
    return { logits: keepTensors(new Map([['logits', { dtype: 'float32', shape, data }]]), () => true), seconds };
  } finally {
    await network.dispose();
  }
}
