import type { FlowEffect } from '../../../engines/ivr/effects.js';
import type { ConferenceId } from '../../../kernel/ids.js';
import type { Call } from '../../calls/call.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type EndedStage, type FlowReturn, type Stage } from '../../calls/stage.js';

/** Effects by which a call leaves its flow. */
export type LeadingEffect = Extract<
  FlowEffect,
  { readonly kind: `go-${string}` | 'hangup' | 'stuck' | 'keep' }
>;

/** The stage that a flow leads to. `back`: where the call stands in it, for when nobody answers. */
export function stageAfter(
  s: CallServices,
  call: Call,
  effect: LeadingEffect,
  back: FlowReturn,
): Stage {
  switch (effect.kind) {
    case 'go-queue':
      return toQueue(effect);
    case 'go-extension':
      return {
        kind: 'ring-extension',
        extension: effect.extension,
        ...(effect.noAnswerStep === undefined ? {} : { back }),
      };
    case 'go-ring':
      return {
        kind: 'ring-group',
        extensions: effect.extensions,
        timeoutMs: effect.timeoutMs,
        back,
      };
    case 'go-outside': {
      const { permission, timeoutMs, callerId } = effect;
      return {
        kind: 'dial-outside',
        number: effect.number,
        flow: { permission, timeoutMs, back, ...(callerId === undefined ? {} : { callerId }) },
      };
    }
    case 'go-conference':
      return { kind: 'conference', room: effect.room as ConferenceId };
    case 'go-voicemail':
      return toVoicemail(effect);
    case 'hangup': {
      const then = endOf(call);
      return effect.prompt === undefined ? then : { kind: 'goodbye', prompt: effect.prompt, then };
    }
    case 'stuck':
      return stuck(s, call, back, effect.reason, effect.step);
    case 'keep':
      // Only an input out of place gives this, and we send none: the flow cannot go on.
      return stuck(s, call, back, 'input-out-of-place', back.state.step);
  }
}

/** What the caller came to in the flow. */
function endOf(call: Call): EndedStage {
  if (call.callbackAsked) return ended('callback', 'system', 16, 'callback-asked');
  if (call.messageLeft) return ended('voicemail', 'system', 16, 'message-left');
  return ended('contained', 'system', 16, 'flow-ended');
}

const toQueue = (effect: Extract<LeadingEffect, { kind: 'go-queue' }>): Stage => ({
  kind: 'queue',
  queue: effect.queue,
  priority: effect.priority,
  from: [],
  requirements: effect.skills.map(({ skill, level, required }) => ({
    skill,
    minLevel: level,
    isRequired: required,
    relax: [],
  })),
  attributes: effect.tags,
});

const toVoicemail = (effect: Extract<LeadingEffect, { kind: 'go-voicemail' }>): Stage => ({
  kind: 'voicemail',
  ...(effect.extension === undefined ? {} : { extensionId: effect.extension }),
  ...(effect.queue === undefined ? {} : { queueId: effect.queue }),
  ...(effect.greeting === undefined ? {} : { greeting: effect.greeting }),
});

/** The caller deserves a message, the administrator an entry. */
function stuck(
  s: CallServices,
  call: Call,
  { flow }: FlowReturn,
  reason: string,
  step: string,
): Stage {
  s.log.error({ callId: call.id, flow, step, reason }, 'a flow cannot go on');
  call.record({ kind: 'refused', reason: `flow-${reason}` });
  return {
    kind: 'announce',
    prompt: 'service-problem',
    then: ended('failed', 'system', 41, `flow-${reason}`),
  };
}
