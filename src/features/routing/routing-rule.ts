import type { Condition, Effect } from '../../engines/routing/rule.js';
import type { RoutingRuleId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

/** A rule as its form sets it. */
export interface RoutingRuleDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly conditions: readonly Condition[];
  readonly effects: readonly Effect[];
}

export interface StoredRoutingRule extends Versioned<RoutingRuleId>, RoutingRuleDraft {}

export const RULE_SORTS = ['position', 'name', 'updated'] as const;
export type RuleSort = (typeof RULE_SORTS)[number];

/** Towards the first rule or towards the last. */
export type MoveDirection = 'up' | 'down';
