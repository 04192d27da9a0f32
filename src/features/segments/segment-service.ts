import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { SegmentId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import type {
  SegmentDraft,
  SegmentSample,
  SegmentSort,
  SegmentStore,
  StoredSegment,
} from './segment.js';
import type { SegmentFilter } from './segment-filter.js';

const SAMPLE = 10;
/** Campaigns read segments when they look for people: nobody is told of a change. */
const NOBODY_IS_TOLD = { configurationChanged: () => Promise.resolve() };

/** Saved filters over people. */
export class SegmentService extends RowService<
  SegmentId,
  SegmentDraft,
  StoredSegment,
  SegmentSort
> {
  constructor(private readonly segments: SegmentStore) {
    super(segments, NOBODY_IS_TOLD, {
      permission: 'lists.edit',
      objectKind: 'segment',
      announces: 'settings',
      nameOf: (draft) => draft.name,
      describe: ({ name, filter }) => ({
        name,
        filter: `${filter.match}: ${filter.conditions
          .map(({ field, operator, values }) => `${field} ${operator} ${values.join(', ')}`.trim())
          .join('; ')}`,
      }),
    });
  }

  /** How many people a filter means, and some of them. */
  sample(actor: Actor, filter: SegmentFilter): Promise<SegmentSample> {
    requirePermission(actor, 'lists.edit');
    return this.segments.sample(filter, SAMPLE);
  }

  lists(): ReturnType<SegmentStore['lists']> {
    return this.segments.lists();
  }
}
