import type { Network } from '../../nn/index.ts';
import type { Form } from './naming.ts';

/** A network, and what had to be assumed since weights do not show it. */
export interface InferredNetwork {
  readonly form: Form;
  readonly network: Network;
  readonly notes: readonly string[];
}
