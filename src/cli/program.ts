/** The commands together, and what becomes of their failures: exit codes 0, 1, 2 and 130. */
import { Command, CommanderError } from 'commander';
import { ConfigError, SkeinError } from '../tensor/index.ts';
import { version } from '../trained/index.ts';
import { addBenchCommand } from './bench-command.ts';
import { addDataCommand } from './data-command.ts';
import { addDemoCommand } from './demo-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addEvalCommand } from './eval-command.ts';
import { addExportCommand } from './export-command.ts';
import { withFlagNames } from './flag-names.ts';
import { addImportCommand } from './import-command.ts';
import { addInspectCommand } from './inspect-command.ts';
import { Interrupted } from './interruption.ts';
import { addModelsCommand } from './models-command.ts';
import { Output, type Stream, type Streams, type Surroundings, styled } from './output.ts';
import { addPredictCommand } from './predict-command.ts';
import { addTrainCommand } from './train-command.ts';
import { wrapped } from './wrapped.ts';

export interface SkeinOptions extends Partial<Streams> {
  /** How the user calls skein, as messages repeat it; default `skein`. */
  readonly command?: string;
}

/** Runs one command from its words, without the program's name. @returns the exit code; nothing is thrown */
export async function runSkein(words: readonly string[], options: SkeinOptions = {}): Promise<number> {
  const { stdout = process.stdout, stderr = process.stderr, command = 'skein' } = options;
  const output: Surroundings['output'] = (flags) => new Output({ stdout, stderr }, command, flags);
  const program = skeinProgram({ stdout, stderr }, { output }, words);
  try {
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    // commander has printed its own message: help and version end with 0, the rest are usage mistakes
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Interrupted) return 130;
    reportFailure(stderr, error, program.opts<{ debug?: boolean }>().debug === true);
    return 1;
  }
}

function skeinProgram({ stdout, stderr }: Streams, surroundings: Surroundings, words: readonly string[]): Command {
  const withHelp = (text: string) => {
    if (text.includes('--help')) return text;
    const asked = program.commands.find((command) => command.name() === words.find((word) => !word.startsWith('-')));
    return `${text}  see skein ${asked ? `${asked.name()} ` : ''}--help\n`;
  };
  const program: Command = new Command('skein')
    .description('Train, evaluate and use residual and densely connected networks.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand(false)
    .option('--debug', 'show the stack of a failure')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      outputError: (text, write) => write(withHelp(text).replace(/^error:/, styled(stderr, 'red', 'error:'))),
    })
    .exitOverride();
  addDemoCommand(program, surroundings);
  addModelsCommand(program, surroundings);
  addInspectCommand(program, surroundings);
  addDataCommand(program, surroundings);
  addTrainCommand(program, surroundings);
  addEvalCommand(program, surroundings);
  addPredictCommand(program, surroundings);
  addImportCommand(program, surroundings);
  addExportCommand(program, surroundings);
  addBenchCommand(program, surroundings);
  addDoctorCommand(program, surroundings);
  return program.addHelpText('after', '\nStart with `skein demo`, or `skein train --help`.');
}

function reportFailure(stderr: Stream, error: unknown, debug: boolean): void {
  const { message: plain, stack } = error instanceof Error ? error : new Error(String(error));
  const message = error instanceof ConfigError ? withFlagNames(plain) : plain;
  const hint =
    error instanceof SkeinError ? error.hint : 'this is not an error that Skein expects; --debug shows where';
  // only a terminal needs short lines; the first one stands after `error: `
  const width = stderr.isTTY === true ? (stderr.columns ?? 80) - 8 : Number.POSITIVE_INFINITY;
  stderr.write(`${styled(stderr, 'red', 'error:')} ${wrapped(message, width).join('\n  ')}\n`);
  if (hint !== undefined) stderr.write(`  ${wrapped(hint, width).join('\n  ')}\n`);
  if (debug && stack !== undefined) stderr.write(`${stack}\n`);
}
