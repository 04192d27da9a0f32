import { formatPhone, type LiveValues, type LiveViewer, type Tone } from '../../web/kit/index.js';
import { endReasonText } from '../calls/index.js';
import type { LiveRecording, LiveTalkParty } from '../../telephony/live.js';
import type { DeskCall, DeskPicture, Party } from './desk-picture.js';

/** What the card shows of a talk besides who it is with, and which of its buttons there are. */
export function talkValues({ call, mode }: DeskPicture, viewer: LiveViewer): LiveValues {
  const returned = call === undefined ? '' : returnedText(call, viewer);
  const hangUpText = viewer.t('workspace.hang-up');
  if (call?.talk === undefined || mode !== 'talking')
    return { returned, hangUpText, asked: askedText(call, viewer) };
  const { talk } = call;
  const { live, role } = talk;
  const { consult, hold, parties, recording } = live;
  const isHolder = role === 'holder';
  const others = parties.filter((one) => one.role === 'member');
  const isConference = others.length > 0;
  const isAnswered = consult?.answeredAt !== undefined;
  return {
    returned,
    asked: askedText(call, viewer),
    isHolder,
    isHeld: hold !== undefined,
    isHeldByPhone: hold?.by === 'phone',
    canHold: isHolder && consult === undefined && hold === undefined && !isConference,
    canResume: isHolder && hold?.by === 'page',
    canConsult: isHolder && consult === undefined && hold?.by !== 'phone',
    mayTransfer: isHolder && consult === undefined && !isConference,
    heldSince: live.heldSince ?? null,
    isConsult: isHolder && consult !== undefined,
    isSwapped: consult?.isSwapped === true,
    canSwap: isHolder && isAnswered,
    canComplete: isHolder && consult !== undefined && (isAnswered || !isConference),
    isConference,
    hangUpText: isConference ? viewer.t('workspace.leave') : hangUpText,
    members: isConference
      ? viewer.t('workspace.talk.members', {
          who: parties
            .filter((one) => one.role !== 'consulted')
            .map((one) => nameOf(one, viewer))
            .join(', '),
        })
      : '',
    ...(consult === undefined ? { consultWho: '' } : consultValues(call, viewer)),
    ...lastConsult(call, viewer),
    ...(recording === undefined ? {} : recordingValues(recording, role !== 'consulted', viewer)),
  };
}

/** How the recording stands, and what may be done with it. */
function recordingValues(
  { mode, isWanted, pause }: LiveRecording,
  isIn: boolean,
  { t }: LiveViewer,
): LiveValues {
  const isPaused = pause !== undefined;
  return {
    isRecordingPaused: isPaused,
    recordingPausedSince: pause?.at ?? null,
    recordingUntil: pause?.until ?? null,
    recordingNote: isWanted ? '' : t(`workspace.not-recorded.${mode}`),
    canRecordStart: isIn && mode === 'on-demand' && !isWanted,
    canRecordStop: isIn && mode === 'on-demand' && isWanted,
    canRecordPause: isIn && isWanted && !isPaused,
    canRecordResume: isIn && isPaused,
  };
}

/** The two lines of a consult: who is heard, and who waits. */
function consultValues({ talk }: DeskCall, viewer: LiveViewer): LiveValues {
  const asked = talk?.live.parties.find(({ role }) => role === 'consulted');
  const consult = talk?.live.consult;
  if (talk === undefined || asked === undefined || consult === undefined) return { consultWho: '' };
  const { answeredAt, asks, isSwapped, since } = consult;
  const { t } = viewer;
  const isRinging = answeredAt === undefined;
  const isTogether = talk.live.parties.some(({ role }) => role === 'member');
  const waits = isTogether ? 'together' : 'hold';
  return {
    consultWho: nameOf(asked, viewer),
    consultNote: t(
      `workspace.talk.${isRinging ? RINGS[asks ?? 'group'] : isSwapped ? 'hold' : 'heard'}`,
    ),
    consultTone: isRinging ? 'ringing' : isSwapped ? 'hold' : 'talking',
    consultSince: answeredAt ?? since,
    callerNote: t(`workspace.talk.${isSwapped ? 'heard' : waits}`),
    callerTone: isSwapped ? 'talking' : 'hold',
    completeText: t(isRinging ? 'workspace.talk.complete-now' : 'workspace.talk.complete'),
  };
}

const RINGS = { line: 'in-line', flow: 'in-flow', group: 'rings' } as const;

function lastConsult({ talk }: DeskCall, viewer: LiveViewer): LiveValues {
  const last = talk?.live.lastConsult;
  if (last === undefined || talk?.role !== 'holder')
    return { consultProblem: '', consultProblemAt: null };
  return {
    consultProblem: viewer.t(`workspace.consult.${last.outcome}`, { who: nameOf(last, viewer) }),
    consultProblemAt: last.at,
  };
}

/** Why a call that was sent on is back. */
function returnedText({ call }: DeskCall, { t }: LiveViewer): string {
  const { transfer } = call;
  if (transfer?.returned === undefined) return '';
  return t('workspace.talk.returned', {
    to: transfer.to,
    reason: endReasonText(t, transfer.returned),
  });
}

/** Supervisors whom the agent hears. Who only listens is not told of. */
export const supervisedText = ({ agent, call }: DeskPicture, { t }: LiveViewer): string =>
  (call?.call.monitors ?? [])
    .filter(({ isRinging }) => !isRinging)
    .flatMap(({ mode, by, agentId }) => {
      if (mode === 'barge') return t('workspace.monitored.barge', { by });
      return mode === 'whisper' && agentId === agent.id
        ? t('workspace.monitored.whisper', { by })
        : [];
    })
    .join(' ');

/** What this agent is asked about. */
function askedText(call: DeskCall | undefined, viewer: LiveViewer): string {
  if (call?.talk?.role !== 'consulted') return '';
  return viewer.t('workspace.talk.about', { who: nameOf(call.talk.about, viewer) });
}

/** How the card is called and coloured while people talk; undefined for a plain talk. */
export function talkCard({ call, mode }: DeskPicture): { key: string; tone: Tone } | undefined {
  const talk = call?.talk;
  if (talk === undefined || mode !== 'talking') return undefined;
  if (talk.role === 'consulted') return { key: 'workspace.card.consulted', tone: 'talking' };
  if (talk.live.consult !== undefined) return { key: 'workspace.card.consulting', tone: 'talking' };
  if (talk.live.hold !== undefined) return { key: 'workspace.card.held', tone: 'hold' };
  return talk.live.parties.length > 1
    ? { key: 'workspace.card.conference', tone: 'talking' }
    : undefined;
}

const nameOf = (
  { name, number }: Party | Pick<LiveTalkParty, 'name' | 'number'>,
  viewer: LiveViewer,
): string =>
  name !== ''
    ? name
    : number === ''
      ? viewer.t('workspace.anonymous')
      : formatPhone(number, viewer);
