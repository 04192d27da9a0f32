import type { PageContext } from '../../web/kit/index.js';
import { durationText, targetViews, type TargetStore } from '../configuration/index.js';
import type { QueueOptions } from './queue-store.js';
import { OVERFLOW_FIELDS, type OverflowField, type QueueSkill, type StoredQueue } from './queue.js';

type Page = Pick<PageContext, 't'>;

const nameIn = (list: readonly { readonly id: number; readonly name: string }[], id?: number) =>
  list.find((one) => one.id === id)?.name ?? '';

/** What a queue does, as sentences for people. */
export async function queueWords(
  page: Page,
  queue: StoredQueue,
  targets: TargetStore,
  options: QueueOptions,
): Promise<readonly string[]> {
  const places = await overflowTexts(page, queue, targets);
  return [
    ...waitingWords(page, queue, options),
    ...queue.skills.flatMap((skill) =>
      skillWords(page, skill, nameIn(options.skills, skill.skill)),
    ),
    ...offerWords(page, queue, options),
    ...limitWords(page, queue, options, places),
    page.t(`queues.words.recording.${queue.recording}`),
    ...(queue.script === undefined
      ? []
      : [page.t('queues.words.script', { name: nameIn(options.scripts, queue.script) })]),
    ...afterWords(page, queue),
    ...surveyWords(page, queue, options),
    ...serviceWords(page, queue),
  ];
}

/** What callers hear. */
function waitingWords(page: Page, queue: StoredQueue, options: QueueOptions): readonly string[] {
  const { t } = page;
  const names = queue.announcements.map((one) => nameIn(options.prompts, one));
  const told = [
    ...(queue.tellPlace ? [t('queues.words.place')] : []),
    ...(queue.tellWait ? [t('queues.words.wait')] : []),
  ];
  return [
    names.length === 0
      ? queue.music === undefined
        ? t('queues.words.music')
        : t('queues.words.own-music', { name: nameIn(options.music, queue.music) })
      : t(names.length === 1 ? 'queues.words.announcement' : 'queues.words.announcements', {
          name: names[0] ?? '',
          names: t('queues.words.names', { names: names.join(t('queues.words.between-names')) }),
          time: durationText(page, queue.announceEveryS),
        }),
    ...(told.length === 0
      ? []
      : [
          t('queues.words.told', {
            what: told.join(t('queues.words.and')),
            time: durationText(page, queue.tellEveryS),
          }),
        ]),
    ...(queue.callbackOffered
      ? [
          t('queues.words.callback', {
            after: durationText(page, queue.callbackAfterS),
            attempts: queue.callbackAttempts,
            retry: durationText(page, queue.callbackRetryS),
          }),
          t('queues.words.callback-age', { hours: queue.callbackMaxAgeH }),
        ]
      : []),
  ];
}

function skillWords(page: Page, asked: QueueSkill, skill: string): readonly string[] {
  const { t } = page;
  return [
    t(asked.isRequired ? 'queues.words.required' : 'queues.words.preferred', {
      skill,
      level: asked.minLevel,
    }),
    ...asked.relax.map((step) =>
      t('queues.words.relax', {
        skill,
        time: durationText(page, step.afterS),
        level: step.minLevel,
      }),
    ),
  ];
}

/** Who is rung, and how. */
function offerWords(page: Page, queue: StoredQueue, options: QueueOptions): readonly string[] {
  const { t } = page;
  const whisper = nameIn(options.prompts, queue.whisper);
  return [
    t(`queues.words.${queue.strategy}`, { time: durationText(page, queue.ringTimeoutS) }),
    ...(queue.stickyS > 0
      ? [
          t('queues.words.sticky', {
            time: durationText(page, queue.stickyS),
            days: queue.stickyDays,
          }),
        ]
      : []),
    ...(queue.rejectMemoryS > 0
      ? [t('queues.words.reject-memory', { time: durationText(page, queue.rejectMemoryS) })]
      : []),
    ...(queue.missesUntilNotReady > 0
      ? [t('queues.words.misses', { count: queue.missesUntilNotReady })]
      : []),
    ...(queue.autoAnswers ? [t('queues.words.auto-answers')] : []),
    ...(queue.whisper === undefined ? [] : [t('queues.words.whisper', { name: whisper })]),
    ...(queue.maxTalking > 0 ? [t('queues.words.max-talking', { count: queue.maxTalking })] : []),
    ...(queue.weight > 0 ? [t('queues.words.weight', { count: queue.weight })] : []),
  ];
}

/** When callers are sent on, and where: one sentence for each target. */
function limitWords(
  page: Page,
  queue: StoredQueue,
  options: QueueOptions,
  places: ReadonlyMap<OverflowField, string>,
): readonly string[] {
  const { t } = page;
  const reasons: readonly (readonly [OverflowField, string])[] = [
    ...(queue.leaveWhenEmpty ? [['overflowEmpty', t('queues.words.when-empty')] as const] : []),
    ...(queue.maxLength > 0
      ? [['overflowFull', t('queues.words.when-long', { count: queue.maxLength })] as const]
      : []),
    ...(queue.maxPerAgent > 0
      ? [['overflowFull', t('queues.words.when-many', { count: queue.maxPerAgent })] as const]
      : []),
    ...(queue.maxWaitS > 0
      ? [
          [
            'overflowLate',
            t('queues.words.when-late', { time: durationText(page, queue.maxWaitS) }),
          ] as const,
        ]
      : []),
  ];
  const targetOf = (field: OverflowField): string =>
    places.get(field) ?? places.get('overflow') ?? '';
  const whens = new Map<string, string[]>();
  for (const [field, when] of reasons)
    whens.set(targetOf(field), [...(whens.get(targetOf(field)) ?? []), when]);
  const calendar = nameIn(options.calendars, queue.calendar);
  return [
    ...(whens.size === 0 ? [t('queues.words.no-overflow')] : []),
    ...[...whens].map(([target, all]) =>
      t('queues.words.overflow', { when: all.join(t('queues.words.or')), target }),
    ),
    ...(queue.calendar === undefined
      ? []
      : [
          t(queue.clearAtClosing ? 'queues.words.closed-all' : 'queues.words.closed-new', {
            calendar,
            target: targetOf('overflowClosed'),
          }),
        ]),
  ];
}

/** The queue's targets as texts, by field; those that are not set are left out. */
async function overflowTexts(
  page: Page,
  queue: StoredQueue,
  targets: TargetStore,
): Promise<ReadonlyMap<OverflowField, string>> {
  const set = OVERFLOW_FIELDS.flatMap((field) => {
    const target = queue[field];
    return target === undefined ? [] : [{ field, target }];
  });
  const views = await targetViews(
    page,
    targets,
    set.map(({ target }) => target),
  );
  return new Map(set.map(({ field }, at) => [field, views[at]?.text ?? '']));
}

/** What callers are asked afterwards. */
function surveyWords({ t }: Page, queue: StoredQueue, options: QueueOptions): readonly string[] {
  if (queue.survey === undefined) return [];
  const name = nameIn(options.surveys, queue.survey);
  return [
    t('queues.words.survey', { name, share: queue.surveyShare }),
    ...(queue.surveyDays > 0 ? [t('queues.words.survey-days', { days: queue.surveyDays })] : []),
  ];
}

/** What reports count as in time, and what they leave out. */
const serviceWords = (page: Page, queue: StoredQueue): readonly string[] => [
  page.t('queues.words.service-level', { time: durationText(page, queue.serviceLevelS) }),
  ...(queue.shortAbandonS === 0
    ? []
    : [page.t('queues.words.short-abandon', { time: durationText(page, queue.shortAbandonS) })]),
];

/** What agents do after a call. */
function afterWords(page: Page, queue: StoredQueue): readonly string[] {
  const { t } = page;
  return [
    queue.wrapUpUntilDone
      ? t('queues.words.wrap-up-until-done')
      : t('queues.words.wrap-up', {
          seconds: queue.wrapUpS,
          time: durationText(page, queue.wrapUpS),
        }),
    ...(queue.wrapUpExtensions > 0 && !queue.wrapUpUntilDone
      ? [
          t('queues.words.extensions', {
            count: queue.wrapUpExtensions,
            time: durationText(page, queue.wrapUpExtendS),
          }),
        ]
      : []),
    ...(queue.codeNeeded ? [t('queues.words.code-needed')] : []),
  ];
}
