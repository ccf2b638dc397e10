/** Quantities and names as people read them, on pages and in terminals. */

/** 269,722 */
export const count = (n: number): string => n.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** A share from 0 to 1 as 91.2 %; – where nothing was measured. */
export const percent = (share: number, digits = 1): string =>
  Number.isFinite(share) ? `${(share * 100).toFixed(digits)} %` : '–';

/** 302 MB, 1.2 GB: decimal units. */
export const bytes = (n: number): string => (n >= 1e9 ? `${(n / 1e9).toFixed(1)} GB` : `${(n / 1e6).toFixed(0)} MB`);

/** 40.6 M, 2.83 G: multiply-adds, or any large count. */
export function multiplyAdds(n: number): string {
  if (n >= 1e9) return `${hundredths(n / 1e9)} G`;
  return n >= 1e6 ? `${(n / 1e6).toFixed(1)} M` : `${(n / 1e3).toFixed(1)} k`;
}

/** 65.5 kB, 14.7 MB, 1.09 GB, 2.35 TB: decimal units. */
export function memory(n: number): string {
  if (n >= 1e12) return `${hundredths(n / 1e12)} TB`;
  if (n >= 1e9) return `${hundredths(n / 1e9)} GB`;
  return n >= 1e6 ? `${(n / 1e6).toFixed(1)} MB` : `${(n / 1e3).toFixed(1)} kB`;
}

/** 1,234.50 */
const hundredths = (n: number): string =>
  n.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** 1 image, 2 images. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

const characters = new Intl.Segmenter();
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** Columns that a name takes in a line; an ideograph takes two. */
export const columns = (name: string): number =>
  [...characters.segment(name)].reduce((sum, { segment }) => sum + columnsOf(segment), 0);

/** As much of a name's start as fits into `most` columns; … where something is missing. */
export function shortened(name: string, most: number): string {
  if (columns(name) <= most) return name;
  let kept = '';
  let left = most - 1;
  for (const { segment } of characters.segment(name)) {
    left -= columnsOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** A name's start and its end, which often tells it from others, in `most` columns; … where something between is missing. */
export function shortenedWithin(name: string, most: number): string {
  if (columns(name) <= most) return name;
  const start = shortened(name, Math.ceil(most / 2)).slice(0, -1);
  const letters = [...characters.segment(name)].map(({ segment }) => segment);
  let left = most - 1 - columns(start);
  let end = '';
  for (const letter of letters.reverse()) {
    left -= columnsOf(letter);
    if (left < 0) break;
    end = letter + end;
  }
  return `${start}…${end.trimStart()}`;
}

const columnsOf = (character: string) => (wide.test(character) ? 2 : 1);
