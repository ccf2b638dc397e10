import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { loadCheckpoint } from '../checkpoint/index.ts';
import { makeFolder, reasonOf, writeFileAtomic } from '../files/index.ts';
import { type OnnxPort, type OnnxSignature, onnxSignature } from '../onnx/index.ts';
import { ConfigError, decodeSafetensors } from '../tensor/index.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import { type ExportFlags, type ExportKind, exportKinds } from './export-kinds.ts';
import { positiveValue } from './flag-values.ts';
import type { Output, Surroundings } from './output.ts';
import { fileSize } from './quantity.ts';

type KindName = keyof typeof exportKinds;

/** `skein export` */
export function addExportCommand(program: Command, { output }: Surroundings): void {
  const command = program
    .command('export')
    .description('Write a trained network as a file for other programs')
    .argument('<checkpoint>', 'a .safetensors file, or a run folder');
  for (const [name, { description, ending }] of Object.entries(exportKinds))
    command.option(`--${name} [file]`, `${description} (NETWORK${ending} beside the checkpoint)`);
  command
    .option('-b, --batch-size <n>', "of --step (the run's)", positiveValue)
    .option('--model <module>', 'of --step, where the network is your own: its module')
    .option('--json', 'print { file, bytes, network, inputs, outputs, opset, beside }, of --torch tensors')
    .addHelpText(
      'after',
      '\nExamples:\n  skein export runs/resnet20-1 --onnx\n  skein export runs/resnet20-1 --step\n  skein export runs/resnet20-1 --torch',
    )
    .action(async (argument: string, flags: ExportFlags) => {
      const [name, kind] = chosenKind(command, flags);
      const out = output(flags);
      const path = await checkpointArgument(argument, kind.of);
      const checkpoint = await loadCheckpoint(path);
      const network = checkpoint.network.name;
      const [content, others] = await kind.make(path, checkpoint, flags);
      const usual = join(dirname(path), `${asFileName(network)}${kind.ending}`);
      const file = await writtenTo(flags[name], usual, content);
      const beside = Object.entries(others).map(([ending, bytes]) => [besideOf(file, kind, ending), bytes] as const);
      for (const [path, bytes] of beside) await writeFileAtomic(path, bytes);
      const paths = beside.map(([path]) => path);
      const facts = kind.format === 'onnx' ? onnxSignature(content) : weightFacts(content);
      if (flags.json) out.json({ file, bytes: content.length, network, ...facts, beside: paths });
      else printFiles(out, [[file, content], ...beside], facts, kind.use(file, paths));
    });
}

/** `x.initial.onnx` beside `x.step.onnx`, whatever the main file was called. */
const besideOf = (file: string, kind: ExportKind, ending: string) =>
  `${file.endsWith(kind.ending) ? file.slice(0, -kind.ending.length) : file.replace(/\.onnx$/, '')}${ending}`;

function chosenKind(command: Command, flags: ExportFlags): [KindName, ExportKind] {
  const asked = (Object.keys(exportKinds) as KindName[]).filter((name) => flags[name] !== undefined);
  const [first, second] = asked.map((name) => [name, exportKinds[name]] as [KindName, ExportKind]);
  if (first && !second) return first;
  const names = Object.keys(exportKinds).map((name) => `--${name}`);
  const given = first ? 'more than one' : 'none';
  command.error(`error: expected one of ${names.join(', ')}, but got ${given}; see skein export --help`, {
    exitCode: 2,
  });
}

/** Writes to the file that was named, into the folder that was named, or to `usual`. @returns the file */
async function writtenTo(named: unknown, usual: string, content: Uint8Array): Promise<string> {
  const path = typeof named === 'string' ? named : usual;
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const file = isFolder ? join(path, basename(usual)) : path;
  await makeFolder(dirname(file)).catch((error) => {
    throw new ConfigError(
      `export: the folder ${dirname(file)} cannot be made: ${reasonOf(error)}`,
      'name another file',
    );
  });
  await writeFileAtomic(file, content);
  return file;
}

/** A network of one's own may be called anything. */
const asFileName = (network: string) => network.replaceAll(/[^\w.+@-]+/g, '-').replace(/^[.-]+/, '') || 'network';

/** What a file of weights holds. */
interface WeightFacts {
  readonly tensors: readonly string[];
}

const weightFacts = (content: Uint8Array): WeightFacts => ({ tensors: [...decodeSafetensors(content).tensors.keys()] });

function printFiles(
  output: Output,
  files: readonly (readonly [path: string, content: Uint8Array])[],
  facts: OnnxSignature | WeightFacts,
  use: readonly string[],
): void {
  const what = 'opset' in facts ? `ONNX opset ${facts.opset}` : `safetensors of ${facts.tensors.length} tensors`;
  const longest = Math.max(...files.map(([path]) => path.length));
  for (const [path, { length: bytes }] of files) {
    output.line(`${output.style('bold', path)}${' '.repeat(longest - path.length)}  ${fileSize(bytes)}, ${what}`);
  }
  const rows = 'opset' in facts ? [...rowsOf('input', facts.inputs), ...rowsOf('output', facts.outputs)] : [];
  const width = Math.max(...rows.map(([, name]) => name.length));
  for (const [way, name, what] of rows) output.line(`  ${way.padEnd(6)}  ${name.padEnd(width)}  ${what}`);
  output.line('\nUse it:');
  for (const line of use) output.line(`  ${line}`);
}

/** A row for each port; the many of a step's state share one. */
function rowsOf(way: string, ports: readonly OnnxPort[]): [way: string, name: string, what: string][] {
  const isState = ({ name }: OnnxPort) => /^(state|update):/.test(name);
  const state = ports.filter(isState);
  const named = ports
    .filter((port) => !isState(port))
    .map(({ name, dtype, shape }) => [way, name, `${dtype} [${shape.join(', ')}]`]);
  const rows = state[0] ? [...named, [way, `${state[0].name.split(':')[0]}:…`, `${state.length} tensors`]] : named;
  return rows as [string, string, string][];
}
