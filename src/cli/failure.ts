/** Failures as people read them. */
import { ConfigError, SkeinError } from '../tensor/index.ts';
import { withFlagNames, withoutCodeNames } from './flag-names.ts';
import { type Stream, styled } from './output.ts';
import { wrapped } from './wrapped.ts';

/** A command that failed, after it had said all there is to say. */
export class Reported extends Error {}

/** Flags that cannot be meant, whatever is in files. */
export class UsageMistake extends Error {
  override readonly cause: ConfigError;

  constructor(cause: ConfigError) {
    super(cause.message);
    this.cause = cause;
  }
}

/** What `read` makes of flags. @throws UsageMistake where they cannot be meant */
export function fromFlags<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ConfigError ? new UsageMistake(error) : error;
  }
}

/** `error: ` with the message, and the hint in the next line. */
export function printFailure(stderr: Stream, error: unknown, { debug = false, withHint = true } = {}): void {
  const { message: plain, stack } = error instanceof Error ? error : new Error(String(error));
  const message = withoutCodeNames(error instanceof ConfigError ? withFlagNames(plain) : plain);
  const hint =
    error instanceof SkeinError
      ? error.hint && withoutCodeNames(error.hint)
      : 'this is not an error that Skein expects; --debug shows where';
  // only a terminal needs short lines; the first one stands after `error: `
  const width = stderr.isTTY === true ? (stderr.columns ?? 80) - 8 : Number.POSITIVE_INFINITY;
  stderr.write(`${styled(stderr, 'red', 'error:')} ${wrapped(message, width).join('\n  ')}\n`);
  if (hint !== undefined && withHint) stderr.write(`  ${wrapped(hint, width).join('\n  ')}\n`);
  if (debug && stack !== undefined) stderr.write(`${stack}\n`);
}
