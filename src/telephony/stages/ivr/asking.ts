import type { FlowEffect, FlowHappening } from '../../../engines/ivr/effects.js';
import type { PromptId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import { AriError, quietly } from '../../ari/port.js';
import type { Call } from '../../calls/call.js';
import { playPrompt } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';

type Effect<K extends FlowEffect['kind']> = Extract<FlowEffect, { readonly kind: K }>;
export type AskingEffect = Effect<
  'fetch' | 'look-up' | 'find-customer' | 'check-pin' | 'send-webhook'
>;

/** An answer that comes sooner is waited for in silence: a moment of music is worse than none. */
const SILENCE_MS = 1_500;
const MUSIC_CLASS = 'default';

/** Asks another system, while the caller hears that something happens. The caller's hangup ends it. */
export async function askSystem(
  parent: Scope,
  s: CallServices,
  call: Call,
  effect: AskingEffect,
): Promise<FlowHappening> {
  return parent.run('ask a system', async (scope) => {
    const hold = effect.kind === 'fetch' ? effect.holdPrompt : undefined;
    if (effect.kind !== 'send-webhook')
      scope.fork('hold', (within) => comfort(within, s, call, hold));
    return scope.wait(answerOf(s, call, effect, scope.signal));
  });
}

function answerOf(
  s: CallServices,
  call: Call,
  effect: AskingEffect,
  signal: AbortSignal,
): Promise<FlowHappening> {
  const { selfService } = s;
  switch (effect.kind) {
    case 'fetch':
      return selfService.fetch(effect, signal);
    case 'look-up':
      return selfService.lookUp(effect, signal);
    case 'find-customer':
      return selfService.findCustomer(effect.by, call.id);
    case 'check-pin':
      return selfService.checkPin(effect);
    case 'send-webhook':
      return send(s, call, effect);
  }
}

async function send(
  s: CallServices,
  call: Call,
  { idempotencyKey, url, body }: Effect<'send-webhook'>,
): Promise<FlowHappening> {
  const askedAt = call.clock.now();
  await s.selfService.sendWebhook({ id: idempotencyKey, callId: call.id, url, body, askedAt });
  return { kind: 'sent' };
}

/** The flow's prompt at once, then music. A node that cannot play must not cost the answer. */
async function comfort(
  scope: Scope,
  s: CallServices,
  call: Call,
  prompt: PromptId | undefined,
): Promise<void> {
  try {
    const media = prompt === undefined ? [] : s.prompts.of(prompt, call);
    if (media.length === 0) await call.clock.sleep(SILENCE_MS, scope.signal);
    else await playPrompt(scope, call, media);
    scope.defer(async () => {
      if (!call.gone) await quietly(() => call.ari.stopMusic(call.channel));
    });
    await call.ari.startMusic(call.channel, MUSIC_CLASS);
    await scope.wait(new Promise<never>(() => undefined));
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    s.log.warn({ callId: call.id, failure: error.failure }, 'a caller waits in silence');
  }
}
