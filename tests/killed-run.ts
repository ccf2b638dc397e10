/** A run of the command that is killed again and again, and gone on with. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, watch } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** When a run is killed: counted in what it does, so that it needs no clock. */
export interface Moment {
  /** Epochs that metrics.jsonl has when counting begins: from then on, so many changes of files in the folder. */
  readonly epochs: number;
  readonly changes: number;
}

/** How one process of the run ended. */
export interface Life {
  readonly isKilled: boolean;
  /** Null where it was killed. */
  readonly code: number | null;
  readonly stderr: string;
}

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** Starts the run in `folder`, or goes on with it where something of it is saved, until it ends. @param act what is done at the moment, and at each change after it */
export async function live(
  folder: string,
  words: readonly string[],
  moment?: Moment,
  act: (child: ChildProcess) => void = (child) => child.kill('SIGKILL'),
): Promise<Life> {
  await mkdir(folder, { recursive: true });
  const isBegun = existsSync(join(folder, 'last.safetensors'));
  const asked = isBegun ? againOf(folder, words) : [...words, '--out', folder];
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, 'train', ...asked], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => {
    stderr += String(text);
  });
  let left = moment?.changes ?? Number.POSITIVE_INFINITY;
  const watcher = watch(folder, () => {
    if (moment && epochsIn(folder) >= moment.epochs && --left <= 0) act(child);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      watcher.close();
      resolve({ isKilled: signal === 'SIGKILL', code, stderr });
    });
  });
}

/** The place of decoded pictures is not a run's to record. */
function againOf(folder: string, words: readonly string[]): string[] {
  const at = words.indexOf('--cache');
  return ['--resume', folder, ...(at < 0 ? [] : words.slice(at, at + 2))];
}

function epochsIn(folder: string): number {
  const path = join(folder, 'metrics.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8').split('"kind":"epoch"').length - 1 : 0;
}

/** What the files of a run say, but for clocks and where it was saved; to compare two runs. */
export async function contentOf(folder: string): Promise<Map<string, Buffer | string>> {
  const content = new Map<string, Buffer | string>();
  for (const name of (await readdir(folder)).sort()) {
    const file = await readFile(join(folder, name));
    if (name === 'metrics.jsonl') content.set(name, measuredIn(String(file)));
    else if (name === 'config.yaml') content.set(name, String(file).replace(/^(saveMinutes|cache): .*\n/gm, ''));
    else content.set(name, name === 'report.html' ? 'a report' : file);
  }
  return content;
}

const clocks = ['seconds', 'images', 'imagesPerSecond', 'waiting'];

const measuredIn = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.stringify(JSON.parse(line), (key, value) => (clocks.includes(key) ? undefined : value)))
    .join('\n');

/** The names of files that one has and the other has not, or has otherwise. */
export function differences(one: ReadonlyMap<string, Buffer | string>, other: typeof one): string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])];
  return names.filter((name) => {
    const [a, b] = [one.get(name), other.get(name)];
    return a === undefined || b === undefined || !Buffer.from(a as string).equals(Buffer.from(b as string));
  });
}
