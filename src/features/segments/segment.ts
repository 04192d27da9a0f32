import type { ContactId, SegmentId } from '../../kernel/ids.js';
import type { Versioned, VersionedStore } from '../configuration/index.js';
import type { SegmentFilter } from './segment-filter.js';

/** People by what is known of them, under one name. Who is in it is found anew each time. */
export interface SegmentDraft {
  readonly name: string;
  readonly filter: SegmentFilter;
}
export interface StoredSegment extends Versioned<SegmentId>, SegmentDraft {}

export const SEGMENT_SORTS = ['name', 'updated'] as const;
export type SegmentSort = (typeof SEGMENT_SORTS)[number];

export interface SegmentSample {
  readonly count: number;
  readonly people: readonly {
    readonly id: ContactId;
    readonly name: string;
    readonly company: string;
    readonly number: string;
  }[];
}

export interface SegmentStore extends VersionedStore<
  SegmentId,
  SegmentDraft,
  StoredSegment,
  SegmentSort
> {
  /** How many people a filter means, and some of them. */
  sample(filter: SegmentFilter, count: number): Promise<SegmentSample>;
  lists(): Promise<readonly { readonly id: number; readonly name: string }[]>;
}
