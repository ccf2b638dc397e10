/** `skein eval --out`: the evaluation as a page. */
import { dirname, extname, join } from 'node:path';
import { fileError, makeFolder, writeFileAtomic } from '../files/index.ts';
import { evaluationPage } from '../report/index.ts';
import { type CheckpointEvaluation, evaluationReport } from '../trained/index.ts';

/** Of a page whose folder alone was named. */
const usualName = 'evaluation.html';

/**
 * Where the page will be: the file, or one in the folder, that was named. Its folder is made where there is none.
 * @throws CheckpointError where it cannot be made
 */
export async function evaluationPageFile(out: string): Promise<string> {
  const isFile = ['.html', '.htm'].includes(extname(out).toLowerCase());
  const file = isFile ? out : join(out, usualName);
  const folder = dirname(file);
  await makeFolder(folder).catch((error: unknown) => {
    throw fileError('write', folder, error, 'nothing was measured: name another file with --out');
  });
  return file;
}

/** @throws CheckpointError where it cannot be written */
export async function writeEvaluationPage(evaluation: CheckpointEvaluation, file: string): Promise<void> {
  await writeFileAtomic(file, evaluationPage(await evaluationReport(evaluation)));
}
