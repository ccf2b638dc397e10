import { findModel, linearClassifier } from '../../models/index.ts';
import type { Network } from '../../nn/index.ts';
import { settledRun } from '../../train/index.ts';
import { type Amount, fullAmount, quickAmount } from '../amounts.ts';
import { accuracyOf } from '../arithmetic/paired-seeds.ts';
import { allDifferences } from '../arithmetic/recipe-differences.ts';
import { defineExperiment } from '../experiment.ts';
import type { Laboratory } from '../laboratory.ts';
import { conventionalLike } from '../networks/conventional.ts';
import { optionsOf } from '../train-once.ts';
import { accuracyBars } from './accuracy-bars.ts';
import { accuracyFindings, namesOf } from './accuracy-findings.ts';
import type { AccuracyResult, AccuracyRun, AccuracySettings, Role } from './accuracy-result.ts';

const networks = { plain: 'plain20', residual: 'resnet20', dense: 'densenet-bc40-k12' } as const;

/** Residual and dense networks against a conventional one, by one recipe, over seeds. */
export const accuracy = defineExperiment<AccuracySettings, AccuracyResult>({
  name: 'accuracy',
  title: { en: 'How accurate are residual and dense networks?', zh: '残差网络与稠密网络的准确率如何？' },
  about: 'accuracy of residual, dense and conventional networks over seeds, by one recipe',
  source: {
    en: 'He et al. 2015 (arXiv:1512.03385), Table 6; Huang et al. 2017 (arXiv:1608.06993), Table 2; Simonyan and Zisserman 2014 (arXiv:1409.1556)',
    zh: 'He 等人 2015（arXiv:1512.03385），表 6；Huang 等人 2017（arXiv:1608.06993），表 2；Simonyan 与 Zisserman 2014（arXiv:1409.1556）',
  },
  method: {
    en: 'A residual, a dense, a plain and a conventional network are trained by one recipe and one loop, with the seeds that the table names. The conventional one is VGG-11 with batch norms, as wide as gives it the residual network’s multiply-adds. A linear classifier on the pixels is the yardstick.',
    zh: '残差网络、稠密网络、普通网络与传统网络以同一方案、同一训练循环训练，所用种子见表。传统网络为带批归一化的 VGG-11，宽度取得使乘加次数与残差网络相当。以直接用像素的线性分类器为基准。',
  },
  limits: {
    en: 'Few seeds (with one, intervals know of the test images and not of other seeds), and few epochs on few images: this is how well networks start, not how well they end. Networks of equal multiply-adds have very different numbers of parameters.',
    zh: '种子少（只有一个种子时，区间只反映测试图像的抽样，不反映其他种子），图像和轮数也少：这里反映的是训练初期，而不是最终水平。乘加次数相同的网络，参数量可以相差很大。',
  },
  quick: { networks, seeds: [0, 1, 2], ...quickAmount },
  full: { networks, seeds: [0], ...fullAmount },
  trainings: ({ networks: names, seeds, ...amount }, lab) =>
    seeds.flatMap((seed) =>
      contestantsOf(names, lab).map(([, network]) => ({ network, ...amount, seed: lab.seed + seed })),
    ),
  async run(lab, { networks: names, seeds, ...amount }) {
    const contestants = contestantsOf(names, lab);
    const recipes = await recipesOf(lab, contestants, amount);
    const runs: AccuracyRun[] = [];
    for (const seed of seeds)
      for (const [role, network] of contestants) {
        const { record } = await lab.train({ network, ...amount, seed: lab.seed + seed });
        const { test, params, macs, epochs } = record;
        const trainTop1 = epochs.at(-1)?.train.top1 ?? Number.NaN;
        runs.push({ role, network: network.name, seed: record.seed, test, trainTop1, params, macs });
      }
    return { runs, classes: lab.classes, ...recipes };
  },
  show(result) {
    const { runs, recipe } = result;
    const seeds = [...new Set(runs.map(({ seed }) => seed))];
    const names = namesOf(result);
    const rows = names.map(({ network, label }) => {
      const own = runs.filter((run) => run.network === network);
      const mean = (of: (run: AccuracyRun) => number) => own.reduce((sum, run) => sum + of(run), 0) / own.length;
      return { ...own[0], network, label, value: accuracyOf(own).value, trainTop1: mean((run) => run.trainTop1) };
    });
    return {
      findings: accuracyFindings(result),
      figures: [
        accuracyBars(result),
        {
          kind: 'table',
          id: 'networks',
          title: { en: 'The networks', zh: '各网络' },
          columns: [
            { label: { en: 'network', zh: '网络' } },
            { label: { en: 'parameters', zh: '参数量' }, format: 'count' },
            { label: { en: 'multiply-adds', zh: '乘加次数' }, format: 'multiplyAdds' },
            { label: { en: 'training accuracy', zh: '训练准确率' }, format: 'percent' },
            { label: { en: 'test accuracy', zh: '测试准确率' }, format: 'percent' },
            ...seeds.map((seed) => ({
              label: { en: `seed ${seed}`, zh: `种子 ${seed}` },
              format: 'percent' as const,
            })),
          ],
          rows: rows.map(({ network, label, params = 0, macs = 0, trainTop1, value }) => [
            label,
            params,
            macs,
            trainTop1,
            value,
            ...runs.filter((run) => run.network === network).map(({ test }) => test.top1),
          ]),
        },
        {
          kind: 'table',
          id: 'recipe',
          title: { en: 'The recipe', zh: '训练方案' },
          note: {
            en: 'As a run records it in config.yaml. The last columns are what the other networks’ runs have in its place.',
            zh: '即每次训练在 config.yaml 中记录的内容。后面各列为其他网络的取值。',
          },
          columns: [
            { label: { en: 'setting', zh: '设置' } },
            { label: names[0]?.network ?? '' },
            ...result.differences.map(({ network }) => ({ label: network })),
          ],
          rows: recipe.map(([key, value]) => [
            key,
            value,
            ...result.differences.map(
              ({ settings }) => settings.find((one) => one.key === key)?.now ?? { en: 'the same', zh: '相同' },
            ),
          ]),
        },
      ],
    };
  },
});

function contestantsOf(
  names: AccuracySettings['networks'],
  lab: Pick<Laboratory, 'image' | 'classes'>,
): readonly (readonly [Role, Network])[] {
  const residual = findModel(names.residual);
  return [
    ['residual', residual],
    ['dense', findModel(names.dense)],
    ['plain', findModel(names.plain)],
    ['conventional', conventionalLike(residual, lab)],
    ['linear', linearClassifier()],
  ];
}

/** Not of the run, but of the machine or the moment. */
const unshown = ['data', 'versions', 'workers', 'cache', 'saveMinutes', 'keep', 'dataDigest', 'classes'];

/** What runs of these networks would record, before any of them runs. */
async function recipesOf(
  lab: Laboratory,
  contestants: readonly (readonly [Role, Network])[],
  amount: Amount,
): Promise<Pick<AccuracyResult, 'recipe' | 'differences'>> {
  const configs: Readonly<Record<string, unknown>>[] = [];
  for (const [, network] of contestants)
    configs.push((await settledRun(optionsOf(lab, { ...amount, network }))).config);
  const [first = {}, ...others] = configs;
  return {
    recipe: Object.entries(first)
      .filter(([key, value]) => !unshown.includes(key) && value !== undefined && value !== null)
      .map(([key, value]) => [key, textOf(value)]),
    differences: others.map((config, i) => ({
      network: contestants[i + 1]?.[1].name ?? '',
      settings: allDifferences(first, config),
    })),
  };
}

/** sgd: momentum 0.9, weightDecay 0.0001 */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ') || '–';
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, ...options } = value as Readonly<Record<string, unknown>>;
  const words = Object.entries(options).map(([key, one]) => `${key} ${textOf(one)}`);
  return (
    [...(name === undefined ? [] : [String(name)]), ...(words.length > 0 ? [words.join(', ')] : [])].join(': ') || '–'
  );
}
