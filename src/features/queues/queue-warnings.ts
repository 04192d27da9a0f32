import { RING_ALL_LIMIT } from '../../engines/acd/choose.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import type { PageContext } from '../../web/kit/index.js';
import { durationText } from '../configuration/index.js';
import type { MemberOption, QueueOptions } from './queue-store.js';
import type { QueueSkill, StoredQueue } from './queue.js';

type Page = Pick<PageContext, 't'>;

/** Something that is allowed but hardly meant. */
export interface WarningView {
  readonly text: string;
  readonly href?: string;
  readonly action?: string;
}

/** What is likely to surprise callers or agents of a queue; `signedIn` is undefined while nothing is known. */
export const queueWarnings = (
  page: Page,
  queue: StoredQueue,
  signedIn: number | undefined,
  options: QueueOptions,
): readonly WarningView[] => [
  ...memberWarnings(page, queue, signedIn),
  ...skillWarnings(page, queue, options),
  ...offerWarnings(page, queue),
  ...waitingWarnings(page, queue),
  ...languageWarnings(page, queue, options),
];

function memberWarnings(
  { t }: Page,
  queue: StoredQueue,
  signedIn: number | undefined,
): readonly WarningView[] {
  const waits = queue.leaveWhenEmpty ? '' : '-waits';
  if (queue.members.length === 0) return [{ text: t(`queues.warning.no-members${waits}`) }];
  return signedIn === 0 ? [{ text: t(`queues.warning.nobody-signed-in${waits}`) }] : [];
}

/**
 * From which wait on some member has enough of a skill, in seconds; undefined for never. Preferred skills keep nobody
 * from a call.
 */
export function relaxedAfterS(
  { skill, minLevel, relax, isRequired }: QueueSkill,
  members: readonly MemberOption[],
): number | undefined {
  const best = Math.max(0, ...members.map((member) => member.levels.get(skill) ?? 0));
  if (!isRequired || best >= minLevel) return 0;
  return relax.find((step) => best >= step.minLevel)?.afterS;
}

function skillWarnings(
  page: Page,
  queue: StoredQueue,
  options: QueueOptions,
): readonly WarningView[] {
  const members = options.agents.filter((agent) => queue.members.includes(agent.id));
  if (members.length === 0) return [];
  return queue.skills.flatMap((asked): readonly WarningView[] => {
    const afterS = relaxedAfterS(asked, members);
    if (afterS === 0) return [];
    const skill = options.skills.find((one) => one.id === asked.skill)?.name ?? '';
    const level = asked.minLevel;
    const text =
      afterS === undefined
        ? page.t('queues.warning.skill-never', { skill, level })
        : page.t('queues.warning.skill-later', {
            skill,
            level,
            time: durationText(page, afterS),
          });
    const action = page.t('queues.warning.skill.levels');
    return [{ text, href: `/setup/skills?queue=${String(queue.id)}`, action }];
  });
}

function offerWarnings({ t }: Page, queue: StoredQueue): readonly WarningView[] {
  const { weightLevel, weightIdle, weightLoad, weightResult } = queue;
  const texts: string[] = [];
  if (queue.strategy === 'weighted' && weightLevel + weightIdle + weightLoad + weightResult === 0)
    texts.push(t('queues.warning.no-weights'));
  if (queue.strategy === 'ring-all' && queue.autoAnswers)
    texts.push(t('queues.warning.ring-all-auto'));
  if (queue.strategy === 'ring-all' && queue.members.length > RING_ALL_LIMIT)
    texts.push(t('queues.warning.ring-all-many', { count: RING_ALL_LIMIT }));
  if (queue.clearAtClosing && queue.calendar === undefined)
    texts.push(t('queues.warning.no-calendar'));
  return texts.map((text) => ({ text }));
}

function waitingWarnings(page: Page, queue: StoredQueue): readonly WarningView[] {
  const { t } = page;
  const texts: string[] = [];
  if (!queue.leaveWhenEmpty && queue.maxWaitS === 0) texts.push(t('queues.warning.for-ever'));
  if (queue.tellWait && !queue.tellPlace) texts.push(t('queues.warning.wait-only'));
  if (queue.callbackOffered && queue.maxWaitS > 0 && queue.callbackAfterS >= queue.maxWaitS)
    texts.push(
      t('queues.warning.callback-late', {
        after: durationText(page, queue.callbackAfterS),
        wait: durationText(page, queue.maxWaitS),
      }),
    );
  return texts.map((text) => ({ text }));
}

function languageWarnings(
  { t }: Page,
  queue: StoredQueue,
  { prompts }: QueueOptions,
): readonly WarningView[] {
  const announcement = prompts.find((prompt) => prompt.id === queue.announcement);
  if (announcement === undefined) return [];
  return LANGUAGES.filter((language) => !announcement.languages.includes(language)).map(
    (language) => ({
      text: t('queues.warning.language', { language: t(`language.${language}`) }),
      href: `/setup/prompts/${String(announcement.id)}`,
      action: t('queues.warning.language.add'),
    }),
  );
}
