/** One page of a list, as a store is asked for it. Sorting always ends in the id, so that paging loses no row. */
export interface ListQuery<Sort extends string = string> {
  /** What was typed into the search box, trimmed; '' asks for everything. */
  readonly search: string;
  /** Whoever asks may not see numbers of people outside whole: they are found by the whole number only. */
  readonly wholeNumbersOnly?: boolean;
  readonly sortBy: Sort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** Rows of one page and how many there are in all. */
export interface ListResult<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

/** Makes typed text safe inside a LIKE pattern (escape character `\`) and asks for it anywhere in the value. */
export const likePattern = (text: string): string =>
  `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
