import { messagesPhrase } from '../../engines/speech/announcements.js';
import { phrase } from '../../engines/speech/phrase.js';
import { piece } from '../../engines/speech/sound.js';
import { isKnownZone, wallTime } from '../../engines/routing/wall-clock.js';
import type { Language } from '../../kernel/call-event.js';
import type { ExtensionId } from '../../kernel/ids.js';
import { classifyNumber } from '../../kernel/numbers.js';
import type { Scope } from '../../kernel/scope.js';
import type { Call } from '../calls/call.js';
import { askDigits, askKey, playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import { AGAIN, check, KEEP, speak } from '../calls/spoken-take.js';
import { ended, type Stage } from '../calls/stage.js';
import { isPermitted } from '../directory.js';
import {
  MAX_GREETING_MS,
  type BoxMark,
  type BoxMessage,
  type GreetingOutcome,
  type Mailbox,
} from '../mailboxes.js';
import type { SystemPromptName } from '../system-prompts.js';
import { whereTo } from './number-plan.js';

/** Wrong PINs in a row, over all calls, before a box is locked for so long. */
export const PIN_TRIES = 5;
export const PIN_LOCK_MS = 15 * 60_000;
/** PINs that one call may try. */
const TRIES_IN_CALL = 3;
const DIGITS = { max: 12, timeoutMs: 8_000 } as const;
const KEY_LIMIT_MS = 8_000;
/** No extension has the id 0. */
const NOBODY = 0 as ExtensionId;
/** Times without a key before the call is ended: the phone was put down beside its cradle. */
const UNANSWERED_AT_MOST = 3;
/** Asterisk stops a recording later than this, so that a greeting that is too long is told so and not cut. */
const GREETING_RECORD_MS = MAX_GREETING_MS + 2_000;

/** Greetings that one call may speak before it keeps none. */
const MAX_TAKES = 20;

const GREETING_TOLD: Readonly<Record<GreetingOutcome, SystemPromptName>> = {
  kept: 'greeting-kept',
  silent: 'greeting-silent',
  'too-short': 'greeting-silent',
  'too-long': 'greeting-too-long',
  failed: 'service-problem',
};

const KEYS = { again: '1', delete: '2', keep: '3', call: '4', next: '5', greeting: '9', help: '0' };

/**
 * Somebody listens to messages at a phone. `own`: the box of this phone, whose PIN is asked where it has one; else a box is
 * asked for, and one without a PIN does not open.
 */
export function listenToMailbox(s: CallServices, call: Call, own: boolean): Promise<Stage> {
  return call.scope.run('mailbox', async (scope) => {
    const found = own ? await ownBox(scope, s, call) : await anyBox(scope, s, call);
    return 'kind' in found ? found : new Listening(scope, s, call, found).run();
  });
}

async function ownBox(scope: Scope, s: CallServices, call: Call): Promise<Mailbox | Stage> {
  const { extensionId } = call.facts;
  const box =
    extensionId === undefined
      ? undefined
      : await s.mailboxes.of({ kind: 'extension', id: extensionId });
  if (box === undefined) return say('mailbox-none', 'no-mailbox');
  if (box.pinHash === '') return box;
  const pin = (before: readonly string[]) => askPinOf(scope, s, call, before);
  return (
    (await askPin(s, call, async (before) => ({
      number: box.number,
      box,
      entered: await pin(before),
    }))) ?? box
  );
}

async function anyBox(scope: Scope, s: CallServices, call: Call): Promise<Mailbox | Stage> {
  const asked: { box?: Mailbox | undefined } = {};
  const refused = await askPin(s, call, async (before) => {
    const prompt = [...before, ...s.prompts.named('mailbox-number', call)];
    const number = await askDigits(scope, call, prompt, DIGITS);
    asked.box = await s.mailboxes.numbered(number);
    return { number, box: asked.box, entered: await askPinOf(scope, s, call, []) };
  });
  return refused ?? asked.box ?? say('mailbox-refused', 'mailbox-refused');
}

interface Asked {
  readonly number: string;
  readonly box: Mailbox | undefined;
  readonly entered: string;
}

const askPinOf = (scope: Scope, s: CallServices, call: Call, before: readonly string[]) =>
  askDigits(scope, call, [...before, ...s.prompts.named('enter-pin', call)], DIGITS);

/** Why nobody comes in; undefined where the PIN is right. Whether the box or the PIN is wrong is not told. */
async function askPin(
  s: CallServices,
  call: Call,
  ask: (before: readonly string[]) => Promise<Asked>,
): Promise<Stage | undefined> {
  let before: readonly string[] = [];
  for (let tries = 0; tries < TRIES_IN_CALL; tries++) {
    const { number, box, entered } = await ask(before);
    const verdict = await s.selfService.checkPin({
      kind: 'check-pin',
      entered,
      expected: box?.pinHash ?? '',
      subject: `mailbox ${box === undefined ? number : String(box.id)}`,
      lockAfter: PIN_TRIES,
      lockMs: PIN_LOCK_MS,
    });
    if (verdict.kind === 'pin-ok') return undefined;
    if (verdict.kind === 'pin-locked') return say('mailbox-locked', 'mailbox-locked');
    before = s.prompts.named('mailbox-refused', call);
  }
  return say('mailbox-refused', 'mailbox-refused');
}

const say = (prompt: SystemPromptName, reason: string): Stage => ({
  kind: 'announce',
  prompt,
  then: ended('contained', 'system', 16, reason),
});
const done = (): Stage => say('goodbye', 'mailbox-heard');

/** Goes through the messages of a box that is open. */
class Listening {
  #unanswered = 0;

  constructor(
    private readonly scope: Scope,
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly box: Mailbox,
  ) {}

  async run(): Promise<Stage> {
    for (;;) {
      const messages = await this.s.mailboxes.messages(this.box.id);
      if (messages === undefined) return say('service-problem', 'no-mailbox');
      const fresh = messages.filter((message) => message.isNew).length;
      const count = (language: Language) =>
        messagesPhrase(language, fresh, messages.length - fresh);
      // A key pressed while the number is said is the first key for the first message.
      let ahead = await this.#key(this.s.prompts.spoken(count, this.call), 0);
      for (const message of messages) {
        const next = await this.#hear(message, ahead);
        if (typeof next === 'object') return next;
        ahead = next;
      }
      const next = await this.#end(ahead);
      if (next !== undefined) return next;
    }
  }

  /** Plays one message until the listener goes on. A stage to go to, or a key that was pressed ahead, if any. */
  async #hear(message: BoxMessage, ahead: string | undefined): Promise<Stage | string | undefined> {
    let key: string | undefined = ahead ?? (await this.#key(this.#head(message), 0)) ?? KEYS.again;
    for (;;) {
      switch (key) {
        case KEYS.again:
          await this.#mark(message, 'heard');
          key = await this.#key([...this.#sound(message), ...this.#named('mailbox-menu')]);
          break;
        case KEYS.delete:
          return this.#told(await this.#mark(message, 'deleted'), 'mailbox-deleted');
        case KEYS.keep:
          return this.#told(await this.#mark(message, 'kept'), 'mailbox-kept');
        case KEYS.call:
          if (message.from !== '') return this.#callBack(message);
          key = await this.#key(this.#named('mailbox-no-number', 'mailbox-menu'));
          break;
        case KEYS.next:
          return undefined;
        default:
          key = await this.#other(key, 'mailbox-menu');
      }
      if (key === undefined && this.#isLeft()) return done();
    }
  }

  /** Where that may be dialled, the message is dealt with, as on the page. */
  async #callBack(message: BoxMessage): Promise<Stage> {
    const { s, call } = this;
    const { first } = whereTo(s, message.from);
    const phone = s.directory.current.extensions.get(call.facts.extensionId ?? NOBODY);
    const isAllowed =
      first.kind !== 'dial-outside' ||
      (phone !== undefined &&
        isPermitted(phone.permission, classifyNumber(first.number, s.country)));
    if (isAllowed) await this.#mark(message, 'handled');
    return first;
  }

  /** After the last message: undefined to begin again. */
  async #end(ahead: string | undefined): Promise<Stage | undefined> {
    let key = ahead ?? (await this.#key(this.#named('mailbox-end')));
    for (;;) {
      if (key === KEYS.again) return undefined;
      if (key === undefined && this.#isLeft()) return done();
      key = await this.#other(key, 'mailbox-end');
    }
  }

  /** Keys that mean the same everywhere, and those that mean nothing. */
  async #other(key: string | undefined, menu: SystemPromptName): Promise<string | undefined> {
    switch (key) {
      case undefined:
        return this.#key(this.#named(menu));
      case KEYS.greeting:
        return this.#key(this.#named(await this.#recordGreeting(), menu));
      case KEYS.help:
        return this.#key(this.#named('mailbox-help', menu));
      default:
        return this.#key(this.#named('wrong-key', menu));
    }
  }

  /** Speak, hear it, keep it or speak again; what is to be said of it. */
  async #recordGreeting(): Promise<SystemPromptName> {
    const { scope, s, call } = this;
    for (let takes = 0; takes < MAX_TAKES; takes++) {
      await playPrompt(scope, call, this.#named('record-prompt', 'say-beep'));
      const name = await speak(scope, s, call, GREETING_RECORD_MS);
      if (name === undefined) return 'greeting-silent';
      const key = await check(scope, s, call, name);
      if (key === AGAIN) continue;
      if (key !== KEEP) break;
      const wav = await call.ari.recordings.fetch(name);
      return GREETING_TOLD[await s.mailboxes.keepGreeting(this.box.id, wav, this.#phone)];
    }
    return 'recording-lost';
  }

  /** From whom it is, and since when. */
  #head({ from, leftAt }: BoxMessage): readonly string[] {
    const { s, call } = this;
    const { date, time } = this.#wall(leftAt);
    const today = this.#wall(call.clock.now()).date;
    return s.prompts.spoken((language) => {
      const number = phrase(language, from, 'digits');
      const day = phrase(language, date, 'date', { today });
      const clock = phrase(language, time, 'time');
      return [
        ...(number.kind === 'said' ? [piece('message-from'), ...number.sounds] : []),
        ...[day, clock].flatMap((said) => (said.kind === 'said' ? said.sounds : [])),
      ];
    }, call);
  }

  #wall(at: number): { readonly date: string; readonly time: string } {
    const { zone } = this.s;
    const { date, minute } = wallTime(at, isKnownZone(zone) ? zone : 'UTC');
    const two = (n: number): string => String(n).padStart(2, '0');
    return { date, time: `${two(Math.floor(minute / 60))}:${two(minute % 60)}` };
  }

  #sound({ media }: BoxMessage): readonly string[] {
    return media === '' ? this.#named('mailbox-no-sound') : [media];
  }

  #named(...names: readonly SystemPromptName[]): readonly string[] {
    return names.flatMap((name) => this.s.prompts.named(name, this.call));
  }

  #mark(message: BoxMessage, mark: BoxMark): Promise<boolean> {
    return this.s.mailboxes.mark(message.id, mark, this.#phone);
  }

  /** Says what was done, or that it was not; the key that cut it short, if any. */
  #told(isDone: boolean, name: SystemPromptName): Promise<string | undefined> {
    return this.#key(this.#named(isDone ? name : 'service-problem'), 0);
  }

  async #key(media: readonly string[], timeoutMs = KEY_LIMIT_MS): Promise<string | undefined> {
    const key = await askKey(this.scope, this.call, media, timeoutMs);
    if (key !== undefined) this.#unanswered = 0;
    return key;
  }

  #isLeft(): boolean {
    return ++this.#unanswered >= UNANSWERED_AT_MOST;
  }

  get #phone(): string {
    return this.call.facts.from;
  }
}
