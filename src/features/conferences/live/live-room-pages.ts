import { can } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import type { CallId, ConferenceId } from '../../../kernel/ids.js';
import type { Directory } from '../../../telephony/directory.js';
import type { DeskAnswer, LiveView } from '../../../telephony/live.js';
import {
  field,
  formatWhen,
  idsIn,
  wantsJson,
  type PageContext,
  type PageRoutes,
} from '../../../web/kit/index.js';
import { MEMBER_ACTIONS, ROOM_ACTIONS, type LiveRoomService } from './live-room-service.js';
import {
  memberName,
  ROOMS_TOPIC,
  roomListValues,
  roomPath,
  roomTopicName,
  roomValues,
} from './room-values.js';

const PATH = '/live/conferences';
const READ = 'live.read';

export interface LiveRoomPageParts {
  readonly service: LiveRoomService;
  readonly live: Pick<LiveView, 'current'>;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
}

/** What was refused, and what was typed. */
interface Problem {
  readonly text: string;
  readonly number?: string;
}

/** The rooms in which somebody is, one of them, and what supervisors do there. */
export function addLiveRoomPages(pages: PageRoutes, parts: LiveRoomPageParts): PageRoutes {
  const { service } = parts;
  pages.get(PATH, READ, (page) => {
    const values = roomListValues(parts.live.current, parts.directory, page);
    page.render('live-conferences/list', {
      title: page.t('rooms.title'),
      styles: ['live'],
      topic: ROOMS_TOPIC,
      values,
      madeAt: formatWhen(parts.clock.now(), 'seconds', page),
      roomIds: idsIn(values['rooms']),
    });
  });
  pages.get(`${PATH}/:id`, READ, (page) => {
    showRoom(page, parts);
  });
  for (const action of ROOM_ACTIONS)
    pages.post(`${PATH}/:id/${action}`, READ, async (page) => {
      const id = page.id<ConferenceId>();
      const given = await service.change(page.actor, id, action);
      await answer(page, parts, given, `rooms.done.${action}`);
    });
  for (const action of MEMBER_ACTIONS)
    pages.post(`${PATH}/:id/members/:call/${action}`, READ, async (page) => {
      const id = page.id<ConferenceId>();
      const call = page.param('call') as CallId;
      const who = whoIs(page, parts, id, call);
      const given = await service.changeMember(page.actor, id, call, action);
      await answer(page, parts, given, `rooms.done.${action}-member`, { who });
    });
  pages.post(`${PATH}/:id/invite`, READ, async (page) => {
    const number = field(page, 'number');
    const given = await service.invite(page.actor, page.id<ConferenceId>(), number);
    await answer(page, parts, given, 'rooms.done.invite', { who: number }, number);
  });
  return pages;
}

const whoIs = (
  page: PageContext,
  { live }: LiveRoomPageParts,
  id: ConferenceId,
  call: CallId,
): string => {
  const room = live.current?.rooms?.find((one) => one.id === id);
  const member = room?.members.find((one) => one.call === call);
  return member === undefined ? page.t('rooms.somebody') : memberName(member, page);
};

/** Scripts see on the page that it is done; without them a sentence says so. */
async function answer(
  page: PageContext,
  parts: LiveRoomPageParts,
  given: DeskAnswer,
  done: string,
  params: Readonly<Record<string, string>> = {},
  number?: string,
): Promise<void> {
  const path = roomPath(page.id<ConferenceId>());
  if (given.ok) {
    // That somebody is called shows itself in the list.
    if (wantsJson(page)) page.res.json({ ok: true, text: '' });
    else await page.redirect(path, { message: done, params });
    return;
  }
  const text = refusalText(page, given, params['who'] ?? '');
  const status = given.code === 'pbx-offline' || given.code === 'calls-not-running' ? 503 : 409;
  if (wantsJson(page)) page.res.status(status).json({ ok: false, text });
  else showRoom(page, parts, { text, ...(number === undefined ? {} : { number }) }, status);
}

function refusalText(
  page: PageContext,
  { code, detail }: Extract<DeskAnswer, { ok: false }>,
  who: string,
): string {
  const own = `rooms.refused.${code}`;
  const params = { detail: detail === '' ? '–' : detail, who };
  return page.t(page.hasText(own) ? own : `desk.refused.${code}`, params);
}

function showRoom(
  page: PageContext,
  parts: LiveRoomPageParts,
  problem?: Problem,
  status = 200,
): void {
  const room = parts.service.room(page.actor, page.id<ConferenceId>());
  const values = roomValues(room.id, parts.live.current, parts.directory, page);
  page.render(
    'live-conferences/room',
    {
      title: room.name,
      crumbs: [{ label: page.t('rooms.title'), href: PATH }],
      styles: ['live', 'live-queue'],
      scripts: ['live-queue'],
      topic: roomTopicName(room.id),
      room,
      path: roomPath(room.id),
      values,
      madeAt: formatWhen(parts.clock.now(), 'seconds', page),
      memberIds: idsIn(values['room.members']),
      inviteIds: idsIn(values['room.invites']),
      maySteer: can(page.actor, 'queues.steer'),
      mayEnd: can(page.actor, 'calls.end'),
      mayReadCalls: can(page.actor, 'calls.read'),
      mayEdit: can(page.actor, 'extensions.edit'),
      dialsOut: room.invites !== 'internal',
      problem: problem?.text,
      typed: problem?.number ?? '',
    },
    status,
  );
}
