import type { Verdict, Words } from '../../report/index.ts';

/** What a verdict is beside what the article says, as the last sentence of an answer. */
export const besideArticle: Readonly<Record<Verdict, Words>> = {
  holds: { en: 'What was measured here agrees with the article.', zh: '本次测量结果与文章的说法一致。' },
  'does not hold': { en: 'What was measured here contradicts the article.', zh: '本次测量结果与文章的说法相反。' },
  'in part': {
    en: 'What was measured here agrees with the article only in part.',
    zh: '本次测量结果只部分符合文章的说法。',
  },
  open: {
    en: 'What was measured here neither confirms nor refutes the article.',
    zh: '本次测量结果既不能证实，也不能否定文章的说法。',
  },
};
