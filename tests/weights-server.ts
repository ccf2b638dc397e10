/** A server on this machine that offers files as web servers do, and repositories as Hugging Face does. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a path answers with. */
export interface Served {
  readonly content: Uint8Array;
  readonly etag?: string;
  /** How the content is compressed. */
  readonly encoding?: string;
  /** The connection ends after this many bytes of an answer. */
  readonly cutAfter?: number;
  /** What the answer says of its length, where that is not true. */
  readonly length?: number;
  readonly status?: number;
  readonly location?: string;
  /** Without lengths, ranges and ETags. */
  readonly streamed?: boolean;
  /** Called when the answer's bytes are under way. */
  readonly onSent?: () => void;
}

export interface Repository {
  readonly card?: unknown;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What the whole file of weights is, where it is not what was said of it. */
  readonly sent?: Served;
  /** What is said of a file's size, where it is no number. */
  readonly size?: string;
  /** Only who has it may see the repository. */
  readonly token?: string;
}

export class WeightsServer {
  readonly files = new Map<string, Served>();
  readonly repositories = new Map<string, Repository>();
  /** Every request: its path, and its range. */
  readonly requests: string[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '', this.url);
    this.requests.push(`${pathname} ${request.headers.range ?? ''}`.trim());
    const [, api, name, rest = ''] =
      /^(?:\/(api\/models))?\/(\w+\/[\w.]+)\/(?:revision|resolve)\/(.*)$/.exec(pathname) ?? [];
    const repository = this.repositories.get(name ?? '');
    if (name === undefined) this.#send(request, response, this.files.get(pathname));
    else if (!repository || (repository.token && request.headers.authorization !== `Bearer ${repository.token}`))
      json(response, 401, { error: 'Invalid username or password.' });
    else if (api)
      json(response, 200, {
        _id: '1',
        id: name,
        sha: commit,
        cardData: repository.card,
        siblings: [...repository.files.keys()].map((rfilename) => ({ rfilename })),
      });
    else this.#resolve(request, response, repository, rest);
  }

  #resolve(request: IncomingMessage, response: ServerResponse, { files, sent, size }: Repository, rest: string): void {
    const path = decodeURIComponent(rest.slice(rest.indexOf('/') + 1));
    const content = files.get(path);
    if (!content) {
      response.setHeader('X-Error-Code', 'EntryNotFound');
      json(response, 404, { error: 'Entry not found' });
      return;
    }
    const etag = `"${createHash('sha256').update(content).digest('hex')}"`;
    response.setHeader('X-Linked-ETag', etag);
    const asksOnly = request.headers.range === 'bytes=0-0';
    if (size !== undefined) response.setHeader('Content-Range', `bytes 0-0/${size}`);
    if (size !== undefined) response.writeHead(206).end('x');
    else this.#send(request, response, asksOnly || !sent || path === 'config.json' ? { content, etag } : sent);
  }

  #send(request: IncomingMessage, response: ServerResponse, served: Served | undefined): void {
    if (!served || served.status !== undefined) {
      response.writeHead(served?.status ?? 404, served?.location ? { Location: served.location } : {}).end('no');
      return;
    }
    const { content, etag, streamed, cutAfter, onSent } = served;
    const start = streamed ? undefined : rangeStart(request, etag);
    if (start !== undefined && start >= content.length) {
      response.writeHead(416, { 'Content-Range': `bytes */${content.length}` }).end();
      return;
    }
    const end = request.headers.range === 'bytes=0-0' ? 1 : content.length;
    const body = content.subarray(start ?? 0, end);
    if (etag && !streamed) response.setHeader('ETag', etag);
    if (served.encoding) response.setHeader('Content-Encoding', served.encoding);
    if (!streamed) response.setHeader('Content-Length', served.length ?? body.length);
    if (start !== undefined) response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${content.length}`);
    response.writeHead(start === undefined ? 200 : 206);
    response.write(body.subarray(0, cutAfter ?? body.length), () => {
      onSent?.();
      if (cutAfter !== undefined || (served.length !== undefined && !onSent)) response.destroy();
      else if (!onSent) response.end();
    });
  }
}

/** Of every repository. */
export const commit = '0123456789abcdef0123456789abcdef01234567';

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

/** Undefined where the whole file is to be sent. */
function rangeStart({ headers }: IncomingMessage, etag: string | undefined): number | undefined {
  const [, start] = /^bytes=(\d+)-/.exec(headers.range ?? '') ?? [];
  const sameFile = headers['if-range'] === undefined || headers['if-range'] === etag;
  return start !== undefined && sameFile ? Number(start) : undefined;
}
