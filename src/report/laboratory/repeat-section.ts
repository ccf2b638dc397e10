import { element } from '../page/element.ts';
import { defineSection } from '../page/section.ts';
import { factList } from '../page/stats.ts';
import type { LaboratoryData } from './laboratory-data.ts';
import { inLanguage } from './words.ts';

/** The command that does an experiment again, and with what it was done. */
export const repeatSection = defineSection<LaboratoryData>({
  id: 'repeat',
  heading: ({ language }) => ({ en: 'To repeat it', zh: '重复实验' })[language],
  draw: ({ command, facts, language }) => [
    element('pre', {}, element('code', {}, command)),
    factList(facts.map(([label, text]) => [inLanguage(label, language), text])),
  ],
});
