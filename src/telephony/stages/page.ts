import { newBridgeId, newPlaybackId, type BridgeId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { AriError, quietly } from '../ari/port.js';
import type { Call } from '../calls/call.js';
import type { Leg } from '../calls/leg.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';
import type { PagingGroupConfig } from '../directory.js';
import { phoneOf } from './ring-phone.js';
import { destroyQuietly } from '../calls/bridge.js';

/** Phones that do not answer by themselves ring for so long. */
const RING_MS = 10_000;
/** Nobody speaks to a whole house for longer: whoever does has not hung up well. */
const MOST_MS = 5 * 60_000;

/** The caller is heard at every phone of the group that takes part, until hanging up. */
export async function pageStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'page'>,
): Promise<Stage> {
  // Taken up by another process: the phones of the former one are let go, and the speech is over.
  if (stage.bridge !== undefined) return ended('answered', 'system', 16, 'paging-over');
  const group = s.directory.current.pagingGroupsByNumber.get(stage.group);
  if (group === undefined)
    return {
      kind: 'announce',
      prompt: 'unknown-number',
      then: ended('refused', 'system', 1, 'unknown-paging-group'),
    };
  call.other = group.name;
  await call.answer();
  const bridge = newBridgeId();
  call.enter({ ...stage, bridge });
  call.scope.defer(() => destroyQuietly(call, bridge));
  await call.ari.createBridge(bridge, call.id, 'many');
  await call.ari.addToBridge(bridge, [call.channel]);
  return call.scope.run('page', (scope) => new Paging(s, call, group, bridge).run(scope));
}

class Paging {
  #listening = 0;
  #left: number;
  #over: () => void = () => undefined;
  #startedAt: number | undefined;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly group: PagingGroupConfig,
    private readonly bridge: BridgeId,
  ) {
    this.#left = group.members.length;
  }

  async run(scope: Scope): Promise<Stage> {
    const { call, group, s } = this;
    scope.defer(() => {
      this.#end();
    });
    const over = new Promise<void>((resolve) => {
      this.#over = resolve;
    });
    for (const id of group.members)
      scope.fork('paged phone', async (within) => {
        const outcome = await phoneOf(s, call, id, {
          timeoutMs: RING_MS,
          answersItself: true,
          prefix: group.name,
        }).ring(within);
        if (outcome.kind === 'answered') await this.#listen(within, outcome.leg);
        if (--this.#left === 0) this.#over();
      });
    if (this.#left === 0) this.#over();
    scope.fork('limit', async (within) => {
      await call.clock.sleep(MOST_MS, within.signal);
      this.#over();
    });
    await scope.wait(over);
    if (this.#startedAt !== undefined) return ended('answered', 'system', 16, 'paging-over');
    return {
      kind: 'announce',
      prompt: 'nobody-answers',
      then: ended('no-answer', 'callee', 19, 'no-answer'),
    };
  }

  /** A phone hears the caller until it hangs up. */
  async #listen(scope: Scope, leg: Leg): Promise<void> {
    try {
      await this.call.ari.addListeners(this.bridge, [leg.channel]);
    } catch (error) {
      if (!(error instanceof AriError)) throw error;
      // It hung up in the moment of its answer.
      await leg.release();
      return;
    }
    this.#listening++;
    if (this.#listening === 1) await this.#begin();
    await leg.ended(scope);
    this.#listening--;
  }

  /** The first phone listens: the caller hears a beep, and may speak. */
  async #begin(): Promise<void> {
    const { call, s, group } = this;
    this.#startedAt = call.connectedAt = call.clock.now();
    call.record({ kind: 'connected', leg: call.channel });
    call.record({ kind: 'paged', name: group.name, phones: group.members.length });
    call.changed();
    const beep = s.prompts.named('say-beep', call);
    if (beep.length > 0)
      await quietly(() => call.ari.playToBridge(this.bridge, newPlaybackId(), beep));
  }

  #end(): void {
    const { call } = this;
    call.connectedAt = undefined;
    if (this.#startedAt === undefined) return;
    const talkedMs = Math.max(0, (call.goneAt ?? call.clock.now()) - this.#startedAt);
    call.record({ kind: 'disconnected', talkedMs }, call.goneAt);
  }
}
