import {
  newChannelId,
  type AgentId,
  type CallbackId,
  type CallId,
  type ChannelId,
} from '../../kernel/ids.js';
import type { Ledger } from '../../kernel/call-event.js';
import type { AriEventOf } from '../ari/events.js';
import type { AriPort } from '../ari/port.js';
import type { FlowTrial } from '../flow-trials.js';
import type { CallbackDesk } from '../callbacks.js';
import type { DeskAnswer, DeskCommand, DeskRefusal } from '../live.js';
import type { Call } from './call.js';
import { PageDialling } from './page-dialling.js';
import { pressPhoneKey } from './page-keys.js';
import { readLine, type WaitingPerson } from './live-lines.js';
import { PHONE_VARIABLES } from './leg.js';
import { ringPhone } from './phone-ring.js';
import type { Previews } from './previews/previews.js';
import { Monitors } from './monitors.js';
import { changeMember, changeRoom, invite } from './rooms/room-desk.js';
import type { CallServices } from './services.js';
import { steer } from './steering.js';
import type { TalkCommand } from './talk-desk.js';

const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });
const DONE: DeskAnswer = { ok: true };
/** The same for a phone that records a prompt or tries a flow: somebody may have to walk there. */
const TASK_RING_MS = 40_000;

/** Carries out what pages ask; the phone's keys do the same through the same roster. */
export function answerDesk(
  s: CallServices,
  ari: AriPort,
  person: (call: CallId) => WaitingPerson,
  takeUp: (event: AriEventOf<'StasisStart'>, trial?: FlowTrial) => void,
  ledger: Ledger,
  previews: Pick<Previews, 'command' | 'stop'>,
): (command: DeskCommand) => Promise<DeskAnswer> {
  const { roster } = s;
  const monitors = new Monitors(s, ari, (agentId) => placeOf(s, agentId));
  const dialling = new PageDialling(s, ari, takeUp, ledger);
  return async (command) => {
    switch (command.kind) {
      case 'agent-sign-in':
        return roster.signIn(command.agentId, command.extensionId);
      case 'agent-sign-out':
        return roster.signOut(command.agentId);
      case 'agent-available':
        return roster.available(command.agentId);
      case 'agent-not-ready':
        return roster.notReady(command.agentId, command.reason);
      case 'agent-finish-wrap-up':
        return roster.finishWrapUp(command.agentId);
      case 'agent-extend-wrap-up':
        return roster.extendWrapUp(command.agentId);
      case 'agent-code-chosen':
        return roster.codeChosen(command.agentId);
      case 'agent-hang-up':
        // An own phone that rings for a preview is no call yet.
        return previews.stop(command.agentId) ? DONE : hangUp(s, command.agentId);
      case 'preview-call':
      case 'preview-skip':
      case 'preview-refuse':
        return previews.command(command);
      case 'agent-dial':
        return dialling.fromDesk(command);
      case 'agent-talk':
        return talkCommand(s, command.agentId, command.command);
      case 'monitor':
        return monitors.start(command);
      case 'monitor-stop':
        return monitors.stop(command.extensionId);
      case 'phone-dial':
        return dialling.fromPhone(command.extensionId, command.number);
      case 'phone-pick-up':
      case 'phone-intercom':
      case 'phone-page':
      case 'phone-redial':
      case 'busy-callback':
        return pressPhoneKey(s, dialling, command);
      case 'busy-callback-cancel':
        return s.busyCallbacks.cancel(command.extensionId) ? DONE : refuse('no-call');
      case 'end-call': {
        const call = s.calls.get(command.callId);
        if (call === undefined) return refuse('no-call');
        call.endedFor = 'ended-by-supervisor';
        await call.hangup(call.channel);
        return DONE;
      }
      case 'record-prompt':
        return ringForTake(s, ari, command, takeUp);
      case 'try-flow':
        return ringForTrial(s, ari, command, takeUp);
      case 'room':
        return changeRoom(s, command);
      case 'room-member':
        return changeMember(s, command);
      case 'room-invite':
        return invite(s, ari, command, takeUp);
      case 'callback-cancel':
      case 'callback-hurry':
      case 'callback-reopen':
        return changeCallback(s.callbacks, command);
      case 'read-line':
        if (!s.directory.current.queues.has(command.queueId)) return refuse('unknown-queue');
        return { ok: true, line: readLine(roster.acd, command, s.clock.now(), person) };
      default:
        return steer(s, command);
    }
  };
}

/** Answers when it is in the table, so that whoever asked sees it there. */
async function changeCallback(
  callbacks: CallbackDesk,
  { kind, callbackId }: Extract<DeskCommand, { readonly callbackId: CallbackId }>,
): Promise<DeskAnswer> {
  const isDone =
    kind === 'callback-cancel'
      ? callbacks.close(callbackId, 'cancelled')
      : kind === 'callback-hurry'
        ? callbacks.hurry(callbackId)
        : await callbacks.reopen(callbackId);
  if (!isDone) return refuse('callback-not-open');
  await callbacks.written();
  return DONE;
}

/** Rings a phone for what `appArgs` say. Answers when it begins to ring; `unanswered` hears that nobody came. */
function ringForTask(
  s: CallServices,
  ari: AriPort,
  { extension, appArgs, title }: { extension: string; appArgs: readonly string[]; title: string },
  heard: { answered(event: AriEventOf<'StasisStart'>): void; unanswered(): void },
): DeskAnswer {
  if (!s.directory.current.extensionsByNumber.has(extension)) return refuse('unknown-extension');
  if (!s.endpoints.isRegistered(extension)) return refuse('phone-not-registered', extension);
  s.server.fork('ring for a task', async (scope) => {
    const options = {
      channel: newChannelId('extension'),
      endpoint: `PJSIP/${extension}`,
      appArgs: [...appArgs],
      callerNumber: '',
      callerName: title,
      timeoutMs: TASK_RING_MS,
      variables: PHONE_VARIABLES,
    };
    const failure = await ringPhone(scope, ari, options, (event) => {
      heard.answered(event);
      return true;
    });
    if (failure !== undefined) heard.unanswered();
  });
  return DONE;
}

/** Whether the phone is answered, the take tells. */
async function ringForTake(
  s: CallServices,
  ari: AriPort,
  { take: id, title }: Extract<DeskCommand, { readonly kind: 'record-prompt' }>,
  takeUp: (event: AriEventOf<'StasisStart'>) => void,
): Promise<DeskAnswer> {
  const take = await s.takes.find(id);
  if (take === undefined) return refuse('no-call');
  const { extension } = take;
  return ringForTask(
    s,
    ari,
    { extension, appArgs: ['record-prompt', id], title },
    {
      answered: takeUp,
      unanswered: () => {
        s.takes.note(id, 'unanswered');
      },
    },
  );
}

/** Whether the phone is answered, the trial tells. */
async function ringForTrial(
  s: CallServices,
  ari: AriPort,
  { trial: id, title }: Extract<DeskCommand, { readonly kind: 'try-flow' }>,
  takeUp: (event: AriEventOf<'StasisStart'>, trial: FlowTrial) => void,
): Promise<DeskAnswer> {
  const trial = await s.trials.find(id);
  if (trial === undefined) return refuse('no-call');
  const { extension } = trial;
  return ringForTask(
    s,
    ari,
    { extension, appArgs: ['try-flow', String(id)], title },
    {
      answered: (event) => {
        takeUp(event, trial);
      },
      unanswered: () => {
        s.trials.note(id, { kind: 'unanswered' });
      },
    },
  );
}

/** What an agent does with a talk: hold, ask somebody, send on. Refused by the talk itself where that is not possible. */
async function talkCommand(
  s: CallServices,
  agentId: AgentId,
  command: TalkCommand,
): Promise<DeskAnswer> {
  const place = placeOf(s, agentId);
  return place?.call.talk?.ask(place.channel, command) ?? refuse('no-call');
}

/** Ends the agent's part; what remains of the call goes on, or ends with it. */
async function hangUp(s: CallServices, agentId: AgentId): Promise<DeskAnswer> {
  const place = placeOf(s, agentId);
  if (place === undefined) return refuse('no-call');
  await place.call.hangup(place.channel);
  return DONE;
}

/** The call that an agent is in, and the channel of the agent's phone there: first the one that counts as the agent's. */
function placeOf(
  s: CallServices,
  agentId: AgentId,
): { readonly call: Call; readonly channel: ChannelId } | undefined {
  const extensionId = s.roster.phoneOf(agentId);
  const person = { agentId, ...(extensionId === undefined ? {} : { extensionId }) };
  const own = s.calls.get(s.roster.state(agentId)?.call ?? ('' as CallId));
  for (const call of [...(own === undefined ? [] : [own]), ...s.calls.values()]) {
    const leg = [...call.legs.values()].find((one) => one.partner.agentId === agentId);
    const isAtAnchor =
      extensionId !== undefined &&
      call.facts.extensionId === extensionId &&
      call.channel === call.facts.channel;
    const channel =
      call.talk?.channelOf(person) ?? leg?.channel ?? (isAtAnchor ? call.channel : undefined);
    if (channel !== undefined) return { call, channel };
  }
  return undefined;
}
