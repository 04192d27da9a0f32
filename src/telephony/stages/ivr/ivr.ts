import type { FlowHappening, FlowInput, FlowMoment } from '../../../engines/ivr/effects.js';
import { advance, startFlow, type FlowResult } from '../../../engines/ivr/interpreter.js';
import { shownVariables } from '../../../engines/ivr/variables.js';
import type { FlowId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { withVariables } from '../../calls/call-context.js';
import { recordMessage } from '../../calls/message.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type Stage, type StageOf } from '../../calls/stage.js';
import type { FlowConfig } from '../../directory.js';
import { askSystem } from './asking.js';
import { collect } from './collecting.js';
import { stageAfter, type LeadingEffect } from './leading.js';
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
  await call.answer();
  return call.scope.run('ivr', (scope) => new FlowRun(s, call, flow, loaded, stage).run(scope));
}

const missing = (): Stage => ({
  kind: 'announce',
  prompt: 'service-problem',
  then: ended('failed', 'system', 41, 'flow-missing'),
});

class FlowRun {
  readonly #speaking: Speaking;
  readonly #story: FlowStory;

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
    for (;;) {
      const { state, effect, trace } = result;
      this.#story.note(trace);
      call.context = withVariables(call.context, shownVariables(state));
      const back = { flow: flow.id, version: flow.version, state };
      call.enter({ kind: 'ivr', ...back });
      if (isLeading(effect)) {
        this.#story.end(effect.kind);
        return stageAfter(this.s, call, effect, back);
      }
      result = this.#advance(state, await this.#carryOut(scope, effect));
    }
  }

  #begin(): FlowResult {
    const { program } = this.loaded;
    const { state, nobodyAnswered } = this.stage;
    if (state === undefined) {
      this.#story.begin(this.flow);
      return startFlow(program, this.#moment());
    }
    return this.#advance(state, { kind: nobodyAnswered === true ? 'nobody-answered' : 'resumed' });
  }

  #advance(state: FlowResult['state'], happening: FlowHappening): FlowResult {
    const input: FlowInput = { ...happening, ...this.#moment() };
    return advance(this.loaded.program, state, input);
  }

  #moment(): FlowMoment {
    const { call, s } = this;
    const { facts, clock } = call;
    const { calendars, didsByNumber } = s.directory.current;
    return {
      at: clock.now(),
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

  async #carryOut(
    scope: Scope,
    effect: Exclude<FlowResult['effect'], LeadingEffect>,
  ): Promise<FlowHappening> {
    const { call, s } = this;
    const speaking = this.#speaking;
    switch (effect.kind) {
      case 'play':
        return speaking.play(scope, effect);
      case 'say':
        return speaking.say(scope, effect);
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
      case 'record-message': {
        const id = await recordMessage(scope, s, call, speaking.prompts([effect.prompt]), effect);
        return id === undefined ? { kind: 'nothing-recorded' } : { kind: 'recorded', id };
      }
      case 'ask-survey':
        // There is no survey to ask yet: the flow goes on.
        return { kind: 'survey-done' };
    }
  }
}

const isLeading = (effect: FlowResult['effect']): effect is LeadingEffect =>
  effect.kind.startsWith('go-') || ['hangup', 'stuck', 'keep'].includes(effect.kind);

/** The stage that enters a flow's published version. */
export function enterFlow(s: CallServices, flow: FlowId): Stage {
  const config = s.directory.current.flows.get(flow);
  return config === undefined ? missing() : { kind: 'ivr', flow, version: config.version };
}
