import { flip, padCrop } from '../../augmentations/index.ts';
import { findModel } from '../../models/index.ts';
import { sgd } from '../../optimisers/index.ts';
import { errorOf, gapOf } from '../arithmetic/gap.ts';
import { defineExperiment } from '../experiment.ts';
import { someOfEach } from '../lab-data.ts';
import type { TrainedRecord, Training } from '../laboratory.ts';
import { scoreOn } from '../score-on.ts';
import { gapByDepth } from './gap-by-depth.ts';
import { overfittingFindings } from './overfitting-findings.ts';
import {
  type Condition,
  conditionNames,
  type OverfittingResult,
  type OverfittingRun,
  type OverfittingSettings,
} from './overfitting-result.ts';

const none: Condition = { name: 'none', weightDecay: 0, isAugmented: false };
const decay: Condition = { name: 'decay', weightDecay: 5e-4, isAugmented: false };
const both: Condition = { name: 'decay-and-augmentation', weightDecay: 5e-4, isAugmented: true };

const residual = (...depths: number[]) => depths.map((depth) => ({ name: `resnet${depth}`, depth }));

/** Whether deeper networks overfit more, with and without regularisation. */
export const overfitting = defineExperiment<OverfittingSettings, OverfittingResult>({
  name: 'overfitting',
  title: { en: 'Do deeper networks overfit more?', zh: '网络越深，过拟合越严重吗？' },
  about: 'gap of training and test error against depth, with and without regularisation',
  source: {
    en: 'He et al. 2015, Deep Residual Learning (arXiv:1512.03385), §4.2, “Exploring Over 1000 layers”, and Table 6',
    zh: 'He 等人 2015，Deep Residual Learning（arXiv:1512.03385），§4.2 “Exploring Over 1000 layers” 与表 6',
  },
  method: {
    en: 'Residual networks of several depths are trained on few images, without regularisation and with it. After training, loss and error are measured in evaluation mode on the same training images and on the test images.',
    zh: '在少量图像上训练不同深度的残差网络，分别不用和使用正则化。训练结束后，在评估模式下测量同一批训练图像和测试图像上的损失与误差。',
  },
  limits: {
    en: 'One seed and few images: intervals are those of the test images alone, and with more images the gap is smaller.',
    zh: '只有一个种子，图像很少：区间仅反映测试图像的抽样误差；图像更多时，差距会更小。',
  },
  // at four times the usual rate for such batches so few steps are enough to learn the images
  quick: { networks: residual(8, 20), conditions: [none, both], images: 200, epochs: 24, batchSize: 16, lr: 0.05 },
  full: {
    networks: residual(8, 20, 32, 56, 110),
    conditions: [none, decay, both],
    images: 1000,
    epochs: 60,
    batchSize: 64,
  },
  trainings: ({ networks, conditions, ...amount }) =>
    networks.flatMap(({ name }) => conditions.map((condition) => trainingOf(name, condition, amount))),
  async run(lab, { networks, conditions, ...amount }) {
    const images = someOfEach(lab.data.train, amount.images, lab.seed);
    const runs: OverfittingRun[] = [];
    for (const { name, depth } of networks)
      for (const one of conditions) {
        const { name: condition } = one;
        const trained = await lab.train(trainingOf(name, one, amount));
        const { test, params }: TrainedRecord = trained.record;
        const train = await lab.piece(`training images, ${name}, ${condition}`, async () => {
          const { loss, top1, total } = await scoreOn(lab, trained, images);
          return { loss, top1, total };
        });
        runs.push({ network: name, depth, condition, params, train, test });
      }
    return { runs };
  },
  show(result, settings) {
    const { runs } = result;
    const conditions = settings.conditions.map(({ name }) => name);
    const inCondition = (condition: Condition['name']) => runs.filter((one) => one.condition === condition);
    return {
      findings: overfittingFindings(result, settings),
      figures: [
        gapByDepth(result),
        {
          kind: 'lines',
          id: 'error-by-depth',
          title: { en: 'Both errors', zh: '两种误差' },
          note: { en: 'Dashed: on the training images.', zh: '虚线：训练图像。' },
          x: { label: { en: 'layers', zh: '层数' } },
          y: { label: { en: 'error', zh: '误差' }, format: 'percent' },
          series: conditions.flatMap((condition) => [
            {
              name: { en: `${conditionNames[condition].en}, test`, zh: `${conditionNames[condition].zh}，测试` },
              points: inCondition(condition).map((run) => [run.depth, errorOf(run.test).value] as const),
            },
            {
              name: { en: `${conditionNames[condition].en}, training`, zh: `${conditionNames[condition].zh}，训练` },
              points: inCondition(condition).map((run) => [run.depth, 1 - run.train.top1] as const),
              isDashed: true,
            },
          ]),
        },
        {
          kind: 'table',
          id: 'runs',
          title: { en: 'The networks', zh: '各网络' },
          columns: [
            { label: { en: 'network', zh: '网络' } },
            { label: { en: 'regularisation', zh: '正则化' } },
            { label: { en: 'parameters', zh: '参数量' }, format: 'count' },
            { label: { en: 'training loss', zh: '训练损失' } },
            { label: { en: 'test loss', zh: '测试损失' } },
            { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
            { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
            { label: { en: 'gap', zh: '差距' }, format: 'percent' },
          ],
          rows: runs.map((run) => [
            run.network,
            conditionNames[run.condition],
            run.params,
            run.train.loss,
            run.test.loss,
            1 - run.train.top1,
            1 - run.test.top1,
            gapOf(run).value,
          ]),
        },
      ],
    };
  },
});

const trainingOf = (
  name: string,
  { weightDecay, isAugmented }: Condition,
  amount: Omit<OverfittingSettings, 'networks' | 'conditions'>,
): Training => ({
  network: findModel(name),
  ...amount,
  optimiser: sgd({ weightDecay }),
  augment: isAugmented ? [padCrop(), flip()] : [],
});
