import { ConfigError } from '../../tensor/index.ts';
import { type Amount, fullAmount, quickAmount } from '../amounts.ts';
import { testErrorOf, trainingErrorOf } from '../arithmetic/errors.ts';
import { defineExperiment, type Shown } from '../experiment.ts';
import type { TrainedRecord } from '../laboratory.ts';
import { type ShortcutKind, shortcutKinds } from '../networks/shortcut-kinds.ts';
import { type ShortcutRow, shortcutFindings } from './shortcuts-findings.ts';

interface Settings extends Amount {
  readonly depth: number;
  /** Names of `shortcutKinds`; the first is what the others are compared with. */
  readonly kinds: readonly string[];
}

interface Result {
  readonly runs: readonly { readonly kind: string; readonly record: TrainedRecord }[];
}

/** Identity shortcuts against scaled, gated, convolved and dropped ones. */
export const shortcuts = defineExperiment<Settings, Result>({
  name: 'shortcuts',
  title: { en: 'Which shortcut trains best?', zh: '哪种快捷连接训练得最好？' },
  about: 'residual networks with scaled, gated, convolved and dropped shortcuts',
  source: {
    en: 'He et al. 2016, Identity Mappings in Deep Residual Networks (arXiv:1603.05027), §3.1, Figure 2 and Table 1',
    zh: 'He 等人 2016，Identity Mappings in Deep Residual Networks（arXiv:1603.05027），§3.1、图 2 与表 1',
  },
  method: {
    en: 'The same residual network is trained with each kind of shortcut by one recipe, from one seed and in one order of images. Where a block changes the shape, its input is subsampled and padded with zeros before anything else is done to it.',
    zh: '同一个残差网络换用各种快捷连接，以同一方案、同一种子和同样的图像顺序训练。在改变形状的块中，输入先经下采样和补零，再做其他处理。',
  },
  limits: {
    en: 'The paper trains 54 blocks to the end and takes the median of five runs; here there are fewer blocks, few epochs and one seed. Intervals are those of the test images alone.',
    zh: '论文将 54 个块的网络训练到底，取五次运行的中位数；这里块更少、轮数更少，只有一个种子。区间仅反映测试图像的抽样误差。',
  },
  quick: {
    depth: 20,
    kinds: ['identity', 'half-and-1', 'half-and-0.5', 'exclusive-gate-6', 'shortcut-gate0', 'convolution', 'dropout'],
    ...quickAmount,
    images: 1200,
  },
  full: { depth: 56, kinds: shortcutKinds.map(({ name }) => name), ...fullAmount },
  trainings: ({ depth, kinds, ...amount }) =>
    kinds.map((kind) => ({ network: kindOf(kind).network(depth), ...amount })),
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
    return { findings: shortcutFindings(rows, (depth - 2) / 2), figures: figuresOf(rows, runs) };
  },
});

function kindOf(name: string): ShortcutKind {
  const found = shortcutKinds.find((one) => one.name === name);
  if (found) return found;
  throw new ConfigError(
    `shortcuts: there is no kind of shortcut \`${name}\``,
    `there are ${shortcutKinds.map((one) => one.name).join(', ')}`,
  );
}

/** As many lines as there are colours. */
const mostLines = 8;

const figuresOf = (rows: readonly ShortcutRow[], runs: Result['runs']): Shown['figures'] => [
  {
    kind: 'bars',
    id: 'test-error',
    title: { en: 'Error on the test images', zh: '测试图像上的误差' },
    note: { en: 'With 95 % intervals of the test images.', zh: '附测试图像的 95 % 置信区间。' },
    x: { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
    bars: rows.map(({ kind, test }) => ({ name: kind.label, ...test })),
  },
  {
    kind: 'lines',
    id: 'training-error',
    title: { en: 'Error on the training images', zh: '训练图像上的误差' },
    x: { label: { en: 'epoch', zh: '轮' } },
    y: { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
    ...(runs.length > mostLines && {
      note: {
        en: `The first ${mostLines}; the table below has the last epoch of all.`,
        zh: `图中只有前 ${mostLines} 种；下表列出全部种类最后一轮的结果。`,
      },
    }),
    series: runs.slice(0, mostLines).map(({ kind, record }) => ({
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
      zh: '论文一栏：CIFAR-10 上的 ResNet-110，表 1；“失败”指误差超过 20 %。',
    },
    columns: [
      { label: { en: 'shortcut', zh: '快捷连接' } },
      { label: { en: 'times the shortcut', zh: '快捷连接的系数' } },
      { label: { en: 'times the branch', zh: '分支的系数' } },
      { label: { en: 'paper’s test error', zh: '论文的测试误差' } },
      { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
      { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
      { label: { en: 'parameters', zh: '参数量' }, format: 'count' },
    ],
    rows: rows.map(({ kind, test, training, params }) => [
      kind.label,
      kind.onShortcut,
      kind.onBranch,
      kind.published === undefined ? { en: 'fail', zh: '失败' } : `${kind.published.toFixed(2)} %`,
      test.value,
      training,
      params,
    ]),
  },
];
