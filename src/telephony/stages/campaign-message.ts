import { numberPiece } from '../../engines/speech/sound.js';
import type { Scope } from '../../kernel/scope.js';
import type { Call } from '../calls/call.js';
import { playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import type { Stage, StageOf } from '../calls/stage.js';

/** How long after the message the opt-out key may come. */
const KEY_LIMIT_MS = 4_000;
/** The tone of most mailboxes, and how much of it is enough. */
const BEEP_HZ = 1_000;
const BEEP_MS = 200;
/** A greeting is over when nothing more was said for so long, or after the limit; whatever comes first. */
const SILENCE_MS = 2_500;
const GREETING_LIMIT_MS = 45_000;

/**
 * Says why a campaign called: to a person for whom no agent was free, with the key by which nobody calls again, or to a
 * machine, after its beep.
 */
export async function campaignMessageStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'campaign-message'>,
): Promise<Stage> {
  await call.answer();
  await call.scope.run('campaign message', async (scope) => {
    if (stage.awaitsBeep) {
      await untilBeep(scope, call);
      await playPrompt(scope, call, messageOf(s, call, stage));
      return;
    }
    if (await isOptOut(scope, call, messageOf(s, call, stage))) {
      s.campaigns.optedOut(call);
      await playPrompt(scope, call, s.prompts.named('campaign-removed', call));
    }
  });
  return stage.then;
}

/** The campaign's own prompt says which key; the switchboard's sentence is made for it. */
function messageOf(
  s: CallServices,
  call: Call,
  { prompt }: StageOf<'campaign-message'>,
): readonly string[] {
  const own = prompt === undefined ? [] : s.prompts.of(prompt, call);
  if (own.length > 0) return own;
  const digit = call.facts.campaign?.optOutDigit ?? '';
  const key = /^\d$/.test(digit)
    ? [
        ...s.prompts.named('campaign-opt-out', call),
        ...s.prompts.spoken(() => [numberPiece(Number(digit))], call),
      ]
    : [];
  return [...s.prompts.named('campaign-sorry', call), ...key];
}

/** Plays it, and says whether the key was pressed, at any time in it; other keys mean nothing. */
async function isOptOut(scope: Scope, call: Call, media: readonly string[]): Promise<boolean> {
  const digit = call.facts.campaign?.optOutDigit;
  return scope.run('opt-out', async (within) => {
    const heard = new Promise<boolean>((resolve) => {
      within.fork('message', async (s) => {
        await playPrompt(s, call, media);
        await call.clock.sleep(KEY_LIMIT_MS, s.signal);
        resolve(false);
      });
    });
    const pressed = (async () => {
      for (;;) if ((await call.digits.next(within)).digit === digit) return true;
    })();
    return Promise.race([pressed, heard]);
  });
}

/** The machine has finished: it beeps, or is silent, or has talked for as long as we wait. Beeps differ; most are this one. */
function untilBeep(parent: Scope, call: Call): Promise<void> {
  return parent.run('beep', async (scope) => {
    const events = call.ari.events.inbox(scope, call.channel, [
      'ChannelToneDetected',
      'ChannelTalkingFinished',
    ]);
    await call.ari.detectTone(call.channel, BEEP_HZ, BEEP_MS);
    await call.ari.detectTalking(call.channel, SILENCE_MS);
    await Promise.race([
      events.next(),
      untilNoSound(scope, call),
      call.clock.sleep(GREETING_LIMIT_MS, scope.signal),
    ]);
  });
}

/** Some mailboxes send no packets at all while they listen: then nobody is told of silence either. */
async function untilNoSound(scope: Scope, call: Call): Promise<void> {
  let before = -1;
  for (;;) {
    const packets = await call.ari.packetsFrom(call.channel);
    if (packets === before) return;
    before = packets;
    await call.clock.sleep(SILENCE_MS, scope.signal);
  }
}
