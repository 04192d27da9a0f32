import type { SkillId } from '../../kernel/ids.js';
import type { QueueConfig } from '../../telephony/directory.js';
import type { AskedSkill, LiveAgent, LiveQueue, LiveWaiting } from '../../telephony/live.js';
import {
  formatDuration,
  formatPhone,
  NO_VALUE,
  type LiveValue,
  type LiveViewer,
} from '../../web/kit/index.js';
import { decisionText } from '../calls/index.js';
import { takenAfterMs } from '../skills/index.js';
import { callPath, type BoardSources } from './board.js';
import { MAX_PRIORITY, PRIORITY_STEP } from './steering.js';

/** Width of the bar towards the service level, in pixels, and in how many steps it grows: few, so that little is sent. */
const BAR_WIDTH = 58;
const BAR_STEPS = 10;
/** From this part of the target on the bar warns. */
const WARNS_AT = 0.5;
/** Expected waits are shown in steps of this: more would only flicker. */
const EXPECTED_STEP_MS = 10_000;

interface LineParts {
  readonly queue: Pick<LiveQueue, 'id' | 'waiting' | 'waitingCount'>;
  readonly config: QueueConfig | undefined;
  readonly agents: readonly LiveAgent[];
  /** Instant of the picture. */
  readonly at: number;
  readonly sources: BoardSources;
}

/** Those in line, by their place. */
export function lineValues(parts: LineParts, viewer: LiveViewer): Record<string, LiveValue> {
  const { waiting, waitingCount } = parts.queue;
  const values: Record<string, LiveValue> = {
    line: waiting.map(({ callId }) => callId).join(' '),
    'line.none': waiting.length === 0,
    'line.some': waiting.length > 0,
    'line.more':
      waitingCount > waiting.length
        ? viewer.t('live-queues.line-more', { count: waitingCount - waiting.length })
        : '',
  };
  const known: KnownOfLine = {
    names: new Map(parts.agents.map((agent) => [agent.id, agent.name])),
    isTakenBy: takers(parts),
  };
  for (const one of waiting) Object.assign(values, rowValues(one, parts, known, viewer));
  return values;
}

/** What is found out once for all rows. */
interface KnownOfLine {
  readonly names: ReadonlyMap<number, string>;
  /** Whether some agent of the queue has these skills, signed in or not. */
  readonly isTakenBy: (asked: readonly AskedSkill[]) => boolean;
}

/** Most in line ask for the same: who has it is looked up once for all of them. */
function takers({ queue, agents, sources }: LineParts): KnownOfLine['isTakenBy'] {
  const { current } = sources.directory;
  const levels = agents
    .filter((agent) => agent.queues.includes(queue.id))
    .map((agent) => current.agents.get(agent.id)?.skills ?? new Map<SkillId, number>());
  const found = new Map<string, boolean>();
  return (asked) => {
    const key = asked.map(({ skill, minLevel }) => `${String(skill)} ${String(minLevel)}`).join();
    const before = found.get(key);
    if (before !== undefined) return before;
    const lasting = asked.map((one) => ({ ...one, relax: [] }));
    const isTaken = takenAfterMs(lasting, levels) !== undefined;
    found.set(key, isTaken);
    return isTaken;
  };
}

function rowValues(
  one: LiveWaiting,
  parts: LineParts,
  { names, isTakenBy }: KnownOfLine,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const key = `call:${one.callId}`;
  const { t } = viewer;
  const number = formatPhone(one.from, viewer);
  const who = one.name !== '' ? one.name : one.from === '' ? t('live-queues.anonymous') : number;
  const next = nextStep(one, names, viewer);
  return {
    [`${key}.place`]: one.place,
    [`${key}.who`]: who,
    [`${key}.number`]: one.name === '' ? '' : number,
    // A promise is no call before it is made.
    [`${key}.href`]: one.followUpId === undefined ? `/calls/${one.callId}` : null,
    [`${key}.why`]: `${callPath(parts.queue.id, one.callId)}/why`,
    [`${key}.menu`]: t('live-queues.actions-for', { name: who }),
    [`${key}.isCallback`]: one.callbackId !== undefined,
    [`${key}.isPromise`]: one.followUpId !== undefined,
    [`${key}.canEnd`]: one.callbackId === undefined && one.followUpId === undefined,
    [`${key}.offered`]: one.offeredTo.length > 0,
    [`${key}.since`]: one.since,
    ...bar(key, one, parts),
    [`${key}.expected`]:
      one.expectedMs === undefined ? '' : t('live-queues.about', { time: roughly(one.expectedMs) }),
    [`${key}.priority`]: one.priority,
    [`${key}.priorityText`]:
      one.priority === 0 ? '' : t('live-queues.priority-tag', { priority: one.priority }),
    [`${key}.priorityWhy`]: priorityWhy(one, parts.sources, viewer),
    [`${key}.raised`]: Math.min(MAX_PRIORITY, one.priority + PRIORITY_STEP),
    [`${key}.skills`]: skillsText(one, parts.sources, viewer),
    // Once nothing more relaxes, it stays so until levels or members change.
    [`${key}.isHopeless`]: one.relaxesAt === undefined && !isTakenBy(one.skills),
    [`${key}.relaxes`]: one.relaxesAt !== undefined,
    [`${key}.relaxesAt`]: one.relaxesAt ?? null,
    [`${key}.next`]: next.text,
    [`${key}.nextAt`]: next.at ?? null,
    [`${key}.hasNextAt`]: next.at !== undefined,
    // Whom the call is with or waits for: pages see by it that an offer was taken up.
    [`${key}.with`]: [...one.offeredTo, ...(one.waitsFor ? [one.waitsFor.agent] : [])].join(' '),
  };
}

export const roughly = (ms: number): string =>
  formatDuration(Math.round(ms / EXPECTED_STEP_MS) * EXPECTED_STEP_MS);

function bar(key: string, one: LiveWaiting, { config, at }: LineParts): Record<string, LiveValue> {
  const target = config?.serviceLevelMs ?? 0;
  const share = target === 0 ? 1 : Math.min(1, Math.max(0, (at - one.since) / target));
  const tone = share >= 1 ? 'bad' : share >= WARNS_AT ? 'w' : 'b';
  const steps = Math.floor(share * BAR_STEPS) / BAR_STEPS;
  return { [`${key}.bar`]: Math.round(steps * BAR_WIDTH), [`${key}.tone`]: tone };
}

/** `Billing 50 · French 20 preferred`. */
function skillsText(
  { skills }: LiveWaiting,
  { directory }: BoardSources,
  { t }: LiveViewer,
): string {
  const texts = skills.map(({ skill, minLevel, isRequired }) => {
    const text = `${directory.current.skills.get(skill)?.name ?? String(skill)} ${String(minLevel)}`;
    return isRequired ? text : t('live-queues.skill-preferred', { skill: text });
  });
  return texts.length === 0 ? NO_VALUE : texts.join(' · ');
}

function priorityWhy(one: LiveWaiting, sources: BoardSources, { t }: LiveViewer): string {
  if (one.priority === 0) return '';
  const origin = sources.priorityOrigin(one.callId, one.priority);
  if (origin?.setBy !== undefined) return t('live-queues.set-by', { name: origin.setBy });
  return (origin?.reasons ?? [])
    .filter((reason) => /^rule-(priority|vip):|^hook-/.test(reason))
    .map((reason) => decisionText(t, reason))
    .join(' · ');
}

interface NextStep {
  readonly text: string;
  readonly at?: number;
}

/** What happens with this call next, as far as it is known. */
function nextStep(
  one: LiveWaiting,
  names: ReadonlyMap<number, string>,
  { t }: LiveViewer,
): NextStep {
  const nameOf = (agent: number): string => names.get(agent) ?? t('live-queues.an-agent');
  if (one.offeredTo.length > 0)
    return { text: t('live-queues.rings', { names: one.offeredTo.map(nameOf).join(', ') }) };
  if (one.notBefore !== undefined) return { text: t('live-queues.not-before'), at: one.notBefore };
  if (one.waitsFor)
    return {
      text: t('live-queues.waits-for', { name: nameOf(one.waitsFor.agent) }),
      at: one.waitsFor.until,
    };
  if (one.followUpId !== undefined) return { text: t('live-queues.keeps-promise') };
  if (one.callbackId !== undefined) return { text: t('live-queues.calls-back') };
  if (one.overflowsAt !== undefined)
    return { text: t('live-queues.overflows'), at: one.overflowsAt };
  return { text: '' };
}
