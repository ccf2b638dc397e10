import { rankCorrelation } from '../../metrics/index.ts';
import { numberText } from '../../report/index.ts';
import { ConfigError } from '../../tensor/index.ts';
import { type Amount, fullAmount, halfAmount } from '../amounts.ts';
import { testErrorOf, trainingErrorOf } from '../arithmetic/errors.ts';
import { differenceOf, type Estimate, signOf } from '../arithmetic/estimate.ts';
import { defineExperiment, type Shown } from '../experiment.ts';
import type { TrainedRecord } from '../laboratory.ts';
import { type ShortcutKind, shortcutKinds } from '../networks/shortcut-kinds.ts';
import { differenceText, inEach, listText, percentText } from '../number-words.ts';

interface Settings extends Amount {
  readonly depth: number;
  /** Names of `shortcutKinds`; the first is what the others are compared with. */
  readonly kinds: readonly string[];
}

interface Result {
  readonly runs: readonly { readonly kind: string; readonly record: TrainedRecord }[];
}

/** What the paper's "fail" stands for in an order: more than 20 %. */
const failed = 20;

/** Identity shortcuts against scaled, gated, convolved and dropped ones. */
export const shortcuts = defineExperiment<Settings, Result>({
  name: 'shortcuts',
  title: { en: 'Which shortcut trains best?', zh: '哪种快捷连接训练得最好？' },
  about: 'residual networks with scaled, gated, convolved and dropped shortcuts',
  source: 'He et al. 2016, Identity Mappings in Deep Residual Networks (arXiv:1603.05027), §3.1, Figure 2 and Table 1',
  method: {
    en: 'The same residual network is trained with each kind of shortcut by one recipe, from one seed and in one order of images. Where a block changes the shape, its input is subsampled and padded with zeros before anything else is done to it.',
    zh: '同一个残差网络换用各种快捷连接，以同一方案、同一随机种子和同样的图像顺序训练。在改变形状的块中，输入先经下采样和补零，再做其他处理。',
  },
  limits: {
    en: 'The paper trains 54 blocks to the end and takes the median of five runs; here there are fewer blocks, few epochs and one seed. Intervals are those of the test images alone.',
    zh: '论文将 54 个块训练到底，取五次运行的中位数；这里块更少、轮数更少，只有一个随机种子。区间仅反映测试图像的抽样误差。',
  },
  quick: {
    depth: 20,
    kinds: ['identity', 'half-and-1', 'half-and-0.5', 'exclusive-gate-6', 'shortcut-gate0', 'convolution', 'dropout'],
    ...halfAmount,
    images: 1200,
  },
  full: { depth: 56, kinds: shortcutKinds.map(({ name }) => name), ...fullAmount },
  async run(lab, { depth, kinds, ...amount }) {
    const runs: { kind: string; record: TrainedRecord }[] = [];
    for (const kind of kinds) {
      const { record } = await lab.train({ network: kindOf(kind).network(depth), ...amount });
      runs.push({ kind, record });
    }
    return { runs };
  },
  show({ runs }, { depth }) {
    const rows = runs.map(({ kind, record }) => ({
      kind: kindOf(kind),
      training: trainingErrorOf(record),
      test: testErrorOf(record),
      params: record.params,
    }));
    return { findings: findingsOf(rows, (depth - 2) / 2), figures: figuresOf(rows, runs) };
  },
});

interface Row {
  readonly kind: ShortcutKind;
  readonly training: number;
  readonly test: Estimate;
  readonly params: number;
}

function kindOf(name: string): ShortcutKind {
  const found = shortcutKinds.find((one) => one.name === name);
  if (found) return found;
  throw new ConfigError(
    `shortcuts: there is no kind of shortcut \`${name}\``,
    `there are ${shortcutKinds.map((one) => one.name).join(', ')}`,
  );
}

function findingsOf(rows: readonly Row[], blocks: number): Shown['findings'] {
  const [first, ...others] = rows;
  if (!first) return [];
  const compared = others.map((row) => ({ ...row, difference: differenceOf(row.test, first.test) }));
  const withSign = (sign: ReturnType<typeof signOf>) =>
    compared.filter(({ difference }) => signOf(difference) === sign);
  const [worse, better, open] = [withSign('above'), withSign('below'), withSign('open')];
  const higher = others.filter(({ training }) => training > first.training);
  const order = rankCorrelation(
    rows.map(({ test }) => test.value),
    rows.map(({ kind }) => kind.published ?? failed),
  );
  const named = (found: typeof compared, language: 'en' | 'zh') =>
    found
      .map(({ kind, difference }) => `${kind.label[language]} ${differenceText(difference, language)}`)
      .join(language === 'zh' ? '；' : '; ');
  return [
    {
      about: { en: 'Against the identity', zh: '与恒等快捷连接相比' },
      says: inEach((language) => {
        const zh = language === 'zh';
        const start = zh
          ? `${first.kind.label.zh}快捷连接的测试误差为 ${percentText(first.test.value)}。`
          : `With the ${first.kind.label.en} the test error is ${percentText(first.test.value)}.`;
        const parts = [
          ...(worse.length > 0 ? [`${zh ? '明显更差：' : 'Worse: '}${named(worse, language)}`] : []),
          ...(better.length > 0 ? [`${zh ? '明显更好：' : 'Better: '}${named(better, language)}`] : []),
          ...(open.length > 0 ? [`${zh ? '无法区分：' : 'Not to be told apart: '}${named(open, language)}`] : []),
        ];
        const paper = zh
          ? '论文中，所有其他快捷连接都比恒等快捷连接（6.61%）差。'
          : 'In the paper every other shortcut is worse than the identity (6.61 %).';
        const verdict =
          better.length > 0
            ? zh
              ? '这里并非如此。'
              : 'That did not come out here.'
            : worse.length === compared.length
              ? zh
                ? '这里也是如此。'
                : 'It is so here too.'
              : zh
                ? `这里 ${compared.length} 种中有 ${worse.length} 种可以确认更差。`
                : `Here ${worse.length} of ${compared.length} can be told to be worse.`;
        return zh
          ? `${start}${parts.join('。')}。${paper}${verdict}`
          : `${start} ${parts.join('. ')}. ${paper} ${verdict}`;
      }),
    },
    {
      about: { en: 'Training error', zh: '训练误差' },
      says: {
        en: `On the training images ${higher.length} of ${others.length} others have a higher error than the ${first.kind.label.en}, which has ${percentText(first.training)}${
          higher.length > 0
            ? `: ${listText(
                higher.map(({ kind, training }) => `${kind.label.en} ${percentText(training)}`),
                'en',
              )}`
            : ''
        }. The paper finds higher training errors, and concludes that such shortcuts are harder to optimise, not poorer: a gate or a convolution could learn the identity.`,
        zh: `在训练图像上，其他 ${others.length} 种快捷连接中有 ${higher.length} 种误差高于${first.kind.label.zh}快捷连接的 ${percentText(first.training)}${
          higher.length > 0
            ? `:${listText(
                higher.map(({ kind, training }) => `${kind.label.zh} ${percentText(training)}`),
                'zh',
              )}`
            : ''
        }。论文发现训练误差更高，并由此认为这些快捷连接更难优化，而不是表达能力更弱：门控和卷积本来可以学成恒等映射。`,
      },
    },
    {
      about: { en: 'Order', zh: '排序' },
      says: Number.isFinite(order)
        ? {
            en: `The order of the ${rows.length} kinds by test error agrees with the paper’s table with a rank correlation of ${numberText(order)} (1: the same order, 0: none, −1: the opposite).`,
            zh: `按测试误差给 ${rows.length} 种快捷连接排序，与论文表 1 的秩相关系数为 ${numberText(order)}（1 为顺序相同，0 为无关，−1 为相反）。`,
          }
        : {
            en: 'All errors are equal, so there is no order to compare with the paper’s.',
            zh: '所有误差相等，没有可与论文比较的顺序。',
          },
    },
    {
      about: { en: 'Depth', zh: '深度' },
      says: {
        en: `A shortcut of 0.5 leaves ${numberText(0.5 ** blocks)} of a signal after the ${blocks} blocks here, and ${numberText(0.5 ** 54)} after the paper’s 54: what fails there may only lag here.`,
        zh: `系数 0.5 的快捷连接经过这里的 ${blocks} 个块后只剩信号的 ${numberText(0.5 ** blocks)}，经过论文的 54 个块后只剩 ${numberText(0.5 ** 54)}：在论文中失败的，在这里可能只是落后。`,
      },
    },
  ];
}

const figuresOf = (rows: readonly Row[], runs: Result['runs']): Shown['figures'] => [
  {
    kind: 'bars',
    id: 'test-error',
    title: { en: 'Error on the test images', zh: '测试图像上的误差' },
    note: { en: 'With 95 % intervals of the test images.', zh: '附测试图像的 95% 区间。' },
    x: { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
    bars: rows.map(({ kind, test }) => ({ name: kind.label, ...test })),
  },
  {
    kind: 'lines',
    id: 'training-error',
    title: { en: 'Error on the training images', zh: '训练图像上的误差' },
    x: { label: { en: 'epoch', zh: '轮' } },
    y: { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
    series: runs.map(({ kind, record }) => ({
      name: kindOf(kind).label,
      points: record.epochs.map(({ epoch, train }) => [epoch, 1 - train.top1] as const),
    })),
  },
  {
    kind: 'table',
    id: 'shortcuts',
    title: { en: 'Beside the paper', zh: '与论文对照' },
    note: {
      en: 'The paper’s column: ResNet-110 on CIFAR-10, Table 1; it writes “fail” for more than 20 %.',
      zh: '论文一栏：CIFAR-10 上的 ResNet-110，表 1；“失败”指误差超过 20%。',
    },
    columns: [
      { label: { en: 'shortcut', zh: '快捷连接' } },
      { label: { en: 'times the shortcut', zh: '快捷连接乘以' } },
      { label: { en: 'times the branch', zh: '分支乘以' } },
      { label: { en: 'paper’s test error', zh: '论文的测试误差' } },
      { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
      { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
      { label: { en: 'parameters', zh: '参数' }, format: 'count' },
    ],
    rows: rows.map(({ kind, test, training, params }) => [
      kind.label,
      kind.onShortcut,
      kind.onBranch,
      kind.published === undefined ? { en: 'fail', zh: '失败' } : percentText(kind.published / 100),
      test.value,
      training,
      params,
    ]),
  },
];
