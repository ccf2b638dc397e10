/** The mistakes a user can make, one class each; `code` is stable and meant for programs. */

/** Base of every error that Skein raises on purpose: `message` says what is wrong, `hint` the next step. */
export class SkeinError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}

/** Shapes or dtypes of tensors do not fit together. */
export class ShapeError extends SkeinError {
  constructor(message: string, hint?: string) {
    super('SHAPE', message, hint);
  }
}

/** An option, a name or a combination of them is not possible. */
export class ConfigError extends SkeinError {
  constructor(message: string, hint?: string) {
    super('CONFIG', message, hint);
  }
}

/** A dataset or an image cannot be read as what it claims to be. */
export class DataError extends SkeinError {
  constructor(message: string, hint?: string) {
    super('DATA', message, hint);
  }
}

/** A checkpoint is damaged, hostile, or belongs to something else. */
export class CheckpointError extends SkeinError {
  constructor(message: string, hint?: string) {
    super('CHECKPOINT', message, hint);
  }
}

/** An engine is missing, cannot run a program, or died. */
export class EngineError extends SkeinError {
  constructor(message: string, hint?: string) {
    super('ENGINE', message, hint);
  }
}

/** Training cannot go on, for example because the loss is not finite. */
export class TrainingError extends SkeinError {
  constructor(message: string, hint?: string) {
    super('TRAINING', message, hint);
  }
}
