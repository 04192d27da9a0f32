import type { Logger } from '../adapters/log/logger.js';
import type { Clock } from '../kernel/clock.js';
import { Cancelled, type Scope } from '../kernel/scope.js';
import type { Carrier } from './carrier.js';
import type { Chance } from './chance.js';
import { DIDS } from './company.js';
import type { Party } from './party.js';

/** Calls from outside at once. */
export const CALLERS_AT_ONCE = 4;

const NAMES = [
  'Grace Hall',
  'Omar Siddiqui',
  'Ewa Nowak',
  'Liam Byrne',
  '王磊',
  'Priya Nair',
  'Tom Baker',
  '李娜',
  'Sofia Rossi',
  '',
] as const;

/** What somebody calls for, by how often it happens. */
const INTENTS = {
  sales: 34,
  service: 34,
  'wrong key, then service': 8,
  message: 8,
  reception: 8,
  'other language, then sales': 4,
  'hangs up in the menu': 4,
} as const;
type Intent = keyof typeof INTENTS;

const KEYS: Readonly<Record<Intent, readonly string[]>> = {
  sales: ['1'],
  service: ['2'],
  'wrong key, then service': ['7', '2'],
  message: ['3'],
  reception: ['0'],
  'other language, then sales': ['9', '1'],
  'hangs up in the menu': [],
};

const ANSWER_LIMIT_MS = 15_000;
const CALLER_HZ = 1000;

interface CallersContext {
  readonly carrier: Carrier;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Logger;
}

/** Keeps a few people calling, each with a purpose and a limit of patience, until the scope ends. */
export function simulateCallers(scope: Scope, context: CallersContext): void {
  for (let line = 0; line < CALLERS_AT_ONCE; line++)
    scope.fork(`caller ${String(line)}`, async (own) => {
      for (;;) {
        await context.clock.sleep(context.chance.between(3_000, 25_000), own.signal);
        await own.run('call', (call) => callOnce(call, context, line));
      }
    });
}

async function callOnce(scope: Scope, context: CallersContext, line: number): Promise<void> {
  const { carrier, chance, log } = context;
  const intent = chance.byWeight(INTENTS);
  const did = chance.is(0.75) ? DIDS[0] : DIDS[1];
  try {
    const party = await carrier.call({
      to: did.number,
      from: callerNumber(chance, line),
      name: chance.of(NAMES),
    });
    scope.defer(() => party.hangUp());
    await scope.wait(party.answered(ANSWER_LIMIT_MS));
    await live(scope, context, party, intent);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    // The pbx may be away or busy: the next caller will see.
    log.info({ intent, detail: String(error) }, 'a simulated call ended early');
  }
}

/** London numbers kept for fiction; the tens digit keeps simultaneous callers apart. */
const callerNumber = (chance: Chance, line: number): string =>
  `+44207946${String(300 + line * 100 + Math.floor(chance.between(0, 99))).padStart(4, '0')}`;

async function live(
  scope: Scope,
  context: CallersContext,
  party: Party,
  intent: Intent,
): Promise<void> {
  const { chance, clock } = context;
  for (const key of KEYS[intent]) {
    await clock.sleep(chance.between(1_500, 6_000), scope.signal);
    await party.press(key);
  }
  if (intent === 'hangs up in the menu') {
    await clock.sleep(chance.between(2_000, 5_000), scope.signal);
    return;
  }
  if (intent === 'message') {
    // Greeting and beep first.
    await clock.sleep(8_000, scope.signal);
    await party.say(CALLER_HZ);
    await clock.sleep(chance.between(4_000, 12_000), scope.signal);
    return;
  }
  await party.say(CALLER_HZ);
  // Patience and talk together: whoever is answered early talks longer.
  await scope.wait(party.endsWithin(chance.between(15_000, 100_000)));
}
