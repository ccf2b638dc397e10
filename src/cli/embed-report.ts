/** What `skein embed` says to people. */
import { wilsonInterval } from '../metrics/index.ts';
import type { EmbeddedData, FeatureScoring } from '../trained/index.ts';
import type { Output } from './output.ts';
import { count, percent, percentRange } from './quantity.ts';
import { badImagesText } from './train-report.ts';

interface Asked {
  readonly files: { readonly file: string; readonly rows?: string } | undefined;
  readonly layer?: string;
  readonly scores: boolean;
  readonly nearest?: string;
  readonly sheet?: string;
}

/** More are only counted. */
const shownBadImages = 20;

export function printEmbedded(
  output: Output,
  title: string,
  { images, width, scores, nearest, skipped }: EmbeddedData,
  { files, layer, scores: areAsked, nearest: query, sheet }: Asked,
): void {
  output.paragraph(title, 'bold');
  const rows: [string, string][] = [
    ['features', `${count(width)} numbers of each of ${count(images)} images: ${layer ?? 'what the head reads'}`],
  ];
  if (scores) rows.push(...scoreRows(scores));
  else if (areAsked) rows.push(['scores', 'none: they need images of two or more classes']);
  if (files)
    rows.push([
      'written',
      files.rows === undefined ? files.file : `${files.file}; which image each row is: ${files.rows}`,
    ]);
  const labelWidth = Math.max(...rows.map(([label]) => label.length));
  for (const [label, text] of rows)
    for (const line of output.folded(text, `  ${label.padEnd(labelWidth)}  `)) output.line(line);
  for (const { message } of skipped.slice(0, shownBadImages)) output.paragraph(`passed over: ${message}`, 'dim');
  if (skipped.length > 0) output.paragraph(badImagesText(skipped.length));
  if (!nearest) return;
  output.paragraph(`\nnearest to ${query}`, 'bold');
  for (const { id, split, label, distance } of nearest)
    output.line(
      `  ${distance.toFixed(4)}  ${label}  ${output.style('dim', `${id}${split === 'all' ? '' : ` (${split})`}`)}`,
    );
  if (sheet !== undefined) output.line(`  drawn in ${sheet}`);
}

function scoreRows({ probe, nearest, known, asked, rows, folds }: FeatureScoring): [string, string][] {
  const score = ({ top1, correct, total }: { top1: number; correct: number; total: number }) =>
    `${percent(top1, 2)}  (95 % interval ${percentRange(wilsonInterval(correct, total), 2)}, ${count(total)} images)`;
  const how = asked
    ? `${count(rows)} images of ${known} known, ${asked} scored`
    : `${known === 'all' ? 'all images' : `the ${known} images`}, ${folds} folds for the probe; neighbours among all others`;
  return [
    ['probe', score(probe)],
    [`nearest ${nearest.k}`, score(nearest)],
    ['scored', how],
  ];
}
