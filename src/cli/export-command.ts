import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type Checkpoint, loadCheckpoint, writeFileAtomic } from '../checkpoint/index.ts';
import { type OnnxPort, type OnnxSignature, onnxSignature } from '../onnx/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { networkOnnx } from '../train/index.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import type { Output } from './output.ts';
import type { Surroundings } from './program.ts';

/** A kind of file that a checkpoint becomes; its flag is its name. */
interface ExportKind {
  readonly description: string;
  /** Of the file's name, after the network's. */
  readonly ending: string;
  /** @param path as messages name the checkpoint */
  make(path: string, checkpoint: Checkpoint): Uint8Array;
  /** Where the file goes from here: lines for people. */
  use(file: string): readonly string[];
}

const kinds: Readonly<Record<string, ExportKind>> = {
  onnx: {
    description: 'the network as ONNX, for any ONNX Runtime and any batch size',
    ending: '.onnx',
    make: networkOnnx,
    use: (file) => [
      `onnxruntime  InferenceSession.create('${file}') in Node; the metadata hold class names and preprocessing`,
      'a browser    drop the file on the page that `npx vite examples/browser` shows',
    ],
  },
};

interface ExportFlags {
  /** Of a kind: the file, or true where none was named. */
  readonly [kind: string]: unknown;
  readonly json?: boolean;
}

/** `skein export` */
export function addExportCommand(program: Command, { output }: Surroundings): void {
  const command = program
    .command('export')
    .description('Write a trained network as a file for other programs')
    .argument('<checkpoint>', 'a .safetensors file, or a run folder for its best epoch');
  for (const [name, { description, ending }] of Object.entries(kinds))
    command.option(`--${name} [file]`, `${description} (NETWORK${ending} beside the checkpoint)`);
  command
    .option('--json', 'print { file, bytes, network, inputs, outputs, opset }')
    .addHelpText('after', '\nExample:\n  skein export runs/resnet20-1 --onnx')
    .action(async (argument: string, flags: ExportFlags) => {
      const [name, kind] = chosenKind(command, flags);
      const out = output(flags);
      const path = await checkpointArgument(argument);
      const checkpoint = await loadCheckpoint(path);
      const network = checkpoint.network.name;
      const content = kind.make(path, checkpoint);
      const file = await writtenTo(flags[name], join(dirname(path), `${asFileName(network)}${kind.ending}`), content);
      const signature = onnxSignature(content);
      if (flags.json) out.json({ file, bytes: content.length, network, ...signature });
      else printFile(out, file, content.length, signature, kind);
    });
}

function chosenKind(command: Command, flags: ExportFlags): [string, ExportKind] {
  const [first, second] = Object.entries(kinds).filter(([name]) => flags[name] !== undefined);
  if (first && !second) return first;
  const names = Object.keys(kinds).map((name) => `--${name}`);
  const expected = names.length === 1 ? names[0] : `one of ${names.join(', ')}`;
  command.error(`error: missing the kind of file: expected ${expected}; see skein export --help`, { exitCode: 2 });
}

/** Writes to the file that was named, into the folder that was named, or to `usual`. @returns the file */
async function writtenTo(named: unknown, usual: string, content: Uint8Array): Promise<string> {
  const path = typeof named === 'string' ? named : usual;
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const file = isFolder ? join(path, basename(usual)) : path;
  await mkdir(dirname(file), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`export: the folder ${dirname(file)} cannot be made (${error.code})`, 'name another file');
  });
  await writeFileAtomic(file, content);
  return file;
}

/** A network of one's own may be called anything. */
const asFileName = (network: string) => network.replaceAll(/[^\w.+@-]+/g, '-').replace(/^[.-]+/, '') || 'network';

function printFile(output: Output, file: string, bytes: number, signature: OnnxSignature, kind: ExportKind): void {
  const size = bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  output.line(`${output.style('bold', file)}  ${size}, ONNX opset ${signature.opset}`);
  const ports: [string, OnnxPort][] = [
    ...signature.inputs.map((port): [string, OnnxPort] => ['input', port]),
    ...signature.outputs.map((port): [string, OnnxPort] => ['output', port]),
  ];
  const width = Math.max(...ports.map(([, { name }]) => name.length));
  for (const [way, { name, dtype, shape }] of ports)
    output.line(`  ${way.padEnd(6)}  ${name.padEnd(width)}  ${dtype} [${shape.join(', ')}]`);
  output.line('\nUse it:');
  for (const line of kind.use(file)) output.line(`  ${line}`);
}
