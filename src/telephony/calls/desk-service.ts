import { newChannelId, type AgentId, type CallbackId, type CallId } from '../../kernel/ids.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import type { AriEventOf } from '../ari/events.js';
import { AriError, type AriPort } from '../ari/port.js';
import type { CallbackDesk } from '../callbacks.js';
import type { DeskAnswer, DeskCommand, DeskRefusal } from '../live.js';
import { readLine, type WaitingPerson } from './live-lines.js';
import { PHONE_VARIABLES } from './leg.js';
import { ringPhone } from './phone-ring.js';
import type { CallServices } from './services.js';
import { steer } from './steering.js';

const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });
const DONE: DeskAnswer = { ok: true };
/** How long an agent's own phone rings for a call that the agent dialled from the page. */
const OWN_PHONE_RING_MS = 20_000;
/** The same for a phone that records a prompt: somebody may have to walk there. */
const RECORDING_RING_MS = 40_000;

/** Carries out what pages ask; the phone's keys do the same through the same roster. */
export function answerDesk(
  s: CallServices,
  ari: AriPort,
  person: (call: CallId) => WaitingPerson,
  takeUp: (event: AriEventOf<'StasisStart'>) => void,
): (command: DeskCommand) => Promise<DeskAnswer> {
  const { roster } = s;
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
        return hangUp(s, command.agentId);
      case 'agent-dial':
        return dialFromPage(s, ari, command.agentId, command.number);
      case 'end-call': {
        const call = s.calls.get(command.callId);
        if (call === undefined) return refuse('no-call');
        call.endedFor = 'ended-by-supervisor';
        await call.hangup(call.channel);
        return DONE;
      }
      case 'record-prompt':
        return ringForTake(s, ari, command, takeUp);
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

/** Answers when the phone begins to ring; whether it is answered, the take tells. */
async function ringForTake(
  s: CallServices,
  ari: AriPort,
  { take: id, title }: Extract<DeskCommand, { readonly kind: 'record-prompt' }>,
  takeUp: (event: AriEventOf<'StasisStart'>) => void,
): Promise<DeskAnswer> {
  const take = await s.takes.find(id);
  if (take === undefined) return refuse('no-call');
  const { extension } = take;
  if (!s.directory.current.extensionsByNumber.has(extension)) return refuse('unknown-extension');
  if (!s.endpoints.isRegistered(extension)) return refuse('phone-not-registered', extension);
  s.server.fork('ring for a recording', async (scope) => {
    const options = {
      channel: newChannelId('extension'),
      endpoint: `PJSIP/${extension}`,
      appArgs: ['record-prompt', id],
      callerNumber: '',
      callerName: title,
      timeoutMs: RECORDING_RING_MS,
      variables: PHONE_VARIABLES,
    };
    const failure = await ringPhone(scope, ari, options, (event) => {
      takeUp(event);
      return true;
    });
    if (failure !== undefined) s.takes.note(id, 'unanswered');
  });
  return DONE;
}

/** Ends the agent's part; what remains of the call ends with it. */
async function hangUp(s: CallServices, agent: AgentId): Promise<DeskAnswer> {
  const extension = s.roster.phoneOf(agent);
  for (const call of s.calls.values()) {
    const leg = [...call.legs.values()].find((l) => l.partner.agentId === agent);
    if (leg) {
      await call.hangup(leg.channel);
      return DONE;
    }
    if (extension !== undefined && call.facts.extensionId === extension) {
      await call.hangup(call.channel);
      return DONE;
    }
  }
  return refuse('no-call');
}

/** Rings the agent's own phone; when it is lifted, the call goes on as if the number had been dialled there. */
async function dialFromPage(
  s: CallServices,
  ari: AriPort,
  agent: AgentId,
  text: string,
): Promise<DeskAnswer> {
  const extensionId = s.roster.phoneOf(agent);
  const extension =
    extensionId === undefined ? undefined : s.directory.current.extensions.get(extensionId);
  if (extension === undefined) return refuse('not-signed-in');
  const state = s.roster.state(agent)?.state;
  if (state === 'talking' || state === 'ringing') return refuse('on-a-call');
  const number = text.replace(/[\s().-]/g, '');
  const isKnown =
    s.directory.current.extensionsByNumber.has(number) || /^\+?[0-9]{2,20}$/.test(number);
  if (!isKnown) return refuse('bad-number', text.slice(0, 40));
  if (!s.endpoints.isRegistered(extension.number))
    return refuse('phone-not-registered', extension.number);
  try {
    await ari.originate({
      channel: newChannelId('extension'),
      endpoint: `PJSIP/${extension.number}`,
      appArgs: ['desk-dial', number],
      callerNumber: normaliseNumber(number, s.country),
      callerName: '',
      timeoutMs: OWN_PHONE_RING_MS,
      variables: PHONE_VARIABLES,
    });
    return DONE;
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    return error.failure === 'unavailable'
      ? refuse('pbx-offline')
      : refuse('phone-not-registered', extension.number);
  }
}
