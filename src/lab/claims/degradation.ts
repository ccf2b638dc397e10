import { percent, type Words } from '../../report/index.ts';
import { degradationFigures, publishedError } from '../experiments/degradation-figures.ts';
import { changeText } from '../experiments/degradation-findings.ts';
import { contrast, type DegradationResult, type DepthStep, depthStep } from '../experiments/degradation-result.ts';
import { oneBlock } from '../experiments/lesion-findings.ts';
import type { LesionResult } from '../experiments/lesion-result.ts';
import { type ClaimAnswer, type ClaimNumber, defineClaim, type Verdict } from './claim.ts';
import { residualTable } from './paper-tables.ts';
import { sources } from './sources.ts';

/** The article names vanishing gradients as the reason; He et al. 2015, §4.1, found healthy ones in plain-34. */
export const degradationClaim = defineClaim<readonly [DegradationResult | null, LesionResult | null]>({
  id: 'degradation',
  number: 3,
  question: { en: 'Do deeper plain networks train worse?', zh: '普通网络越深，训练越差吗？' },
  article: {
    en: 'As models get deeper, training deep neural networks becomes more of a challenge.',
    zh: '随着模型的深度增加,训练深度神经网络的挑战也随之增加。',
  },
  sources: [sources.degradation, sources.lesion],
  answer([trained, lesions]) {
    const [plain, residual] = trained ? [depthStep(trained, 'plain'), depthStep(trained, 'resnet')] : [];
    if (!trained || !plain || !residual) return open;
    const verdict = verdictOf(plain, residual);
    const numbers = {
      en: `From 20 to 56 layers the training error of the plain network goes ${changeText(plain.training, 'en')}; that of the residual one ${changeText(residual.training, 'en')}.`,
      zh: `从 20 层到 56 层，普通网络的训练误差 ${changeText(plain.training, 'zh')}；残差网络 ${changeText(residual.training, 'zh')}。`,
    };
    const beside = verdict === 'holds' && residual.training.verdict === 'worse' ? bothLose : besides[verdict];
    const lost = lesionSentence(lesions);
    const [figure] = degradationFigures(trained.runs);
    return {
      verdict,
      answer: {
        en: [beside.en, numbers.en, reason.en, lost.en].filter(Boolean).join(' '),
        zh: [beside.zh, numbers.zh, reason.zh, lost.zh].join(''),
      },
      numbers: [...numbersOf(plain), ...numbersOf(residual), ...published()],
      ...(figure && { figure }),
    };
  },
});

const open: ClaimAnswer = {
  verdict: 'open',
  answer: {
    en: 'The trainings of 20 and 56 layers are missing, so nothing can be said.',
    zh: '缺少 20 层和 56 层的训练结果，无法回答。',
  },
  numbers: [],
};

/** The claim is of plain networks; what residual ones do decides how far the shortcuts are the cure. */
function verdictOf(plain: DepthStep, residual: DepthStep): Verdict {
  if (plain.training.verdict === 'unclear') return 'open';
  if (plain.training.verdict === 'better') return 'does not hold';
  return contrast(plain, residual).verdict === 'plain loses more' ? 'holds' : 'in part';
}

const besides: Readonly<Record<Verdict, Words>> = {
  holds: {
    en: 'Yes: the deeper plain network trains worse; of the residual one that cannot be said.',
    zh: '是的：更深的普通网络训练得更差，而残差网络看不出变差。',
  },
  'in part': {
    en: 'In part: the deeper plain network trains worse, but here the residual one is not clearly better off.',
    zh: '部分成立：更深的普通网络训练得更差，但这里残差网络并不明显更好。',
  },
  'does not hold': {
    en: 'Not here: the deeper plain network trains better. With so few epochs that says nothing against the paper, where degradation shows at the end.',
    zh: '这里不成立：更深的普通网络训练得更好。但训练轮数这样少，不足以反驳论文：论文中的退化是训练结束时的情形。',
  },
  open: {
    en: 'It cannot be told here: the two plain networks differ by less than chance allows.',
    zh: '这里无法判断：两个普通网络的差别在偶然范围之内。',
  },
};

/** In the paper's tables the deeper residual network is the better one. */
const bothLose: Words = {
  en: 'Yes: the deeper plain network trains worse, and far more so than the residual one; but that trains worse too here, unlike in the paper.',
  zh: '是的：更深的普通网络训练得更差，变差的程度远大于残差网络；但这里残差网络也变差了，与论文不同。',
};

const reason: Words = {
  en: 'The article blames vanishing gradients; He et al. (§4.1) think that unlikely, as they found healthy ones in plain networks with batch norm. Claim 1 measures them here.',
  zh: '文章把困难归因于梯度消失；He 等人（§4.1）认为不太可能，因为他们发现带批归一化的普通网络梯度正常。论断 1 给出了这里的测量结果。',
};

/** What a block is worth, where both kinds were measured. */
function lesionSentence(lesions: LesionResult | null): Words {
  const found = (['residual', 'plain'] as const).map((kind) => {
    const record = lesions?.networks.find((one) => one.kind === kind);
    const lost = record && oneBlock(record);
    return record && lost && { network: record.network, from: record.error, to: lost.median };
  });
  const [residual, plain] = found;
  if (!residual || !plain) return { en: '', zh: '' };
  const text = ({ network, from, to }: typeof residual) => `${network} ${percent(from)} → ${percent(to)}`;
  return {
    en: `Without one block of the trained networks the median test error goes ${text(residual)}, ${text(plain)}.`,
    zh: `从训练好的网络中去掉一个块，测试误差（各块的中位数）的变化：${text(residual)}，${text(plain)}。`,
  };
}

const numbersOf = ({ shallow, deep, training, test }: DepthStep): ClaimNumber[] =>
  [shallow.network, deep.network].flatMap((network, i) => [
    {
      name: { en: `${network}: training error`, zh: `${network}：训练误差` },
      value: i === 0 ? training.shallow : training.deep,
      format: 'percent' as const,
    },
    {
      name: { en: `${network}: test error`, zh: `${network}：测试误差` },
      value: i === 0 ? test.shallow : test.deep,
      format: 'percent' as const,
    },
  ]);

const published = (): ClaimNumber[] =>
  ['resnet20', 'resnet56'].map((network) => ({
    name: { en: `${network}: test error`, zh: `${network}：测试误差` },
    value: publishedError(network),
    format: 'percent' as const,
    source: { en: `${residualTable.en}, CIFAR-10`, zh: `${residualTable.zh}，CIFAR-10` },
  }));
