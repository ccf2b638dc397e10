import { element, named } from '../page/element.ts';
import { figure, pictures } from '../page/picture.ts';
import { count, percent, plural } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import type { Mistaken } from './answered.ts';

/** The wrong answers that the network was surest of, as pictures. */
export const mistakesSection = defineSection<Mistaken>({
  id: 'mistakes',
  heading: 'The worst mistakes',
  draw: ({ classes, mistakes, split, score }) => {
    const className = (label: number) => classes[label] as string;
    const figures = mistakes.map(({ picture, label, prediction, probability, name }) =>
      figure(
        picture,
        `An image of ${className(label)}, predicted to be ${className(prediction)}`,
        element('span', { class: 'was' }, named(className(label))),
        element('span', { class: 'guess' }, '→ ', named(className(prediction))),
        element('span', { class: 'sure' }, percent(probability)),
        ...(name === undefined ? [] : [element('span', { class: 'file' }, named(name))]),
      ),
    );
    const wrong = score.total - score.correct;
    const text =
      figures.length === 0
        ? `There are none: the network recognised every ${split} image.`
        : `The ${plural(figures.length, 'wrong answer')}${wrong > figures.length ? `, of ${count(wrong)},` : ''} that the network was ` +
          `surest of: the label, what it was taken for, and with which probability. ` +
          'Some labels may be wrong themselves.';
    return [element('p', {}, text), ...(figures.length > 0 ? [pictures(figures)] : [])];
  },
});
