/** What the numbers of `accuracy` show, in sentences. */

import { twoSidedT } from '../../metrics/index.ts';
import type { Words } from '../../report/index.ts';
import { accuracyOf, betterOf, differenceOverSeeds, type SeedDifference } from '../arithmetic/paired-seeds.ts';
import type { Shown } from '../experiment.ts';
import { differenceText, percentText } from '../number-words.ts';
import { type AccuracyResult, networkSettings, type Role } from './accuracy-result.ts';

const roleNames: Readonly<Record<Role, Words>> = {
  residual: { en: 'residual', zh: '残差' },
  dense: { en: 'dense', zh: '稠密' },
  plain: { en: 'plain', zh: '普通' },
  conventional: { en: 'conventional', zh: '传统' },
  linear: { en: 'linear', zh: '线性' },
};

/** The networks in the order in which they were trained. */
export const namesOf = ({ runs }: AccuracyResult): { role: Role; network: string; label: Words }[] =>
  [...new Map(runs.map(({ role, network }) => [role, network]))].map(([role, network]) => ({
    role,
    network,
    label:
      role === 'linear'
        ? { en: 'linear classifier', zh: '线性分类器' }
        : { en: `${network} (${roleNames[role].en})`, zh: `${network}（${roleNames[role].zh}）` },
  }));

/** What claims ask for; with few seeds every other pair would be one more chance to be wrong. */
const pairs: readonly (readonly [Role, Role])[] = [
  ['residual', 'conventional'],
  ['dense', 'conventional'],
  ['plain', 'conventional'],
  ['residual', 'linear'],
  ['dense', 'linear'],
  ['dense', 'residual'],
];

/** How the roles of each pair differ, as far as both were trained. */
export function differencesOf(result: AccuracyResult): (SeedDifference & { readonly roles: readonly [Role, Role] })[] {
  const names = new Map(namesOf(result).map(({ role, network }) => [role, network]));
  return pairs.flatMap((roles) => {
    const [a, b] = roles.map((role) => names.get(role));
    return a === undefined || b === undefined ? [] : [{ ...differenceOverSeeds(result.runs, a, b), roles }];
  });
}

/** a is 3.1 points more accurate than b … */
export function differenceSentence(difference: SeedDifference, language: 'en' | 'zh'): string {
  const { a, b, seeds, accuracy } = difference;
  const zh = language === 'zh';
  const better = betterOf(difference);
  const numbers = `${differenceText(accuracy, language)}${seeds > 1 ? '' : zh ? '，只有一个种子' : ', with one seed'}`;
  if (better === 'open')
    return zh ? `${a} 与 ${b} 无法区分：${numbers}。` : `${a} and ${b} cannot be told apart: ${numbers}.`;
  return zh
    ? `${better === 'a' ? `${a} 比 ${b} 更准确` : `${a} 不如 ${b} 准确`}：${numbers}。`
    : `${a} is ${better === 'a' ? 'more' : 'less'} accurate than ${b}: ${numbers}.`;
}

/** 82.1 % (95 % interval 80.0 % to 84.2 %) */
export function accuracyText(result: AccuracyResult, network: string, language: 'en' | 'zh'): string {
  const { value, low, high } = accuracyOf(result.runs.filter((run) => run.network === network));
  if (!Number.isFinite(low)) return percentText(value);
  const ends = [Math.max(0, low), Math.min(1, high)].map(percentText);
  return language === 'zh'
    ? `${percentText(value)}（95 % 置信区间 ${ends[0]} 至 ${ends[1]}）`
    : `${percentText(value)} (95 % interval ${ends[0]} to ${ends[1]})`;
}

/** The settings of a run that say something else than what the network is; empty where the recipe is the same. */
export const otherDifferences = ({ differences }: AccuracyResult): string[] =>
  [...new Set(differences.flatMap(({ settings }) => settings.map(({ key }) => key)))].filter(
    (key) => !networkSettings.includes(key),
  );

export function accuracyFindings(result: AccuracyResult): Shown['findings'] {
  const names = namesOf(result);
  const differences = differencesOf(result);
  const between = (wanted: readonly Role[], language: 'en' | 'zh') =>
    differences
      .filter(({ roles: [, b] }) => wanted.includes(b))
      .map((one) => differenceSentence(one, language))
      .join(language === 'zh' ? '' : ' ');
  const others = otherDifferences(result);
  const all = (language: 'en' | 'zh') =>
    names
      .map(({ network }) => `${network} ${accuracyText(result, network, language)}`)
      .join(language === 'zh' ? '；' : '; ');
  const conventional = names.find(({ role }) => role === 'conventional')?.network;
  const costs = result.runs.filter(({ role }) => role === 'residual' || role === 'conventional');
  const paramsOf = (role: Role) => costs.find((run) => run.role === role)?.params ?? 0;
  const timesParams = Number((paramsOf('conventional') / paramsOf('residual')).toPrecision(2));
  return [
    {
      about: { en: 'Accuracy', zh: '准确率' },
      says: {
        en: `${all('en')}. Guessing would be right in ${percentText(1 / result.classes)}.`,
        zh: `${all('zh')}。随机猜测的准确率为 ${percentText(1 / result.classes)}。`,
      },
    },
    {
      about: { en: 'Against the conventional network', zh: '与传统网络相比' },
      says: {
        en: `${between(['conventional'], 'en')} At about equal multiply-adds ${conventional} has ${timesParams} times the residual network’s parameters.`,
        zh: `${between(['conventional'], 'zh')}乘加次数大致相同时，${conventional} 的参数量是残差网络的 ${timesParams} 倍。`,
      },
    },
    {
      about: { en: 'Against a linear classifier', zh: '与线性分类器相比' },
      says: { en: between(['linear'], 'en'), zh: between(['linear'], 'zh') },
    },
    {
      about: { en: 'Dense and residual', zh: '稠密与残差' },
      says: { en: between(['residual'], 'en'), zh: between(['residual'], 'zh') },
    },
    ...seedsFinding(differences),
    {
      about: { en: 'Recipe', zh: '训练方案' },
      says:
        others.length === 0
          ? {
              en: `Of the ${result.recipe.length} recorded settings shown below, the runs differ only in what says which network it is: ${networkSettings.join(' and ')}.`,
              zh: `下表记录的 ${result.recipe.length} 项设置中，各次训练只有指明网络的设置不同：${networkSettings.join('、')}。`,
            }
          : {
              en: `Besides the network the runs differ in ${others.join(', ')}.`,
              zh: `除网络外，各次训练还在以下设置上不同：${others.join('、')}。`,
            },
    },
    {
      about: { en: 'In the papers', zh: '论文中' },
      says: {
        en: 'Trained to the end on CIFAR-10: resnet20 8.75 % and resnet110 6.43 % error (He et al. 2015, Table 6), DenseNet-BC of 100 layers 4.51 % (Huang et al. 2017, Table 2). They used two recipes: batches of 128 for 64,000 steps (about 180 epochs), and batches of 64 and 300 epochs with Nesterov momentum.',
        zh: '在 CIFAR-10 上完整训练：resnet20 误差 8.75 %，resnet110 为 6.43 %（He 等人 2015，表 6）；100 层 DenseNet-BC 为 4.51 %（Huang 等人 2017，表 2）。两篇论文的方案并不相同：前者批大小 128、64,000 步（约 180 轮），后者批大小 64、300 轮并使用 Nesterov 动量。',
      },
    },
  ];
}

/** How little a few seeds can tell. */
function seedsFinding(differences: readonly SeedDifference[]): Shown['findings'] {
  const seeds = Math.min(...differences.map((one) => one.seeds));
  if (differences.length === 0) return [];
  if (seeds < 2)
    return [
      {
        about: { en: 'What one seed can tell', zh: '一个种子能说明什么' },
        says: {
          en: 'The intervals are those of the test images alone. Another seed moves accuracies too, by how much one training cannot say.',
          zh: '区间只反映测试图像的抽样。换一个种子，准确率也会变化；变化多大，一次训练无法说明。',
        },
      },
    ];
  const errors = twoSidedT(seeds - 1, 0.95).toFixed(1);
  const byChance = percentText(1 - 0.95 ** differences.length);
  return [
    {
      about: { en: `What ${seeds} seeds can tell`, zh: `${seeds} 个种子能说明什么` },
      says: {
        en: `With ${seeds} seeds a 95 % interval reaches ${errors} standard errors to each side (with many seeds 2.0), so only differences far above what a seed moves are told apart. Each interval is of its own pair: were all networks alike, one of these ${differences.length} or more would leave 0 out in up to about ${byChance} of such experiments.`,
        zh: `只有 ${seeds} 个种子时，95 % 置信区间向两侧各延伸 ${errors} 个标准误（种子很多时为 2.0），因此只有远大于种子波动的差别才能分辨。每个区间只针对一组比较：若各网络其实一样好，这样的实验中最多约有 ${byChance} 会在 ${differences.length} 组里至少出现一个不含 0 的区间。`,
      },
    },
  ];
}
