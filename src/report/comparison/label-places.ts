/** A label beside a point of a chart, in pixels. */
export interface Labelled {
  readonly x: number;
  readonly y: number;
  /** Of its text. */
  readonly width: number;
  /** Whether it stands on the left of its point. */
  readonly isLeft: boolean;
}

const height = 15;
const gap = 10;

/** How far each label moves down or up from its point, so that none lies on another: the upper ones keep their places. */
export function labelShifts(labels: readonly Labelled[]): number[] {
  const shifts = new Array<number>(labels.length).fill(0);
  const placed: { readonly from: number; readonly to: number; readonly y: number }[] = [];
  const order = labels.map((_, i) => i).sort((a, b) => (labels[a]?.y ?? 0) - (labels[b]?.y ?? 0));
  for (const i of order) {
    const { x, y, width, isLeft } = labels[i] as Labelled;
    const [from, to] = isLeft ? [x - gap - width, x - gap] : [x + gap, x + gap + width];
    let at = y;
    for (const other of placed.toSorted((a, b) => a.y - b.y))
      if (from < other.to && to > other.from && Math.abs(at - other.y) < height) at = other.y + height;
    shifts[i] = at - y;
    placed.push({ from, to, y: at });
  }
  return shifts;
}
