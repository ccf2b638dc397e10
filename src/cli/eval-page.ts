/** `skein eval --out`: the evaluation as a page. */
import { extname, join } from 'node:path';
import { makeFolder, writeFileAtomic } from '../files/index.ts';
import { evaluationPage } from '../report/index.ts';
import { type CheckpointEvaluation, evaluationReport } from '../trained/index.ts';

/** Of a page whose folder alone was named. */
const usualName = 'evaluation.html';

/**
 * Writes the page to a file, or into a folder, which is made where there is none.
 * @returns the file
 * @throws CheckpointError where it cannot be written
 */
export async function writeEvaluationPage(evaluation: CheckpointEvaluation, out: string): Promise<string> {
  const isFile = ['.html', '.htm'].includes(extname(out).toLowerCase());
  if (!isFile) await makeFolder(out);
  const file = isFile ? out : join(out, usualName);
  await writeFileAtomic(file, evaluationPage(await evaluationReport(evaluation)));
  return file;
}
