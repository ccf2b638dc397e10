import Papa from 'papaparse';

/** Rows as comma-separated values (RFC 4180), a line each. */
export const csv = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${Papa.unparse([[...row]])}\n`).join('');
