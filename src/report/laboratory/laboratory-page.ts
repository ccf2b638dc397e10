import { element } from '../page/element.ts';
import { findingList } from '../page/findings.ts';
import { page } from '../page/page.ts';
import { defineSection, type Section } from '../page/section.ts';
import { aboutExperiment, experimentFooter } from './about-experiment.ts';
import { drawFigure, type Figure } from './figures/index.ts';
import type { LaboratoryData } from './laboratory-data.ts';
import { laboratoryStyle } from './laboratory-style.ts';
import { repeatSection } from './repeat-section.ts';
import { inLanguage, paragraphIn, type Text, type Words } from './words.ts';

const words = {
  kind: { en: 'Laboratory', zh: '实验室' },
  findings: { en: 'Findings', zh: '发现' },
} satisfies Record<string, Words>;

/** An experiment as one HTML file that needs nothing else. */
export function laboratoryPage(data: LaboratoryData): string {
  const { language } = data;
  const say = (text: Text) => inLanguage(text, language);
  return page<LaboratoryData>(
    {
      kind: say(words.kind),
      title: ({ title }) => say(title),
      header: (shown) => [
        element('h1', {}, say(shown.title)),
        element('p', { class: 'data' }, say(shown.source)),
        aboutExperiment(shown),
      ],
      sections: [findingsSection, ...data.figures.map(figureSection), repeatSection],
      footer: experimentFooter,
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
      findings.map(({ about, says }) => ({ about: inLanguage(about, language), says: [paragraphIn(says, language)] })),
    ),
  ],
});

const figureSection = (figure: Figure): Section<LaboratoryData> =>
  defineSection({
    id: figure.id,
    heading: ({ language }) => inLanguage(figure.title, language),
    draw: ({ language }) => [drawFigure(figure, language)],
  });
