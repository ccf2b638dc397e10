/** PyTorch on the same machine: the scripts in `bench/peers`, run by a python3 that has torch. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { patience } from './measure.ts';
import { type Peer, PeerError, type PeerRate } from './peer.ts';

/** What a script prints. */
const reportSchema = z.object({
  imagesPerSecond: z.number().positive(),
  peakBytes: z.number().positive(),
  /** Of the two memory formats, the faster one. */
  format: z.enum(['contiguous', 'channels_last']),
  /** Images per second in the other one; null where it was not measured. */
  slowerImagesPerSecond: z.number().positive().nullable(),
  precision: z.enum(['float32', 'bf16']),
  /** Of torch. */
  version: z.string().min(1),
  params: z.number().int().positive(),
});

/** What PyTorch did. */
export type TorchReport = PeerRate & z.infer<typeof reportSchema>;

/** What a script is asked to measure. */
export interface TorchRun {
  /** A file of `bench/peers`. */
  readonly script: string;
  readonly phase: 'train' | 'infer';
  readonly batchSize: number;
  readonly threads: number;
  /** bf16 is PyTorch's automatic mixed precision. */
  readonly precision: 'float32' | 'bf16';
  /** Only this memory format. */
  readonly format?: TorchReport['format'] | undefined;
  /** Steps that do not count. */
  readonly warmup: number;
  /** Steps that count, at least. */
  readonly steps: number;
  /** Time that counts, at least. */
  readonly seconds: number;
}

const pythons = ['/usr/bin/python3', 'python3'];
const hasTorch = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)';

/** The system's python3 that has torch, else the one on the path; undefined where neither has it. */
export async function findTorch(signal?: AbortSignal): Promise<string | undefined> {
  for (const python of pythons)
    if ((await ended(python, ['-c', hasTorch], signal).catch(() => undefined))?.code === 0) return python;
  signal?.throwIfAborted();
  return undefined;
}

/** A memory format slower than this share of the other's rate is not measured in the next turns. */
const farBehind = 0.85;

/** The scripts as a peer of the networks that they build. */
export function torchPeer(python: string): Peer {
  const formats = new Map<string, TorchReport['format']>();
  return {
    name: 'PyTorch',
    knows: ({ peer }) => peer !== undefined,
    measure: async ({ benchCase: { peer: script = '', phase, batchSize }, params, threads, precision, signal }) => {
      const what = { script, phase, batchSize, threads, precision };
      const key = JSON.stringify(what);
      const report = await runTorchPeer(python, { ...what, format: formats.get(key), ...patience }, signal);
      const { format, imagesPerSecond, slowerImagesPerSecond } = report;
      if (slowerImagesPerSecond !== null && slowerImagesPerSecond < farBehind * imagesPerSecond)
        formats.set(key, format);
      if (report.params === params) return report;
      throw new PeerError(`${script}: not the same network: it has ${report.params} parameters, Skein's ${params}`);
    },
  };
}

/**
 * Runs a script once. PyTorch's allocator is told to keep what it has, as Skein's engine is: its steps are faster for it.
 * @throws PeerError where it fails or prints something else than a report; the signal's reason where it comes
 */
export async function runTorchPeer(python: string, run: TorchRun, signal?: AbortSignal): Promise<TorchReport> {
  const { script, phase, batchSize, threads, precision, format, warmup, steps, seconds } = run;
  const file = fileURLToPath(new URL(`../../bench/peers/${script}`, import.meta.url));
  const sizes = { batch: batchSize, threads, precision, warmup, steps, seconds, ...(format && { format }) };
  const flags = Object.entries(sizes).flatMap(([name, n]) => [`--${name}`, String(n)]);
  const { code, stdout, stderr } = await ended(python, ['-B', file, phase, ...flags], signal).catch((error: Error) => {
    signal?.throwIfAborted();
    throw new PeerError(`${script}: ${python} could not be started: ${error.message}`);
  });
  signal?.throwIfAborted();
  if (code !== 0)
    throw new PeerError(`${script}: it failed: ${lastLine(stderr) || `exit code ${code ?? 'of a signal'}`}`);
  const report = reportSchema.safeParse(jsonOf(stdout));
  if (!report.success)
    throw new PeerError(`${script}: expected a line of JSON about its speed, but got ${quote(stdout)}`);
  return report.data;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(command: string, words: readonly string[], signal?: AbortSignal): Promise<Ended> {
  const env = { ...process.env, MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '100000000000' };
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { env, stdio: ['ignore', 'pipe', 'pipe'], ...(signal && { signal }) });
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (part: string) => {
        text[name] = (text[name] + part).slice(-10_000);
      });
    let failure: Error | undefined;
    child.on('error', (error) => {
      failure = error;
      if (child.pid === undefined) reject(error);
    });
    // not before it is gone: nothing that was started may outlive the command
    child.on('close', (code) => (failure ? reject(failure) : resolve({ code, ...text })));
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
const quote = (text: string) => (text.trim() === '' ? 'nothing' : `\`${lastLine(text).slice(0, 80)}\``);
