/** What stands on every page, in the languages that pages have. */

/** 'zh' is simplified Chinese. */
export type PageLanguage = 'en' | 'zh';

/** As HTML's `lang` names them. */
export const languageTags: Readonly<Record<PageLanguage, string>> = { en: 'en', zh: 'zh-Hans' };

export const words = {
  contents: { en: 'Contents', zh: '目录' },
  skip: { en: 'Skip to the content', zh: '跳到正文' },
  theme: { en: 'Light or dark', zh: '浅色或深色' },
} as const;
