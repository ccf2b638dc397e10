/** A file of weights in the cache, or in the person's own folder. */
export interface FetchedWeights {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** As the repository's card says, such as `apache-2.0`; a URL says nothing of it. */
  readonly licence?: string;
  /** Exactly where it is from: of a repository also the commit and the file; of SKEIN_WEIGHTS the path. */
  readonly source: string;
  /** The word that means this file and no other, wherever it comes from the next time: with its SHA-256. */
  readonly word: string;
  /** The repository's config.json, which says how images were prepared, where it has one. */
  readonly config?: string;
  /** Whether it was there already; then no server was asked. */
  readonly fromCache: boolean;
}
