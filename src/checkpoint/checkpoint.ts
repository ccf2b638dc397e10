/** A checkpoint is one safetensors file: tensors, and as metadata all that is needed to predict or to go on training. */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { canonicalJson, fileError, writeFileAtomic } from '../files/index.ts';
import { CheckpointError, decodeSafetensors, encodeSafetensors, quoted, type Tensor } from '../tensor/index.ts';
import { foreignKind } from './foreign-kind.ts';
import { otherFile } from './other-file.ts';

/** What happens to an image before the network sees it. */
export interface Preprocessing {
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
  /** Of the network's input, in pixels. */
  readonly height: number;
  readonly width: number;
  /** Per channel, of pixels scaled to 0…1: the network sees (pixel − mean) / std. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Scale the shorter side to this many pixels, then cut height × width from the centre; without it, scale to fit. */
  readonly resize?: { readonly shorterSide: number };
  /** How new pixels are made of old ones; without it as `lanczos`, which is what Skein trains with. */
  readonly interpolation?: 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';
  /** Of one channel, how a colour becomes grey: `luma` of its levels, or `light`, as files of earlier versions have it. */
  readonly grey?: 'luma' | 'light';
}

/** How far training had come, and with what. */
export interface TrainingProgress {
  /** Complete epochs. */
  readonly epoch: number;
  /** Complete steps since the start. */
  readonly step: number;
  readonly seed: number;
  readonly config: Readonly<Record<string, unknown>>;
  /** The best epoch on the validation split; top1 from 0 to 1. */
  readonly best?: { readonly epoch: number; readonly top1: number };
  /** Earlier epochs' measurements, oldest first; NaN and infinities come back as null. */
  readonly history?: readonly unknown[];
  /** What tells the run's split.csv and its data again. */
  readonly data?: {
    /** Of the lines of split.csv that are not of test images: `sha256:` and 64 hexadecimal digits. */
    readonly split: string;
    /** The bytes of each of their files, in the same order, where samples are files and not too many. */
    readonly sizes?: readonly number[];
  };
  /** Sums over the samples seen in an epoch that is not complete. */
  readonly partial?: { readonly loss: number; readonly correct: number; readonly count: number };
}

/** What makes a network's confidence fit its accuracy (Guo et al. 2017), and what it was fitted on. */
export interface Calibration {
  /** Above 0: probabilities are softmax(logits / temperature). */
  readonly temperature: number;
  /** The data and its part, as they were called. */
  readonly data: string;
  readonly split: string;
  /** As many images. */
  readonly images: number;
}

/** What a checkpoint file holds. */
export interface Checkpoint {
  readonly kind: 'skein-checkpoint';
  readonly version: 1;
  readonly network: { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
  /** The inference graph as JSON. */
  readonly graph: string;
  /** Names in the order of the network's outputs. */
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
  /** Only where `skein eval --calibrate` put it in; training writes none. */
  readonly calibration?: Calibration;
  /** Only in checkpoints that training can resume from. */
  readonly training?: TrainingProgress;
  /** Weights and running statistics; with `training` also what the optimiser remembers. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** What a safetensors file holds. */
interface CheckpointFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const version = 1;
const whatToGive = 'give a .safetensors file that skein wrote, or the folder of a run';
const damaged = 'the file is damaged, or another program changed it';
const size = z.int().positive();
const count = z.int().nonnegative();
const record = z.record(z.string(), z.unknown());

const parts = {
  network: z.object({ name: z.string(), options: record }),
  classes: z.array(z.string()),
  preprocessing: z
    .object({
      channels: size,
      height: size,
      width: size,
      mean: z.array(z.number()),
      std: z.array(z.number().positive()),
      resize: z.object({ shorterSide: size }).exactOptional(),
      interpolation: z.enum(['nearest', 'bilinear', 'bicubic', 'lanczos']).exactOptional(),
      grey: z.enum(['luma', 'light']).exactOptional(),
    })
    .refine((p) => p.mean.length === p.channels && p.std.length === p.channels, 'expected a mean and std per channel')
    .refine(
      (p) => (p.resize?.shorterSide ?? Number.POSITIVE_INFINITY) >= Math.max(p.height, p.width),
      'expected a shorter side that covers height and width',
    )
    // earlier versions had no other grey, and said nothing of it
    .transform((p) => (p.channels === 1 && p.grey === undefined ? { ...p, grey: 'light' as const } : p)),
  calibration: z.object({
    temperature: z.number().positive(),
    data: z.string(),
    split: z.string(),
    images: count,
  }),
  training: z.object({
    epoch: count,
    step: count,
    seed: z.number(),
    config: record,
    best: z.object({ epoch: count, top1: z.number().min(0).max(1) }).exactOptional(),
    history: z.array(z.unknown()).exactOptional(),
    data: z
      .object({ split: z.string().regex(/^sha256:[0-9a-f]{64}$/), sizes: z.array(z.int()).exactOptional() })
      .exactOptional(),
    partial: z.object({ loss: z.number(), correct: count, count }).exactOptional(),
  }),
};

/**
 * Writes a checkpoint, replacing the file in one step. Equal checkpoints give equal bytes.
 * @throws CheckpointError where the file cannot be written (an earlier one is then untouched), or could not be read back
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const metadata: Record<string, string> = {
    kind: checkpoint.kind,
    version: String(version),
    graph: checkpoint.graph,
  };
  for (const key of ['network', 'classes', 'preprocessing', 'calibration', 'training'] as const) {
    if (checkpoint[key] === undefined) continue;
    metadata[key] = jsonOf(path, key, checkpoint[key]);
    // Checked here too, so that nothing is saved that could not be loaded.
    readPart(path, metadata, key);
  }
  await writeFileAtomic(path, encodeSafetensors(checkpoint.tensors, metadata));
}

/**
 * Reads a checkpoint. Its tensors share memory with one another.
 * @throws CheckpointError where the file is missing, damaged, not a checkpoint of Skein, or written by a newer version
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await readRegularFile(path).catch((error) => {
    throw fileError('read', path, error, whatToGive);
  });
  return checkpointOf(path, decode(path, bytes));
}

/**
 * A checkpoint from the parts of a safetensors file that was read already.
 * @param path as messages name the file
 * @throws CheckpointError where it is damaged, not a checkpoint of Skein, or written by a newer version
 */
export function checkpointOf(path: string, file: CheckpointFile): Checkpoint {
  const { tensors, metadata } = file;
  requireKindAndVersion(path, metadata, tensors);
  if (metadata.graph === undefined) throw partError(path, 'graph', 'missing', damaged);
  return {
    kind: 'skein-checkpoint',
    version,
    network: readPart(path, metadata, 'network', damaged),
    graph: metadata.graph,
    classes: readPart(path, metadata, 'classes', damaged),
    preprocessing: readPart(path, metadata, 'preprocessing', damaged),
    ...(metadata.calibration !== undefined && { calibration: readPart(path, metadata, 'calibration', damaged) }),
    ...(metadata.training !== undefined && { training: readPart(path, metadata, 'training', damaged) }),
    tensors,
  };
}

/** A device or a pipe may have no end. */
async function readRegularFile(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw new Error('it is no file');
  return readFile(path);
}

function decode(path: string, bytes: Uint8Array): ReturnType<typeof decodeSafetensors> {
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    const other = otherFile(bytes);
    if (other)
      throw new CheckpointError(
        `${path}: expected a checkpoint of Skein, but this is ${other.what}`,
        other.hint ?? whatToGive,
      );
    const kind = foreignKind(bytes);
    if (kind)
      throw new CheckpointError(
        `${path}: expected a checkpoint of Skein, but this is a file of ${kind}`,
        `make one of it: skein import ${quoted(path)}`,
      );
    if (error instanceof CheckpointError) throw new CheckpointError(`${path}: ${error.message}`, error.hint);
    throw error;
  }
}

function requireKindAndVersion(
  path: string,
  metadata: Readonly<Record<string, string>>,
  tensors: ReadonlyMap<string, Tensor>,
): void {
  if (metadata.kind !== 'skein-checkpoint') {
    const names = [...tensors.keys()].slice(0, 3).map((name) => `\`${name}\``);
    const some = names.length < tensors.size ? `${names.join(', ')}, …` : names.join(', ');
    throw new CheckpointError(
      `${path}: expected a checkpoint of Skein, got a safetensors file without its metadata, of ${tensors.size} tensors` +
        (tensors.size > 0 ? `: ${some}` : ''),
      `a checkpoint also says which network, classes and preprocessing its tensors belong to; of another tool's weights make one: skein import ${quoted(path)}`,
    );
  }
  if (/^[1-9][0-9]*$/.test(metadata.version ?? '') && Number(metadata.version) > version)
    throw new CheckpointError(
      `${path}: expected a checkpoint of version ${version}, got version ${metadata.version}`,
      'a newer Skein wrote it; update Skein to read it',
    );
  if (metadata.version !== String(version))
    throw partError(path, 'version', `expected ${version}, got ${metadata.version}`, damaged);
}

/** Preprocessing from JSON, as metadata of other files carry it. @throws CheckpointError where it makes no sense */
export const parsePreprocessing = (path: string, json: string): Preprocessing =>
  readPart(path, { preprocessing: json }, 'preprocessing', damaged);

/** One part of the metadata, checked. */
function readPart<K extends keyof typeof parts>(
  path: string,
  metadata: Readonly<Record<string, string>>,
  key: K,
  hint?: string,
): z.infer<(typeof parts)[K]> {
  const text = metadata[key];
  let value: unknown;
  try {
    value = text === undefined ? undefined : JSON.parse(text);
    // what cannot be written again is nested too deeply for all that comes after
    JSON.stringify(value);
  } catch {
    throw partError(path, key, 'not JSON, or nested too deeply', hint);
  }
  const result = parts[key].safeParse(value);
  if (result.success) return result.data as z.infer<(typeof parts)[K]>;
  const [issue] = result.error.issues;
  throw partError(path, [key, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not valid', hint);
}

function partError(path: string, field: string, problem: string, hint?: string): CheckpointError {
  return new CheckpointError(`${path}: checkpoint metadata \`${field}\`: ${problem}`, hint);
}

function jsonOf(path: string, field: string, value: unknown): string {
  try {
    return canonicalJson(value) ?? 'null';
  } catch (error) {
    throw partError(path, field, `cannot be written as JSON: ${(error as Error).message}`);
  }
}
