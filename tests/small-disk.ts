/** A disk of a few bytes, for tests of what happens when it is full or read-only; it needs a root that may mount. */
import { execFileSync } from 'node:child_process';

const run = (command: string, ...words: string[]) => execFileSync(command, words, { stdio: 'ignore' });

export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** In place of what the folder shows. @param size such as `64k`; undefined where this process may not mount */
  static mount(folder: string, size: string): SmallDisk | undefined {
    try {
      run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
      return new SmallDisk(folder);
    } catch {
      return undefined;
    }
  }

  /** `size=8m`, `ro`, `rw` */
  change(option: string): void {
    run('mount', '-o', `remount,${option}`, this.folder);
  }

  /** The system refuses while a file is open to be written. */
  tryReadOnly(): void {
    try {
      this.change('ro');
    } catch {
      // the next call may come between two files
    }
  }

  unmount(): void {
    run('umount', this.folder);
  }
}
