/** The commands together, and what becomes of their failures: exit codes 0, 1, 2 and 130. */
import { Command, CommanderError } from 'commander';
import { launched } from '../mpi/index.ts';
import { version } from '../trained/index.ts';
import { addBenchCommand } from './bench-command.ts';
import { addCompareCommand } from './compare-command.ts';
import { addDataCommand } from './data-command.ts';
import { addDemoCommand } from './demo-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addEmbedCommand } from './embed-command.ts';
import { addEvalCommand } from './eval-command.ts';
import { addExplainCommand } from './explain-command.ts';
import { addExportCommand } from './export-command.ts';
import { printFailure, Reported, UsageMistake } from './failure.ts';
import { addImportCommand } from './import-command.ts';
import { addInspectCommand } from './inspect-command.ts';
import { Interrupted } from './interruption.ts';
import { addLabCommand } from './lab-command.ts';
import { reportStopped } from './launched-stop.ts';
import { addModelsCommand } from './models-command.ts';
import { Output, type Stream, type Streams, type Surroundings, styled } from './output.ts';
import { addPredictCommand } from './predict-command.ts';
import { addReplayCommand } from './replay-command.ts';
import { addTrainCommand } from './train-command.ts';
import { addVerifyCommand } from './verify-command.ts';

export interface SkeinOptions extends Partial<Streams> {
  /** How the user calls skein, as messages repeat it; default `skein`. */
  readonly command?: string;
}

/** Runs one command from its words, without the program's name. @returns the exit code; nothing is thrown */
export async function runSkein(words: readonly string[], options: SkeinOptions = {}): Promise<number> {
  const { stdout = process.stdout, stderr = process.stderr, command = 'skein' } = options;
  // what there is to say, rank 0 says; failures each for itself
  const launch = launched();
  const streams = launch && launch.rank > 0 ? { stdout: nowhere, stderr: nowhere } : { stdout, stderr };
  const output: Surroundings['output'] = (flags) => new Output(streams, command, flags);
  const program = skeinProgram({ stdout, stderr }, { output, words }, words);
  try {
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    // commander has printed its own message: help and version end with 0, the rest are usage mistakes
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Interrupted) return reportStopped(error.byAll);
    if (error instanceof Reported) return 1;
    const isUsage = error instanceof UsageMistake;
    printFailure(stderr, isUsage ? error.cause : error, program.opts<{ debug?: boolean }>());
    if (isUsage && error.cause.hint === undefined) stderr.write(helpHint(program, words));
    return isUsage ? 2 : 1;
  }
}

const nowhere: Stream = { write: () => {} };

/** The second line of a usage mistake. */
function helpHint(program: Command, words: readonly string[]): string {
  const asked = program.commands.find((command) => command.name() === words.find((word) => !word.startsWith('-')));
  return `  see skein ${asked ? `${asked.name()} ` : ''}--help\n`;
}

/** <checkpoint> <image...> */
const argumentsOf = ({ registeredArguments }: Command) =>
  registeredArguments
    .map((argument) => `${argument.name()}${argument.variadic ? '...' : ''}`)
    .map((name, i) => (registeredArguments[i]?.required ? `<${name}>` : `[${name}]`))
    .join(' ');

function skeinProgram({ stdout, stderr }: Streams, surroundings: Surroundings, words: readonly string[]): Command {
  const withHelp = (text: string) => (text.includes('--help') ? text : `${text}${helpHint(program, words)}`);
  const program: Command = new Command('skein')
    .description('Train, evaluate and use residual and densely connected networks.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand(false)
    .option('--debug', 'show the stack of a failure')
    .configureHelp({
      showGlobalOptions: true,
      minWidthToWrap: 20,
      subcommandTerm: (command) => `${command.name()} ${argumentsOf(command)}`.trimEnd(),
    })
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
  addEmbedCommand(program, surroundings);
  addCompareCommand(program, surroundings);
  addExplainCommand(program, surroundings);
  addReplayCommand(program, surroundings);
  addVerifyCommand(program, surroundings);
  addLabCommand(program, surroundings);
  addImportCommand(program, surroundings);
  addExportCommand(program, surroundings);
  addBenchCommand(program, surroundings);
  addDoctorCommand(program, surroundings);
  return program.addHelpText('after', '\nStart with `skein demo`, or `skein train --help`.');
}
