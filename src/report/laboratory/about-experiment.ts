import { element, type PageElement } from '../page/element.ts';
import { factList } from '../page/stats.ts';
import type { LaboratoryData } from './laboratory-data.ts';
import { inLanguage, type Words } from './words.ts';

const words = {
  method: { en: 'Method', zh: '方法' },
  limits: { en: 'Limits', zh: '局限' },
  footer: {
    en: 'the numbers are in results.json and the CSV files beside it',
    zh: '数据在同一文件夹的 results.json 和 CSV 文件中',
  },
} satisfies Record<string, Words>;

/** How it was done, and what it cannot tell. */
export const aboutExperiment = ({ method, limits, language }: LaboratoryData): PageElement =>
  element(
    'div',
    { class: 'about' },
    factList(
      [
        [words.method[language], inLanguage(method, language)],
        [words.limits[language], inLanguage(limits, language)],
      ],
      { isWide: true },
    ),
  );

/** What made the page, and where its numbers are. */
export const experimentFooter = ({ version, name, language }: LaboratoryData): string =>
  `skein ${version} · skein lab ${name} · ${words.footer[language]}`;
