import type { AgentId } from '../../kernel/ids.js';
import type { LiveAgent, LiveSnapshot } from '../../telephony/live.js';
import {
  AGENT_LOOKS,
  DIRECTION_LOOKS,
  formatPhone,
  type LiveTopic,
  type LiveValue,
  type LiveValues,
  type LiveViewer,
  type Tone,
} from '../../web/kit/index.js';
import { lastDialledValues } from '../call-handling/index.js';
import {
  choosableReasons,
  isOverLimit,
  reasonName,
  type NotReadyToday,
  type ReasonParts,
} from '../not-ready-reasons/index.js';
import {
  drawDesk,
  type DeskCall,
  type DeskMode,
  type DeskPicture,
  type DeskQueue,
} from './desk-picture.js';
import { previewValues } from './preview-values.js';
import { parkedNote } from './parked-note.js';
import { pickupValues } from './pickup-values.js';
import { supervisedText, talkCard, talkValues } from './talk-values.js';
import { isWrapUpOpen } from './wrap-up.js';

const MINUTE_MS = 60_000;
/** Not-ready reasons that tell an agent nothing: "Not ready" says it all. */
const UNTOLD_REASONS: readonly string[] = ['', 'signed-in', 'phone', 'phone-back'];

const CARD_TONES: Readonly<Record<DeskMode, Tone>> = {
  unknown: '',
  'signed-out': '',
  idle: '',
  preview: 'hold',
  ringing: 'ringing',
  calling: 'talking',
  talking: 'talking',
  'wrap-up': 'wrapup',
};

/** The topic `agent:me`: what the viewer has before them as an agent. Empty for users who are no agents. */
export const deskTopic = (
  parts: ReasonParts & { readonly today: Pick<NotReadyToday, 'onChange'> },
): LiveTopic => ({
  name: 'agent:me',
  access: 'workspace.use',
  sharedBy: ({ actor }) => `agent ${String(actor.agentId ?? 0)}`,
  values: (snapshot, viewer) =>
    viewer.actor.agentId === undefined
      ? {}
      : deskValues(snapshot, viewer, viewer.actor.agentId, parts),
  onChange: (listener) => parts.today.onChange(listener),
});

/** Every value that the page shows of this moment, in the viewer's language. Keys ending in `Since` and `Until` are instants. */
export function deskValues(
  snapshot: LiveSnapshot | undefined,
  viewer: LiveViewer,
  agentId: AgentId,
  parts: ReasonParts,
): LiveValues {
  const desk = snapshot && drawDesk(snapshot, agentId);
  if (!desk) return { mode: 'unknown', isUnknown: true, queues: '', panels: 'unknown' };
  const own = new DeskWords(viewer, parts, desk);
  return {
    ...modeFlags(desk),
    ...own.state(snapshot.at),
    ...own.reasons(snapshot.at),
    ...own.wrapUp(snapshot.at),
    ...own.seat(snapshot),
    ...own.phone(),
    ...own.call(),
    ...talkValues(desk, viewer),
    ...previewValues(desk, viewer, parts),
    supervised: supervisedText(desk, viewer),
    ...pickupValues(snapshot, desk, viewer, parts.directory.current),
    ...own.lastDialled(snapshot),
    parkedText: parkedNote(snapshot, desk, viewer),
    ...own.queues(snapshot.at),
    // What the panels from the database depend on: when this changes they are asked for again.
    panels:
      `${desk.mode} ${desk.call?.call.id ?? desk.callback?.waiting.callId ?? desk.preview?.attempt ?? ''} ${formatPhone(desk.call?.party.number ?? '', viewer)}`.trim(),
  };
}

const isDialled = ({ mode, preview }: Pick<DeskPicture, 'mode' | 'preview'>): boolean =>
  mode === 'preview' && preview !== undefined && preview.phase !== 'record';

const modeFlags = ({ mode, agent, preview }: DeskPicture): LiveValues => ({
  mode,
  isSignedOut: mode === 'signed-out',
  isSignedIn: mode !== 'signed-out',
  isIdle: mode === 'idle' && agent.state !== 'phone-lost',
  isPhoneLost: agent.state === 'phone-lost',
  isRinging: mode === 'ringing',
  isCalling: mode === 'calling',
  isTalking: mode === 'talking',
  isWrapUp: mode === 'wrap-up',
  hasCall: mode === 'ringing' || mode === 'calling' || mode === 'talking',
  hasCard: mode !== 'signed-out' && mode !== 'idle' && mode !== 'preview',
  canHangUp: mode === 'calling' || mode === 'talking' || isDialled({ mode, preview }),
  canDial: (mode === 'idle' && agent.state !== 'phone-lost') || mode === 'wrap-up',
  /** During a call a choice counts from its end on. */
  isNext: agent.state === 'talking' || isDialled({ mode, preview }),
  isNow: agent.state !== 'talking' && !isDialled({ mode, preview }),
  canChoose: mode !== 'signed-out' && agent.state !== 'phone-lost',
  canGoAvailable: agent.state === 'not-ready',
  mayChooseAvailable:
    agent.state === 'not-ready' || agent.state === 'wrap-up' || agent.state === 'talking',
  wasMissing: agent.state === 'not-ready' && agent.reason === 'missed-calls',
});

/** Changes with each code that the agent chooses by phone. */
const phoneCodeText = ({ phoneCode }: LiveAgent): string =>
  phoneCode === undefined ? '' : `${phoneCode.callId} ${String(phoneCode.dispositionId)}`;

/** The words of one desk for one reader. */
class DeskWords {
  constructor(
    private readonly viewer: LiveViewer,
    private readonly parts: ReasonParts,
    private readonly desk: DeskPicture,
  ) {}

  state(at: number): LiveValues {
    const { agent, mode } = this.desk;
    const isOver = isOverLimit(this.parts, agent, at);
    const { t } = this.viewer;
    const look = AGENT_LOOKS[agent.state];
    return {
      state: agent.state,
      stateText: isOver
        ? t('workspace.over-limit', { state: this.#stateText(agent.state, agent.reason) })
        : this.#stateText(agent.state, agent.reason),
      stateIcon: isOver ? 'alert-triangle' : look.icon,
      tone: isOver ? 'alarm' : look.tone,
      stateSince: agent.state === 'wrap-up' ? null : agent.since,
      wrapUpUntil: mode === 'wrap-up' ? (agent.until ?? null) : null,
      next: ['preview', 'talking', 'wrap-up'].includes(agent.state)
        ? (agent.next ?? 'available')
        : '',
      reason: agent.reason,
      forced: agent.forced ? t('workspace.forced', agent.forced) : '',
      nextText: this.#stateText(
        agent.next ?? 'available',
        agent.state === 'talking' || agent.state === 'preview' ? agent.reason : '',
      ),
      primary: primaryOf(this.desk),
      hint: agent.state === 'available' ? t('workspace.idle.available') : t('workspace.idle.waits'),
    };
  }

  /** Minutes used today beside each reason, with the day's limit or that of an occurrence. */
  reasons(at: number): LiveValues {
    const { agent } = this.desk;
    const { directory, today } = this.parts;
    const { t } = this.viewer;
    const used = today.usedBefore(agent);
    const values: Record<string, LiveValue> = {};
    for (const { code, limitMs, dayLimitMs } of choosableReasons(
      directory.current.notReadyReasons,
    )) {
      const isNow = agent.state === 'not-ready' && agent.reason === code;
      const now = isNow ? Math.max(0, at - today.countedFrom(agent.since)) : 0;
      const minutes = Math.floor(((used.get(code) ?? 0) + now) / MINUTE_MS);
      const day = Math.round(dayLimitMs / MINUTE_MS);
      const text =
        day > 0
          ? t('workspace.reason.used-of', { minutes, day })
          : t('workspace.reason.used', { minutes });
      values[`reason:${code}.used`] =
        limitMs > 0
          ? t('workspace.reason.each', { text, each: Math.round(limitMs / MINUTE_MS) })
          : text;
    }
    return values;
  }

  wrapUp(at: number): LiveValues {
    const { agent, mode } = this.desk;
    const { t } = this.viewer;
    const left = agent.wrapUp?.extensionsLeft ?? 0;
    const isWrapUp = mode === 'wrap-up';
    const isOver = agent.state !== 'talking' && agent.state !== 'wrap-up';
    return {
      isWrapUpOpen: isWrapUpOpen(agent, at),
      canExtend: isWrapUp && left > 0,
      extendText: left > 0 ? t('workspace.wrap-up.extensions', { count: left }) : '',
      isUntilDone: isWrapUp && agent.wrapUp?.mode === 'until-done',
      isCodeNeeded: agent.wrapUp?.codeNeeded === true,
      phoneCode: phoneCodeText(agent),
      wrapUpNote: isOver && isWrapUpOpen(agent, at) ? t('workspace.wrap-up.still') : '',
    };
  }

  /** The phone that the agent would sign in at. */
  seat(snapshot: LiveSnapshot): LiveValues {
    if (this.desk.mode !== 'signed-out') return {};
    const { agents, extensions } = this.parts.directory.current;
    const id = agents.get(this.desk.agent.id)?.extensionId;
    const extension = id === undefined ? undefined : extensions.get(id);
    if (!extension) return { seatText: '', seatState: 'none' };
    const seen = snapshot.extensions.find(({ number }) => number === extension.number);
    const state = seen?.registered === true ? 'registered' : 'not-registered';
    const text = this.viewer.t(`workspace.seat.${state}`, { extension: extension.number });
    return { seatText: text, seatState: state };
  }

  phone(): LiveValues {
    const { agent, phone } = this.desk;
    const { t } = this.viewer;
    const values = { extension: agent.extension };
    return {
      extension: agent.extension,
      phone,
      phoneText: t(`workspace.phone.${phone}`, values),
      phoneIcon: phone === 'not-registered' ? 'plug-connected-x' : 'device-landline-phone',
      liftText: t('workspace.card.lift', values),
    };
  }

  lastDialled(snapshot: LiveSnapshot): LiveValues {
    const { current } = this.parts.directory;
    const own = current.extensionsByNumber.get(this.desk.agent.extension);
    return own === undefined ? {} : lastDialledValues(snapshot, this.viewer, current, own);
  }

  call(): LiveValues {
    const { call: found, mode } = this.desk;
    const { t } = this.viewer;
    const talk = talkCard(this.desk);
    const card = {
      cardTitle: t(talk?.key ?? `workspace.card.${mode}`),
      cardTone: talk?.tone ?? CARD_TONES[mode],
    };
    if (!found) return { ...card, call: '', ...this.#callback() };
    const { call, party, queueName } = found;
    const number = formatPhone(party.number, this.viewer);
    const isAsked = found.talk?.role === 'consulted';
    const source = isAsked
      ? t('workspace.card.asks')
      : queueName === ''
        ? t(`workspace.direct.${call.direction}`)
        : queueName;
    const who =
      party.name !== '' ? party.name : party.number === '' ? t('workspace.anonymous') : number;
    const rings = mode === 'ringing';
    return {
      ...card,
      call: call.id,
      who,
      number: party.name === '' || party.number === '' ? '' : number,
      source,
      sourceIcon: DIRECTION_LOOKS[call.direction].icon,
      via: this.#via(found),
      path: call.path.join(' › '),
      callSince: call.connectedAt ?? this.#ringsSince(found),
      ringUntil: rings ? this.#ringUntil(found) : null,
      waitSince: found.waiting?.since ?? null,
      isRecording: mode === 'talking' && call.recording,
      windowTitle: rings ? `☎ ${source} · ${who}` : '',
      announcement: rings ? t('workspace.announce.incoming', { source, who }) : '',
    };
  }

  /** The phone rings for a callback: the card says for whom. */
  #callback(): LiveValues {
    const { agent, callback } = this.desk;
    if (callback === undefined) return {};
    const { t } = this.viewer;
    const { waiting, queueName } = callback;
    const number = formatPhone(waiting.from, this.viewer);
    const who = waiting.name === '' ? number : waiting.name;
    const queue = this.parts.directory.current.queues.get(callback.queueId);
    const source = t('workspace.card.callback', { queue: queueName });
    return {
      call: waiting.callId,
      hasCall: true,
      who,
      number: waiting.name === '' ? '' : number,
      source,
      sourceIcon: 'phone-calling',
      callSince: agent.since,
      ringUntil: queue === undefined ? null : agent.since + queue.ringTimeoutMs,
      waitSince: waiting.since,
      windowTitle: `☎ ${source} · ${who}`,
      announcement: t('workspace.announce.incoming', { source, who }),
    };
  }

  queues(at: number): LiveValues {
    const { queues } = this.desk;
    const levels = this.parts.directory.current.queues;
    const values: Record<string, LiveValue> = {
      queues: queues.map(({ id }) => String(id)).join(' '),
    };
    for (const queue of queues) {
      const limit = levels.get(queue.id)?.serviceLevelMs ?? Infinity;
      const isLate = queue.longestSince !== undefined && at - queue.longestSince > limit;
      Object.assign(values, this.#queue(queue, isLate));
    }
    return values;
  }

  #queue({ id, name, waiting, longestSince }: DeskQueue, isLate: boolean): LiveValues {
    const key = `queue:${String(id)}`;
    return {
      [`${key}.name`]: name,
      [`${key}.waiting`]: waiting,
      [`${key}.longestSince`]: longestSince ?? null,
      [`${key}.level`]: isLate ? 'late' : 'good',
      [`${key}.isLate`]: isLate,
    };
  }

  #stateText(state: LiveAgent['state'], reason: string): string {
    const { t } = this.viewer;
    const label = t(AGENT_LOOKS[state].label);
    return state === 'not-ready' && !UNTOLD_REASONS.includes(reason)
      ? `${label} · ${reasonName(this.viewer, this.parts.directory.current.notReadyReasons, reason)}`
      : label;
  }

  /** The number that the caller dialled, with its name. */
  #via({ call }: DeskCall): string {
    if (call.direction !== 'inbound') return '';
    const did = this.parts.directory.current.didsByNumber.get(call.to);
    const number = formatPhone(call.to, this.viewer);
    return did === undefined || did.name === '' ? number : `${did.name} ${number}`;
  }

  /** An offer of a queue has its own begin; the caller may have waited long before. */
  #ringsSince({ call }: DeskCall): number {
    const { agent, mode } = this.desk;
    if (mode !== 'ringing') return call.startedAt;
    return agent.state === 'ringing' ? agent.since : call.stageSince;
  }

  /** When an offer of a queue goes on to the next agent. */
  #ringUntil({ call }: DeskCall): number | null {
    const { agent } = this.desk;
    if (agent.state !== 'ringing' || call.queueId === undefined) return null;
    const queue = this.parts.directory.current.queues.get(call.queueId);
    return queue === undefined ? null : agent.since + queue.ringTimeoutMs;
  }
}

/** What F2 does now; '' where nothing. */
function primaryOf({ agent, mode, preview }: DeskPicture): string {
  switch (mode) {
    case 'preview':
      return preview?.phase === 'record' ? 'preview-call' : '';
    case 'signed-out':
      return 'sign-in';
    case 'wrap-up':
      return 'finish';
    case 'idle':
      if (agent.state === 'phone-lost') return '';
      return agent.state === 'available' ? 'dial' : 'available';
    case 'unknown':
    case 'ringing':
    case 'calling':
    case 'talking':
      return '';
  }
}
