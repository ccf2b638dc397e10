/** What of a processor decides how fast networks run. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const known = {
  x64: ['avx2', 'fma', 'avx512f', 'avx512_vnni', 'avx_vnni', 'avx512_bf16', 'amx_bf16'],
  arm64: ['asimd', 'asimddp', 'bf16', 'i8mm', 'sve'],
} as const;

/** Names of instructions, as Linux has them. */
export interface ProcessorFeatures {
  readonly present: readonly string[];
  readonly absent: readonly string[];
}

/** Instructions for arithmetic on many numbers at once; undefined where this system does not tell. */
export async function processorFeatures(): Promise<ProcessorFeatures | undefined> {
  const wanted = process.arch === 'x64' || process.arch === 'arm64' ? known[process.arch] : undefined;
  const flags = wanted && (await flagsOf(process.platform).catch(() => undefined));
  if (!wanted || !flags) return undefined;
  return { present: wanted.filter((name) => flags.has(name)), absent: wanted.filter((name) => !flags.has(name)) };
}

async function flagsOf(platform: NodeJS.Platform): Promise<Set<string> | undefined> {
  if (platform === 'linux') return linuxFlags(await readFile('/proc/cpuinfo', 'utf8'));
  if (platform === 'darwin') return macFlags((await promisify(execFile)('sysctl', ['hw.optional'])).stdout);
  return undefined;
}

/** The `flags` (x86) or `Features` (ARM) of /proc/cpuinfo. */
export function linuxFlags(text: string): Set<string> | undefined {
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1];
  return line === undefined ? undefined : new Set(line.trim().split(/\s+/));
}

const macNames: Readonly<Record<string, string>> = {
  avx2_0: 'avx2',
  avx512vnni: 'avx512_vnni',
  AdvSIMD: 'asimd',
  FEAT_DotProd: 'asimddp',
  FEAT_BF16: 'bf16',
  FEAT_I8MM: 'i8mm',
};

/** Lines such as `hw.optional.arm.FEAT_BF16: 1`. */
export function macFlags(text: string): Set<string> | undefined {
  const names = [...text.matchAll(/^hw\.optional\.(?:arm\.)?(\w+): 1$/gm)].map(
    ([, name = '']) => macNames[name] ?? name,
  );
  return names.length === 0 ? undefined : new Set(names);
}
