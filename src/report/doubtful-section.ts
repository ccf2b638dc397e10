import { element, named, type PageElement, section } from './element.ts';
import { figure } from './pictures.ts';
import { percent, plural } from './quantity.ts';
import type { ReportData } from './report-data.ts';

/** Images whose labels look wrong, as pictures; nothing where nobody looked for them. */
export function doubtfulSection({ classes, doubtful }: ReportData): PageElement[] {
  if (!doubtful) return [];
  const { shown, total } = doubtful;
  const figures = shown.map(({ picture, label, likelier, probability, name }) =>
    figure(
      picture,
      `${name}: labelled ${classes[label]}, looks like ${classes[likelier]}`,
      element('span', { class: 'was' }, named(classes[label] as string)),
      element('span', { class: 'guess' }, '→ ', named(classes[likelier] as string), ' ?'),
      element('span', { class: 'sure' }, percent(probability)),
      element('span', {}, named(name)),
    ),
  );
  const text =
    total === 0
      ? 'None does: the classifier agrees with every label, or is not sure of another.'
      : `${plural(total, 'image')} ${total === 1 ? 'looks' : 'look'} like another class to a classifier that was not fitted on ` +
        `${total === 1 ? 'it' : 'them'}${total > shown.length ? `; here are the most doubtful` : ''}: the ` +
        'label, the class that it looks like, and with which probability. Many of these are only hard, so look before you relabel.';
  return [
    section(
      'doubtful',
      'Labels to look at',
      element('p', {}, text),
      ...(figures.length > 0 ? [element('div', { class: 'pictures' }, ...figures)] : []),
    ),
  ];
}
