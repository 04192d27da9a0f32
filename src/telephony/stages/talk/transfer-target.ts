import { overflowReason } from '../../../engines/acd/overflow.js';
import type { TransferTarget } from '../../../engines/talk/talk.js';
import type { TransferredTo } from '../../../kernel/call-event.js';
import type { ExtensionId } from '../../../kernel/ids.js';
import { classifyNumber } from '../../../kernel/numbers.js';
import type { Call } from '../../calls/call.js';
import { freeSlot } from '../../calls/parking.js';
import type { CallServices } from '../../calls/services.js';
import type { Stage, StageOf } from '../../calls/stage.js';
import { isPermitted, type ExtensionConfig, type QueueConfig } from '../../directory.js';
import { readCode } from '../../feature-codes.js';
import type { DeskAnswer, DeskRefusal } from '../../live.js';
import { isPbxReachable } from '../dial-pbx.js';
import { trunksFor } from '../trunk-dialling.js';
import { whereTo } from '../number-plan.js';
import { stageOfTarget } from '../target.js';

/** A transfer that may be carried out. */
export interface OpenTarget {
  readonly ok: true;
  readonly stage: Stage;
  readonly to: TransferredTo;
  /** Somebody must answer first: until then the call may come back. A line or a flow has the call at once. */
  readonly isPending: boolean;
}

type Refused = Extract<DeskAnswer, { readonly ok: false }>;
const refuse = (code: DeskRefusal, detail = ''): Refused => ({ ok: false, code, detail });

/** A number that is typed or referred to, without what people write between digits. */
const dialled = (text: string): string => text.replace(/[\s().-]/g, '');
const DIALLABLE = /^(\+?[0-9]{2,20}|[*#0-9]{2,20})$/;

/** What a target means for a call that `sender` sends on, or why it may not go there. Everything that can be known is refused here. */
export function openTarget(
  s: CallServices,
  call: Call,
  target: TransferTarget,
  sender: ExtensionId | undefined,
): OpenTarget | Refused {
  const { current } = s.directory;
  switch (target.kind) {
    case 'extension':
      return toStage(s, call, { kind: 'ring-extension', extension: target.id }, '', sender);
    case 'queue':
      return toStage(s, call, stageOfTarget(s, { kind: 'queue', id: target.id }), '', sender);
    case 'flow': {
      const flow = [...current.flows.values()].find(({ id }) => Number(id) === target.id);
      if (flow === undefined) return refuse('unknown-flow');
      return toStage(s, call, stageOfTarget(s, { kind: 'flow', id: flow.id }), '', sender);
    }
    case 'park':
      return toSlot(s, target.slot, sender);
    case 'number': {
      const number = dialled(target.number);
      if (!DIALLABLE.test(number) && !current.extensionsByNumber.has(number))
        return refuse('bad-number', target.number.slice(0, 40));
      const { first, to } = whereTo(s, number);
      return toStage(s, call, first, to, sender);
    }
  }
}

function toStage(
  s: CallServices,
  call: Call,
  stage: Stage,
  number: string,
  sender: ExtensionId | undefined,
): OpenTarget | Refused {
  const { current } = s.directory;
  switch (stage.kind) {
    case 'ring-extension': {
      const extension = current.extensions.get(stage.extension);
      if (extension === undefined) return refuse('unknown-extension', number);
      return toExtension(call, stage, extension, sender);
    }
    case 'queue': {
      const queue = current.queues.get(stage.queue);
      if (queue === undefined) return refuse('unknown-queue');
      // Rules have spoken when the call came in, and would send it back to the agent whom it comes from.
      return toQueue(s, call, { ...stage, isRouted: true }, queue);
    }
    case 'ivr': {
      const { flow: id } = stage;
      const name = current.flows.get(id)?.name ?? '';
      return open(stage, { kind: 'flow', id: Number(id), number, name }, false);
    }
    case 'ring-group': {
      const group = current.ringGroups.get(stage.group);
      if (group === undefined) return refuse('bad-number', number);
      return open(stage, { kind: 'other', number, name: group.name }, true);
    }
    case 'dial-outside':
      return toOutside(s, call, stage, sender);
    case 'dial-pbx':
      return toPbx(s, call, stage);
    case 'conference': {
      const room = current.conferences.get(stage.room);
      if (room === undefined) return refuse('bad-number', number);
      const { id, name } = room;
      return open(stage, { kind: 'conference', id: Number(id), number, name }, false);
    }
    // Dialled by a phone for itself it takes a call from there.
    case 'unpark':
      return toSlot(s, stage.slot, sender);
    case 'desk-code':
      return readCode(current.featureCodes, stage.code)?.name === 'park'
        ? toSlot(s, '', sender)
        : refuse('bad-number', number);
    // A page, which nobody answers, or a number that leads nowhere.
    case 'page':
    case 'intercom':
    case 'announce':
    case 'ended':
      return refuse('bad-number', number);
    default:
      return open(stage, { kind: 'other', number, name: '' }, true);
  }
}

const open = (stage: Stage, to: TransferredTo, isPending: boolean): OpenTarget => ({
  ok: true,
  stage,
  to,
  isPending,
});

function toExtension(
  call: Call,
  stage: Stage,
  { id, number, name }: ExtensionConfig,
  sender: ExtensionId | undefined,
): OpenTarget | Refused {
  if (id === sender) return refuse('transfer-to-self', number);
  if (id === call.extensionAtAnchor) return refuse('transfer-to-caller', number);
  return open(stage, { kind: 'extension', id: Number(id), number, name }, true);
}

/** With '' the first slot that is free. */
function toSlot(
  s: CallServices,
  wanted: string,
  sender: ExtensionId | undefined,
): OpenTarget | Refused {
  // The call comes back to a phone.
  if (sender === undefined) return refuse('not-permitted', wanted);
  const slot = freeSlot(s, wanted);
  if (slot === undefined) return refuse(wanted === '' ? 'no-free-slot' : 'slot-taken', wanted);
  return open(
    { kind: 'parked', slot, by: sender },
    { kind: 'other', number: slot, name: '' },
    true,
  );
}

/** A line that takes nobody is told to who asks, while the caller is still there. */
function toQueue(
  s: CallServices,
  call: Call,
  stage: Stage,
  queue: QueueConfig,
): OpenTarget | Refused {
  const { engine } = s.roster.acd;
  const reason = overflowReason(queue, {
    others: engine.line(queue.id)?.length ?? 0,
    signedIn: engine.signedIn(queue.id),
    isOpen: s.isOpen(queue, call.clock.now()),
    isNew: true,
  });
  switch (reason) {
    case undefined:
      return open(
        stage,
        { kind: 'queue', id: Number(queue.id), number: '', name: queue.name },
        false,
      );
    case 'queue-closed':
      return refuse('queue-closed', queue.name);
    case 'nobody-signed-in':
      return refuse('queue-empty', queue.name);
    case 'line-full':
    case 'too-many-per-agent':
      return refuse('queue-full', queue.name);
  }
}

/** Nobody needs to be allowed to dial outside. */
function toPbx(s: CallServices, call: Call, stage: StageOf<'dial-pbx'>): OpenTarget | Refused {
  const { number, trunk: id } = stage;
  const trunk = s.directory.current.trunks.get(id);
  if (number === call.anchor.number) return refuse('transfer-to-caller', number);
  if (trunk === undefined || !isPbxReachable(s, trunk)) return refuse('other-pbx-away', number);
  return open(stage, { kind: 'other', number, name: trunk.name }, true);
}

/** The class of the phone that sends the call on decides, never that of the caller: from a trunk nobody reaches another one. */
function toOutside(
  s: CallServices,
  call: Call,
  { number, isForHelp = false }: StageOf<'dial-outside'>,
  sender: ExtensionId | undefined,
): OpenTarget | Refused {
  const extension = sender === undefined ? undefined : s.directory.current.extensions.get(sender);
  const numberClass = isForHelp ? 'emergency' : classifyNumber(number, s.country);
  if (numberClass === 'invalid') return refuse('bad-number', number);
  if (extension === undefined || !isPermitted(extension.permission, numberClass))
    return refuse('not-permitted', number);
  if (number === call.anchor.number) return refuse('transfer-to-caller', number);
  if (!isForHelp && s.outsideUse.problem(extension.id) !== undefined)
    return refuse('outside-cap', number);
  if (!isForHelp && trunksFor(s).length === 0) return refuse('no-free-line', number);
  return open(
    { kind: 'dial-outside', number, by: extension.id, ...(isForHelp ? { isForHelp } : {}) },
    { kind: 'outside', number, name: '' },
    true,
  );
}
