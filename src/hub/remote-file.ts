/** A file on a server, and what is known of it before it is downloaded. */
export interface RemoteFile {
  /** What messages call it, and the cache's record. */
  readonly source: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly name: string;
  /** What the server promises. */
  readonly sha256?: string;
  readonly bytes?: number;
  readonly licence?: string;
  /** The most bytes that it may have; default: as many as can be read at once. */
  readonly most?: number;
  /** Of a repository: what lies beside the weights and says how images were prepared. */
  readonly config?: RemoteFile;
}
