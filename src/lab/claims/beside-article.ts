import type { Verdict, Words } from '../../report/index.ts';

/** What a verdict is beside what the article says, as the last sentence of an answer. */
export const besideArticle: Readonly<Record<Verdict, Words>> = {
  holds: { en: 'That is what the article says.', zh: '这与文章的说法一致。' },
  'does not hold': { en: 'That contradicts the article.', zh: '这与文章的说法相反。' },
  'in part': {
    en: 'That is what the article says only in part.',
    zh: '这只部分符合文章的说法。',
  },
  open: {
    en: 'So what the article says is neither confirmed nor refuted here.',
    zh: '因此，文章的说法在这里既未证实，也未否定。',
  },
};
