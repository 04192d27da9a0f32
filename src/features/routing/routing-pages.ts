import type { RuleProblem } from '../../engines/routing/rule-problems.js';
import { AppError } from '../../kernel/errors.js';
import type { RoutingRuleId } from '../../kernel/ids.js';
import {
  formView,
  numberIn,
  type FormBody,
  type PageContext,
  type PageRoutes,
  versionOf,
} from '../../web/kit/index.js';
import { rowPages } from '../configuration/index.js';
import { fieldParams, type RoutingOptions, type RoutingOptionsStore } from './routing-options.js';
import type { RoutingRuleService } from './routing-rule-service.js';
import { RULE_SORTS, type StoredRoutingRule } from './routing-rule.js';
import {
  CONDITION_KINDS,
  EFFECT_KINDS,
  flatRows,
  MAX_ROWS,
  rowsOf,
  ruleSchema,
  ruleValues,
  type FlatValues,
  type RowGroup,
} from './rule-form.js';
import { rowViews } from './rule-rows-view.js';
import { ruleWords } from './rule-words.js';

export interface RoutingPagesParts {
  readonly service: RoutingRuleService;
  readonly options: RoutingOptionsStore;
  readonly country: string;
}

const PATH = '/setup/routing';
/** What the form of a new rule shows. */
const NEW_RULE: FlatValues = { name: '', enabled: true };

/** The set-up pages of routing rules, added to `pages`. */
export const routingPages = (parts: RoutingPagesParts, pages: PageRoutes): PageRoutes =>
  rowPages(
    {
      name: 'routing',
      permission: 'routing.edit',
      service: parts.service,
      schema: ruleSchema(parts.country),
      list: {
        sorts: RULE_SORTS,
        defaultSort: 'position',
        columns: [
          { label: 'routing.column.place', sort: 'position', numeric: true },
          { label: 'routing.form.name', sort: 'name' },
          { label: 'routing.column.when' },
          { label: 'routing.column.then' },
          { label: 'routing.column.state' },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: (page, rules) => listRows(page, parts, rules),
        data: () => ({ styles: ['routing'] }),
      },
      title: (_page, rule) => rule.name,
      newValues: () => NEW_RULE,
      values: (_page, rule) => ruleValues(rule),
      data: (page, rule) => editData(page, parts, rule),
      create: (page, values) => parts.service.create(page.actor, values),
      save: (page, id, version, values) => parts.service.save(page.actor, id, version, values),
    },
    pages
      .post(`${PATH}/rows`, 'routing.edit', (page) => changeRows(page, parts))
      .post(`${PATH}/:id/move`, 'routing.edit', (page) => move(page, parts))
      .post(`${PATH}/:id/enable`, 'routing.edit', (page) => enable(page, parts)),
  );

async function listRows(
  page: PageContext,
  parts: RoutingPagesParts,
  rules: readonly StoredRoutingRule[],
) {
  const [options, order] = await Promise.all([
    parts.options.read(),
    parts.service.inOrder(page.actor),
  ]);
  const problems = await parts.service.problems(page.actor, options);
  return rules.map((rule) => {
    const place = order.findIndex((one) => one.id === rule.id);
    return {
      place: place < 0 ? undefined : place + 1,
      isFirst: place === 0,
      isLast: place === order.length - 1,
      words: ruleWords(page, rule, options),
      enabled: rule.enabled,
      problem: problemTexts(page, problems, rule.id, order, options)[0],
      updatedAt: rule.updatedAt,
    };
  });
}

/** Problems of one rule in words. */
const problemTexts = (
  page: PageContext,
  problems: readonly RuleProblem[],
  rule: RoutingRuleId,
  rules: readonly StoredRoutingRule[],
  options: RoutingOptions,
): readonly string[] =>
  problems
    .filter((problem) => problem.rule === rule)
    .map((problem) =>
      page.t(`routing.problem.${problem.code}`, {
        by: rules.find((one) => one.id === problem.by)?.name ?? '',
        skill: options.skills.find((one) => one.id === problem.skill)?.name ?? '',
        ...fieldParams(problem, options),
      }),
    );

async function editData(
  page: PageContext,
  parts: RoutingPagesParts,
  rule: StoredRoutingRule | undefined,
) {
  const options = await parts.options.read();
  // A form that is shown again keeps the rows that were typed.
  const flat: FlatValues =
    'name' in page.body ? page.body : rule === undefined ? NEW_RULE : ruleValues(rule);
  return {
    ...rowsData(page, flat, options),
    ...(rule && (await asideData(page, parts, rule, options))),
  };
}

const rowsData = (page: PageContext, flat: FlatValues, options: RoutingOptions) => ({
  styles: ['setup', 'routing'],
  scripts: ['check-filter'],
  conditionRows: rowViews(page, 'conditions', rowsOf(flat, 'conditions'), options),
  effectRows: rowViews(page, 'effects', rowsOf(flat, 'effects'), options),
  conditionKinds: CONDITION_KINDS.map((value) => ({
    value,
    label: page.t(`routing.conditions.${value}`),
  })),
  effectKinds: EFFECT_KINDS.map((value) => ({ value, label: page.t(`routing.effects.${value}`) })),
});

async function asideData(
  page: PageContext,
  parts: RoutingPagesParts,
  rule: StoredRoutingRule,
  options: RoutingOptions,
) {
  const [problems, order] = await Promise.all([
    parts.service.problems(page.actor, options),
    parts.service.inOrder(page.actor),
  ]);
  return {
    words: ruleWords(page, rule, options),
    warnings: problemTexts(page, problems, rule.id, order, options).map((text) => ({ text })),
  };
}

/** The form again with a row more or less; nothing is saved and everything typed is kept. */
async function changeRows(page: PageContext, parts: RoutingPagesParts): Promise<void> {
  const values = changedRows(page.body);
  const id = numberIn(page.body, 'rule');
  const stored = id > 0 ? await parts.service.get(page.actor, id as RoutingRuleId) : undefined;
  const options = await parts.options.read();
  const version = versionOf(page.body);
  const form = formView(
    {
      prefix: 'routing.form',
      action: stored === undefined ? PATH : `${PATH}/${String(stored.id)}`,
    },
    values,
    version > 0 ? version : undefined,
  );
  page.render('routing/edit', {
    title: stored?.name ?? page.t('routing.new'),
    crumbs: [{ label: page.t('routing.title'), href: PATH }],
    ...(stored === undefined ? { isNew: true } : { row: stored }),
    ...rowsData(page, values, options),
    ...(stored && (await asideData(page, parts, stored, options))),
    form,
  });
}

/** `add:conditions` adds a row of the chosen kind, `remove:effects:2` takes one away; anything else changes nothing. */
export function changedRows(body: FormBody): FlatValues {
  const [verb, group, at] = typeof body['do'] === 'string' ? body['do'].split(':') : [];
  const rows = (of: RowGroup) => {
    const typed = rowsOf(body, of);
    if (of !== group) return typed;
    if (verb === 'remove') return typed.filter((_row, place) => String(place) !== at);
    const kind = body[of === 'conditions' ? 'newCondition' : 'newEffect'];
    return verb === 'add' && typeof kind === 'string' && typed.length < MAX_ROWS
      ? [...typed, { kind }]
      : typed;
  };
  return {
    name: body['name'] ?? '',
    enabled: body['enabled'] === 'on',
    ...flatRows('conditions', rows('conditions')),
    ...flatRows('effects', rows('effects')),
  };
}

async function move(page: PageContext, parts: RoutingPagesParts): Promise<void> {
  const direction = page.body['direction'];
  if (direction !== 'up' && direction !== 'down')
    throw new AppError('invalid-fields', 'a direction is needed');
  const isMoved = await parts.service.move(page.actor, page.id<RoutingRuleId>(), direction);
  return page.redirect(PATH, isMoved ? { message: 'routing.moved' } : undefined);
}

async function enable(page: PageContext, parts: RoutingPagesParts): Promise<void> {
  const id = page.id<RoutingRuleId>();
  const enabled = page.body['enabled'] === 'on';
  try {
    await parts.service.setEnabled(page.actor, id, enabled);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    return page.redirect(`${PATH}/${String(id)}`, { message: 'routing.not-enabled' });
  }
  return page.redirect(PATH, { message: enabled ? 'routing.enabled' : 'routing.disabled' });
}
