/** What the norms of gradients show, beside what the papers and the article say. */
import type { LaboratoryFinding, Words } from '../../report/index.ts';
import { inChineseMarks } from '../number-words.ts';
import type { GradientResult } from './gradient-result.ts';
import { deepest, factorOf, ratiosText, readingsOf, short, type Trend } from './tower-readings.ts';
import { expectedFactor } from './tower-variants.ts';
import { networkFindings } from './training-findings.ts';

/** @param width of the towers, which decides what theory expects of the small initialisation */
export function gradientFindings(result: GradientResult, width: number): LaboratoryFinding[] {
  const towers: LaboratoryFinding[] = [];
  for (const { about, variants, says } of towerFindings) {
    const readings = variants.map((variant) => readingsOf(result, variant));
    if (readings.every((one) => one.length > 0))
      towers.push({
        about,
        says: says(
          readings.map((one) => ({
            trend: deepest(one)?.trend ?? 'unknown',
            ratios: ratiosText(one),
            factor: short(factorOf(one)),
            hasZero: one.some(({ ratio }) => ratio === 0),
          })),
          width,
        ),
      });
  }
  return [...towers, ...networkFindings(result)];
}

interface Told {
  readonly trend: Trend;
  /** First layer by last, with the depths. */
  readonly ratios: string;
  readonly factor: string;
  readonly hasZero: boolean;
}

interface TowerFinding {
  readonly about: Words;
  readonly variants: readonly string[];
  says(told: readonly Told[], width: number): Words;
}

const trends: Readonly<Record<Trend, Words>> = {
  vanishes: { en: 'it vanishes on its way back', zh: '梯度在回传中消失' },
  grows: { en: 'it grows on its way back', zh: '梯度在回传中增大' },
  level: { en: 'it stays roughly level', zh: '梯度大致保持不变' },
  unknown: { en: 'whether it vanishes cannot be told', zh: '无法判断梯度是否消失' },
};

/** Three words for a comparison with what is expected. */
const against = (found: Trend, expected: Trend): Words =>
  found === 'unknown'
    ? { en: 'This run cannot tell.', zh: '这次运行无法判断。' }
    : found === expected
      ? { en: 'So it came out.', zh: '结果与此一致。' }
      : { en: 'It did not come out so here.', zh: '这里的结果与此不一致。' };

const only = ([told]: readonly Told[]): Told => told as Told;

/** Ratios are of the gradient at the first layer by that at the last, with the depths in brackets. */
const measured = ({ trend, ratios, factor, hasZero }: Told, what: Words, unit: Words): Words => ({
  en: `${what.en}: the gradient at the first ${unit.en} is ${ratios} of that at the last (depth in brackets)${hasZero ? '; 0 where float32 has no number so small' : ''}, a factor of ${factor} for each ${unit.en}: ${trends[trend].en}.`,
  zh: `${what.zh}：第一${unit.zh}与最后一${unit.zh}的梯度之比（括号内为深度）为 ${inChineseMarks(ratios)}${hasZero ? '，0 表示小到 float32 无法表示' : ''}；每${unit.zh}乘以 ${factor}：${trends[trend].zh}。`,
});

const layer: Words = { en: 'layer', zh: '层' };
const block: Words = { en: 'block', zh: '块' };
const joined = (...parts: readonly Words[]): Words => ({
  en: parts.map(({ en }) => en).join(' '),
  zh: parts.map(({ zh }) => zh).join(''),
});

const towerFindings: readonly TowerFinding[] = [
  {
    about: { en: 'plain, small weights', zh: '普通，小权重' },
    variants: ['plain-small'],
    says: (told, width) =>
      joined(
        measured(only(told), { en: 'No batch norm, std 0.01', zh: '无批归一化，标准差 0.01' }, layer),
        {
          en: `He et al. 2015 (arXiv 1502.01852, equation 13) expect ${short(expectedFactor(width))} a layer at this width, and the article says that gradients vanish.`,
          zh: `He 等人 2015（arXiv 1502.01852，式 13）在此宽度下预期每层乘以 ${short(expectedFactor(width))}；文章也说梯度会消失。`,
        },
        against(only(told).trend, 'vanishes'),
      ),
  },
  {
    about: { en: 'plain, He’s weights', zh: '普通，He 初始化' },
    variants: ['plain'],
    says: (told) => {
      const { trend } = only(told);
      return joined(
        measured(only(told), { en: 'No batch norm, He’s initialisation', zh: '无批归一化，He 初始化' }, layer),
        {
          en: 'He et al. 2015 (arXiv 1502.01852) made it so that the factor is 1.',
          zh: 'He 等人 2015（arXiv 1502.01852）设计这种初始化，正是为了使这个倍数为 1。',
        },
        against(trend, 'level'),
        trend === 'level'
          ? {
              en: 'The article says that depth makes gradients vanish or explode; here the initialisation decides that, not the depth alone.',
              zh: '文章说深度使梯度消失或爆炸；这里起决定作用的是初始化，而不只是深度。',
            }
          : trend === 'unknown'
            ? { en: '', zh: '' }
            : { en: 'That is what the article says of deep networks.', zh: '这正是文章对深层网络的说法。' },
      );
    },
  },
  {
    about: { en: 'residual, unscaled', zh: '残差，不缩放' },
    variants: ['residual'],
    says: (told) => {
      const { trend } = only(told);
      return joined(
        measured(
          only(told),
          { en: 'No batch norm, He’s initialisation, branches as they are', zh: '无批归一化，He 初始化，分支不缩放' },
          block,
        ),
        {
          en: 'Fixup (arXiv 1901.09321, §2) expects growth: each block doubles the variance, a factor of √2 ≈ 1.41 for the norm.',
          zh: 'Fixup（arXiv 1901.09321，§2）预期梯度增大：每块使方差加倍，即范数乘以 √2 ≈ 1.41。',
        },
        against(trend, 'grows'),
        trend === 'grows'
          ? {
              en: 'The article says that residual connections keep gradients stable: by themselves they make them explode.',
              zh: '文章说残差连接使梯度保持稳定；而单靠残差连接，梯度会爆炸。',
            }
          : { en: '', zh: '' },
      );
    },
  },
  {
    about: { en: 'residual, scaled', zh: '残差，缩放' },
    variants: ['residual-root', 'residual-zero'],
    says: ([root, zero]) =>
      joined(
        measured(root as Told, { en: 'Branches × 1/√blocks', zh: '分支 × 1/√块数' }, block),
        measured(zero as Told, { en: 'Last weights of branches 0', zh: '分支末层权重为 0' }, block),
        {
          en: 'Fixup expects neither to grow with depth; by theory the first comes to √e = 1.65 on average, the second to 1.',
          zh: 'Fixup 预期两者都不随深度增大；理论上前者平均为 √e = 1.65，后者为 1。',
        },
        against(root?.trend === 'level' ? (zero as Told).trend : (root as Told).trend, 'level'),
      ),
  },
  {
    about: { en: 'residual, small weights', zh: '残差，小权重' },
    variants: ['residual-small'],
    says: (told) =>
      joined(
        measured(only(told), { en: 'With std 0.01 and shortcuts', zh: '标准差 0.01，有快捷连接' }, block),
        {
          vanishes: { en: 'Shortcuts do not help here.', zh: '这里快捷连接没有帮助。' },
          grows: { en: 'Shortcuts make it larger than it should be.', zh: '快捷连接使梯度过大。' },
          level: {
            en: 'Where a plain tower’s gradient vanishes, a shortcut keeps it, as the article says.',
            zh: '在普通网络梯度消失之处，快捷连接保住了梯度，与文章所说一致。',
          },
          unknown: { en: '', zh: '' },
        }[only(told).trend],
      ),
  },
  {
    about: { en: 'dense', zh: '稠密' },
    variants: ['dense', 'dense-small'],
    says: ([he, small]) =>
      joined(
        measured(he as Told, { en: 'Dense, He’s initialisation', zh: '稠密，He 初始化' }, layer),
        measured(small as Told, { en: 'Dense, std 0.01', zh: '稠密，标准差 0.01' }, layer),
        {
          en: 'The article says that dense connections avoid vanishing gradients.',
          zh: '文章说稠密连接避免了梯度消失。',
        },
        against(he?.trend === 'vanishes' ? 'vanishes' : (small as Told).trend, 'level'),
      ),
  },
];
