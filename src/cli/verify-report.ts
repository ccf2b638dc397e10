/** What `skein verify` prints. */
import type { Difference, Verification, VerifiedLeg } from '../train/index.ts';
import type { Output } from './output.ts';
import { count, counted } from './quantity.ts';
import { printChanged } from './replay-report.ts';

/** Steps 1 to 43 once more, from the start */
export const legText = ({ from, to, name }: VerifiedLeg): string =>
  `Steps ${count(from + 1)} to ${count(to)} once more, from ${name}`;

export function printVerification(output: Output, verification: Verification): void {
  const { verified, compared, firstDifference, steps, lastStep, unreadable, outdated, changed } = verification;
  printChanged(output, changed);
  for (const { name, message } of unreadable) output.paragraph(`${name} cannot be read: ${message}`);
  if (outdated.length > 0) output.paragraph(`Left out, since the data has changed after them: ${outdated.join(', ')}`);
  const of = (what: string) => compared.filter((one) => one.what === what).length;
  const seen = [
    counted(of('loss'), 'loss', 'losses'),
    counted(of('epoch'), 'epoch', 'epochs'),
    counted(of('checkpoint'), 'checkpoint', 'checkpoints'),
  ];
  output.line(`${counted(steps, 'step', 'steps')} of ${count(lastStep)} taken again; compared: ${seen.join(', ')}`);
  if (verified) output.line(output.style('green', 'Identical to the bit.'));
  else if (firstDifference) printDifference(output, firstDifference, verification);
  else
    output.line(
      output.style('red', 'What was compared is identical to the bit, but not every checkpoint can be read.'),
    );
}

function printDifference(output: Output, first: Difference, verification: Verification): void {
  const { step, where, name, recorded, now, differing, total } = first;
  const { compared, agreesAfter, changed } = verification;
  output.line(output.style('red', `Different at step ${count(step)}: ${name} (${where})`));
  output.line(`  recorded  ${recorded ?? 'none'}`);
  output.line(`  now       ${now ?? 'none'}`);
  if (differing !== undefined && total !== undefined)
    output.line(`  ${count(differing)} of ${count(total)} numbers of the checkpoint differ`);
  const before = compared
    .slice(
      0,
      compared.findIndex((one) => !one.isSame),
    )
    .at(-1);
  output.line(
    before
      ? `  the last that was the same: step ${count(before.step)} (${before.where})`
      : '  nothing before it was compared',
  );
  const reason = agreesAfter
    ? `What was recorded later is the same to the bit: the run repeats, and ${where} is not the file that it wrote.`
    : changed.length > 0
      ? 'What is not as the run recorded it, above, may be why.'
      : 'Engine, threads and all else that was recorded are the same here. What the run read or wrote has changed since, or it went on with another engine in between.';
  output.paragraph(reason);
}
