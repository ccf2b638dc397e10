/** What the numbers of `shortcuts` show, in sentences. */
import { rankCorrelation } from '../../metrics/index.ts';
import { type Language, numberText, type Words } from '../../report/index.ts';
import { differenceOf, type Estimate, signOf } from '../arithmetic/estimate.ts';
import type { Shown } from '../experiment.ts';
import type { ShortcutKind } from '../networks/shortcut-kinds.ts';
import { differenceText, percentText } from '../number-words.ts';

/** A trained network with this kind of shortcut. */
export interface ShortcutRow {
  readonly kind: ShortcutKind;
  readonly training: number;
  readonly test: Estimate;
  readonly params: number;
}

/** What the paper's "fail" stands for in an order: more than 20 %. */
const failed = 20;

/** @param rows the first is what the others are compared with @param blocks of the network */
export function shortcutFindings(rows: readonly ShortcutRow[], blocks: number): Shown['findings'] {
  const [first, ...others] = rows;
  if (!first) return [];
  return [
    { about: { en: 'Test error', zh: '测试误差' }, says: testWords(first, others) },
    { about: { en: 'Training error', zh: '训练误差' }, says: trainingWords(first, others) },
    { about: { en: 'Order', zh: '排序' }, says: orderWords(rows) },
    {
      about: { en: 'Depth', zh: '深度' },
      says: {
        en: `A shortcut of 0.5 leaves ${numberText(0.5 ** blocks)} of a signal after the ${blocks} blocks here, and ${numberText(0.5 ** 54)} after the paper’s 54: what fails there may only lag here.`,
        zh: `系数 0.5 的快捷连接经过这里的 ${blocks} 个块后只剩信号的 ${numberText(0.5 ** blocks)}，经过论文的 54 个块后只剩 ${numberText(0.5 ** 54)}：在论文中失败的，在这里可能只是落后。`,
      },
    },
  ];
}

function testWords(first: ShortcutRow, others: readonly ShortcutRow[]): Words {
  const compared = others.map((row) => ({ ...row, difference: differenceOf(row.test, first.test) }));
  const withSign = (sign: ReturnType<typeof signOf>) =>
    compared.filter(({ difference }) => signOf(difference) === sign);
  const [worse, better, open] = [withSign('above'), withSign('below'), withSign('open')];
  const groups = [
    { found: worse, words: { en: 'Worse', zh: '确认更差' } },
    { found: better, words: { en: 'Better', zh: '确认更好' } },
    { found: open, words: { en: 'Not to be told apart from it', zh: '与之无法区分' } },
  ].filter(({ found }) => found.length > 0);
  // names of kinds have commas of their own
  const listed = (found: typeof compared, language: Language) =>
    language === 'zh'
      ? found.map(({ kind, difference }) => `${kind.label.zh}：${differenceText(difference, 'zh')}`).join('；')
      : found.map(({ kind, difference }) => `${kind.label.en}: ${differenceText(difference, 'en')}`).join('; ');
  const verdict = verdictOf(worse.length, better.length, compared.length);
  return {
    en: `With the ${first.kind.label.en} the error on the test images is ${percentText(first.test.value)}. ${groups.map(({ found, words }) => `${words.en} – ${listed(found, 'en')}. `).join('')}In the paper every other shortcut is worse than the identity, which has 6.61 %. ${verdict.en}`,
    zh: `${first.kind.label.zh}快捷连接在测试图像上的误差为 ${percentText(first.test.value)}。${groups.map(({ found, words }) => `${words.zh}——${listed(found, 'zh')}。`).join('')}论文中，其他快捷连接都比恒等快捷连接（6.61 %）差。${verdict.zh}`,
  };
}

/** Whether it came out as in the paper, did not, or cannot be told. */
function verdictOf(worse: number, better: number, all: number): Words {
  if (better > 0)
    return {
      en: `That did not come out here: ${better} of ${all} are better.`,
      zh: `这里并非如此：${all} 种中有 ${better} 种更好。`,
    };
  if (worse === all) return { en: 'It came out here too.', zh: '这里也是如此。' };
  return {
    en: `Here ${worse} of ${all} can be told to be worse; for the others it cannot be told.`,
    zh: `这里 ${all} 种中有 ${worse} 种可以确认更差，其余无法判断。`,
  };
}

function trainingWords(first: ShortcutRow, others: readonly ShortcutRow[]): Words {
  const higher = others.filter(({ training }) => training > first.training);
  const listed = higher.map(({ kind, training }) => ({
    en: `${kind.label.en}: ${percentText(training)}`,
    zh: `${kind.label.zh}：${percentText(training)}`,
  }));
  const none = higher.length === 0;
  return {
    en: `On the training images the ${first.kind.label.en} has ${percentText(first.training)} error, and ${higher.length} of ${others.length} others more${none ? '' : ` (${listed.map(({ en }) => en).join('; ')})`}. The paper finds higher training errors than the identity’s, and concludes that such shortcuts are harder to optimise, not poorer: a gate or a convolution could learn the identity.`,
    zh: `在训练图像上，${first.kind.label.zh}快捷连接的误差为 ${percentText(first.training)}，其他 ${others.length} 种中有 ${higher.length} 种更高${none ? '' : `（${listed.map(({ zh }) => zh).join('；')}）`}。论文发现训练误差都高于恒等快捷连接，并由此认为这些快捷连接更难优化，而不是表达能力更弱：门控和卷积本来可以学成恒等映射。`,
  };
}

function orderWords(rows: readonly ShortcutRow[]): Words {
  const order = rankCorrelation(
    rows.map(({ test }) => test.value),
    rows.map(({ kind }) => kind.published ?? failed),
  );
  if (!Number.isFinite(order))
    return {
      en: 'All errors are equal, so there is no order to compare with the paper’s.',
      zh: '所有误差相等，没有可与论文比较的顺序。',
    };
  return {
    en: `Ordered by test error, the ${rows.length} kinds agree with the paper’s table with a rank correlation of ${numberText(order)} (1: the same order, 0: none, −1: the opposite).`,
    zh: `按测试误差给 ${rows.length} 种快捷连接排序，与论文表 1 的秩相关系数为 ${numberText(order)}（1 为顺序相同，0 为无关，−1 为相反）。`,
  };
}
