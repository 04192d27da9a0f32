import { RING_ALL_LIMIT } from '../../engines/acd/choose.js';
import type { SkillRequirement } from '../../engines/acd/requirement.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import type { MessageParams, PageContext } from '../../web/kit/index.js';
import { durationText } from '../configuration/index.js';
import { takenAfterMs } from '../skills/index.js';
import type { QueueOptions } from './queue-store.js';
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

const requirementOf = (asked: QueueSkill): SkillRequirement => ({
  ...asked,
  relax: asked.relax.map(({ afterS, minLevel }) => ({ afterMs: afterS * 1_000, minLevel })),
});

/** First each skill alone, because that says what to mend; then all together. */
function skillWarnings(
  page: Page,
  queue: StoredQueue,
  options: QueueOptions,
): readonly WarningView[] {
  const members = options.agents
    .filter((agent) => queue.members.includes(agent.id))
    .map((agent) => agent.levels);
  const required = queue.skills.filter((asked) => asked.isRequired);
  if (members.length === 0) return [];
  const nameOf = ({ skill }: QueueSkill): string =>
    options.skills.find((one) => one.id === skill)?.name ?? '';
  const warn = (key: string, params: MessageParams): WarningView => ({
    text: page.t(`queues.warning.${key}`, params),
    href: `/setup/skills?queue=${String(queue.id)}`,
    action: page.t('queues.warning.skill.levels'),
  });
  const alone = required.map((asked) => takenAfterMs([requirementOf(asked)], members));
  const together = takenAfterMs(required.map(requirementOf), members);
  const found = required.flatMap((asked, at): readonly WarningView[] => {
    const afterMs = alone[at];
    if (afterMs === 0) return [];
    const what = { skill: nameOf(asked), level: asked.minLevel };
    return afterMs === undefined
      ? [warn('skill-never', what)]
      : [warn('skill-later', { ...what, time: durationText(page, afterMs / 1_000) })];
  });
  const latest = Math.max(0, ...alone.map((afterMs) => afterMs ?? Number.POSITIVE_INFINITY));
  if ((together ?? Number.POSITIVE_INFINITY) <= latest) return found;
  const skills = required.map((asked) => `${nameOf(asked)} ${String(asked.minLevel)}`).join(', ');
  return [
    ...found,
    together === undefined
      ? warn('skills-never', { skills })
      : warn('skills-later', { skills, time: durationText(page, together / 1_000) }),
  ];
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
  return prompts
    .filter((prompt) => queue.announcements.includes(prompt.id))
    .flatMap((prompt) =>
      LANGUAGES.filter((language) => !prompt.languages.includes(language)).map((language) => ({
        text: t('queues.warning.language', {
          name: prompt.name,
          language: t(`language.${language}`),
        }),
        href: `/setup/prompts/${String(prompt.id)}`,
        action: t('queues.warning.language.add'),
      })),
    );
}
