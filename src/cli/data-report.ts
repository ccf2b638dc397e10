/** What `skein data` prints of a survey. */
import {
  type DataProblem,
  type DataSurvey,
  type Extent2d,
  type ImageFacts,
  imageNetNormalisation,
  type SplitSurvey,
} from '../data/index.ts';
import type { NextCommand } from './data-advice.ts';
import type { Output } from './output.ts';
import { count, counted } from './quantity.ts';
import { shortened } from './shortened.ts';
import { textTable } from './text-table.ts';
import { wrapped } from './wrapped.ts';

/** A list of more classes is folded. */
const comfortable = 30;
/** What a folded list shows of either end. */
const ends = 10;
const shownProblems = 20;
const barWidth = 24;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** The stable shape of `--json`; `sheet` is the picture's path. */
export function surveyJson(
  { name, classes, splits, normalisation, problems }: DataSurvey,
  sheet?: string,
  next?: NextCommand,
) {
  return {
    name,
    classes,
    splits: splits.map((split) => ({
      name: split.name,
      samples: split.dataset.length,
      counts: split.counts,
      ...(split.images && { images: split.images }),
    })),
    normalisation,
    problems,
    ...(next && { next }),
    ...(sheet !== undefined && { sheet }),
  };
}

interface ReportOptions {
  /** List every class. */
  readonly all: boolean;
  /** Are these all splits? */
  readonly whole: boolean;
}

/** A survey for people: splits, classes, normalisation, problems. */
export function printSurvey(output: Output, survey: DataSurvey, { all, whole }: ReportOptions): void {
  const { name, classes, splits, normalisation, problems } = survey;
  output.line(`${output.style('bold', name)}: ${counted(classes.length, 'class', 'classes')}`);
  const dim = (text: string) => {
    for (const line of output.folded(text, '  ')) output.line(output.style('dim', line));
  };
  const width = Math.max(...splits.map((split) => count(split.dataset.length).length));
  for (const split of splits) {
    const images = `${count(split.dataset.length).padStart(width)} ${split.dataset.length === 1 ? 'image' : 'images'}`;
    const start = `  ${split.name.padEnd(10)}  ${images}`;
    if (!split.images) output.line(start);
    else for (const line of output.folded(sizeText(split.images), `${start}  `)) output.line(line);
  }
  if (whole && splits.every((split) => split.name !== 'validation'))
    dim('no validation split: training holds out 10 % of train');
  if (splits.some(({ images }) => images && isScaled(images)))
    dim('training scales each to just cover a square, and crops it at the centre');
  output.line();
  printClasses(output, survey, all);
  output.line();
  const numbers = (of: readonly number[]) => of.map((n) => n.toFixed(3)).join(', ');
  const { mean, std } = normalisation;
  const whose = normalisation === imageNetNormalisation ? ' (of ImageNet)' : '';
  output.labelled('normalisation', `mean ${numbers(mean)}; std ${numbers(std)}${whose}`);
  printProblems(output, problems);
}

const isScaled = ({ sizes, commonest }: ImageFacts) => sizes > 1 || commonest.height !== commonest.width;
const extentText = ({ height, width }: Extent2d) => `${height}×${width}`;

/** 28×28 grey; 124 sizes from 256×256 to 599×256, mostly 341×256 (604 images) */
function sizeText({ sizes, smallest, largest, commonest, channels }: ImageFacts): string {
  const kinds = channels.map(({ channels: n, count: images }) => {
    const kind = ['', 'grey', 'grey with transparency', 'colour', 'four channels'][n] ?? `${n} channels`;
    return channels.length === 1 ? kind : `${count(images)} ${kind}`;
  });
  const range =
    sizes === 1
      ? extentText(smallest)
      : `${count(sizes)} sizes, ${extentText(smallest)}–${extentText(largest)}, mostly ${extentText(commonest)}`;
  return `${range}, ${kinds.join(', ')}`;
}

/** A line for each class, with a bar for the first split; long lists show the largest and the smallest classes. */
function printClasses(output: Output, { classes, splits }: DataSurvey, all: boolean): void {
  const [first] = splits as readonly [SplitSurvey];
  const of = (label: number, split: SplitSurvey) => split.counts[label] ?? 0;
  const most = Math.max(1, ...first.counts);
  const labels = [...classes.keys()];
  const folded = !all && labels.length > comfortable;
  const ordered = folded ? labels.sort((a, b) => of(b, first) - of(a, first) || a - b) : labels;
  const shown = folded ? [...ordered.slice(0, ends), ...ordered.slice(-ends)] : ordered;
  const longest = Math.min(32, Math.max(8, (output.live ? output.columns : 80) - widthOfCounts(splits) - 2));
  const cells = shown.map((label) => [
    shortened(classes[label] as string, longest),
    ...splits.map((split) => count(of(label, split))),
  ]);
  const [header = '', ...lines] = textTable(['class', ...splits.map(({ name }) => name)], cells);
  output.line(output.style('dim', `  ${header}`));
  const width = Math.max(header.length, ...lines.map((line) => line.length));
  lines.forEach((line, i) => {
    if (folded && i === ends)
      for (const words of output.folded(between(ordered.slice(ends, -ends), first), '  '))
        output.line(output.style('dim', words));
    const bar = barText(of(shown[i] as number, first) / most, Math.min(barWidth, output.columns - width - 4));
    output.line(`  ${line.padEnd(width)}  ${output.style('cyan', bar)}`.trimEnd());
  });
}

/** Of the columns beside the names. */
const widthOfCounts = (splits: readonly SplitSurvey[]) =>
  splits.reduce((sum, { name, counts }) => sum + 2 + Math.max(name.length, ...counts.map((n) => count(n).length)), 0);

/** … 80 more classes, each with 500 images (--all lists them) */
function between(labels: readonly number[], { counts }: SplitSurvey): string {
  const numbers = labels.map((label) => counts[label] ?? 0);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const images = low === high ? count(low) : `${count(low)} to ${count(high)}`;
  return `… ${count(labels.length)} more classes with ${images} images each (--all lists them)`;
}

function barText(share: number, width: number): string {
  const parts = Math.round(share * Math.max(0, width) * 8);
  return '█'.repeat(Math.floor(parts / 8)) + eighths[parts % 8];
}

function printProblems(output: Output, problems: readonly DataProblem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  if (problems.length === 0) {
    output.line(`${output.style('bold', 'problems')}       none found`);
    return;
  }
  printSome(
    output,
    errors,
    'red',
    `${errors.length === 1 ? 'a problem' : `${count(errors.length)} problems`} to repair before training`,
  );
  printSome(output, warnings, 'bold', 'worth knowing');
}

function printSome(output: Output, problems: readonly DataProblem[], style: 'red' | 'bold', title: string): void {
  if (problems.length === 0) return;
  output.line(`\n${output.style(style, title)}`);
  const width = output.live ? output.columns - 4 : Number.POSITIVE_INFINITY;
  for (const { message } of problems.slice(0, shownProblems))
    output.line(`  ${wrapped(message, width).join('\n    ')}`);
  const more = problems.length - shownProblems;
  if (more > 0) output.line(output.style('dim', `  … and ${count(more)} more (--json lists them)`));
}
