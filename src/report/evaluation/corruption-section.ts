import * as Plot from '@observablehq/plot';
import {
  type CorruptionCategory,
  type CorruptionMeans,
  type CorruptionScore,
  corruptionCategories,
  corruptionMeans,
  corruptionTitle,
} from '../../corruptions/index.ts';
import { drawing, grid } from '../page/chart.ts';
import { type Child, element, type PageElement } from '../page/element.ts';
import { image } from '../page/picture.ts';
import { percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import type { CorruptionPicture, EvaluationCorruptions, EvaluationReport } from './evaluation-data.ts';

/** Accuracy under corruptions, by severity, each beside a picture of what it does (Hendrycks and Dietterich 2019). */
export const corruptionSection = defineSection<EvaluationReport>({
  id: 'corruptions',
  heading: 'When images are spoilt',
  isShown: ({ corruptions }) => corruptions !== undefined && corruptions.scores.length > 0,
  draw: ({ corruptions, score }) => {
    const found = corruptions as EvaluationCorruptions;
    const means = corruptionMeans(found.scores);
    const clean = score.correct / score.total;
    const groups = corruptionCategories.flatMap((category) => group(category, found, means, clean));
    return [element('p', {}, summary(means, clean, found.scores)), ...groups, ...notes(found.scores)];
  },
});

function summary(
  { top1, over, categories }: CorruptionMeans,
  clean: number,
  scores: readonly CorruptionScore[],
): string {
  const severities = [...new Set(scores.map(({ severity }) => severity))].sort((a, b) => a - b);
  const lines = `The lines go from ${percent(clean)} on the images as they are${severities.length > 1 ? ` down the severities ${severities.join(', ')}` : ` to severity ${severities[0]}`}.`;
  if (top1 === undefined) return lines;
  const ranked = [...categories].sort(([, a], [, b]) => a - b);
  const [worst, best] = [ranked[0], ranked.at(-1)];
  const spread =
    worst && best && worst !== best
      ? ` It bears ${best[0]} best (${percent(best[1])}) and ${worst[0]} worst (${percent(worst[1])}).`
      : '';
  return `Mean accuracy over ${over} ${over === 1 ? 'corruption' : 'corruptions'}: ${percent(top1)}.${spread} ${lines}`;
}

/** The corruptions of a category, those that it bears least first. */
function group(
  category: CorruptionCategory,
  { scores, pictures }: EvaluationCorruptions,
  { categories, corruptions }: CorruptionMeans,
  clean: number,
): PageElement[] {
  const names = [...new Set(scores.filter((score) => score.category === category).map(({ name }) => name))];
  if (names.length === 0) return [];
  const mean = categories.get(category);
  const meanOf = (name: string) => corruptions.get(name) as number;
  const cells = names
    .sort((a, b) => meanOf(a) - meanOf(b))
    .map((name) =>
      cell(
        scores.filter((score) => score.name === name),
        pictures,
        meanOf(name),
        clean,
      ),
    );
  const heading = `${category.charAt(0).toUpperCase()}${category.slice(1)}`;
  return [
    element('h3', {}, mean === undefined ? heading : `${heading}: ${percent(mean)}`),
    element('div', { class: 'corruptions' }, ...cells),
  ];
}

const marks = { benchmark: '', extra: ' +', apart: ' *' } as const;

function cell(
  scores: readonly CorruptionScore[],
  pictures: readonly CorruptionPicture[],
  mean: number,
  clean: number,
): PageElement {
  const { name, standing } = scores[0] as CorruptionScore;
  const title = corruptionTitle(name);
  const shown = pictures.find((picture) => picture.name === name);
  const seen: Child[] = shown ? [image(shown.picture, `An image under ${title} at severity ${shown.severity}`)] : [];
  return element(
    'figure',
    {},
    ...seen,
    element(
      'div',
      {},
      element('figcaption', {}, `${title}${marks[standing]} `, element('span', { class: 'sure' }, percent(mean))),
      curve(title, scores, clean),
    ),
  );
}

function curve(title: string, scores: readonly CorruptionScore[], clean: number): PageElement {
  const points = [{ severity: 0, top1: clean }, ...scores].sort((a, b) => a.severity - b.severity);
  const told = points.slice(1).map(({ severity, top1 }) => `${percent(top1)} at severity ${severity}`);
  const channels = { x: 'severity', y: 'top1' };
  return drawing(`Accuracy under ${title}: ${percent(clean)} without it, ${told.join(', ')}.`, {
    width: 216,
    height: 104,
    marginLeft: 46,
    marginRight: 8,
    marginTop: 8,
    marginBottom: 18,
    x: { domain: [0, 5], label: null, ticks: [1, 2, 3, 4, 5], tickSize: 0, tickFormat: String },
    y: { domain: [0, 1], label: null, ticks: [0, 0.5, 1], tickSize: 0, tickFormat: (d: number) => percent(d, 0) },
    marks: [
      Plot.gridY({ ...grid, ticks: [0, 0.5, 1] }),
      Plot.ruleY([clean], { stroke: 'var(--muted)', strokeDasharray: '2 3' }),
      Plot.line(points, { ...channels, stroke: 'var(--train)', strokeWidth: 2 }),
      Plot.dot(points.slice(1), {
        ...channels,
        r: 2.5,
        fill: 'var(--train)',
        title: ({ severity, top1 }: (typeof points)[number]) => `severity ${severity}: ${percent(top1)}`,
      }),
    ],
  } as Plot.PlotOptions);
}

function notes(scores: readonly CorruptionScore[]): PageElement[] {
  const has = (standing: CorruptionScore['standing']) => scores.some((score) => score.standing === standing);
  const said = [
    ...(has('apart') ? ['* Drawn, where the benchmark has photographs: not in the means.'] : []),
    ...(has('extra') ? ['+ One of the benchmark’s extra corruptions: not in the means.'] : []),
  ];
  return said.length === 0 ? [] : [element('p', { class: 'note' }, said.join(' '))];
}
