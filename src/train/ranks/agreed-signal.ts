/** A wish to stop that all ranks come to know after the same step. */

export interface AgreedSignal {
  /** Aborted once `tell` was. */
  readonly signal: AbortSignal;
  /** Whether this rank was asked to stop. */
  readonly isAsked: boolean;
  /** All ranks know that one of them was asked. */
  tell(): void;
}

export function agreedSignal(own: AbortSignal | undefined): AgreedSignal {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    get isAsked() {
      return own?.aborted ?? false;
    },
    tell: () => controller.abort(own?.reason),
  };
}
