import type {
  FlowEffect,
  FlowHappening,
  FlowInput,
  FlowMoment,
  FlowTrace,
} from '../../../engines/ivr/effects.js';
import { advance, startFlow, type FlowResult } from '../../../engines/ivr/interpreter.js';
import { stepAt } from '../../../engines/ivr/state.js';
import { coveredVariables, shownVariables } from '../../../engines/ivr/variables.js';
import type { FlowId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { withVariables } from '../../calls/call-context.js';
import { MAX_FLOWS } from '../../calls/flow-memory.js';
import { recordMessage } from '../../calls/message.js';
import type { CallServices } from '../../calls/services.js';
import {
  ended,
  type FlowReturn,
  type MessageState,
  type Stage,
  type StageOf,
} from '../../calls/stage.js';
import type { FlowConfig } from '../../directory.js';
import { askDirectory } from './asking-for-people.js';
import { askSystem } from './asking.js';
import { collect } from './collecting.js';
import { stageAfter, type LeadingEffect } from './leading.js';
import { offerAppointment } from './booking.js';
import { offerCallback } from './offering.js';
import { loadFlow, type LoadedFlow } from './program.js';
import { Speaking } from './speaking.js';
import { FlowStory } from './story.js';

/**
 * The caller is in a menu flow: carries out what the interpreter decides, one effect at a time, and writes the state into
 * the journal before each. The call keeps the version of the flow that it started with.
 */
export async function ivrStage(s: CallServices, call: Call, stage: StageOf<'ivr'>): Promise<Stage> {
  const loaded = await loadFlow(s.directory, stage);
  const flow = loaded?.flows.get(stage.flow);
  if (loaded === undefined || flow === undefined) return missing();
  if (stage.state === undefined && call.flows.entered >= MAX_FLOWS) return goesRound(s, call, flow);
  await call.answer();
  return call.scope.run('ivr', (scope) => new FlowRun(s, call, flow, loaded, stage).run(scope));
}

/** Queues and flows lead to each other, and nobody has said a word since. */
function goesRound(s: CallServices, call: Call, { id, name }: FlowConfig): Stage {
  s.log.warn({ callId: call.id, flow: id, name }, 'a call goes round through flows and queues');
  return {
    kind: 'announce',
    prompt: 'nobody-answers',
    then: ended('overflowed', 'system', 19, 'no-queue-left'),
  };
}

const missing = (): Stage => ({
  kind: 'announce',
  prompt: 'service-problem',
  then: ended('failed', 'system', 41, 'flow-missing'),
});

type RecordEffect = Extract<FlowEffect, { readonly kind: 'record-message' }>;

class FlowRun {
  readonly #speaking: Speaking;
  readonly #story: FlowStory;
  #told = '{}';

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly flow: FlowConfig,
    private readonly loaded: LoadedFlow,
    private readonly stage: StageOf<'ivr'>,
  ) {
    this.#speaking = new Speaking(s, call);
    this.#story = new FlowStory(call, loaded.flows, stage.state);
  }

  async run(scope: Scope): Promise<Stage> {
    const { call, flow } = this;
    let result = this.#begin();
    // A recording that a former process began belongs to the first effect.
    let begun = this.stage.message;
    for (;;) {
      const { state, effect, trace } = result;
      this.#story.note(trace);
      call.context = withVariables(call.context, shownVariables(state));
      this.#remember(result);
      this.#tell(state);
      const back = { flow: flow.id, version: flow.version, state };
      const message = effect.kind === 'record-message' ? begun : undefined;
      begun = undefined;
      call.enter({ kind: 'ivr', ...back, ...(message && { message }) });
      if (isLeading(effect)) {
        this.#story.end(effect.kind);
        if (isHandOver(effect) && call.facts.trial?.handsOver === false) return TRIAL_ENDS;
        return stageAfter(this.s, call, effect, back);
      }
      const happening =
        effect.kind === 'record-message'
          ? await this.#record(scope, effect, back, message)
          : await this.#carryOut(scope, effect, state);
      result = this.#advance(state, happening);
    }
  }

  /** A flow that comes later knows what this one does. A caller who presses keys may go on for as long as that pleases. */
  #remember({ state: { variables, secret }, trace }: FlowResult): void {
    const { call } = this;
    const entered = trace.some(hasWord) ? 1 : call.flows.entered;
    call.flows = { ...call.flows, entered, variables, secret };
  }

  /** Whoever tries a draft sees what it knows. */
  #tell(state: FlowResult['state']): void {
    const { trial } = this.call.facts;
    const text = JSON.stringify(state.variables);
    if (trial === undefined || text === this.#told) return;
    this.#told = text;
    this.s.trials.note(trial.id, { kind: 'variables', values: coveredVariables(state) });
  }

  #begin(): FlowResult {
    const { program } = this.loaded;
    const { state, nobodyAnswered, surveyed } = this.stage;
    if (state === undefined) {
      const { call } = this;
      this.#story.begin(this.flow);
      call.flows = { ...call.flows, entered: call.flows.entered + 1 };
      return startFlow(program, this.#moment(), call.flows);
    }
    const answer = nobodyAnswered === true ? 'nobody-answered' : surveyed;
    return this.#advance(state, { kind: answer ?? 'resumed' });
  }

  #advance(state: FlowResult['state'], happening: FlowHappening): FlowResult {
    const input: FlowInput = { ...happening, ...this.#moment() };
    return advance(this.loaded.program, state, input);
  }

  #moment(): FlowMoment {
    const { call, s } = this;
    const { facts } = call;
    const { calendars, didsByNumber } = s.directory.current;
    return {
      at: call.wallNow,
      zone: s.zone,
      calendars,
      call: {
        callId: call.id,
        callerNumber: facts.from,
        callerName: facts.fromName,
        did: facts.to,
        didLabel: didsByNumber.get(facts.to)?.name ?? '',
        language: call.language,
      },
    };
  }

  /** The caller hears letters where the flow means words: whoever looks after it shall know. */
  #noteUnspoken(state: FlowResult['state'], ms: number): void {
    const { flow: flowId, step } = state;
    const label = stepAt(this.loaded.program, state)?.label ?? step;
    this.call.record({
      ...{ kind: 'looked-up', flowId, step, label, source: 'speech' },
      ...{ ok: false, reason: 'not-spoken', ms },
    });
  }

  async #record(
    scope: Scope,
    effect: RecordEffect,
    back: FlowReturn,
    begun: MessageState | undefined,
  ): Promise<FlowHappening> {
    const { s, call } = this;
    const prompt = this.#speaking.prompts([effect.prompt]);
    const keep = (message: MessageState): void => {
      call.enter({ kind: 'ivr', ...back, message });
    };
    const id = await recordMessage(scope, s, call, prompt, effect, { begun, keep });
    // The key that ended it, and others pressed meanwhile, are no answer to what follows.
    call.digits.clear();
    return id === undefined ? { kind: 'nothing-recorded' } : { kind: 'recorded', id };
  }

  async #carryOut(
    scope: Scope,
    effect: Exclude<FlowResult['effect'], LeadingEffect | RecordEffect>,
    state: FlowResult['state'],
  ): Promise<FlowHappening> {
    const { call, s } = this;
    const speaking = this.#speaking;
    switch (effect.kind) {
      case 'play':
        return speaking.play(scope, effect);
      case 'say':
        return speaking.say(scope, effect, (ms) => {
          this.#noteUnspoken(state, ms);
        });
      case 'ask':
        return speaking.ask(scope, effect);
      case 'confirm':
        return speaking.confirm(scope, effect);
      case 'collect':
        return collect(scope, call, effect, speaking.prompts(effect.prompts));
      case 'set-language':
        call.language = effect.language;
        return { kind: 'language-set' };
      case 'fetch':
      case 'look-up':
      case 'find-customer':
      case 'check-pin':
      case 'send-webhook':
        return askSystem(scope, s, call, effect);
      case 'offer-callback':
        return offerCallback(scope, s, call, effect);
      case 'offer-appointment':
        return offerAppointment(scope, s, call, effect, (value, as) =>
          speaking.value({ value, as }),
        );
      case 'ask-directory':
        return askDirectory(scope, s, call, effect);
    }
  }
}

const hasWord = (item: FlowTrace): boolean =>
  item.kind === 'input-collected' || (item.kind === 'key-pressed' && item.accepted);

/** A test call that hands over nothing. */
const TRIAL_ENDS: Stage = {
  kind: 'announce',
  prompt: 'goodbye',
  then: ended('contained', 'system', 16, 'test-ends-here'),
};

const isHandOver = (effect: LeadingEffect): boolean => effect.kind.startsWith('go-');

const isLeading = (effect: FlowResult['effect']): effect is LeadingEffect =>
  effect.kind.startsWith('go-') || ['ask-survey', 'hangup', 'stuck', 'keep'].includes(effect.kind);

/** The stage that enters a flow's published version. */
export function enterFlow(s: CallServices, flow: FlowId): Stage {
  const config = s.directory.current.flows.get(flow);
  return config === undefined ? missing() : { kind: 'ivr', flow, version: config.version };
}
