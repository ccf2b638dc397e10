import { element } from '../page/element.ts';
import { findingList } from '../page/findings.ts';
import { page } from '../page/page.ts';
import { defineSection, type Section } from '../page/section.ts';
import { factList } from '../page/stats.ts';
import { drawFigure, type Figure } from './figures/index.ts';
import type { LaboratoryData } from './laboratory-data.ts';
import { laboratoryStyle } from './laboratory-style.ts';
import { repeatSection } from './repeat-section.ts';
import { inLanguage, type Text, type Words } from './words.ts';

const words = {
  kind: { en: 'Laboratory', zh: '实验室' },
  method: { en: 'Method', zh: '方法' },
  limits: { en: 'Limits', zh: '局限' },
  source: { en: 'Source', zh: '来源' },
  findings: { en: 'Findings', zh: '发现' },
  footer: {
    en: 'the numbers are in results.json and the CSV files beside it',
    zh: '数据在同一文件夹的 results.json 和 CSV 文件中',
  },
} satisfies Record<string, Words>;

/** An experiment as one HTML file that needs nothing else. */
export function laboratoryPage(data: LaboratoryData): string {
  const { language } = data;
  const say = (text: Text) => inLanguage(text, language);
  return page<LaboratoryData>(
    {
      kind: say(words.kind),
      title: ({ title }) => say(title),
      header: ({ title, source, method, limits }) => [
        element('h1', {}, say(title)),
        element('p', { class: 'data' }, say(source)),
        element(
          'div',
          { class: 'about' },
          factList(
            [
              [say(words.method), say(method)],
              [say(words.limits), say(limits)],
            ],
            { isWide: true },
          ),
        ),
      ],
      sections: [findingsSection, ...data.figures.map(figureSection), repeatSection],
      footer: ({ version, name }) => `skein ${version} · skein lab ${name} · ${say(words.footer)}`,
      style: laboratoryStyle,
      language,
    },
    data,
  );
}

const findingsSection = defineSection<LaboratoryData>({
  id: 'findings',
  heading: ({ language }) => words.findings[language],
  isShown: ({ findings }) => findings.length > 0,
  draw: ({ findings, language }) => [
    findingList(
      findings.map(({ about, says }) => ({ about: inLanguage(about, language), says: [inLanguage(says, language)] })),
    ),
  ],
});

const figureSection = (figure: Figure): Section<LaboratoryData> =>
  defineSection({
    id: figure.id,
    heading: ({ language }) => inLanguage(figure.title, language),
    draw: ({ language }) => [drawFigure(figure, language)],
  });
