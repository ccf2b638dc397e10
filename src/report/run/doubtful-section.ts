import { element, named } from '../page/element.ts';
import { figure, pictures } from '../page/picture.ts';
import { percent, plural } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import type { ReportData } from './report-data.ts';

/** Images whose labels look wrong, as pictures, where somebody looked for them. */
export const doubtfulSection = defineSection<ReportData>({
  id: 'doubtful',
  heading: 'Labels to look at',
  isShown: ({ doubtful }) => doubtful !== undefined,
  draw: ({ classes, doubtful }) => {
    const { shown, total, agreement } = doubtful ?? { shown: [], total: 0, agreement: 1 };
    const figures = shown.map(({ picture, label, likelier, probability, name }) =>
      figure(
        picture,
        `${name}: labelled ${classes[label]}, looks like ${classes[likelier]}`,
        element('span', { class: 'was' }, named(classes[label] as string)),
        element('span', { class: 'guess' }, '→ ', named(classes[likelier] as string), ' ?'),
        element('span', { class: 'sure' }, percent(probability)),
        element('span', { class: 'file' }, named(name)),
      ),
    );
    const text =
      total === 0
        ? 'None does: the classifier agrees with every label, or is not sure of another.'
        : `${plural(total, 'image')} ${total === 1 ? 'looks' : 'look'} like another class to a classifier that was not fitted on ` +
          `${total === 1 ? 'it' : 'them'}${total > shown.length ? `; here are the most doubtful` : ''}: the ` +
          'label, the class that it looks like, and with which probability. Many of these are only hard, so look before you relabel: ' +
          `the classifier gives ${percent(agreement, 0)} of all images the class of their label, and where that is not nearly all, most of these ` +
          'doubts are its own mistakes.';
    return [element('p', {}, text), ...(figures.length > 0 ? [pictures(figures)] : [])];
  },
});
