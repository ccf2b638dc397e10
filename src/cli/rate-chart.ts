/** The loss over the learning rate as a chart of characters. */
import type { RateSearch } from '../train/index.ts';

const height = 8;
const mostColumns = 60;

/** Lines of a chart whose rates rise to the right, with the suggested one marked below; none of an empty curve. */
export function rateChart({ curve, suggested }: RateSearch, columns: number): string[] {
  const [first, last] = [curve[0], curve.at(-1)];
  if (!first || !last) return [];
  const width = Math.max(10, Math.min(mostColumns, curve.length, columns - 9));
  const losses = Array.from({ length: width }, (_, x) => curve[Math.floor((x * curve.length) / width)]?.loss ?? 0);
  const low = Math.min(...losses);
  // what runs away leaves room for the rest
  const high = Math.max(low * 1.01, Math.min(Math.max(...losses), 1.5 * first.loss));
  const rowOf = (loss: number) => Math.max(0, Math.round(((high - loss) / (high - low)) * (height - 1)));
  const rows = Array.from({ length: height }, (_, y) => {
    const label = y === 0 ? high.toFixed(2) : y === height - 1 ? low.toFixed(2) : '';
    return `${label.padStart(6)}  ${losses.map((loss) => (rowOf(loss) === y ? '*' : ' ')).join('')}`.trimEnd();
  });
  const ends = [String(first.lr), String(Number(last.lr.toPrecision(2)))];
  const axis = `        ${ends[0]}${(ends[1] as string).padStart(width - (ends[0] as string).length)}`;
  if (suggested === undefined) return [...rows, axis];
  const at = Math.min(width - 1, Math.round((width * Math.log(suggested / first.lr)) / Math.log(last.lr / first.lr)));
  return [...rows, `${' '.repeat(8 + at)}^ ${suggested}`, axis];
}

/** learning rate 0.05: a tenth of 0.5, at which the loss was lowest */
export const rateSentence = ({ suggested, reason }: RateSearch): string =>
  suggested === undefined ? `no learning rate found: ${reason}` : `learning rate ${suggested}: ${reason}`;
