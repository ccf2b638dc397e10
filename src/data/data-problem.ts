/** Something to know before training; an `error` would end it. */
export interface DataProblem {
  readonly severity: 'error' | 'warning';
  readonly kind:
    | 'no training images'
    | 'too few classes'
    | 'empty class'
    | 'unknown class'
    | 'missing class'
    | 'single image'
    | 'unreadable image'
    | 'unreadable folder'
    | 'unreadable line'
    | 'ignored files'
    | 'unlabelled images'
    | 'passed over'
    | 'near names'
    | 'missing image'
    | 'several labels'
    | 'two labels'
    | 'two splits'
    | 'repeated image'
    | 'same image'
    | 'unknown split'
    | 'imbalance';
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
  /** Of files or lines that it is about, where they are many. */
  readonly count?: number;
  /** Of an unreadable image, of a folder, or of a table. */
  readonly path?: string;
}
