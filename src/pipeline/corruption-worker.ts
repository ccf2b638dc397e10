/** A thread that corrupts images, from the inside. */
import { corruptions } from '../corruptions/index.ts';
import { type CorruptionJob, runCorruptionJob } from './corruption-job.ts';

/** What is sent to it: a corruption goes by its name, as a function cannot be sent. */
export interface CorruptionMessage {
  readonly job: CorruptionJob;
  readonly corruption: { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
  /** Of the whole batch, in shared memory. */
  readonly images: Float32Array;
}

export const corrupt = ({ job, corruption: { name, options }, images }: CorruptionMessage): Promise<void> =>
  runCorruptionJob(job, corruptions.find('pipeline', name).from(options), images);
