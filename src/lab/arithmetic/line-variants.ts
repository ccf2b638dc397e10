/** The fully connected towers that are compared along a line, and how Balduzzi et al. 2017 (arXiv 1702.08591) say that their correlations fall. */
import type { Words } from '../../report/index.ts';
import type { LineTowerOptions } from './line-towers.ts';

export interface LineVariant extends Pick<LineTowerOptions, 'join' | 'norm'> {
  readonly id: string;
  readonly name: Words;
  /** The paper's β: what multiplies a residual branch. */
  readonly scale: number;
}

/** In this order each rule, which follows them in a chart, has the colour of the towers that it is of. */
// biome-ignore format: a table
export const lineVariants: readonly LineVariant[] = [
  { id: 'plain', join: 'plain', norm: false, scale: 1, name: { en: 'plain', zh: '普通' } },
  { id: 'residual-norm', join: 'residual', norm: true, scale: 1, name: { en: 'residual, batch norm', zh: '残差，批归一化' } },
  { id: 'plain-norm', join: 'plain', norm: true, scale: 1, name: { en: 'plain, batch norm', zh: '普通，批归一化' } },
  { id: 'residual', join: 'residual', norm: false, scale: 1, name: { en: 'residual', zh: '残差' } },
  { id: 'residual-tenth', join: 'residual', norm: false, scale: 0.1, name: { en: 'residual, β 0.1', zh: '残差，β 0.1' } },
  { id: 'residual-norm-tenth', join: 'residual', norm: true, scale: 0.1, name: { en: 'residual, batch norm, β 0.1', zh: '残差，批归一化，β 0.1' } },
  { id: 'dense', join: 'dense', norm: false, scale: 1, name: { en: 'dense', zh: '稠密' } },
  { id: 'dense-norm', join: 'dense', norm: true, scale: 1, name: { en: 'dense, batch norm', zh: '稠密，批归一化' } },
];

export const nameOfLine = (id: string): Words => lineVariants.find((one) => one.id === id)?.name ?? { en: id, zh: id };

/** Theorem 1: the correlation of two gradients in a plain network of L layers, where rectifiers turn independently. */
export const plainRule = (depth: number): number => 2 ** -depth;

/** Theorem 3: in a residual one with batch norm, up to a factor; highway networks are similar (§3.3). */
export const residualRule = (depth: number): number => 1 / Math.sqrt(depth);
