import { contactQuestions, decideRoute } from '../../engines/routing/rules.js';
import { instantOf, wallText } from '../../engines/routing/wall-clock.js';
import { clampPriority, type Attributes, type RouteDecision } from '../../engines/routing/rule.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import type { DidId, QueueId } from '../../kernel/ids.js';
import { formatNumber as formatPhone, normaliseNumber } from '../../kernel/numbers.js';
import type { CallerContacts } from '../../telephony/caller-contacts.js';
import { recallWithin, type CallerHistory } from '../../telephony/caller-history.js';
import {
  askedContact,
  routeFacts,
  type KnownOfCaller,
  type RouteSources,
} from '../../telephony/calls/route.js';
import type { QueueOpening } from '../../telephony/calls/route-sources.js';
import type { CallLog } from '../../telephony/calls/services.js';
import {
  formatDuration,
  formatNumber,
  formView,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { byHandText, targetViews, type TargetStore } from '../configuration/index.js';
import { routeReasonText } from './route-reason-text.js';
import type { RoutingOptions, RoutingOptionsStore } from './routing-options.js';
import type { RoutingRuleService } from './routing-rule-service.js';

export interface TryPageParts {
  readonly service: RoutingRuleService;
  readonly options: RoutingOptionsStore;
  readonly history: CallerHistory;
  readonly contacts: CallerContacts;
  readonly sources: RouteSources;
  readonly clock: Clock;
  readonly log: CallLog;
  readonly targets: TargetStore;
  /** Whether a queue takes callers at an instant; undefined where the calls do not know it. */
  readonly openingOf: (queue: QueueId, at: number) => QueueOpening | undefined;
}

const PATH = '/setup/routing/try';
/** Attributes that are read of the page's field. */
const MAX_ATTRIBUTES = 50;

/** The page that says what the rules would decide for a call that is typed in. Nothing is changed and no hook is asked. */
export const addTryPage = (pages: PageRoutes, parts: TryPageParts): PageRoutes =>
  pages.get(PATH, 'routing.edit', (page) => show(page, parts));

async function show(page: PageContext, parts: TryPageParts): Promise<void> {
  const options = await parts.options.read();
  const typed = readTyped(page, parts.clock.now());
  const isAsked = page.query['queue'] !== undefined;
  const queue = options.queues.find((one) => String(one.id) === typed.queue);
  const problems: Record<string, string> = {
    ...(isAsked && queue === undefined ? { queue: page.t('form.problem.choose') } : {}),
    ...(isAsked && typed.at === undefined ? { at: page.t('routing.try.problem.at') } : {}),
  };
  page.render('routing/try', {
    title: page.t('routing.try.title'),
    crumbs: [{ label: page.t('routing.title'), href: '/setup/routing' }],
    styles: ['setup', 'routing'],
    form: { ...formView({ prefix: 'routing.try.form', action: PATH }, typed.shown), problems },
    queues: options.queues.map((one) => ({ value: one.id, label: one.name })),
    dids: options.dids.map((did) => ({
      value: did.id,
      label: `${formatPhone(did.number, page.country, page.language)} ${did.name}`,
    })),
    languages: LANGUAGES.map((value) => ({ value, label: page.t(`language.${value}`) })),
    decision:
      queue === undefined || typed.at === undefined
        ? undefined
        : await decide(page, parts, options, { ...typed, queue: queue.id, at: typed.at }),
  });
}

interface Typed {
  readonly from: string;
  readonly did: DidId | undefined;
  readonly language: Language;
  readonly priority: number;
  readonly attributes: Attributes;
}

function readTyped(page: PageContext, now: number) {
  const { query } = page;
  const language = LANGUAGES.find((one) => one === query['language']) ?? page.language;
  const did = /^[1-9]\d{0,9}$/.test(query['did'] ?? '')
    ? (Number(query['did']) as DidId)
    : undefined;
  const wall = query['at'] ?? wallText(now, page.zone);
  return {
    from: normaliseNumber(query['from'] ?? '', page.country),
    did,
    language,
    priority: clampPriority(Number.parseInt(query['priority'] ?? '0', 10) || 0),
    attributes: readAttributes(query['attributes'] ?? ''),
    queue: query['queue'] ?? '',
    at: instantOf(wall, page.zone),
    shown: {
      from: query['from'] ?? '',
      did: query['did'] ?? '',
      queue: query['queue'] ?? '',
      language,
      priority: query['priority'] ?? '0',
      attributes: query['attributes'] ?? '',
      at: wall,
    },
  };
}

/** `need = repair` a line. */
export const readAttributes = (text: string): Attributes =>
  Object.fromEntries(
    text
      .split(/[\n;]/)
      .map((line) => /^\s*([^=]{1,40}?)\s*=\s*(.{0,200}?)\s*$/.exec(line))
      .flatMap((match) => (match?.[1] === undefined ? [] : [[match[1], match[2] ?? ''] as const]))
      .slice(0, MAX_ATTRIBUTES),
  );

async function decide(
  page: PageContext,
  parts: TryPageParts,
  options: RoutingOptions,
  typed: Typed & { readonly queue: QueueId; readonly at: number },
) {
  const rules = (await parts.service.inOrder(page.actor)).filter((rule) => rule.enabled);
  const [past, contact] = await Promise.all([
    recallWithin(parts.history, parts, typed.from),
    askedContact(parts, rules, typed.from),
  ]);
  const call = {
    from: typed.from,
    language: typed.language,
    ...(typed.did === undefined ? {} : { didId: typed.did }),
  };
  const wanted = { queue: typed.queue, priority: typed.priority, attributes: typed.attributes };
  const facts = routeFacts(parts.sources, call, wanted, typed.at, { past, contact });
  const nameIn = (list: readonly { readonly id: number; readonly name: string }[], id: number) =>
    list.find((one) => one.id === id)?.name;
  const decision = decideRoute(rules, facts, {
    queue: (id) => nameIn(options.queues, id),
    agent: (id) => nameIn(options.agents, id),
    skill: (id) => nameIn(options.skills, id),
  });
  const earlierCalls = past === 'unknown' ? undefined : past.calledAt.length;
  return {
    ...decisionView(page, decision, options, earlierCalls),
    contact: contactQuestions(rules) === undefined ? '' : contactText(page, contact),
    opening: await openingView(page, parts, decision.queue, typed.at),
  };
}

/** Whether somebody has the number that was typed. */
const contactText = ({ t }: PageContext, contact: KnownOfCaller['contact']): string =>
  contact === undefined
    ? t('routing.try.no-contact')
    : t(contact === 'unknown' ? 'routing.try.contact-unknown' : 'routing.try.has-contact');

/** Whether the queue takes the caller then, and where the caller goes where not. */
async function openingView(
  page: PageContext,
  { targets, openingOf }: Pick<TryPageParts, 'targets' | 'openingOf'>,
  queue: QueueId,
  at: number,
) {
  const opening = openingOf(queue, at);
  if (opening === undefined) return undefined;
  const [target] = await targetViews(page, targets, [opening.overflow]);
  return {
    state: page.t(opening.isOpen ? 'routing.try.open' : 'routing.try.closed', {
      target: target?.text ?? '',
    }),
    byHand: byHandText(opening.changes, at, page),
    href: `/live/queues/${String(queue)}`,
  };
}

function decisionView(
  page: PageContext,
  decision: RouteDecision,
  options: RoutingOptions,
  earlierCalls: number | undefined,
) {
  const { t } = page;
  const agent = options.agents.find((one) => one.id === decision.sticky?.agent);
  return {
    queue: options.queues.find((one) => one.id === decision.queue)?.name ?? '',
    priority: formatNumber(decision.priority, page.language),
    isVip: decision.isVip,
    sticky:
      decision.sticky === undefined
        ? ''
        : t('routing.try.sticky', {
            name: agent?.name ?? '',
            time: formatDuration(decision.sticky.forMs),
          }),
    skills: decision.requirements.map((one) =>
      t(one.isRequired ? 'routing.try.required' : 'routing.try.preferred', {
        name: options.skills.find((skill) => skill.id === one.skill)?.name ?? '',
        level: one.minLevel,
      }),
    ),
    attributes: Object.entries(decision.attributes).map(([name, value]) => ({ name, value })),
    past:
      earlierCalls === undefined
        ? t('routing.try.past-unknown')
        : t('routing.try.past', { count: earlierCalls }),
    reasons: decision.reasons.map((reason) => routeReasonText(t, reason) ?? reason),
  };
}
