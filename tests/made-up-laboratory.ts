/** A laboratory's pages with made-up numbers: every kind of figure, also what is hard to draw, and claims of all verdicts. */
import type {
  ClaimsData,
  Figure,
  LaboratoryData,
  Language,
  ShownClaim,
  ShownQuestion,
  Verdict,
} from '../src/report/index.ts';

const wave = (i: number, j: number) => 1 + Math.sin(i / 3) ** 2 + (j / 4) ** 2;
const longName = {
  en: 'a residual network whose branches are scaled by one over the square root',
  zh: '按深度平方根的倒数缩放残差分支的残差网络',
};
const plain = { en: 'plain', zh: '普通' };
const residual = { en: 'residual', zh: '残差' };
const network = { en: 'network', zh: '网络' };

/** One of each kind, and the ones that need care. */
export const madeUpFigures: readonly Figure[] = [
  {
    kind: 'lines',
    id: 'error',
    title: { en: 'Error by epoch', zh: '每轮误差' },
    note: { en: 'The dashed curve is the paper’s.', zh: '虚线来自论文。' },
    x: { label: { en: 'epoch', zh: '轮' } },
    y: { label: { en: 'error', zh: '误差' }, format: 'percent' },
    series: [
      {
        name: plain,
        points: [
          [1, 0.6],
          [2, 0.5],
          [3, null],
          [4, 0.42],
          [5, 0.4],
        ],
        band: [
          [0.5, 0.7],
          [0.4, 0.6],
          [0.4, 0.5],
          [0.35, 0.5],
          [0.3, 0.5],
        ],
      },
      {
        name: longName,
        points: [
          [1, 0.5],
          [2, 0.4],
          [3, 0.3],
          [4, 0.28],
          [5, 0.2],
        ],
      },
      {
        name: 'paper',
        points: [
          [1, 0.55],
          [5, 0.3],
        ],
        isDashed: true,
      },
    ],
  },
  {
    kind: 'lines',
    id: 'norms',
    title: { en: 'Norm of the gradient by layer', zh: '各层的梯度范数' },
    x: { label: { en: 'layer', zh: '层' } },
    y: { label: { en: 'norm', zh: '范数' }, scale: 'log' },
    series: [
      { name: plain, points: Array.from({ length: 50 }, (_, i) => [i, 10 ** (-i / 3)] as const) },
      { name: residual, points: Array.from({ length: 50 }, (_, i) => [i, i === 7 ? 0 : 1.2 ** i] as const) },
    ],
  },
  {
    kind: 'bars',
    id: 'memory',
    title: { en: 'Memory of a training step', zh: '一个训练步的内存' },
    x: { label: { en: 'memory', zh: '内存' }, format: 'memory' },
    bars: [
      { name: 'resnet20', value: 2.1e8, group: residual },
      { name: longName, value: 4.4e8, low: 4.1e8, high: 4.9e8, group: residual },
      { name: 'plain20', value: null, group: plain },
      { name: 'vgg11-cifar', value: 1.4e8, low: 1.2e8, high: 1.6e8, group: plain },
    ],
  },
  {
    kind: 'bars',
    id: 'ratio',
    title: { en: 'First layer against last', zh: '首层与末层之比' },
    x: { label: { en: 'ratio', zh: '比值' }, scale: 'log' },
    bars: [
      { name: 'plain50', value: 1.3e-14 },
      { name: 'resnet50', value: 1.7 },
      { name: 'resnet100', value: 240 },
    ],
  },
  {
    kind: 'bars',
    id: 'change',
    title: { en: 'Change of the error', zh: '误差的变化' },
    x: { label: { en: 'change', zh: '变化' }, format: 'percent' },
    bars: [
      { name: 'resnet56', value: -0.021, low: -0.04, high: 0.01 },
      { name: 'plain56', value: 0.11, low: 0.05, high: 0.16 },
    ],
  },
  {
    kind: 'points',
    id: 'trade-off',
    title: { en: 'Accuracy against multiply-adds', zh: '准确率与乘加次数' },
    x: { label: { en: 'multiply-adds', zh: '乘加次数' }, format: 'multiplyAdds', scale: 'log' },
    y: { label: { en: 'accuracy', zh: '准确率' }, format: 'percent' },
    points: [
      { name: 'resnet20', x: 4.06e7, y: 0.88, low: 0.87, high: 0.89, group: residual },
      { name: 'resnet56', x: 1.26e8, y: 0.89, low: 0.87, high: 0.91, group: residual },
      { name: 'densenet-bc40-k12', x: 1.3e8, y: 0.885, group: { en: 'dense', zh: '稠密' } },
      { name: 'plain20', x: 4.05e7, y: 0.86, group: plain },
    ],
  },
  {
    kind: 'matrix',
    id: 'reuse',
    title: { en: 'Which layer reads which', zh: '各层读取哪些层' },
    x: { en: 'reads', zh: '被读取的层' },
    y: { en: 'layer', zh: '层' },
    rows: Array.from({ length: 12 }, (_, i) => `${i + 1}`),
    columns: Array.from({ length: 13 }, (_, j) => `${j}`),
    values: Array.from({ length: 12 }, (_, i) =>
      Array.from({ length: 13 }, (_, j) => (j > i ? null : wave(i, j) / 20)),
    ),
  },
  {
    kind: 'matrix',
    id: 'kinds',
    title: { en: 'Kinds against sizes', zh: '类型与尺寸' },
    x: { en: 'image size', zh: '图像尺寸' },
    y: network,
    rows: [longName, plain, residual],
    columns: ['32', '64', '128', '224'],
    values: [
      [0.1, 0.2, 0.3, 0.4],
      [0.9, 0.8, null, 0.7],
      [0.5, 0.6, 0.4, 0.2],
    ],
    format: 'percent',
  },
  {
    kind: 'surface',
    id: 'landscape',
    title: { en: 'Loss around the minimum', zh: '极小值附近的损失' },
    x: { en: 'first direction', zh: '第一方向' },
    y: { en: 'second direction', zh: '第二方向' },
    value: { en: 'loss', zh: '损失' },
    planes: ['plain56', 'resnet56'].map((name, k) => ({
      name,
      xs: Array.from({ length: 15 }, (_, i) => (i - 7) / 7),
      ys: Array.from({ length: 15 }, (_, i) => (i - 7) / 7),
      values: Array.from({ length: 15 }, (_, i) =>
        Array.from({ length: 15 }, (_, j) =>
          i === 0 && j === 0 ? null : 0.2 + ((i - 7) / 3) ** 2 + (2 - k) * wave(j, j - 7),
        ),
      ),
    })),
  },
  {
    kind: 'table',
    id: 'networks',
    title: { en: 'The networks', zh: '各网络' },
    columns: [
      { label: network },
      { label: { en: 'shortcut', zh: '快捷连接' } },
      { label: { en: 'parameters', zh: '参数' }, format: 'count' },
      { label: { en: 'multiply-adds', zh: '乘加次数' }, format: 'multiplyAdds' },
      { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
      { label: { en: 'time of a step', zh: '每步用时' }, format: 'seconds' },
      { label: { en: 'peak memory', zh: '峰值内存' }, format: 'memory' },
    ],
    rows: [
      ['resnet20', { en: 'identity', zh: '恒等' }, 272_474, 4.06e7, 0.12, 0.31, 4.5e8],
      [longName, { en: 'exclusive gating', zh: '互斥门控' }, 1_723_000, 2.5e8, 0.3, 95, 1.2e9],
      ['plain20', { en: 'none', zh: '无' }, 269_722, 4.05e7, null, null, null],
    ],
  },
];

const texts = {
  title: { en: 'Do deeper networks train worse?', zh: '网络越深，训练越差吗？' },
  method: { en: 'Networks of equal depth are trained with one recipe.', zh: '用同一套训练方案训练深度相同的网络。' },
  limits: {
    en: 'Few epochs on few images show where training starts to lag, not where it would end, and that is all that they can show.',
    zh: '在少量图像上训练少数几轮，只能看出训练从何处开始落后。',
  },
};

export const madeUpLaboratory = (language: Language = 'en'): LaboratoryData => ({
  language,
  name: 'degradation',
  ...texts,
  source: 'He et al. 2015, Deep Residual Learning, Figures 1 and 6',
  findings: [
    {
      about: plain,
      says: {
        en: 'plain56 ends with a training error of 41.2 %, plain20 with 30.4 %: 10.8 points more. The paper’s Figure 6 shows the same order.',
        zh: 'plain56 的训练误差为 41.2 %，plain20 为 30.4 %，高出 10.8 个百分点。论文图 6 的次序相同。',
      },
    },
    {
      about: residual,
      says: { en: 'resnet56 ends 1.2 points below resnet20.', zh: 'resnet56 比 resnet20 低 1.2 个百分点。' },
    },
  ],
  figures: madeUpFigures,
  facts: [
    [{ en: 'data', zh: '数据' }, 'fashion-mnist-sample: 5400 + 1000'],
    [{ en: 'engine', zh: '引擎' }, 'onnxruntime'],
  ],
  command:
    'skein lab degradation --full --data /home/somebody/a/rather/long/path/to/images --seed 12 --engine onnxruntime',
  version: '0.1.0',
});

const verdicts: readonly Verdict[] = ['holds', 'does not hold', 'in part', 'open'];

/** A claim for each kind of figure. */
const madeUpClaims: readonly ShownClaim[] = madeUpFigures.map((figure, i) => {
  const verdict = verdicts[i % verdicts.length] as Verdict;
  const answered = verdict !== 'open';
  return {
    id: `claim-${figure.id}`,
    number: i + 1,
    question: texts.title,
    article: {
      en: 'With more layers the gradient may gradually approach zero, so that deeper features are not learnt.',
      zh: '随着层数的增加,梯度可能会逐渐趋于零(vanishing gradient),导致模型无法学习到更深层次的特征。',
    },
    verdict,
    answer: answered
      ? {
          en: 'plain56 ends with a training error of 41.2 %, plain20 with 30.4 %: the deeper one trains worse. The article is right here.',
          zh: 'plain56 的训练误差为 41.2 %，plain20 为 30.4 %：更深的网络训练得更差。文章在这一点上是对的。',
        }
      : {
          en: 'Nothing is measured here yet: an experiment is missing for an answer.',
          zh: '这里尚未测量：还缺少一项实验，无法回答。',
        },
    numbers: answered
      ? [
          { name: { en: 'training error of plain56', zh: 'plain56 的训练误差' }, value: 0.412, format: 'percent' },
          { name: longName, value: null },
          {
            name: { en: 'error of plain34', zh: 'plain34 的误差' },
            value: 0.2854,
            format: 'percent',
            source: 'He et al. 2015, Table 2',
          },
        ]
      : [],
    ...(answered && { figure }),
    measured: answered,
    experiments: answered ? ['degradation', 'gradients'] : [],
  };
});

const madeUpQuestions: readonly ShownQuestion[] = Array.from({ length: 10 }, (_, i) => ({
  id: `question-${i + 1}`,
  number: i + 1,
  question: { en: 'What is the difference between ResNet and DenseNet?', zh: 'ResNet和DenseNet的区别是什么?' },
  article: {
    en: 'How they connect layers: ResNet uses residual connections, DenseNet dense ones, which improves the model further.',
    zh: 'ResNet通过引入残差连接来解决梯度消失问题,而DenseNet通过引入稠密连接来进一步优化模型。',
  },
  claims: i === 3 ? [] : [madeUpClaims[i]?.id ?? '', 'claim-error'],
  ...(i === 3 && { beside: { en: 'Not measured: Skein classifies images.', zh: '未测量：Skein 目前支持图像分类。' } }),
}));

export const madeUpClaimsPage = (language: Language = 'en'): ClaimsData => ({
  ...madeUpLaboratory(language),
  name: 'claims',
  title: { en: 'What residual and dense connections do', zh: '残差连接与稠密连接的作用' },
  command: 'skein lab claims --full --data cifar10',
  claims: madeUpClaims,
  questions: madeUpQuestions,
});
