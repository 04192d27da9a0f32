import type { SkillRequirement } from '../../engines/acd/requirement.js';
import { applyHookAnswer, type HookLookups } from '../../engines/routing/hook-answer.js';
import { numberOf, attributeOf } from '../../engines/routing/conditions.js';
import { routeReason } from '../../engines/routing/route-reason.js';
import {
  clampPriority,
  DAY_MS,
  type Attributes,
  type CallerContact,
  type CallerPast,
  type RouteDecision,
  type RouteFacts,
  type RouteNames,
  type RoutingRule,
} from '../../engines/routing/rule.js';
import { contactQuestions, decideRoute, needsPast } from '../../engines/routing/rules.js';
import type { Language } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import type { CalendarId, CallId, DidId, QueueId, RegionId, SkillId } from '../../kernel/ids.js';
import { contactWithin, type CallerContacts } from '../caller-contacts.js';
import { recallWithin, withinLimit, type CallerHistory } from '../caller-history.js';
import type { Directory, DirectorySnapshot, SkillConfig } from '../directory.js';
import {
  hookFor,
  type HookConfig,
  type HookOutcome,
  type HookRequest,
  type RoutingHook,
} from '../routing-hook.js';
import type { TrialFacts } from '../flow-trials.js';
import type { CallLog } from './services.js';

/** The attribute in which a flow or a hook notes what a customer is worth; conditions on customer value read it. */
export const CUSTOMER_VALUE = 'customer-value';

/** What routing looks things up in. */
export interface RouteSources {
  /** Where a number is from; undefined where no region has it. */
  regionOf(number: string): RegionId | undefined;
  /** Whether each calendar is open at an instant (ms); one that is absent is unknown. */
  openCalendars(at: number): ReadonlyMap<CalendarId, boolean>;
  /** Every skill in use. */
  skillNames(): ReadonlyMap<SkillId, string>;
}

/** What {@link routeToQueue} works with. */
export interface RouteParts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly log: CallLog;
  readonly history: CallerHistory;
  readonly contacts: CallerContacts;
  readonly hook: RoutingHook;
  readonly sources: RouteSources;
}

/** A call as routing sees it. */
export interface RoutedCall {
  readonly id: CallId;
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  readonly didId?: DidId;
  readonly language: Language;
  /** What the flow before asks for. */
  readonly asked?: readonly SkillRequirement[];
  /** Set for a test call: the time that it pretends counts. */
  readonly trial?: TrialFacts;
}

/**
 * Where a call that is to wait in `queue` goes, and how: history, contact, region and calendars first, then the rules, then the hook,
 * which has the last word. Never rejects and records nothing; the call waits at most {@link CONTACT_LIMIT_MS} for its history
 * and its contact, the hook's own time-out for the hook, and not at all where no rule and no hook wants them. An aborted `signal` (the
 * caller left) ends the hook's request at once.
 */
export async function routeToQueue(
  parts: RouteParts,
  call: RoutedCall,
  queue: QueueId,
  priority: number,
  attributes: Attributes,
  signal: AbortSignal,
): Promise<RouteDecision> {
  const { current } = parts.directory;
  let decision: RouteDecision = {
    queue,
    priority: clampPriority(priority),
    isVip: false,
    requirements: [],
    attributes,
    reasons: [],
  };
  try {
    decision = await byRules(parts, current, call, { queue, priority, attributes });
    const hook = hookFor(current.hooks, call.didId, decision.queue);
    if (hook !== undefined) decision = await byHook(parts, current, call, hook, decision, signal);
    decision = byLanguage(current, call, decision);
    decision = byOwnNumber(current, call, decision);
    decision = await byLastAgent(parts, current, call, decision);
  } catch (error) {
    // A bug, or a source that broke its word: the caller must not pay for it.
    parts.log.error({ callId: call.id, err: error }, 'a call could not be routed to the end');
  }
  return decision;
}

/**
 * Skills for the language that the caller hears are preferred, so that prompts and agent speak alike (R17). One that is asked
 * for already, by a rule, the hook or the flow, says more than a preference would.
 */
function byLanguage(
  { skills }: DirectorySnapshot,
  { language, asked = [] }: RoutedCall,
  decision: RouteDecision,
): RouteDecision {
  if (decision.flow !== undefined) return decision;
  const spoken = skillsFor(language, [...skills.values()]);
  const known = new Set([...decision.requirements, ...asked].map(({ skill }) => skill));
  if (spoken.some(({ id }) => known.has(id))) return decision;
  return {
    ...decision,
    requirements: [
      ...decision.requirements,
      ...spoken.map(({ id }) => ({ skill: id, minLevel: 1, isRequired: false, relax: [] })),
    ],
    reasons: [...decision.reasons, ...spoken.map(({ name }) => `caller-language:${name}`)],
  };
}

/**
 * The skills with this tag; where there are none, those with its primary language alone (RFC 4647 section 3.4); else those of
 * the same language in whichever region or script (RFC 5646 section 2.2.1).
 */
function skillsFor(language: Language, skills: readonly SkillConfig[]): readonly SkillConfig[] {
  const primary = primaryOf(language);
  const same = [
    skills.filter((skill) => skill.language === language),
    skills.filter((skill) => skill.language === primary),
    skills.filter((skill) => skill.language !== undefined && primaryOf(skill.language) === primary),
  ];
  return same.find(({ length }) => length > 0) ?? [];
}

const primaryOf = (tag: string): string | undefined => tag.split('-', 1)[0];

/** How long who calls an agent's own number waits for that agent where the queue says nothing of its own. */
const OWN_NUMBER_MS = 20_000;

/** A number that one agent alone shows to customers: who calls it back reaches that agent first, then the team. */
function byOwnNumber(
  { queues, agents }: DirectorySnapshot,
  { to }: RoutedCall,
  decision: RouteDecision,
): RouteDecision {
  const queue = queues.get(decision.queue);
  if (queue === undefined || to === '' || decision.sticky !== undefined) return decision;
  const [owner, other] = [...agents.values()].filter(({ callerIds }) =>
    callerIds.numbers.includes(to),
  );
  if (owner === undefined || other !== undefined || !queue.members.includes(owner.id))
    return decision;
  return {
    ...decision,
    sticky: { agent: owner.id, forMs: queue.stickyMs === 0 ? OWN_NUMBER_MS : queue.stickyMs },
    reasons: [...decision.reasons, `own-number:${owner.name}`],
  };
}

/** Queues may let callers wait a while for the agent whom they talked to last, unless a rule or the hook named one. */
async function byLastAgent(
  parts: RouteParts,
  { queues, agents }: DirectorySnapshot,
  call: RoutedCall,
  decision: RouteDecision,
): Promise<RouteDecision> {
  const queue = queues.get(decision.queue);
  if (queue === undefined || queue.stickyMs === 0 || decision.sticky !== undefined) return decision;
  const past = await recallWithin(parts.history, parts, call.from, call.id);
  const last = past === 'unknown' ? undefined : past.lastAgent;
  if (last === undefined || last.at < parts.clock.now() - queue.stickyDays * DAY_MS)
    return decision;
  const name = agents.get(last.agent)?.name;
  if (name === undefined || !queue.members.includes(last.agent)) return decision;
  return {
    ...decision,
    sticky: { agent: last.agent, forMs: queue.stickyMs },
    reasons: [...decision.reasons, `last-agent:${name}`],
  };
}

const wallNow = ({ clock }: RouteParts, { trial }: RoutedCall): number =>
  clock.now() + (trial?.shiftMs ?? 0);

interface Wanted {
  readonly queue: QueueId;
  readonly priority: number;
  readonly attributes: Attributes;
}

async function byRules(
  parts: RouteParts,
  snapshot: DirectorySnapshot,
  call: RoutedCall,
  wanted: Wanted,
): Promise<RouteDecision> {
  const rules = snapshot.routingRules;
  const known = await knownOf(parts, rules, call);
  const facts = routeFacts(parts.sources, call, wanted, wallNow(parts, call), known);
  const decision = decideRoute(rules, facts, routeNames(snapshot, parts.sources));
  return { ...decision, reasons: [...unknownReasons(known), ...decision.reasons] };
}

/** What is known of a caller; undefined where no rule asks, or nobody has the number. */
export interface KnownOfCaller {
  readonly past: CallerPast | 'unknown' | undefined;
  readonly contact: CallerContact | 'unknown' | undefined;
}

/** Looks up what the rules ask of a caller, both at once. */
async function knownOf(
  parts: RouteParts,
  rules: readonly RoutingRule[],
  { from, id }: RoutedCall,
): Promise<KnownOfCaller> {
  const [past, contact] = await Promise.all([
    needsPast(rules) ? recallWithin(parts.history, parts, from, id) : undefined,
    askedContact(parts, rules, from, id),
  ]);
  return { past, contact };
}

/** What the rules ask of the contact who has a number; nobody is asked where they ask nothing, or the number is withheld. */
export async function askedContact(
  parts: Pick<RouteParts, 'clock' | 'log' | 'contacts'>,
  rules: readonly RoutingRule[],
  from: string,
  id?: CallId,
): Promise<KnownOfCaller['contact']> {
  const asked = contactQuestions(rules);
  if (asked === undefined || from === '') return undefined;
  return contactWithin(parts, id, () => parts.contacts.find(from, asked));
}

/** What could not be looked up, as reasons. */
const unknownReasons = ({ past, contact }: KnownOfCaller): readonly string[] => [
  ...(past === 'unknown' ? [routeReason('history-unknown', '')] : []),
  ...(contact === 'unknown' ? [routeReason('contact-unknown', '')] : []),
];

/** What rules can ask about a call at an instant. */
export function routeFacts(
  sources: RouteSources,
  call: Omit<RoutedCall, 'id' | 'fromName' | 'to'>,
  wanted: Wanted,
  at: number,
  { past, contact }: KnownOfCaller,
): RouteFacts {
  const region = sources.regionOf(call.from);
  const customerValue = numberOf(attributeOf(wanted.attributes, CUSTOMER_VALUE));
  return {
    at,
    ...wanted,
    from: call.from,
    language: call.language,
    openCalendars: sources.openCalendars(at),
    ...(call.didId === undefined ? {} : { did: call.didId }),
    ...(region === undefined ? {} : { region }),
    ...(past === undefined || past === 'unknown' ? {} : { past }),
    ...(customerValue === undefined ? {} : { customerValue }),
    ...(contact === undefined || contact === 'unknown' ? {} : { contact }),
  };
}

/** Names for the reasons of a decision. */
export const routeNames = (
  snapshot: DirectorySnapshot,
  sources: Pick<RouteSources, 'skillNames'>,
): RouteNames => ({
  queue: (id) => snapshot.queues.get(id)?.name,
  agent: (id) => snapshot.agents.get(id)?.name,
  skill: (id) => sources.skillNames().get(id),
});

async function byHook(
  parts: RouteParts,
  snapshot: DirectorySnapshot,
  call: RoutedCall,
  hook: HookConfig,
  decision: RouteDecision,
  signal: AbortSignal,
): Promise<RouteDecision> {
  const request: HookRequest = {
    callId: call.id,
    test: call.trial !== undefined,
    at: new Date(wallNow(parts, call)).toISOString(),
    from: call.from,
    fromName: call.fromName,
    to: call.to,
    language: call.language,
    queue: snapshot.queues.get(decision.queue)?.name ?? '',
    priority: decision.priority,
    vip: decision.isVip,
    attributes: decision.attributes,
  };
  const asked = parts.hook.ask(hook, request, signal);
  const limited = await withinLimit(parts.clock, hook.timeoutMs, asked);
  const outcome: HookOutcome =
    limited === 'late' ? { kind: 'timeout', ms: hook.timeoutMs } : limited;
  const ms = String(outcome.ms);
  const reasons = [...decision.reasons, routeReason(`hook-${outcome.kind}`, hook.name, ms)];
  const noted = { ...decision, reasons };
  return outcome.kind === 'answered'
    ? applyHookAnswer(noted, outcome.answer, hook.name, hookLookups(snapshot, parts.sources))
    : noted;
}

/** Finds what a hook names. Names are compared as they are, letter by letter. */
export const hookLookups = (
  snapshot: DirectorySnapshot,
  sources: Pick<RouteSources, 'skillNames'>,
): HookLookups => ({
  flow: (name) => [...snapshot.flows.values()].find((flow) => flow.name === name)?.id,
  queue: (name) => [...snapshot.queues.values()].find((queue) => queue.name === name)?.id,
  agent: (number) => [...snapshot.agents.values()].find((agent) => agent.number === number),
  skill: (name) => [...sources.skillNames()].find(([, skill]) => skill === name)?.[0],
});
