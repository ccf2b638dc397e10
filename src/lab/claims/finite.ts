/** As a claim's numbers have it. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
