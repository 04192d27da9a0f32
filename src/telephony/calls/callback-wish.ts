import type { CallbackAnswer, CallbackRequest } from '../callbacks.js';
import type { Call } from './call.js';
import type { CallServices } from './services.js';

type Wish = Omit<CallbackRequest, 'callId' | 'name' | 'language' | 'context'>;

/** A caller asks to be called back. A test call hears the same answers, and nobody is called. */
export async function askForCallback(
  s: CallServices,
  call: Call,
  wish: Wish,
): Promise<CallbackAnswer> {
  if (call.isTest) return s.callbacks.wouldAnswer(wish);
  const { number, queueId } = wish;
  const answer = await s.callbacks.request({
    ...wish,
    callId: call.id,
    name: number === call.facts.from ? call.facts.fromName : '',
    language: call.language,
    context: call.context,
  });
  // The number may be spelled otherwise where it is kept.
  const open = s.callbacks.openFor(number);
  if (answer !== 'not-possible' && open !== undefined)
    call.record({ kind: 'callback-asked', callbackId: open.id, queueId, number: open.number });
  return answer;
}
