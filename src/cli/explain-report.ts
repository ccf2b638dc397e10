/** What `skein explain` prints. */
import type { WrittenExplanation, WrittenMap } from '../explain/index.ts';
import type { SkippedImage } from '../trained/index.ts';
import type { Output } from './output.ts';
import { percent } from './quantity.ts';
import { badImagesText } from './train-report.ts';

/** As many images that could not be read are named. */
const shownBadImages = 20;

/** Each image with its labels, and below them what each map is worth. */
export function printExplanation(output: Output, { page, maps }: WrittenExplanation): void {
  let [image, label] = ['', ''];
  for (const map of maps) {
    const { name, truth, title, probability, file, checks, completeness } = map;
    if (image !== name) output.line(output.style('bold', name));
    if (image !== name || label !== map.label) {
      const known = truth === undefined ? '' : truth === map.label ? ', which it is' : ', which it is not';
      output.line(`  ${map.label}  ${percent(probability)}${known}`);
    }
    [image, label] = [name, map.label];
    output.line(`    ${title}${map.layer === undefined ? '' : ` at ${map.layer}`}  ${output.style('dim', file)}`);
    if (completeness)
      output.line(`      misses ${percent(completeness.gap, 2)} of the difference, after ${completeness.steps} steps`);
    if (!checks) continue;
    const { insertion, deletion, random, verdict } = checks;
    output.line(
      `      insertion ${insertion.toFixed(3)} (random ${random.insertion.toFixed(3)})  deletion ${deletion.toFixed(3)} (random ${random.deletion.toFixed(3)})`,
    );
    for (const line of output.folded(verdict, '      ')) output.line(line);
  }
  if (maps.length > 0) output.line(`\nwritten  ${page}`);
}

/** Images of data that could not be read. */
export function printPassedOver(output: Output, bad: readonly SkippedImage[]): void {
  for (const { message } of bad.slice(0, shownBadImages)) output.paragraph(`passed over: ${message}`, 'dim');
  if (bad.length > 0) output.paragraph(badImagesText(bad.length));
}

/** For programs. */
export const explanationJson = (maps: readonly WrittenMap[]) =>
  maps.map(({ name, truth, label, probability, method, layer, file, completeness, checks }) => ({
    image: name,
    truth: truth ?? null,
    label,
    probability,
    method,
    layer: layer ?? null,
    file,
    completeness: completeness ?? null,
    insertion: checks?.insertion ?? null,
    deletion: checks?.deletion ?? null,
    random: checks ? { insertion: checks.random.insertion, deletion: checks.random.deletion } : null,
    randomised: checks?.randomised.map(({ path, correlation }) => ({ path, correlation: correlation ?? null })) ?? null,
    verdict: checks?.verdict ?? null,
  }));
