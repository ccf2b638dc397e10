/** Who prepares images in a measurement of that: sharp alone, and PyTorch. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { divisorFor, loadSharp, type Sharp } from '../data/index.ts';
import { PeerError } from './peer.ts';

/** What all sides are given. */
export interface DataTask {
  readonly paths: readonly string[];
  /** Height and width of samples. */
  readonly size: number;
  readonly workers: number;
  readonly batchSize: number;
  /** Brightness, contrast and saturation, where colours are jittered. */
  readonly jitter?: Readonly<Record<string, number>> | undefined;
}

/**
 * Images per second that sharp decodes and scales to size × size, cut at the centre, and nothing else: on all of its threads, dividing each
 * JPEG while it decodes by what the pipeline divides it by.
 */
export async function sharpRate({ paths, size }: DataTask): Promise<number> {
  const sharp = await loadSharp();
  const files = await Promise.all(paths.map(async (path) => ({ path, isQuick: await isQuick(sharp, path, size) })));
  const began = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < files.length; at = next++) {
      const { path, isQuick: fastShrinkOnLoad } = files[at] as (typeof files)[number];
      await sharp(path).resize(size, size, { fit: 'cover', fastShrinkOnLoad }).toColourspace('srgb').raw().toBuffer();
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return (paths.length * 1000) / (performance.now() - began);
}

/** Of its two rules for dividing, sharp is told the one that divides as the pipeline does. */
async function isQuick(sharp: Sharp, path: string, size: number): Promise<boolean> {
  const { width, height } = await sharp(path).metadata();
  const shorter = Math.min(width, height);
  const quick = [8, 4, 2].find((by) => shorter / size >= by) ?? 1;
  return quick === divisorFor({ width, height }, { width: size, height: size });
}

const reportSchema = z.object({ imagesPerSecond: z.number().positive(), version: z.string().min(1) });

/** PyTorch's DataLoader with torchvision's transforms and as many workers. @throws PeerError; the signal's reason where it comes */
export async function torchDataRate(
  python: string,
  task: DataTask,
  signal?: AbortSignal,
): Promise<z.infer<typeof reportSchema>> {
  const script = fileURLToPath(new URL('../../bench/peers/torch_data.py', import.meta.url));
  const child = spawn(python, ['-B', script], { stdio: ['pipe', 'pipe', 'pipe'], ...(signal && { signal }) });
  const said = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.error = (said.error + text).slice(-2000);
  });
  const { paths, size, workers, batchSize: batch, jitter } = task;
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify({ paths, size, workers, batch, jitter }));
  await new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
  signal?.throwIfAborted();
  const report = reportSchema.safeParse(jsonOf(said.out));
  if (report.success) return report.data;
  throw new PeerError(`torch_data.py: it failed: ${said.error.trim().split('\n').at(-1) ?? 'it said nothing'}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
