/** Seconds that a rank may be late, unless a call says otherwise. */
export const defaultPatience = 20;

/** How long others may keep a rank waiting. */
export interface Limits {
  /** Seconds that a rank may be late, or silent where it has an allowance. */
  readonly patience: number;
  /** Seconds that ranks may be late which beat meanwhile; without it, `patience`. */
  readonly allowance?: number | undefined;
}
