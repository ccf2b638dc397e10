/** metrics.jsonl: a line of JSON for each measurement of a run. */
import { appendFile, readFile } from 'node:fs/promises';
import { fileError, writeFileAtomic } from '../files/index.ts';
import { isBefore, type Measurement, type RunPoint } from './run-sink.ts';

const untouched = 'the checkpoints in the folder are untouched';

export class MetricsFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async append(measurement: Measurement): Promise<void> {
    // on the disk before the checkpoint that follows: a run that goes on from it logs nothing again
    await appendFile(this.path, `${JSON.stringify(measurement)}\n`, { flush: true }).catch((error) => {
      throw fileError('write', this.path, error, untouched);
    });
  }

  /** Oldest first. A run that died while writing leaves half a line. */
  async all(): Promise<Measurement[]> {
    return (await this.#text()).split('\n').flatMap((line) => measuredIn(line) ?? []);
  }

  /** Drops what was measured later. */
  async rewind(at: RunPoint): Promise<void> {
    await this.#replace((line) => {
      const measured = measuredIn(line);
      return measured !== undefined && isBefore(measured, at);
    });
  }

  async clear(): Promise<void> {
    await this.#replace(() => false);
  }

  async #replace(isKept: (line: string) => boolean): Promise<void> {
    const kept = (await this.#text()).split('\n').filter(isKept);
    await writeFileAtomic(this.path, kept.map((line) => `${line}\n`).join(''));
  }

  #text(): Promise<string> {
    return readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw fileError('read', this.path, error, untouched);
    });
  }
}

/** Undefined for a line that is none. */
function measuredIn(line: string): Measurement | undefined {
  try {
    const measured = JSON.parse(line) as Measurement | null;
    return typeof measured?.kind === 'string' && typeof measured.step === 'number' ? measured : undefined;
  } catch {
    return undefined;
  }
}
