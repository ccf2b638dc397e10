/** metrics.jsonl: a line of JSON for each measurement of a run. */
import { appendFile, readFile } from 'node:fs/promises';
import { fileError, writeFileAtomic } from '../files/index.ts';
import type { Measurement } from './run-sink.ts';

const untouched = 'the checkpoints in the folder are untouched';

export class MetricsFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async append(measurement: Measurement): Promise<void> {
    await appendFile(this.path, `${JSON.stringify(measurement)}\n`).catch((error) => {
      throw fileError('write', this.path, error, untouched);
    });
  }

  /** Oldest first. */
  async all(): Promise<Measurement[]> {
    const lines = (await this.#text()).split('\n').filter((line) => line.startsWith('{"kind":'));
    return lines.map((line) => JSON.parse(line) as Measurement);
  }

  /** Drops the measurements of steps after `step`, and those of the test. */
  async rewind(step: number): Promise<void> {
    const kept = (await this.#text())
      .split('\n')
      .filter((line) => stepOf(line) <= step && !line.startsWith('{"kind":"test"'));
    await writeFileAtomic(this.path, kept.map((line) => `${line}\n`).join(''));
  }

  #text(): Promise<string> {
    return readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw fileError('read', this.path, error, untouched);
    });
  }
}

function stepOf(line: string): number {
  try {
    const { step } = JSON.parse(line) as { step?: unknown };
    return typeof step === 'number' ? step : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
