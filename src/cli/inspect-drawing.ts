/** `skein inspect --svg` and `--html`: the drawing of one network, or of two beside each other, as files. */
import { extname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { writeFileAtomic } from '../files/index.ts';
import { drawingPage, drawingSvg, networkDrawing } from '../report/index.ts';
import type { NetworkDescription } from '../train/index.ts';
import { version } from '../trained/index.ts';
import type { Output } from './output.ts';

/** Flags of the drawings. True: a file named after the network. */
export interface DrawingFlags {
  readonly svg?: string | true;
  readonly html?: string | true;
  readonly depth?: number;
  readonly full?: boolean;
}

/** Paths that were written. */
export interface WrittenDrawings {
  readonly svg?: string;
  readonly html?: string;
}

/** Adds `--svg` and `--html`. */
export function addDrawingOptions(command: Command): Command {
  return command
    .option('--svg [file]', 'draw the network as a picture (NAME.svg)', pathWith('.svg'))
    .option('--html [file]', 'draw it as a page whose stages and blocks open and close (NAME.html)', pathWith('.html'));
}

const pathWith = (extension: string) => (path: string) => {
  if (extname(path).toLowerCase() === extension) return path;
  throw new InvalidArgumentError(
    `It is not the name of a file such as drawing${extension}; where the file has no name, put the flag last.`,
  );
};

/** Writes what the flags ask for, and says where it is. @throws CheckpointError where a file cannot be written */
export async function writeDrawings(
  networks: readonly NetworkDescription[],
  flags: DrawingFlags,
  output: Output,
): Promise<WrittenDrawings> {
  const { svg, html, full } = flags;
  if (svg === undefined && html === undefined) return {};
  const drawings = networks.map(networkDrawing);
  const depth = full ? Number.POSITIVE_INFINITY : flags.depth;
  const options = depth === undefined ? {} : { isOpen: (_: unknown, level: number) => level + 1 < depth };
  const written: { svg?: string; html?: string } = {};
  const write = async (kind: 'svg' | 'html', path: string | true, text: string) => {
    const file = path === true ? `${fileName(networks)}.${kind}` : path;
    await writeFileAtomic(file, text);
    written[kind] = file;
    const size = `${Math.ceil(Buffer.byteLength(text) / 1e3)} kB`;
    output.line(`${output.style('bold', 'drawing'.padEnd(10))}  ${file} (${size})`);
  };
  if (svg !== undefined) await write('svg', svg, drawingSvg(drawings, options));
  if (html !== undefined) await write('html', html, drawingPage(drawings, version, options));
  return written;
}

/** `resnet50`, `resnet50-densenet121`: of the names, what every file system takes. */
const fileName = (networks: readonly NetworkDescription[]): string =>
  networks
    .map(({ name }) => name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|-+$/g, '') || 'network')
    .join('-')
    .slice(0, 120);
