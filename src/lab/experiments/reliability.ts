import { brightness, contrast, defocusBlur, gaussianNoise, pixelate } from '../../corruptions/index.ts';
import { answerRows, fitTemperature } from '../../metrics/index.ts';
import { findModel } from '../../models/index.ts';
import { Random } from '../../tensor/index.ts';
import { fullAmount, quickAmount } from '../amounts.ts';
import { confidenceFit, shareRight } from '../arithmetic/reliability.ts';
import { defineExperiment } from '../experiment.ts';
import { batchOf } from '../lab-data.ts';
import type { Laboratory, LaboratoryBatch, Trained } from '../laboratory.ts';
import { withAnswers } from '../reliability-answers.ts';
import { temperatureImages } from '../temperature-images.ts';
import { reliabilityFigures } from './reliability-figures.ts';
import { reliabilityFindings } from './reliability-findings.ts';
import type { ReliabilityResult, ReliabilitySettings, SeedReliability } from './reliability-result.ts';

const severity = { severity: 3 } as const;
const corruptions = [gaussianNoise, defocusBlur, brightness, contrast, pixelate].map((make) => make(severity));

/** Confidence, spoilt images and other seeds. */
export const reliability = defineExperiment<ReliabilitySettings, ReliabilityResult>({
  name: 'reliability',
  title: { en: 'Can the networks be relied on?', zh: '网络可靠吗？' },
  about: 'calibration, accuracy on spoilt images, and what another seed changes',
  source: {
    en: 'Guo et al. 2017, On Calibration of Modern Neural Networks; Hendrycks and Dietterich 2019, ImageNet-C',
    zh: 'Guo 等人 2017，On Calibration of Modern Neural Networks；Hendrycks 与 Dietterich 2019，ImageNet-C',
  },
  method: {
    en: 'Networks are trained with one recipe and several seeds. Measured are the distance of confidence from accuracy (expected calibration error, 15 bins), before and after a temperature that is fitted on validation images (where the data has no test images, on half of these, and measured on the other half); accuracy under five corruptions at severity 3; and on how many test images two seeds answer differently.',
    zh: '用同一套训练方案和若干种子训练网络。测量：置信度与准确率的差距（期望校准误差，15 个区间），以及用验证图像拟合温度后的差距（数据没有测试图像时，用验证图像的一半拟合，在另一半上测量）；五种图像损坏（强度为 3）下的准确率；两个种子在多少测试图像上预测不同。',
  },
  limits: {
    en: 'The calibration error takes distances without their sign, so that few images always show some: beside it stands what chance alone gives. Two or three seeds show that answers vary, not by how much exactly. Five corruptions of small images are not the world.',
    zh: '校准误差不计正负，图像少时总会大于零，因此旁边列出仅由偶然产生的值。两三个种子只能说明预测会变，不能精确说明变多少。小图像上的五种损坏不能代表真实世界。',
  },
  quick: {
    networks: ['plain20', 'resnet20', 'densenet-bc40-k12'],
    // as `accuracy` trains with several seeds, so that both share these
    amount: quickAmount,
    seeds: 3,
    test: 1000,
    fitted: 400,
    corrupted: 300,
  },
  full: {
    networks: ['plain20', 'resnet20', 'densenet-bc40-k12'],
    amount: fullAmount,
    seeds: 2,
    test: 10_000,
    fitted: 2000,
    corrupted: 2000,
  },
  trainings: ({ networks, amount, seeds }, lab) =>
    networks.flatMap((name) =>
      Array.from({ length: seeds }, (_, i) => ({ network: findModel(name), ...amount, seed: lab.seed + i })),
    ),
  async run(lab, settings) {
    const { networks: names, amount, seeds: count } = settings;
    const networks: ReliabilityResult['networks'][number][] = [];
    for (const name of names) {
      const seeds: SeedReliability[] = [];
      let corrupted: ReliabilityResult['networks'][number]['corrupted'] | undefined;
      for (let i = 0; i < count; i++) {
        const seed = lab.seed + i;
        const trained = await lab.train({ network: findModel(name), ...amount, seed });
        seeds.push(await lab.piece(`answers of ${name}, seed ${seed}`, () => answersOf(lab, trained, seed, settings)));
        corrupted ??= await lab.piece(`corrupted images of ${name}`, () => corruptedOf(lab, trained, settings));
      }
      if (corrupted) networks.push({ network: name, seeds, corrupted });
    }
    return { classes: lab.classes, corruptions: corruptions.map((one) => one.name), networks };
  },
  show: (result) => ({ findings: reliabilityFindings(result), figures: reliabilityFigures(result) }),
});

function answersOf(
  lab: Laboratory,
  trained: Trained,
  seed: number,
  { test, fitted }: ReliabilitySettings,
): Promise<SeedReliability> {
  const chance = () => new Random(lab.seed).fork('calibration chance').fork(trained.network.name).fork(seed);
  return withAnswers(lab, trained, async (network) => {
    const temperatureOf = async (batch: LaboratoryBatch) =>
      fitTemperature(await network.logits(batch), batch.labels, lab.classes) ?? null;
    const { measured, fitted: others } = temperatureImages(lab, { measured: test, fitted });
    const images = await batchOf(measured, lab.data, lab.image);
    const logits = await network.logits(images);
    const rowsAt = (temperature: number) => answerRows(logits, images.labels, lab.classes, { temperature });
    const temperature = others.length === 0 ? null : await temperatureOf(await batchOf(others, lab.data, lab.image));
    const rows = rowsAt(1);
    return {
      seed,
      fit: confidenceFit(rows, chance()),
      temperature,
      fitAfter: temperature === null ? null : confidenceFit(rowsAt(temperature), chance()),
      answers: [...rows.predictions],
    };
  });
}

function corruptedOf(lab: Laboratory, trained: Trained, { corrupted: count }: ReliabilitySettings) {
  return withAnswers(lab, trained, async (network) => {
    const images = await lab.batch('test', count);
    const { correct } = answerRows(await network.logits(images), images.labels, lab.classes);
    const right = await network.corrupted(corruptions, count);
    const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, one) => sum + one, 0) / values.length;
    return { clean: mean(correct), top1: right.map(mean), images: shareRight(right) };
  });
}
