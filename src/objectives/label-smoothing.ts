import { number, type Option } from '../parts/index.ts';

/** Share of the target that is spread evenly over all classes: Szegedy et al. 2015, arXiv 1512.00567, §7. */
export const labelSmoothingOption: Option<number> = number({
  about: 'share of the target spread over all classes',
  from: 0,
  below: 1,
  default: 0,
  hint: '0 is off; 0.1 is usual',
  flag: { flags: '--label-smoothing <s>' },
});
