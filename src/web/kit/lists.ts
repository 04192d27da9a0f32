import type { ListQuery, ListResult } from '../../kernel/list.js';
import type { PageContext } from './page-context.js';

export const PAGE_SIZES = [25, 50, 100, 200] as const;
const DEFAULT_SIZE = 50;

/** What a list page can be asked for. */
export interface ListOptions<Sort extends string> {
  readonly path: string;
  readonly sorts: readonly Sort[];
  /** With `-` in front for descending. */
  readonly defaultSort: Sort | `-${Sort}`;
  /** Names of filters in the query string that links of the list must keep. */
  readonly filters?: readonly string[];
}

export interface ListRequest<Sort extends string> extends ListQuery<Sort> {
  readonly page: number;
  readonly filters: Readonly<Record<string, string>>;
  readonly options: ListOptions<Sort>;
}

/** Reads `?q=&sort=-name&page=2&size=50` and the filters. What makes no sense falls back to the default. */
export function readList<Sort extends string>(
  page: Pick<PageContext, 'query' | 'masksNumbers'>,
  options: ListOptions<Sort>,
): ListRequest<Sort> {
  const asked = page.query['sort'] ?? options.defaultSort;
  const fits = options.sorts.some((sort) => asked === sort || asked === `-${sort}`);
  const sort = fits ? asked : options.defaultSort;
  const size = PAGE_SIZES.find((option) => String(option) === page.query['size']) ?? DEFAULT_SIZE;
  const number = Math.min(
    Math.max(Number.parseInt(page.query['page'] ?? '1', 10) || 1, 1),
    100_000,
  );
  const filters: Record<string, string> = {};
  for (const name of options.filters ?? []) {
    const value = page.query[name]?.trim();
    if (value !== undefined && value !== '') filters[name] = value;
  }
  return {
    search: (page.query['q'] ?? '').trim().slice(0, 200),
    wholeNumbersOnly: page.masksNumbers,
    sortBy: (sort.startsWith('-') ? sort.slice(1) : sort) as Sort,
    descending: sort.startsWith('-'),
    page: number,
    offset: (number - 1) * size,
    limit: size,
    filters,
    options,
  };
}

export interface ColumnView {
  readonly label: string;
  readonly numeric: boolean;
  /** Where the header leads; absent where the column cannot be sorted. */
  readonly href?: string;
  readonly sorted?: 'ascending' | 'descending';
}

export interface ColumnOptions<Sort extends string> {
  /** Key of the catalog; '' for a column without a name (actions). */
  readonly label: string;
  readonly sort?: Sort;
  readonly numeric?: boolean;
}

/** What the partials `filter-bar`, `table-head` and `pager` draw. */
export interface ListView {
  readonly path: string;
  readonly search: string;
  readonly sort: string;
  readonly size: number;
  readonly filters: Readonly<Record<string, string>>;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly unknown[];
  readonly total: number;
  readonly first: number;
  readonly last: number;
  readonly isEmpty: boolean;
  /** Some search or filter narrows the list: "nothing matches" instead of "nothing yet". */
  readonly isNarrowed: boolean;
  readonly previous: string | undefined;
  readonly next: string | undefined;
  readonly sizes: readonly { readonly size: number; readonly href: string; readonly on: boolean }[];
}

/** The view of one page of a list; `rows` are what the template shows, one each. */
export function listView<Sort extends string, Row>(
  request: ListRequest<Sort>,
  result: ListResult<Row>,
  columns: readonly ColumnOptions<Sort>[],
): ListView {
  const pages = Math.max(1, Math.ceil(result.total / request.limit));
  const sort = (request.descending ? '-' : '') + request.sortBy;
  return {
    path: request.options.path,
    search: request.search,
    sort,
    size: request.limit,
    filters: request.filters,
    columns: columns.map((column) => columnView(request, column)),
    rows: result.rows,
    total: result.total,
    first: result.rows.length === 0 ? 0 : request.offset + 1,
    last: request.offset + result.rows.length,
    isEmpty: result.rows.length === 0,
    isNarrowed: request.search !== '' || Object.keys(request.filters).length > 0,
    previous: request.page > 1 ? listHref(request, { page: String(request.page - 1) }) : undefined,
    next: request.page < pages ? listHref(request, { page: String(request.page + 1) }) : undefined,
    sizes: PAGE_SIZES.map((size) => ({
      size,
      href: listHref(request, { size: size === DEFAULT_SIZE ? '' : String(size), page: '' }),
      on: size === request.limit,
    })),
  };
}

/** A link to the same list with some parameters changed; '' removes one. */
export function listHref<Sort extends string>(
  request: ListRequest<Sort>,
  changes: Readonly<Record<string, string>>,
): string {
  const sort = (request.descending ? '-' : '') + request.sortBy;
  const all: Record<string, string> = {
    ...(request.search === '' ? {} : { q: request.search }),
    ...request.filters,
    ...(sort === request.options.defaultSort ? {} : { sort }),
    ...(request.limit === DEFAULT_SIZE ? {} : { size: String(request.limit) }),
    ...(request.page === 1 ? {} : { page: String(request.page) }),
    ...changes,
  };
  const text = new URLSearchParams(Object.entries(all).filter(([, value]) => value !== ''));
  return text.size === 0 ? request.options.path : `${request.options.path}?${text.toString()}`;
}

function columnView<Sort extends string>(
  request: ListRequest<Sort>,
  column: ColumnOptions<Sort>,
): ColumnView {
  const base = { label: column.label, numeric: column.numeric ?? false };
  if (column.sort === undefined) return base;
  const isSorted = request.sortBy === column.sort;
  const sort = isSorted && !request.descending ? `-${column.sort}` : column.sort;
  return {
    ...base,
    href: listHref(request, { sort, page: '' }),
    ...(isSorted ? { sorted: request.descending ? 'descending' : 'ascending' } : {}),
  };
}
