import { createHash } from 'node:crypto';
import {
  indexRegions,
  prefixesOf,
  regionOf,
  type RegionMatch,
} from '../../engines/routing/region.js';
import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { RegionId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import { planRegions, prefixesIn, type PrefixLine, type RegionPlan } from './region-import.js';
import type { PrefixAddition, RegionStore } from './region-store.js';
import type { RegionDraft, RegionSort, StoredRegion } from './region.js';

/** An audit line names so many prefixes; of more it keeps how many they were and what tells them apart. */
const NAMED_PREFIXES = 100;

const describePrefixes = (prefixes: readonly string[]): readonly string[] => {
  if (prefixes.length <= NAMED_PREFIXES) return prefixes;
  const digest = createHash('sha256').update(prefixes.join(' ')).digest('hex').slice(0, 12);
  return [...prefixes.slice(0, NAMED_PREFIXES), `… ${String(prefixes.length)}, sha256 ${digest}`];
};

/** Where numbers belong. */
export class RegionService extends RowService<RegionId, RegionDraft, StoredRegion, RegionSort> {
  constructor(
    private readonly regions: RegionStore,
    announcer: Announcer,
  ) {
    super(regions, announcer, {
      permission: 'regions.edit',
      objectKind: 'region',
      announces: 'regions',
      nameOf: (draft) => draft.name,
      describe: (draft) => ({ name: draft.name, prefixes: describePrefixes(draft.prefixes) }),
    });
  }

  /** The region of an E.164 number as calls would find it, and the prefix that decided. */
  async locate(actor: Actor, number: string): Promise<RegionMatch | undefined> {
    requirePermission(actor, 'regions.edit');
    const found = await this.regions.withPrefixes(prefixesOf(number));
    return regionOf(indexRegions(found), number);
  }

  /** What lines of an import would do. */
  async plan(actor: Actor, lines: readonly PrefixLine[]): Promise<RegionPlan> {
    requirePermission(actor, 'regions.edit');
    const [owners, named] = await Promise.all([
      this.regions.owners(prefixesIn(lines)),
      this.regions.named(),
    ]);
    return planRegions(lines, owners, named);
  }

  /** Adds all or nothing; throws `invalid-fields` or `conflict` where something was taken or archived since the check. */
  async addAll(actor: Actor, additions: readonly PrefixAddition[]): Promise<void> {
    requirePermission(actor, 'regions.edit');
    await this.regions.add(additions, (audit, { id, name, prefixes }) =>
      audit.record(actor, {
        action: 'region.import',
        objectKind: 'region',
        objectId: String(id),
        objectName: name,
        changes: { prefixes: ['', describePrefixes(prefixes)] },
      }),
    );
    await this.announce();
  }
}
