/** What stands on the page of claims. */
import type { Words } from '../words.ts';
import type { Verdict } from './shown-claim.ts';

/** What numbers say of a claim, in a word or two. */
export const verdictWords: Readonly<Record<Verdict, Words>> = {
  holds: { en: 'holds', zh: '成立' },
  'does not hold': { en: 'does not hold', zh: '不成立' },
  'in part': { en: 'in part', zh: '部分成立' },
  open: { en: 'open', zh: '尚无定论' },
};

/** Beside the records' own texts. */
export const claimWords = {
  kind: { en: 'Laboratory', zh: '实验室' },
  article: {
    en: 'What “The evolution of residual networks: from ResNet to DenseNet” claims, and what was measured here',
    zh: '文章《残差网络的进化：从 ResNet 到 DenseNet》的论断，与这里测得的结果',
  },
  questions: (count: number): Words => ({
    en: count === 10 ? 'The article’s ten questions' : `The article’s ${count} questions`,
    zh: count === 10 ? '文章的十个问题' : `文章的 ${count} 个问题`,
  }),
  question: { en: 'question', zh: '问题' },
  measured: { en: 'measured here', zh: '本次测量' },
  unmeasured: { en: 'not measured here', zh: '本次未测量' },
  articleSays: { en: 'The article says', zh: '文章说' },
  number: { en: 'number', zh: '指标' },
  value: { en: 'value', zh: '数值' },
  source: { en: 'where from', zh: '出处' },
  repeat: { en: 'To repeat it', zh: '重复实验' },
} as const;
