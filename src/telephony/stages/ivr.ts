import type { FlowEffect, FlowMoment, FlowTrace } from '../../engines/ivr/effects.js';
import { advance, startFlow, type FlowResult } from '../../engines/ivr/interpreter.js';
import { soleFlow } from '../../engines/ivr/state.js';
import type { FlowId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { FlowConfig } from '../directory.js';
import type { Call } from '../calls/call.js';
import { askKey, playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';

/**
 * The caller is in a menu flow: carries out what the interpreter decides, one effect at a time, and writes the state into
 * the journal before each. The call keeps the version of the flow that it started with.
 */
export async function ivrStage(s: CallServices, call: Call, stage: StageOf<'ivr'>): Promise<Stage> {
  const flow = await s.directory.flowVersion(stage.flow, stage.version);
  if (flow === undefined)
    return {
      kind: 'announce',
      prompt: 'service-problem',
      then: ended('failed', 'system', 41, 'flow-missing'),
    };
  await call.answer();
  return call.scope.run('ivr', (scope) => new FlowRun(s, call, flow, stage).run(scope));
}

class FlowRun {
  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly flow: FlowConfig,
    private readonly stage: StageOf<'ivr'>,
  ) {}

  async run(scope: Scope): Promise<Stage> {
    let result = this.#begin();
    for (;;) {
      this.#note(result.trace);
      this.call.enter({
        kind: 'ivr',
        flow: this.flow.id,
        version: this.flow.version,
        state: result.state,
      });
      const next = await this.#carryOut(scope, result);
      if ('kind' in next) return next;
      result = next;
    }
  }

  #moment(): FlowMoment {
    const { calendars } = this.s.directory.current;
    const { call, s } = this;
    const did = s.directory.current.didsByNumber.get(call.facts.to);
    const facts = {
      callId: call.id,
      callerNumber: call.facts.from,
      callerName: call.facts.fromName,
      did: call.facts.to,
      didLabel: did?.name ?? '',
      language: call.language,
    };
    return { at: call.clock.now(), zone: s.zone, calendars, call: facts };
  }

  #begin(): FlowResult {
    const program = soleFlow(this.flow);
    const { state, nobodyAnswered } = this.stage;
    if (state === undefined) {
      this.call.record({
        kind: 'flow-entered',
        flowId: this.flow.id,
        version: this.flow.version,
        name: this.flow.name,
      });
      return startFlow(program, this.#moment());
    }
    const kind = nobodyAnswered === true ? 'nobody-answered' : 'resumed';
    return advance(program, state, { kind, ...this.#moment() });
  }

  /** The next decision, or the stage that the flow leads to. */
  async #carryOut(scope: Scope, { state, effect }: FlowResult): Promise<FlowResult | Stage> {
    const go = (
      input: { kind: 'played' | 'no-key' | 'language-set' } | { kind: 'digit'; digit: string },
    ): FlowResult => advance(soleFlow(this.flow), state, { ...input, ...this.#moment() });
    switch (effect.kind) {
      case 'play': {
        const media = effect.prompts.flatMap((prompt) => this.s.prompts.of(prompt, this.call));
        if (!effect.bargeIn) {
          await playPrompt(scope, this.call, media);
          return go({ kind: 'played' });
        }
        const digit = await askKey(scope, this.call, media, 0);
        return go(digit === undefined ? { kind: 'played' } : { kind: 'digit', digit });
      }
      case 'ask': {
        const media = effect.prompts.flatMap((prompt) => this.s.prompts.of(prompt, this.call));
        const digit = await askKey(scope, this.call, media, effect.timeoutMs);
        return go(digit === undefined ? { kind: 'no-key' } : { kind: 'digit', digit });
      }
      case 'set-language':
        this.call.language = effect.language;
        return go({ kind: 'language-set' });
      case 'keep':
        // Only an input out of place gives this, and we send none: the flow cannot go on.
        return this.#leaveStuck('input-out-of-place', state.step);
      default:
        return this.#leave(effect, state);
    }
  }

  #leave(effect: FlowEffect, state: FlowResult['state']): Stage {
    switch (effect.kind) {
      case 'go-queue':
        return { kind: 'queue', queue: effect.queue, priority: effect.priority, from: [] };
      case 'go-extension':
        return {
          kind: 'ring-extension',
          extension: effect.extension,
          ...(effect.noAnswerStep === undefined
            ? {}
            : { back: { flow: this.flow.id, version: this.flow.version, state } }),
        };
      case 'go-voicemail':
        return {
          kind: 'voicemail',
          ...(effect.extension === undefined ? {} : { extensionId: effect.extension }),
          ...(effect.queue === undefined ? {} : { queueId: effect.queue }),
          ...(effect.greeting === undefined ? {} : { greeting: effect.greeting }),
        };
      case 'hangup': {
        const then = ended('contained', 'system', 16, 'flow-ended');
        return effect.prompt === undefined
          ? then
          : { kind: 'goodbye', prompt: effect.prompt, then };
      }
      case 'stuck':
        return this.#leaveStuck(effect.reason, effect.step);
      default:
        return this.#leaveStuck(`no-${effect.kind}`, state.step);
    }
  }

  #leaveStuck(reason: string, step: string): Stage {
    this.s.log.error(
      { callId: this.call.id, flow: this.flow.id, step, reason },
      'a flow cannot go on',
    );
    this.call.record({ kind: 'refused', reason: `flow-${reason}` });
    return {
      kind: 'announce',
      prompt: 'service-problem',
      then: ended('failed', 'system', 41, `flow-${reason}`),
    };
  }

  #note(trace: readonly FlowTrace[]): void {
    for (const item of trace) {
      this.call.record(item);
      if (item.kind === 'key-pressed' && item.accepted) this.call.path.push(item.digits);
      if (item.kind === 'step-entered' && this.call.path.length > 0) this.#labelKey(item.label);
    }
  }

  /** The path that the agent sees: `2 Repairs`. The step after a key says what the key meant. */
  #labelKey(label: string): void {
    const last = this.call.path.at(-1) ?? '';
    if (/^[0-9*#]$/.test(last)) this.call.path[this.call.path.length - 1] = `${last} ${label}`;
  }
}

/** The stage that enters a flow's published version. */
export function enterFlow(s: CallServices, flow: FlowId): Stage {
  const config = s.directory.current.flows.get(flow);
  return config === undefined
    ? {
        kind: 'announce',
        prompt: 'service-problem',
        then: ended('failed', 'system', 41, 'flow-missing'),
      }
    : { kind: 'ivr', flow, version: config.version };
}
