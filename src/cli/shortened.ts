/** A name of at most `most` characters, the last of which says that more were there. */
export const shortened = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name;
