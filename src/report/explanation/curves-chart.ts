import * as Plot from '@observablehq/plot';
import { drawing, grid, shareAxis } from '../page/chart.ts';
import type { PageElement } from '../page/element.ts';
import type { PicturedMap } from './explanation-data.ts';

type Checks = NonNullable<PicturedMap['checks']>;

/** The label's probability while marked pixels come into the blurred image, and while they go from the image. */
export function curvesChart({ inserted, deleted }: Checks, label: string): PageElement {
  const points = (curve: readonly number[]) =>
    curve.map((probability, step) => ({ share: step / (curve.length - 1), probability }));
  const last = (curve: readonly number[]) => points(curve).slice(-1);
  const line = (curve: readonly number[], stroke: string) =>
    Plot.line(points(curve), { x: 'share', y: 'probability', stroke, strokeWidth: 2.25 });
  const name = (curve: readonly number[], text: string, fill: string) =>
    Plot.text(last(curve), { x: 'share', y: 'probability', text: () => text, fill, dx: 6, textAnchor: 'start' });
  return drawing(`The probability of ${label} while pixels are inserted and deleted`, {
    width: 300,
    height: 190,
    marginRight: 62,
    x: { ...shareAxis, ticks: [0, 0.5, 1], label: 'pixels, the most marked first' },
    y: { ...shareAxis, ticks: [0, 0.5, 1] },
    marks: [
      Plot.gridY({ ...grid, ticks: 2 }),
      line(inserted, 'var(--train)'),
      line(deleted, 'var(--validation)'),
      name(inserted, 'inserted', 'var(--train)'),
      name(deleted, 'deleted', 'var(--validation)'),
    ],
  });
}
