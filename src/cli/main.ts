#!/usr/bin/env node
/** The `skein` command. */
import { basename } from 'node:path';
import { launched } from '../mpi/index.ts';
import { plain } from './output.ts';
import { runSkein } from './program.ts';

// a reader that has seen enough, such as `| head`, is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const [, file = '', ...words] = process.argv;
const installed = basename(file, '.cmd') === 'skein' && process.env.npm_command !== 'exec';
// some launchers give ranks a terminal of theirs, without a width
const [stdout, stderr] = launched() ? [plain(process.stdout), plain(process.stderr)] : [process.stdout, process.stderr];
process.exitCode = await runSkein(words, { command: installed ? 'skein' : 'npx skein', stdout, stderr });
