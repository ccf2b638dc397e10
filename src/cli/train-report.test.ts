import { afterEach, expect, it, vi } from 'vitest';
import type { Run } from '../train/index.ts';
import { stoppedFileVariable } from './launched-stop.ts';
import { Output } from './output.ts';
import { printInterrupted } from './train-report.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** What is said of an interrupted run in `runs/a`. */
function said(ranks?: Run['ranks']): string {
  let text = '';
  const stream = {
    write: (more: string) => {
      text += more;
    },
  };
  const run = { folder: 'runs/a', ...(ranks && { ranks }) } as Run;
  printInterrupted(new Output({ stdout: stream, stderr: stream }, 'skein'), run, './my net.mjs');
  return text;
}

it('says how a run goes on, with the ranks that the command started', () => {
  const ranks = { size: 4, library: 'Open MPI 4.1.4', host: 'alpha' };
  expect(said()).toContain("skein train --resume runs/a './my net.mjs'\n");
  // what mpirun started, mpirun starts again
  expect(said(ranks)).toContain("skein train --resume runs/a './my net.mjs'\n");
  vi.stubEnv(stoppedFileVariable, '1');
  expect(said(ranks)).toContain("skein train --resume runs/a './my net.mjs' --ranks 4\n");
});
