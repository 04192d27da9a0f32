import type { Actor } from '../../kernel/actor.js';
import type { RoutingRuleId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type {
  MoveDirection,
  RoutingRuleDraft,
  RuleSort,
  StoredRoutingRule,
} from './routing-rule.js';

/** Rules in their order; a new one is the last. */
export interface RoutingRuleStore extends VersionedStore<
  RoutingRuleId,
  RoutingRuleDraft,
  StoredRoutingRule,
  RuleSort
> {
  /** Changes places with the neighbour, with its audit line; false where there is none on that side. Throws `not-found`. */
  move(actor: Actor, id: RoutingRuleId, direction: MoveDirection): Promise<boolean>;
}
