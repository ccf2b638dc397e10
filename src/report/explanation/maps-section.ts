import { type Child, element, named, type PageElement } from '../page/element.ts';
import { figure, image, pictures } from '../page/picture.ts';
import { percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { curvesChart } from './curves-chart.ts';
import type { ExplainedLabel, ExplainedPicture, ExplanationData, PicturedMap } from './explanation-data.ts';

/** Each image, beside it its maps for each label, and what they are worth. */
export const mapsSection = defineSection<ExplanationData>({
  id: 'maps',
  heading: 'The images and their maps',
  draw: ({ images }) => images.map(explained),
});

function explained(shown: ExplainedPicture): PageElement {
  const { name, picture, truth, predictions, labels, nearest } = shown;
  return element(
    'article',
    { class: 'explained' },
    element('h3', {}, named(name)),
    element(
      'div',
      { class: 'explained-image' },
      element(
        'figure',
        {},
        image(picture, `The image ${name}`),
        element('figcaption', {}, ...(truth === undefined ? [] : [element('span', {}, 'is ', named(truth))])),
      ),
      answers(predictions, truth),
    ),
    ...labels.map((label) => labelRow(label, shown)),
    ...(nearest.length === 0 ? [] : [nearestRow(nearest)]),
  );
}

/** The likeliest labels, as bars. */
function answers(predictions: ExplainedPicture['predictions'], truth: string | undefined): PageElement {
  return element(
    'dl',
    { class: 'answers' },
    ...predictions.map(({ label, probability }) =>
      element(
        'div',
        { style: `--share: ${(100 * probability).toFixed(1)}%`, ...(label === truth && { class: 'true' }) },
        element('dt', {}, named(label)),
        element('dd', {}, percent(probability)),
      ),
    ),
  );
}

function labelRow({ label, probability, maps }: ExplainedLabel, { name, truth }: ExplainedPicture): PageElement {
  const isTrue = truth === undefined ? '' : label === truth ? ', which it is' : ', which it is not';
  return element(
    'div',
    { class: 'explained-label' },
    element('h4', {}, 'for ', named(label), element('span', { class: 'note' }, ` ${percent(probability)}${isTrue}`)),
    element('div', { class: 'maps' }, ...maps.map((map) => mapFigure(map, label, name))),
  );
}

function mapFigure({ title, picture, file, checks }: PicturedMap, label: string, name: string): PageElement {
  const caption: Child[] = [element('b', {}, title)];
  if (checks)
    caption.push(
      element(
        'span',
        { class: 'note' },
        `insertion ${checks.insertion.toFixed(2)} (random ${checks.random.insertion.toFixed(2)}), ` +
          `deletion ${checks.deletion.toFixed(2)} (random ${checks.random.deletion.toFixed(2)})`,
      ),
      element('span', {}, checks.verdict),
    );
  return element(
    'figure',
    {},
    element('a', { href: encodeURI(file) }, image(picture, `${title}: what speaks for ${label} in ${name}`)),
    element('figcaption', {}, ...caption),
    ...(checks ? [element('details', {}, element('summary', {}, 'Step by step'), curvesChart(checks, label))] : []),
  );
}

function nearestRow(nearest: ExplainedPicture['nearest']): PageElement {
  const figures = nearest.map(({ picture, label, id, distance }) =>
    figure(
      picture,
      `A training image of ${label}`,
      element('span', { class: 'was' }, named(label)),
      element('span', { class: 'sure' }, distance.toFixed(3)),
      element('span', { class: 'file' }, named(id)),
    ),
  );
  return element(
    'div',
    { class: 'explained-label' },
    element(
      'h4',
      {},
      'Training images most like it',
      element('span', { class: 'note' }, ' 1 − cosine of the features'),
    ),
    pictures(figures, 'small'),
  );
}
