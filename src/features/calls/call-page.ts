import { can } from '../../kernel/actor.js';
import { foldTalks } from '../../engines/reporting/fold-talks.js';
import type { CallEvent } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { CallId } from '../../kernel/ids.js';
import type { LiveView } from '../../telephony/live.js';
import {
  DIRECTION_LOOKS,
  formatDuration,
  formatPhone,
  RESULT_LOOKS,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { pathOf } from '../dispositions/index.js';
import type {
  Peaks,
  Recording,
  RecordingCareService,
  RecordingService,
} from '../recordings/index.js';
import { CALLS_ACCESS, CALLS_PATH, partiesOf } from './call-list-pages.js';
import type { CallDetail, LegLine } from './call.js';
import { callsTopic, liveState } from './calls-topic.js';
import type { CallsService, CallStory } from './calls-service.js';
import { causeKey, sipKey } from './causes.js';
import { drawLanes } from './lanes.js';
import { lanesView } from './lanes-view.js';
import { playerView } from './player-view.js';
import { endReasonText } from './reason-text.js';
import { playerGaps, whyNoRecording, whyRecorded, type Gap } from './recording-view.js';
import { tellStory } from './story.js';
import { soundView } from './sound-view.js';
import { surveyViews } from './survey-view.js';

interface CallParts {
  readonly service: CallsService;
  readonly recordings: RecordingService;
  readonly care: RecordingCareService;
  readonly live: LiveView;
  readonly clock: Clock;
}

const TABS = ['timeline', 'legs', 'events'] as const;
type Tab = (typeof TABS)[number];

/** Adds the page of one call with its tabs, the points of its waveform, and ending it. */
export function addCallPage(pages: PageRoutes, parts: CallParts): void {
  const path = `${CALLS_PATH}/:id`;
  pages.get(path, CALLS_ACCESS, (page) => showCall(page, parts, 'timeline'));
  pages.get(`${path}/legs`, CALLS_ACCESS, (page) => showCall(page, parts, 'legs'));
  pages.get(`${path}/events`, CALLS_ACCESS, (page) => showCall(page, parts, 'events'));
  pages.get(`${path}/peaks`, CALLS_ACCESS, (page) => sendPeaks(page, parts));
  pages.post(`${path}/end`, 'calls.end', async (page) => {
    const id = page.param('id');
    const answer = await parts.service.end(page.actor, id);
    if (!answer.ok && answer.code !== 'no-call')
      throw new AppError(
        answer.code === 'pbx-offline' ? 'pbx-unavailable' : 'calls-unavailable',
        answer.code,
      );
    await page.redirect(`${CALLS_PATH}/${id}`, {
      message: answer.ok ? 'calls.ended' : 'calls.ended-already',
    });
  });
}

/** Points of every recording of a call that the person may hear, by recording. */
async function sendPeaks(page: PageContext, { service, recordings }: CallParts): Promise<void> {
  const { call } = await service.story(page.actor, page.param('id'));
  const peaks: Record<string, Peaks> = {};
  for (const recording of await recordings.ofCall(call.id))
    if (recording.state === 'stored' && (await recordings.mayHear(page.actor, recording)))
      peaks[recording.id] = await recordings.peaks(page.actor, recording.id);
  page.res.set('Cache-Control', 'private, no-store').json(peaks);
}

async function showCall(page: PageContext, parts: CallParts, tab: Tab): Promise<void> {
  // The raw events have numbers as they are.
  if (tab === 'events' && page.masksNumbers)
    throw new AppError('not-allowed', 'numbers.read is needed');
  const story = await parts.service.story(page.actor, page.param('id'));
  const { call, legs, events } = story;
  const { t } = page;
  const live = liveState(parts.live.current, call.id, page);
  const parties = partiesOf(call);
  const href = `${CALLS_PATH}/${call.id}`;
  page.render('calls/call', {
    title: parties.name === '' ? formatPhone(parties.number, page) : parties.name,
    crumbs: [{ label: t('calls.title'), href: CALLS_PATH }],
    styles: ['calls'],
    scripts: ['player', 'call'],
    topic: callsTopic.name,
    values: callsTopic.values(parts.live.current, page),
    call,
    live,
    href,
    direction: DIRECTION_LOOKS[call.direction],
    result: call.result === undefined ? undefined : RESULT_LOOKS[call.result],
    reasonText: endReasonText(t, call.reason),
    causeText: call.cause === undefined ? '' : t(causeKey(call.cause), { cause: call.cause }),
    mayEnd: !call.isOver && live !== undefined && can(page.actor, 'calls.end'),
    tabs: TABS.filter((name) => name !== 'events' || !page.masksNumbers).map((name) => ({
      name,
      href: name === 'timeline' ? href : `${href}/${name}`,
      label: t(`calls.tab.${name}`),
      on: name === tab,
      count: { timeline: undefined, legs: legs.length, events: events.length }[name],
    })),
    tab,
    ...(await recordingData(page, parts, story)),
    wrapUps: wrapUpViews(page, story),
    talks: talkViews(page, story),
    callbacks: callbackViews(page, story),
    surveys: surveyViews(events, t),
    surveysHref: can(page.actor, 'calls.read') ? '/quality/surveys' : undefined,
    ...tabData(page, parts, story, tab),
  });
}

const wrapUpViews = (page: PageContext, { wrapUps, dispositions }: CallStory) =>
  wrapUps.map(({ dispositionId, ...line }) => ({
    ...line,
    path: dispositionId === undefined ? '' : pathOf(dispositions, dispositionId, page.language),
  }));

/** Who had the call, where it was more than one. */
function talkViews(page: PageContext, { events, legs }: CallStory) {
  const names = new Map(legs.map(({ id, name, number }) => [id, name === '' ? number : name]));
  const talks = foldTalks(events).talks.filter(({ kind }) => kind === 'talk');
  return talks.length < 2
    ? []
    : talks.map(({ leg, talkMs, ending }) => ({
        who: names.get(leg) ?? '',
        talkMs,
        ending: ending === 'over' ? '' : page.t(`calls.talk.${ending}`),
      }));
}

/** Its own line is no link, nor are calls that the reader may not open. */
function callbackViews(page: PageContext, { call, callbacks }: CallStory) {
  const hrefOf = (id: CallId): string | undefined =>
    id !== call.id && can(page.actor, 'calls.read') ? `${CALLS_PATH}/${id}` : undefined;
  return callbacks.map(({ tries, callId, ...file }) => ({
    ...file,
    stateText: page.t(`callbacks.state.${file.state}`),
    isAskedHere: callId === call.id,
    href: hrefOf(callId),
    tries: tries.map((one) => ({
      ...one,
      isHere: one.callId === call.id,
      href: hrefOf(one.callId),
      result: one.result === undefined ? undefined : RESULT_LOOKS[one.result],
    })),
  }));
}

function tabData(page: PageContext, { clock }: CallParts, story: CallStory, tab: Tab): object {
  const { call, legs, events } = story;
  switch (tab) {
    case 'timeline': {
      const lengthMs = (call.endedAt?.getTime() ?? clock.now()) - call.startedAt.getTime();
      return {
        drawing: lanesView(drawLanes(events, lengthMs), lengthMs, page.t),
        story: tellStory(
          events,
          page,
          new Map(story.callbacks.map((one) => [one.queueId, one.queueName])),
        ),
      };
    }
    case 'legs':
      return { legs: legs.map((leg) => legView(leg, call, page, events)) };
    case 'events':
      return { events: events.map((event) => eventView(event, call)) };
  }
}

function legView(leg: LegLine, call: CallDetail, page: PageContext, events: readonly CallEvent[]) {
  const { t } = page;
  const { cause, techCause, startedAt, answeredAt, endedAt } = leg;
  return {
    ...leg,
    roleText: t(`calls.role.${leg.role}`),
    offsetMs: Math.max(0, startedAt.getTime() - call.startedAt.getTime()),
    rangMs: (answeredAt ?? endedAt ?? startedAt).getTime() - startedAt.getTime(),
    connectedMs:
      answeredAt === undefined || endedAt === undefined
        ? undefined
        : endedAt.getTime() - answeredAt.getTime(),
    ...soundView(leg, page, events),
    causeText: cause === undefined ? '' : t(causeKey(cause), { cause }),
    sipText:
      techCause === undefined || techCause === 0 ? '' : t(sipKey(techCause), { status: techCause }),
  };
}

/** A line of the ledger as it is, for those who look for a fault. */
function eventView(event: CallEvent, call: CallDetail) {
  const { id, callId, seq, at, kind, ...body } = event;
  return {
    id,
    callId,
    seq,
    at,
    kind,
    offsetMs: Math.max(0, at - call.startedAt.getTime()),
    // On one line, with room to break it.
    body: JSON.stringify(body, undefined, 1).replace(/\n\s*/g, ' '),
  };
}

async function recordingData(
  page: PageContext,
  { recordings: service, care, clock }: CallParts,
  { call, events }: CallStory,
): Promise<object> {
  const recordings = await service.ofCall(call.id);
  const { remarks, holds } = await care.careOf(
    page.actor,
    recordings.map(({ id }) => id),
  );
  const players = [];
  const gaps = playerGaps(events, call.endedAt?.getTime() ?? clock.now());
  for (const recording of recordings) {
    const mayHear = await service.mayHear(page.actor, recording);
    const integrity =
      mayHear && recording.state === 'stored' && page.query['check'] === recording.id
        ? await service.check(page.actor, recording.id)
        : undefined;
    const view = playerView(recording, events, page);
    players.push({
      ...view,
      gaps: gaps.before(view.offsetMs).map(gapView(page)),
      ...{ mayHear, integrity, hold: holds.get(recording.id) },
      remarks: remarks
        .filter(({ recordingId }) => recordingId === recording.id)
        .map((remark) => ({
          ...remark,
          // The page counts from the beginning of the call.
          seekMs: view.offsetMs + remark.atMs,
          mayRemove: remark.userId === page.actor.userId || can(page.actor, 'audit.read'),
        })),
      mayCare: can(page.actor, 'recordings.hear') && recording.state === 'stored',
    });
  }
  return {
    recordings: players,
    gapsAfter: gaps.rest().map(gapView(page)),
    recordingWhy: whyRecorded(events, page.t),
    isWaiting: recordings.some((recording: Recording) => recording.state === 'waiting'),
    noRecording: recordings.every(({ kind }) => kind === 'comment')
      ? whyNoRecording(events, call.isOver, page.t)
      : undefined,
    heardBy: await service.heardBy(page.actor, recordings),
  };
}

const gapView =
  (page: PageContext) =>
  ({ fromMs, ms }: Gap) =>
    page.t('calls.recording.gap', { at: formatDuration(fromMs), time: formatDuration(ms) });
