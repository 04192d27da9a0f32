import type { CsvTable } from '../configuration/index.js';
import type { NamedRegion, PrefixAddition, PrefixOwner } from './region-store.js';
import { normalisePrefix, PREFIXES_MAX } from './region.js';

/** A line that is not taken, and why. */
export interface RejectedLine {
  readonly line: number;
  readonly prefix: string;
  readonly region: string;
  readonly message: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** What a file or a pasted list would do. */
export interface RegionPlan {
  readonly additions: readonly PrefixAddition[];
  readonly rejected: readonly RejectedLine[];
  /** Lines whose prefix is in their region already. */
  readonly known: number;
}

const NAME_MAX = 80;
const PREFIX_HEADERS: readonly string[] = ['prefix', '前缀', '号段'];
const REGION_HEADERS: readonly string[] = ['region', 'name', '地区', '名称'];

/** One line as the file has it. */
export interface PrefixLine {
  readonly line: number;
  readonly prefix: string;
  readonly region: string;
}

/** The lines of a table. A first line that is no header is a line like the others: `+8610,Beijing`. */
export function linesOf(table: CsvTable): readonly PrefixLine[] {
  const names = table.header.map((header) => header.trim().toLowerCase());
  const prefixAt = names.findIndex((name) => PREFIX_HEADERS.includes(name));
  const regionAt = names.findIndex((name) => REGION_HEADERS.includes(name));
  const hasHeader = prefixAt >= 0 && regionAt >= 0;
  const rows = hasHeader ? table.rows : [{ line: 1, cells: table.header }, ...table.rows];
  return rows.map(({ line, cells }) => ({
    line,
    prefix: cells[hasHeader ? prefixAt : 0] ?? '',
    region: cells[hasHeader ? regionAt : 1] ?? '',
  }));
}

/** A pasted list as a file: with a header, so that one line is enough. Lines are counted without it. */
export const PASTED_HEADER = 'prefix,region';

/** The prefixes that can be read. */
export const prefixesIn = (lines: readonly PrefixLine[]): readonly string[] => [
  ...new Set(lines.flatMap((line) => normalisePrefix(line.prefix) ?? [])),
];

/** Checks every line against what is stored. Regions that do not exist are made; nothing is moved or taken away. */
export function planRegions(
  lines: readonly PrefixLine[],
  owners: readonly PrefixOwner[],
  regions: readonly NamedRegion[],
): RegionPlan {
  const byName = new Map(regions.map((region) => [region.name.toLowerCase(), region]));
  const ownerOf = new Map(owners.map((owner) => [owner.prefix, owner]));
  const additions = new Map<string, { name: string; prefixes: string[] }>();
  const seen = new Map<string, number>();
  const rejected: RejectedLine[] = [];
  let known = 0;
  for (const line of lines) {
    const prefix = normalisePrefix(line.prefix);
    const key = line.region.toLowerCase();
    const region = byName.get(key);
    const owner = prefix === undefined ? undefined : ownerOf.get(prefix);
    if (prefix !== undefined && owner?.region.toLowerCase() === key && !owner.isArchived) {
      known += 1;
      continue;
    }
    const addition = additions.get(key) ?? { name: region?.name ?? line.region, prefixes: [] };
    const count = (region?.count ?? 0) + addition.prefixes.length;
    const trouble = troubleOf(line, prefix, {
      owner,
      region,
      count,
      before: seen.get(prefix ?? ''),
    });
    if (trouble !== undefined || prefix === undefined) {
      rejected.push({ ...line, message: 'regions.import.problem.prefix', ...trouble });
      continue;
    }
    seen.set(prefix, line.line);
    addition.prefixes.push(prefix);
    additions.set(key, addition);
  }
  return {
    additions: [...additions].map(([key, { name, prefixes }]) => ({
      id: byName.get(key)?.id,
      name,
      prefixes,
    })),
    rejected,
    known,
  };
}

interface Found {
  readonly owner: PrefixOwner | undefined;
  readonly region: NamedRegion | undefined;
  /** Prefixes that the region would have before this one. */
  readonly count: number;
  readonly before: number | undefined;
}

function troubleOf(
  line: PrefixLine,
  prefix: string | undefined,
  { owner, region, count, before }: Found,
): Pick<RejectedLine, 'message' | 'params'> | undefined {
  if (prefix === undefined) return { message: 'regions.import.problem.prefix' };
  if (line.region === '') return { message: 'regions.import.problem.region' };
  if (line.region.length > NAME_MAX)
    return { message: 'form.problem.too-long', params: { max: NAME_MAX } };
  if (owner !== undefined) {
    const message = owner.isArchived ? 'regions.problem.taken-archived' : 'regions.problem.taken';
    return { message, params: { prefix, region: owner.region } };
  }
  if (before !== undefined) return { message: 'import.problem.repeated', params: { line: before } };
  if (region?.isArchived === true)
    return { message: 'regions.import.problem.archived', params: { region: region.name } };
  if (count >= PREFIXES_MAX)
    return { message: 'regions.problem.too-many', params: { max: PREFIXES_MAX } };
  return undefined;
}
