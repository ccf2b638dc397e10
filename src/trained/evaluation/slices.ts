/** Where a network is good and where it is not: its accuracy on images that have something in common. */
import { type Dataset, pictureSides } from '../../data/index.ts';
import { quantile, wilsonInterval } from '../../metrics/index.ts';
import type { EvaluationSlices } from '../../report/index.ts';
import type { DatasetAnswers } from './answer-store.ts';

type Slice = EvaluationSlices['slices'][number];

/** More folders than these are left out, those with the fewest images. */
const mostFolders = 30;

/**
 * By the size of the original pictures, by brightness, and by folder, where each tells images apart: quarters of the images by a number, and
 * folders that are more than the classes under another name.
 * @param correct 1 or 0 for each row of the answers
 */
export async function slicesOf(
  dataset: Dataset,
  { labels, indices, brightness }: Pick<DatasetAnswers, 'labels' | 'indices' | 'brightness'>,
  correct: Uint8Array,
): Promise<EvaluationSlices[]> {
  const rows = [...indices.keys()];
  const paths = dataset.images?.paths;
  const sides = paths && (await pictureSides(rows.map((row) => paths[indices[row] as number] as string)));
  const areas = sides?.map((found) => (found ? found.height * found.width : Number.NaN));
  const levels = Array.from(brightness, (level) => Math.round(255 * level));
  const number = (value: number) => value.toLocaleString('en-US');
  return [
    areas && quarters('size', areas, correct, (from, to) => `${range(number(from), number(to))} pixels`),
    quarters('brightness', levels, correct, (from, to) => `mean level ${range(number(from), number(to))}`),
    folders(dataset.ids && rows.map((row) => dataset.ids?.[indices[row] as number] ?? ''), labels, correct),
  ].filter((found) => found !== undefined);
}

const range = (from: string, to: string) => (from === to ? from : `${from} to ${to}`);

/** Four groups as large as equal values allow; undefined where there is one only. */
function quarters(
  by: EvaluationSlices['by'],
  values: readonly number[],
  correct: Uint8Array,
  label: (from: number, to: number) => string,
): EvaluationSlices | undefined {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  if (sorted.length === 0) return undefined;
  const borders = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  const groups = Array.from({ length: 4 }, () => ({ from: Infinity, to: -Infinity, images: 0, correct: 0 }));
  values.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    const group = groups[borders.filter((border) => value > border).length] as (typeof groups)[number];
    group.from = Math.min(group.from, value);
    group.to = Math.max(group.to, value);
    group.images++;
    group.correct += correct[row] as number;
  });
  const filled = groups.filter(({ images }) => images > 0);
  if (filled.length < 2) return undefined;
  return { by, slices: filled.map(({ from, to, ...counts }) => slice(label(from, to), counts)) };
}

/** The folders that the images lie in; undefined where there is one only, or each is a class of its own. */
function folders(
  ids: readonly string[] | undefined,
  labels: Int32Array,
  correct: Uint8Array,
): EvaluationSlices | undefined {
  const found = new Map<string, { images: number; correct: number; classes: Set<number> }>();
  ids?.forEach((id, row) => {
    const folder = id.slice(0, Math.max(0, id.lastIndexOf('/')));
    const counts = found.get(folder) ?? { images: 0, correct: 0, classes: new Set() };
    counts.images++;
    counts.correct += correct[row] as number;
    counts.classes.add(labels[row] as number);
    found.set(folder, counts);
  });
  const all = [...found];
  const areClasses = new Set(labels).size === all.length && all.every(([, { classes }]) => classes.size === 1);
  if (all.length < 2 || areClasses) return undefined;
  const kept = all
    .sort(([a, { images: many }], [b, { images: few }]) => few - many || (a < b ? -1 : 1))
    .slice(0, mostFolders)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { by: 'folder', slices: kept.map(([folder, counts]) => slice(folder === '' ? '.' : folder, counts)) };
}

const slice = (label: string, { images, correct }: { images: number; correct: number }): Slice => ({
  label,
  images,
  correct,
  interval: wilsonInterval(correct, images),
});
