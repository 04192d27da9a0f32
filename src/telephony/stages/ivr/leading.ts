import type { FlowEffect } from '../../../engines/ivr/effects.js';
import type { Call } from '../../calls/call.js';
import type { CallServices } from '../../calls/services.js';
import { newSurveyRunId, type ConferenceId, type SurveyId } from '../../../kernel/ids.js';
import { freshSurvey } from '../../../engines/survey/interpreter.js';
import { ended, type EndedStage, type FlowReturn, type Stage } from '../../calls/stage.js';
import { insideStage } from '../inside-numbers.js';

/** Effects by which a call leaves its flow. */
export type LeadingEffect = Extract<
  FlowEffect,
  { readonly kind: `go-${string}` | 'ask-survey' | 'hangup' | 'stuck' | 'keep' }
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
      return toQueue(call, effect);
    case 'go-extension':
      return {
        kind: 'ring-extension',
        extension: effect.extension,
        ...(effect.noAnswerStep === undefined ? {} : { back }),
      };
    case 'go-ring':
      if (effect.group !== undefined) return { kind: 'ring-group', group: effect.group, back };
      return {
        kind: 'ring-phones',
        extensions: effect.extensions,
        timeoutMs: effect.timeoutMs,
        back,
      };
    case 'go-outside': {
      const { permission, timeoutMs, callerId } = effect;
      const inside = insideStage(s.directory.current, effect.number.replace(/\D/g, ''));
      if (inside?.kind === 'dial-pbx' || inside?.kind === 'ring-extension')
        return inside.kind === 'dial-pbx' ? { ...inside, timeoutMs, back } : { ...inside, back };
      return {
        kind: 'dial-outside',
        number: effect.number,
        flow: { permission, timeoutMs, back, ...(callerId === undefined ? {} : { callerId }) },
      };
    }
    case 'ask-survey':
      return toSurvey(s, call, effect.survey as SurveyId, back);
    case 'go-conference':
      return { kind: 'conference', room: effect.room as ConferenceId };
    case 'go-operator':
      return toOperator(s);
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
  switch (call.kept) {
    case 'callback':
      return ended('callback', 'system', 16, 'callback-asked');
    case 'voicemail':
      return ended('voicemail', 'system', 16, 'message-left');
    default:
      return ended('contained', 'system', 16, 'flow-ended');
  }
}

const toQueue = (call: Call, effect: Extract<LeadingEffect, { kind: 'go-queue' }>): Stage => ({
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
  // What was found out before stays true where the flow says nothing newer.
  attributes: { ...call.flows.tags, ...effect.tags },
});

/** The flow goes on where it stood, once the caller has answered. */
function toSurvey(s: CallServices, call: Call, id: SurveyId, back: FlowReturn): Stage {
  const survey = s.directory.current.surveys.get(id);
  if (survey === undefined) {
    s.log.warn({ callId: call.id, survey: id }, 'a flow asks a survey that is not there');
    return { kind: 'ivr', ...back, surveyed: 'survey-declined' };
  }
  return {
    kind: 'survey',
    run: newSurveyRunId(),
    state: freshSurvey(survey),
    isOffered: false,
    comment: undefined,
    then: { kind: 'ivr', ...back },
  };
}

/** The key is offered only where there is an operator; that may have changed since. */
function toOperator({ directory }: CallServices): Stage {
  const target = directory.current.operator?.target;
  switch (target?.kind) {
    case 'extension':
      return { kind: 'ring-extension', extension: target.id };
    case 'ring-group':
      return { kind: 'ring-group', group: target.id };
    case 'queue':
      return { kind: 'queue', queue: target.id, priority: 0, from: [] };
    case undefined:
      return {
        kind: 'announce',
        prompt: 'nobody-answers',
        then: ended('refused', 'system', 1, 'no-operator'),
      };
  }
}

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
