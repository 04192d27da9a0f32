import { isWanted } from '../../../engines/recording/control.js';
import type { TalkState } from '../../../engines/talk/talk.js';
import type { BridgeId, ChannelId } from '../../../kernel/ids.js';
import { Cancelled, type Scope } from '../../../kernel/scope.js';
import { quietly } from '../../ari/port.js';
import type { Call } from '../../calls/call.js';
import { playOn } from '../../calls/prompts.js';
import { recordingDecision, recordingNotice } from '../../calls/recording-rules.js';
import type { CallServices } from '../../calls/services.js';
import type { TalkPartner } from '../../calls/stage.js';
import { whisper } from './whisper.js';

/** Goes on without recording. */
const DECLINE_KEY = '9';
/** How long after the words the key still counts. */
const CHOICE_MS = 1_500;

/** Somebody outside who is in a talk, or is about to be. */
interface Outsider {
  readonly leg: ChannelId;
  readonly number: string;
}

/** Who is outside: whom the call is about, the partner, or both. */
function outsiders(call: Call, partner: TalkPartner): readonly Outsider[] {
  const atAnchor = { leg: call.channel, number: call.anchor.number };
  const isOurs = call.extensionAtAnchor !== undefined || call.facts.direction === 'internal';
  return [
    ...(isOurs ? [] : [atAnchor]),
    ...(partner.role === 'outside' ? [{ leg: partner.leg, number: partner.number }] : []),
  ];
}

/**
 * Before two are connected: whoever is outside is told that the talk will be recorded, once a call, where queue, trunk or the
 * country of the number ask for it. Both hear it. With a choice a key goes on without recording.
 */
export async function tellOfRecording(
  s: CallServices,
  call: Call,
  partner: TalkPartner,
  bridge: BridgeId,
): Promise<void> {
  if (call.recordingTold !== undefined) return;
  const people = outsiders(call, partner);
  const { mode } = recordingDecision(s, call, partner);
  if (!isWanted(mode, call.recordingControl)) return;
  const notices = people.map((one) => recordingNotice(s, call, partner.queueId, one.number));
  const how = notices.includes('choice')
    ? 'choice'
    : notices.includes('notice')
      ? 'notice'
      : undefined;
  if (how === undefined) return;
  const told = new Set<ChannelId>(people.map(({ leg }) => leg));
  await call.answer();
  const everybody = [call.channel, partner.leg];
  // Nothing can be played to somebody who is in a bridge, as after early media.
  await quietly(() => call.ari.removeFromBridge(bridge, everybody));
  const declined = await call.scope.run('recording notice', async (scope) => {
    const media = s.prompts.named(how === 'choice' ? 'recorded-choice' : 'recorded-notice', call);
    let by: ChannelId | undefined;
    if (how === 'choice')
      for (const leg of told)
        scope.fork('choice', async (listening) => {
          const keys = call.ari.events.inbox(listening, leg, ['ChannelDtmfReceived']);
          while ((await keys.next()).digit !== DECLINE_KEY);
          by = leg;
          playing.stop();
        });
    const playing = { stop: (): void => undefined };
    await scope
      .run('words', async (words) => {
        playing.stop = () => {
          words.cancel('declined');
        };
        await Promise.all(everybody.map((leg) => playOn(words, call, leg, media)));
        if (how === 'choice') await call.clock.sleep(CHOICE_MS, words.signal);
      })
      .catch((error: unknown) => {
        if (!(error instanceof Cancelled) || by === undefined) throw error;
      });
    return by;
  });
  const answer = declined === undefined ? 'stayed' : 'declined';
  call.recordingTold = answer;
  for (const { leg } of people) call.record({ kind: 'recording-told', leg, how, answer });
  // The key is no answer to anything that is asked later.
  if (declined === call.channel) call.digits.clear();
  call.save();
}

/** Somebody begins a recording in the middle of a talk: whoever is outside hears it, where it has to be told. */
export function tellOfPart(
  scope: Scope,
  s: CallServices,
  call: Call,
  { partner }: TalkState,
): void {
  if (call.recordingTold !== undefined) return;
  const people = outsiders(call, partner).filter(
    (one) => recordingNotice(s, call, partner.queueId, one.number) !== 'none',
  );
  if (people.length === 0) return;
  const media = s.prompts.named('recorded-notice', call);
  whisper(
    scope,
    call,
    people.map(({ leg }) => leg),
    media,
  );
  call.recordingTold = 'stayed';
  for (const { leg } of people)
    call.record({ kind: 'recording-told', leg, how: 'notice', answer: 'stayed' });
}
