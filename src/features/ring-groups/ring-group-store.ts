import type { ExtensionId, RingGroupId } from '../../kernel/ids.js';
import type { NumberRange } from '../../telephony/other-pbx.js';
import type { VersionedStore } from '../configuration/index.js';
import type { RingGroupDraft, RingGroupSort, StoredRingGroup } from './ring-group.js';

/** A desk phone that can be a member. */
export interface PhoneOption {
  readonly id: ExtensionId;
  readonly number: string;
  readonly name: string;
}

/** Ring groups. */
export interface RingGroupStore extends VersionedStore<
  RingGroupId,
  RingGroupDraft,
  StoredRingGroup,
  RingGroupSort
> {
  /** Extensions in use, by number. */
  phones(): Promise<readonly PhoneOption[]>;
  /** Numbers that live on other telephone systems. */
  otherNumbers(): Promise<readonly NumberRange[]>;
}
