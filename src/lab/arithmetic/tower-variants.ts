/** The towers that are compared: how they are joined, what their weights start with, and what theory expects of them. */
import type { Words } from '../../report/index.ts';
import { smallDeviation, type TowerInitialisation, type TowerKind } from './towers.ts';

export interface TowerVariant {
  readonly id: string;
  readonly name: Words;
  readonly kind: TowerKind;
  readonly initialisation: TowerInitialisation;
  /** What multiplies each of a residual tower's branches, of which it has so many. */
  scale(blocks: number): number;
}

const one = () => 1;
const root = (blocks: number) => 1 / Math.sqrt(blocks);

/** In this order each theory of `first-layer-by-depth`, which follows them, has the colour of the tower that it is of. */
// biome-ignore format: a table
export const towerVariants: readonly TowerVariant[] = [
  { id: 'plain-small', kind: 'plain', initialisation: 'small', scale: one, name: { en: 'plain, std 0.01', zh: '普通，标准差 0.01' } },
  { id: 'residual', kind: 'residual', initialisation: 'he', scale: one, name: { en: 'residual, He, unscaled', zh: '残差，He 初始化，不缩放' } },
  { id: 'plain', kind: 'plain', initialisation: 'he', scale: one, name: { en: 'plain, He', zh: '普通，He 初始化' } },
  { id: 'residual-root', kind: 'residual', initialisation: 'he', scale: root, name: { en: 'residual, He, branches × 1/√blocks', zh: '残差，He 初始化，分支 × 1/√块数' } },
  { id: 'residual-zero', kind: 'residual', initialisation: 'zero', scale: one, name: { en: 'residual, last weights 0', zh: '残差，分支末层权重为 0' } },
  { id: 'residual-small', kind: 'residual', initialisation: 'small', scale: one, name: { en: 'residual, std 0.01', zh: '残差，标准差 0.01' } },
  { id: 'dense', kind: 'dense', initialisation: 'he', scale: one, name: { en: 'dense, He', zh: '稠密，He 初始化' } },
  { id: 'dense-small', kind: 'dense', initialisation: 'small', scale: one, name: { en: 'dense, std 0.01', zh: '稠密，标准差 0.01' } },
];

/**
 * What a layer of a plain rectified tower multiplies a gradient's norm by on average: √(fan out · variance / 2) (He et al. 2015, arXiv
 * 1502.01852, equation 13), 1 with He's variance.
 */
export const expectedFactor = (width: number): number => Math.sqrt((9 * width) / 2) * smallDeviation;
