/** A worker of the pipeline, from the inside. */
import { decoderVersions } from '../data/index.ts';
import { ConfigError, SkeinError } from '../tensor/index.ts';
import { type FileJob, type FileJobResult, runFileJob } from './file-job.ts';
import { receivedAugmentations, type SentAugmentation } from './sent-augmentation.ts';

/** What is sent to a worker. */
export interface WorkerMessage {
  readonly job: FileJob;
  readonly augment: readonly SentAugmentation[];
  /** Of the whole batch, in shared memory. */
  readonly images: Float32Array;
  /** In shared memory: one for each row, and one that is not 0 as soon as the thread has begun. */
  readonly states: Int32Array;
  /** `decoderVersions()` of the main thread. */
  readonly versions: string | undefined;
}

/** An error on its way to another thread, where its class would get lost. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  /** Of a SkeinError. */
  readonly code: string | undefined;
  readonly hint: string | undefined;
  readonly stack: string | undefined;
}

/** What comes back. */
export type WorkerAnswer = FileJobResult | { readonly thrown: Thrown };

export async function prepare({ job, augment, images, states, versions }: WorkerMessage): Promise<WorkerAnswer> {
  states[job.rows.length] = 1;
  try {
    await expectSameDecoders(versions);
    return await runFileJob(job, await receivedAugmentations(augment), images, states);
  } catch (error) {
    return { thrown: thrown(error) };
  }
}

/** Else pixels would depend on which thread got the file. */
async function expectSameDecoders(versions: string | undefined): Promise<void> {
  const own = await decoderVersions();
  if (versions === undefined || versions === own) return;
  throw new ConfigError(
    `pipeline: expected a thread that decodes with ${versions}, but it has ${own}`,
    '--workers 0 does without threads; SKEIN_TURBOJPEG=off without libjpeg-turbo',
  );
}

function thrown(error: unknown): Thrown {
  const { name = 'Error', message = String(error), stack } = error instanceof Error ? error : {};
  const { code, hint } = error instanceof SkeinError ? error : {};
  return { name, message, stack, code, hint };
}
