import { newBridgeId, type ExtensionId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { Call } from '../calls/call.js';
import { CAUSE_ELSEWHERE, ELSEWHERE, type DialOutcome, type Leg } from '../calls/leg.js';
import type { CallServices } from '../calls/services.js';
import type { Stage, StageOf } from '../calls/stage.js';
import { ringPhone } from './ring-extension.js';
import { destroyQuietly } from './talk.js';

/** Rings several desk phones at once: the first that answers has the call. Nobody: back into the flow. */
export async function ringGroupStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'ring-group'>,
): Promise<Stage> {
  // The caller was answered by the flow: the tone of the country says that it rings.
  await call.ari.ring(call.channel);
  const bridge = newBridgeId();
  // Also where the caller leaves while it rings.
  call.scope.defer(() => destroyQuietly(call, bridge));
  const leg = await call.scope.run('ring group', async (scope) => {
    scope.fork('bridge', () => call.ari.createBridge(bridge, call.id));
    return new Ringing(s, call, stage).firstAnswer(scope);
  });
  if (leg !== undefined) return { kind: 'talk', partner: leg.partner, bridge, record: true };
  await destroyQuietly(call, bridge);
  return { kind: 'ivr', ...stage.back, nobodyAnswered: true };
}

class Ringing {
  readonly #stops = new Map<ExtensionId, (reason: string) => void>();
  #left: number;
  #winner: Leg | undefined;
  #over: (leg: Leg | undefined) => void = () => undefined;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly stage: StageOf<'ring-group'>,
  ) {
    this.#left = stage.extensions.length;
  }

  async firstAnswer(scope: Scope): Promise<Leg | undefined> {
    const over = new Promise<Leg | undefined>((resolve) => {
      this.#over = resolve;
    });
    for (const id of this.stage.extensions)
      scope.fork('ring', async (within) => {
        this.#stops.set(id, (reason) => {
          within.cancel(reason);
        });
        await this.#note(id, await this.#ring(within, id));
      });
    return scope.wait(over);
  }

  async #ring(scope: Scope, id: ExtensionId): Promise<DialOutcome> {
    const extension = this.s.directory.current.extensions.get(id);
    return extension === undefined
      ? { kind: 'unreachable', cause: 20, techCause: 0 }
      : ringPhone(scope, this.s, this.call, extension, this.stage.timeoutMs);
  }

  async #note(id: ExtensionId, outcome: DialOutcome): Promise<void> {
    this.#stops.delete(id);
    this.#left--;
    if (outcome.kind !== 'answered') {
      if (this.#left === 0 && this.#winner === undefined) this.#over(undefined);
      return;
    }
    if (this.#winner !== undefined) {
      // Answered in the same moment as another one.
      await outcome.leg.release(CAUSE_ELSEWHERE);
      return;
    }
    this.#winner = outcome.leg;
    for (const stop of this.#stops.values()) stop(ELSEWHERE);
    this.#over(outcome.leg);
  }
}
