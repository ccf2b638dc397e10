/** What trying a library showed, kept for the same file on the same machine. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheFolder, makeFolder, writeFileAtomic } from '../../../files/index.ts';
import { isMissing, libraryCandidates, namedLibrary } from '../library/index.ts';
import { asAnswer, type ProbeAnswer } from './probe-answer.ts';

/** Changed when the checks do, so that old answers are not believed. */
const edition = 4;

/** Undefined where nothing is known, or the file is another one by now. */
export async function readAnswer(): Promise<ProbeAnswer | undefined> {
  try {
    const { hash, ...rest } = JSON.parse(await readFile(await entry(), 'utf8'));
    const answer = asAnswer(rest);
    if (!answer || !('path' in answer) || answer.path === undefined) return undefined;
    return (await hashOf(answer.path)) === hash ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Only what was found out about a file. @throws where nothing can be written */
export async function keepAnswer(answer: ProbeAnswer): Promise<void> {
  if (isMissing(answer) || answer.path === undefined) return;
  const file = await entry();
  await makeFolder(join(file, '..'));
  await writeFileAtomic(file, `${JSON.stringify({ ...answer, hash: await hashOf(answer.path) })}\n`);
}

/** By where the system looks, which says which file it finds, and by what else decides how it computes. */
async function entry(): Promise<string> {
  const { LD_LIBRARY_PATH, DYLD_LIBRARY_PATH, DNNL_MAX_CPU_ISA, ONEDNN_MAX_CPU_ISA } = process.env;
  const folders = [LD_LIBRARY_PATH, DYLD_LIBRARY_PATH].flatMap((list) => list?.split(':').filter(Boolean) ?? []);
  const names = [namedLibrary() ?? libraryCandidates()].flat();
  // Linux writes its list anew whenever a library is installed or removed
  const places = await Promise.all([...names, ...folders, '/etc/ld.so.cache'].map(changed));
  const machine = [process.platform, process.arch, process.version, cpus()[0]?.model, await processorFlags()];
  const about = JSON.stringify([places, machine, DNNL_MAX_CPU_ISA, ONEDNN_MAX_CPU_ISA, edition]);
  return join(cacheFolder(), `onednn-${createHash('sha256').update(about).digest('hex').slice(0, 32)}.json`);
}

/** A path, and when what is there was written last. */
async function changed(path: string): Promise<[string, number | undefined]> {
  return [path, (await stat(path).catch(() => undefined))?.mtimeMs];
}

/** What Linux says that the processor can do: its name alone may stand for several kinds. */
async function processorFlags(): Promise<string | undefined> {
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return /^(flags|Features)\s*:.*$/m.exec(text)?.[0];
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
