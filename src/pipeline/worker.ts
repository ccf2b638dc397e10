/** A worker of the pipeline, from the inside. */
import { type FileJob, type FileJobResult, runFileJob } from './file-job.ts';
import { receivedAugmentations, type SentAugmentation } from './sent-augmentation.ts';

/** What is sent to a worker. */
export interface WorkerMessage {
  readonly job: FileJob;
  readonly augment: readonly SentAugmentation[];
  /** Of the whole batch, in shared memory. */
  readonly images: Float32Array;
  /** In shared memory. */
  readonly states: Int32Array;
}

export const prepare = ({ job, augment, images, states }: WorkerMessage): Promise<FileJobResult> =>
  runFileJob(job, receivedAugmentations(augment), images, states);
