import type { RegionId } from '../../kernel/ids.js';

/** A part of the world that numbers come from, told by how they begin. */
export interface Region {
  readonly id: RegionId;
  readonly name: string;
  /** Beginnings of E.164 numbers, with the plus: `+8610`. */
  readonly prefixes: readonly string[];
}

/** Regions with their prefixes as a table to look up in. One prefix belongs to one region. */
export interface Regions {
  readonly byId: ReadonlyMap<RegionId, Region>;
  readonly byPrefix: ReadonlyMap<string, Region>;
  /** Characters of the longest prefix: at most so many look-ups find a number's region. */
  readonly longest: number;
  /** The same text where nothing changed between two readings. */
  readonly revision: string;
}

/** Where a number belongs, and the prefix that decided. */
export interface RegionMatch {
  readonly region: Region;
  readonly prefix: string;
}

/** Makes the table. Where two regions had one prefix, the later one would win; what is stored has no such pair. */
export function indexRegions(regions: readonly Region[], revision = ''): Regions {
  const byPrefix = new Map<string, Region>();
  let longest = 0;
  for (const region of regions)
    for (const prefix of region.prefixes) {
      byPrefix.set(prefix, region);
      longest = Math.max(longest, prefix.length);
    }
  return {
    byId: new Map(regions.map((region) => [region.id, region])),
    byPrefix,
    longest,
    revision,
  };
}

/** Every beginning of a number, the longest first, the number itself included; at most `longest` characters. */
export function prefixesOf(number: string, longest: number = number.length): readonly string[] {
  const found: string[] = [];
  for (let length = Math.min(longest, number.length); length > 0; length -= 1)
    found.push(number.slice(0, length));
  return found;
}

/**
 * The region of an E.164 number: the longest prefix wins. Numbers in another form (extensions, short codes, withheld) are
 * in no region. The cost does not grow with the number of prefixes.
 */
export function regionOf(regions: Regions, number: string): RegionMatch | undefined {
  for (const prefix of prefixesOf(number, regions.longest)) {
    const region = regions.byPrefix.get(prefix);
    if (region !== undefined) return { region, prefix };
  }
  return undefined;
}
