import { z } from 'zod';
import { RECORDING_NOTICES, RECORDING_RULES } from '../../engines/recording/policy.js';
import { STRATEGIES } from '../../engines/acd/acd-events.js';
import {
  choiceField,
  flagField,
  idsField,
  integerField,
  optionalIdField,
  problem,
  secondsField,
  textField,
} from '../../kernel/fields.js';
import type {
  AgentId,
  CalendarId,
  MusicId,
  PromptId,
  ScriptId,
  SurveyId,
} from '../../kernel/ids.js';
import {
  optionalTargetField,
  phoneField,
  targetField,
  targetText,
} from '../configuration/index.js';
import {
  announcementRowsField,
  announcementRowsOf,
  announcementValues,
} from './announcement-rows.js';
import { inTypedOrder, placesField, placesOf, placeValues } from './member-order.js';
import { skillRowsField, skillRowsOf, skillValues, type FlatValues } from './skill-rows.js';
import {
  NEW_QUEUE,
  OVERFLOW_FIELDS,
  QUEUE_LIMITS,
  SHORTEST_MAX_WAIT_S,
  type QueueDraft,
} from './queue.js';

type Limited = Exclude<keyof typeof QUEUE_LIMITS, 'points'>;
const seconds = (name: Limited) => secondsField(QUEUE_LIMITS[name].min, QUEUE_LIMITS[name].max);
const count = (name: Limited) => integerField(QUEUE_LIMITS[name].min, QUEUE_LIMITS[name].max);
const points = () => integerField(QUEUE_LIMITS.points.min, QUEUE_LIMITS.points.max);

/** Who is first of those who fit; the preview tries these unsaved. */
export const distributionFields = {
  strategy: choiceField(STRATEGIES),
  weightLevel: points(),
  weightIdle: points(),
  weightLoad: points(),
  weightResult: points(),
};

const fields = (country: string) =>
  z.object({
    name: textField({ max: 80 }),
    ...distributionFields,
    ringTimeoutS: seconds('ringTimeoutS'),
    rejectMemoryS: seconds('rejectMemoryS'),
    missesUntilNotReady: count('missesUntilNotReady'),
    autoAnswers: flagField(),
    whisper: optionalIdField<PromptId>(),
    stickyS: seconds('stickyS'),
    stickyDays: count('stickyDays'),
    weight: count('weight'),
    maxTalking: count('maxTalking'),
    skills: skillRowsField(),
    music: optionalIdField<MusicId>(),
    announcements: announcementRowsField(),
    announceEveryS: seconds('announceEveryS'),
    tellPlace: flagField(),
    tellWait: flagField(),
    tellEveryS: seconds('tellEveryS'),
    callbackOffered: flagField(),
    callbackAfterS: seconds('callbackAfterS'),
    callbackAttempts: count('callbackAttempts'),
    callbackRetryS: seconds('callbackRetryS'),
    callbackMaxAgeH: count('callbackMaxAgeH'),
    maxWaitS: seconds('maxWaitS').superRefine((wait, context) => {
      if (wait > 0 && wait < SHORTEST_MAX_WAIT_S)
        context.addIssue(problem('queues.problem.max-wait', { min: SHORTEST_MAX_WAIT_S }));
    }),
    maxLength: count('maxLength'),
    maxPerAgent: count('maxPerAgent'),
    leaveWhenEmpty: flagField(),
    calendar: optionalIdField<CalendarId>(),
    clearAtClosing: flagField(),
    overflow: targetField(),
    overflowClosed: optionalTargetField(),
    overflowEmpty: optionalTargetField(),
    overflowFull: optionalTargetField(),
    overflowLate: optionalTargetField(),
    wrapUpS: seconds('wrapUpS'),
    wrapUpUntilDone: flagField(),
    wrapUpExtensions: count('wrapUpExtensions'),
    wrapUpExtendS: seconds('wrapUpExtendS'),
    codeNeeded: flagField(),
    survey: optionalIdField<SurveyId>(),
    surveyShare: count('surveyShare'),
    surveyDays: count('surveyDays'),
    script: optionalIdField<ScriptId>(),
    recording: choiceField(RECORDING_RULES),
    recordingNotice: choiceField(RECORDING_NOTICES),
    callerId: phoneField(country, { optional: true }),
    serviceLevelS: seconds('serviceLevelS'),
    shortAbandonS: seconds('shortAbandonS'),
    members: idsField<AgentId>(),
    place: placesField(),
  });

/** Fields that may be left out: they are as in a new queue. A switch that is not sent is off. */
const USUAL = Object.fromEntries(
  Object.entries(NEW_QUEUE).filter(([, value]) => typeof value !== 'boolean'),
);

/**
 * The form. Skills come as rows (`skills.0.skill` ...), the places of members as `place.<agent>`; both are named so in
 * problems. Rules that contradict each other are refused beside one of the fields.
 */
export const queueSchema = (country: string) =>
  z.preprocess(
    (body) => {
      const flat = body as FlatValues;
      return {
        ...USUAL,
        ...flat,
        announcements: announcementRowsOf(flat),
        skills: skillRowsOf(flat),
        place: placesOf(flat),
      };
    },
    fields(country)
      .superRefine((draft, context) => {
        const hasWrapUp = draft.wrapUpUntilDone || draft.wrapUpS > 0;
        if (draft.codeNeeded && !hasWrapUp)
          context.addIssue({ ...problem('queues.problem.code-needed'), path: ['codeNeeded'] });
        if (draft.wrapUpExtensions > 0 && !hasWrapUp)
          context.addIssue({ ...problem('queues.problem.extensions'), path: ['wrapUpExtensions'] });
      })
      .transform(({ place, members, ...draft }): QueueDraft => ({
        ...draft,
        members: inTypedOrder(members, place),
      })),
  );

/** A queue as the form shows and sends it. */
export const queueValues = ({
  skills,
  announcements,
  ...queue
}: Omit<QueueDraft, 'overflow'> & Partial<Pick<QueueDraft, 'overflow'>>): FlatValues => ({
  ...queue,
  ...Object.fromEntries(
    OVERFLOW_FIELDS.flatMap((field) => {
      const target = queue[field];
      return target === undefined ? [] : [[field, targetText(target)] as const];
    }),
  ),
  ...announcementValues(announcements),
  ...skillValues(skills),
  ...placeValues(queue.members),
});
