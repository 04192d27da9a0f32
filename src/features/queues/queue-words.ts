import { LANGUAGES } from '../../kernel/call-event.js';
import type { PageContext } from '../../web/kit/index.js';
import { durationText, targetViews, type TargetStore } from '../configuration/index.js';
import type { AnnouncementOption } from './queue-store.js';
import type { StoredQueue } from './queue.js';

/** What a queue does, as sentences for people. */
export async function queueWords(
  page: Pick<PageContext, 't'>,
  queue: StoredQueue,
  targets: TargetStore,
  announcements: readonly AnnouncementOption[],
): Promise<readonly string[]> {
  const { t } = page;
  const [place] = await targetViews(page, targets, [queue.overflow]);
  const announcement = announcements.find((prompt) => prompt.id === queue.announcement);
  const overflows = [
    ...(queue.leaveWhenEmpty ? [t('queues.words.when-empty')] : []),
    ...(queue.maxLength > 0 ? [t('queues.words.when-long', { count: queue.maxLength })] : []),
    ...(queue.maxWaitS > 0
      ? [t('queues.words.when-late', { time: durationText(page, queue.maxWaitS) })]
      : []),
  ];
  return [
    announcement === undefined
      ? t('queues.words.music')
      : t('queues.words.announcement', {
          name: announcement.name,
          time: durationText(page, queue.announceEveryS),
        }),
    t('queues.words.longest-idle', { time: durationText(page, queue.ringTimeoutS) }),
    ...(overflows.length === 0
      ? [t('queues.words.no-overflow')]
      : [
          t('queues.words.overflow', {
            when: overflows.join(t('queues.words.or')),
            target: place?.text ?? '',
          }),
        ]),
    t(queue.record ? 'queues.words.recorded' : 'queues.words.not-recorded'),
    t('queues.words.wrap-up', { seconds: queue.wrapUpS, time: durationText(page, queue.wrapUpS) }),
  ];
}

/** Something that is allowed but hardly meant. */
export interface WarningView {
  readonly text: string;
  readonly href?: string;
  readonly action?: string;
}

/** What is likely to surprise callers of a queue; `signedIn` is undefined while nothing is known. */
export function queueWarnings(
  page: Pick<PageContext, 't'>,
  queue: StoredQueue,
  signedIn: number | undefined,
  announcements: readonly AnnouncementOption[],
): readonly WarningView[] {
  const { t } = page;
  const warnings: WarningView[] = [];
  if (queue.members.length === 0)
    warnings.push({
      text: t(
        queue.leaveWhenEmpty ? 'queues.warning.no-members' : 'queues.warning.no-members-waits',
      ),
    });
  else if (signedIn === 0)
    warnings.push({
      text: t(
        queue.leaveWhenEmpty
          ? 'queues.warning.nobody-signed-in'
          : 'queues.warning.nobody-signed-in-waits',
      ),
    });
  if (!queue.leaveWhenEmpty && queue.maxWaitS === 0)
    warnings.push({ text: t('queues.warning.for-ever') });
  const announcement = announcements.find((prompt) => prompt.id === queue.announcement);
  for (const language of LANGUAGES)
    if (announcement && !announcement.languages.includes(language))
      warnings.push({
        text: t('queues.warning.language', { language: t(`language.${language}`) }),
        href: `/setup/prompts/${String(announcement.id)}`,
        action: t('queues.warning.language.add'),
      });
  return warnings;
}
