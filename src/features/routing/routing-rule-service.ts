import { ruleProblems, type RuleProblem } from '../../engines/routing/rule-problems.js';
import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { RoutingRuleId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import {
  fieldParams,
  knownThings,
  type RoutingOptions,
  type RoutingOptionsStore,
} from './routing-options.js';
import type { RoutingRuleStore } from './routing-rule-store.js';
import type {
  MoveDirection,
  RoutingRuleDraft,
  RuleSort,
  StoredRoutingRule,
} from './routing-rule.js';

/** The rule in question where it has no id yet. */
const NEW_RULE = 0 as RoutingRuleId;

/** Routing rules in their order. A rule that can never apply, or contradicts itself, is refused. */
export class RoutingRuleService extends RowService<
  RoutingRuleId,
  RoutingRuleDraft,
  StoredRoutingRule,
  RuleSort
> {
  constructor(
    private readonly rules: RoutingRuleStore,
    announcer: Announcer,
    private readonly options: RoutingOptionsStore,
    describeRule: (
      draft: RoutingRuleDraft,
      options: RoutingOptions,
    ) => { readonly conditions: readonly string[]; readonly effects: readonly string[] },
  ) {
    super(rules, announcer, {
      permission: 'routing.edit',
      objectKind: 'routing-rule',
      announces: 'routing-rules',
      nameOf: (draft) => draft.name,
      describe: async (draft) => ({
        name: draft.name,
        enabled: draft.enabled,
        ...describeRule(draft, await options.read()),
      }),
    });
  }

  /** Every rule in use, in order, also those that are switched off. */
  async inOrder(actor: Actor): Promise<readonly StoredRoutingRule[]> {
    requirePermission(actor, 'routing.edit');
    return this.rules.all();
  }

  /** What is wrong or doubtful with the rules that are switched on. */
  async problems(actor: Actor, options: RoutingOptions): Promise<readonly RuleProblem[]> {
    const rules = (await this.inOrder(actor)).filter((rule) => rule.enabled);
    return ruleProblems(rules, knownThings(options));
  }

  override async create(actor: Actor, draft: RoutingRuleDraft): Promise<RoutingRuleId> {
    requirePermission(actor, 'routing.edit');
    await this.#refuseErrors(draft);
    return super.create(actor, draft);
  }

  override async save(
    actor: Actor,
    id: RoutingRuleId,
    version: number,
    draft: RoutingRuleDraft,
  ): Promise<void> {
    requirePermission(actor, 'routing.edit');
    await this.#refuseErrors(draft);
    await super.save(actor, id, version, draft);
  }

  /** Switching on is refused as saving is; switching off always works. */
  async setEnabled(actor: Actor, id: RoutingRuleId, enabled: boolean): Promise<void> {
    const stored = await this.get(actor, id);
    const draft = { ...stored, enabled };
    if (enabled) await this.#refuseErrors(draft);
    await super.save(actor, id, stored.version, draft);
  }

  /** One place up or down; false where it is the first or the last already. */
  async move(actor: Actor, id: RoutingRuleId, direction: MoveDirection): Promise<boolean> {
    requirePermission(actor, 'routing.edit');
    const isMoved = await this.rules.move(actor, id, direction);
    if (isMoved) await this.announce();
    return isMoved;
  }

  async #refuseErrors(draft: RoutingRuleDraft): Promise<void> {
    const options = await this.options.read();
    const errors = ruleProblems([{ ...draft, id: NEW_RULE }], knownThings(options)).filter(
      (problem) => problem.severity === 'error',
    );
    if (errors.length === 0) return;
    throw new AppError(
      'invalid-fields',
      'the rule makes no sense',
      errors.map((error) => ({
        field: error.place,
        message: `routing.problem.${error.code}`,
        params: fieldParams(error, options),
      })),
    );
  }
}
