import { can } from '../../kernel/actor.js';
import type { CallEvent } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { CallId } from '../../kernel/ids.js';
import type { LiveView } from '../../telephony/live.js';
import {
  DIRECTION_LOOKS,
  formatPhone,
  RESULT_LOOKS,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { pathOf } from '../dispositions/index.js';
import type { Peaks, Recording, RecordingService } from '../recordings/index.js';
import { CALLS_ACCESS, CALLS_PATH, partiesOf } from './call-list-pages.js';
import type { CallDetail, LegLine } from './call.js';
import { callsTopic, liveState } from './calls-topic.js';
import type { CallsService, CallStory } from './calls-service.js';
import { causeKey, sipKey } from './causes.js';
import { drawLanes } from './lanes.js';
import { lanesView } from './lanes-view.js';
import { playerView } from './player-view.js';
import { endReasonText } from './reason-text.js';
import { whyNoRecording } from './recording-view.js';
import { tellStory } from './story.js';

interface CallParts {
  readonly service: CallsService;
  readonly recordings: RecordingService;
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
    tabs: TABS.map((name) => ({
      name,
      href: name === 'timeline' ? href : `${href}/${name}`,
      label: t(`calls.tab.${name}`),
      on: name === tab,
      count: { timeline: undefined, legs: legs.length, events: events.length }[name],
    })),
    tab,
    ...(await recordingData(page, parts, story)),
    wrapUps: wrapUpViews(page, story),
    callbacks: callbackViews(page, story),
    ...tabData(page, parts, story, tab),
  });
}

const wrapUpViews = (page: PageContext, { wrapUps, dispositions }: CallStory) =>
  wrapUps.map(({ dispositionId, ...line }) => ({
    ...line,
    path: dispositionId === undefined ? '' : pathOf(dispositions, dispositionId, page.language),
  }));

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
      return { legs: legs.map((leg) => legView(leg, call, page)) };
    case 'events':
      return { events: events.map((event) => eventView(event, call)) };
  }
}

function legView(leg: LegLine, call: CallDetail, { t }: PageContext) {
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
  { recordings: service }: CallParts,
  { call, events }: CallStory,
): Promise<object> {
  const recordings = await service.ofCall(call.id);
  const players = [];
  for (const recording of recordings) {
    const mayHear = await service.mayHear(page.actor, recording);
    const integrity =
      mayHear && recording.state === 'stored' && page.query['check'] === recording.id
        ? await service.check(page.actor, recording.id)
        : undefined;
    players.push({ ...playerView(recording, events, page), mayHear, integrity });
  }
  return {
    recordings: players,
    isWaiting: recordings.some((recording: Recording) => recording.state === 'waiting'),
    noRecording: recordings.length === 0 ? whyNoRecording(events, call.isOver, page.t) : undefined,
    heardBy: await service.heardBy(page.actor, recordings),
  };
}
