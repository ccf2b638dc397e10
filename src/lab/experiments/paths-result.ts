/** What the paths of networks give. */

/** Paths of one length. Norms are of the gradient of the cross entropy by the image; null where they are not finite. */
export interface PathLength {
  /** Branches on the path. */
  readonly length: number;
  /** Of all paths of the network. */
  readonly share: number;
  /** The mean norm of what one of them carries, and its quartiles. */
  readonly norm: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface PathsRecord {
  readonly network: string;
  readonly blocks: number;
  readonly samples: number;
  readonly lengths: readonly PathLength[];
  /** The mean norm of the whole gradient, which is that of all paths together. */
  readonly whole: number | null;
}

export interface PathsResult {
  readonly networks: readonly PathsRecord[];
}
