#!/usr/bin/env node
/** The `skein` command. */
import { basename } from 'node:path';
import { runSkein } from './program.ts';

// a reader that has seen enough, such as `| head`, is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const [, file = '', ...words] = process.argv;
const installed = basename(file, '.cmd') === 'skein' && process.env.npm_command !== 'exec';
process.exitCode = await runSkein(words, { command: installed ? 'skein' : 'npx skein' });
