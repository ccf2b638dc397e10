/** What servers and networks refuse, in words. */
import { CheckpointError } from '../tensor/index.ts';

/** A status other than success. @param where what was asked for */
export function statusError(where: string, status: number): CheckpointError {
  return new CheckpointError(
    `${where}: ${statusWords.get(status) ?? 'the server refuses'} (status ${status})`,
    hintOf(status),
  );
}

const statusWords: ReadonlyMap<number, string> = new Map([
  [401, 'the server asks who you are'],
  [403, 'the server does not allow it'],
  [404, 'the server has no such file'],
  [410, 'the server has no such file any more'],
  [429, 'the server asks to wait'],
]);

function hintOf(status: number): string {
  if (status === 401 || status === 403)
    return 'it is private, gated, or not there: check the name; for Hugging Face accept its terms and set HF_TOKEN';
  if (status === 404 || status === 410) return 'open the address in a browser: has it moved?';
  if (status === 429 || status >= 500) return 'try again in a while; what has arrived is kept';
  return 'open the address in a browser to see what the server says';
}

/** A connection that could not be made or broke. `kept`: bytes of which the next call goes on. */
export function connectionError(where: string, error: unknown, kept?: number): CheckpointError {
  if (kept !== undefined)
    return new CheckpointError(
      `${where}: the connection broke after ${kept} bytes: ${reasonOf(error)}`,
      'run it again: it goes on where it stopped',
    );
  return new CheckpointError(
    `${where}: cannot be reached: ${reasonOf(error)}`,
    'check the address and the connection; a file that was downloaded before needs neither',
  );
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'there is no such host, or no network'],
  ['EAI_AGAIN', 'there is no such host, or no network'],
  ['ECONNREFUSED', 'nothing answers there'],
  ['ECONNRESET', 'the server closed the connection'],
  ['UND_ERR_SOCKET', 'the server closed the connection'],
  ['ETIMEDOUT', 'no answer came in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no answer came in time'],
  ['UND_ERR_HEADERS_TIMEOUT', 'no answer came in time'],
  ['UND_ERR_BODY_TIMEOUT', 'no more came in time'],
]);

/** Fetch says no more than that it failed; the cause says why. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  if (cause?.message === 'redirect count exceeded') return 'it redirects without end';
  return reasons.get(cause?.code ?? '') ?? (cause?.message || cause?.code || message || String(error));
}
