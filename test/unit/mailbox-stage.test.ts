import { expect } from 'chai';
import type { MailboxId, RecordingId } from '../../src/kernel/ids.js';
import type { BoxMessage, Mailbox } from '../../src/telephony/mailboxes.js';
import { SALES, SwitchboardBench } from '../support/switchboard-bench.js';

const CALLER = '+442079460999';

const box = (values: Partial<Mailbox> = {}): Mailbox => ({
  id: 1 as MailboxId,
  number: '2001',
  pinHash: '',
  greeting: '',
  maxMessageMs: 60_000,
  isFull: false,
  ...values,
});
const message = (id: string, values: Partial<BoxMessage> = {}): BoxMessage => ({
  id: id as RecordingId,
  from: CALLER,
  leftAt: 940_000,
  isNew: true,
  media: `sound:${id}`,
  ...values,
});

async function start(own: Partial<Mailbox> = {}, messages: readonly BoxMessage[] = []) {
  const bench = await new SwitchboardBench().start();
  bench.mailboxes.boxes.set('extension 1', box(own));
  bench.mailboxes.inBox = messages;
  return bench;
}

const dial = async (bench: SwitchboardBench, code: string, from = '2001') => {
  const phone = bench.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', code] });
  await bench.settle();
  return phone;
};
/** What was played so far, without ids. */
const played = (bench: SwitchboardBench): string =>
  bench.ari.log.filter((line) => line.startsWith('play')).join('\n');
const clean = (bench: SwitchboardBench): void => {
  expect(bench.ari.leftovers()).to.deep.equal([]);
  expect(bench.calls.size).to.equal(0);
  expect(bench.errors).to.deep.equal([]);
};

describe('Listening to messages at a phone', () => {
  it('says how many there are, from whom and since when, and plays the first', async () => {
    const bench = await start({}, [message('M1'), message('M2', { isNew: false })]);
    const phone = await dial(bench, '*97');
    await bench.advance(40_000);
    expect(played(bench)).to.contain('say-new-messages').and.contain('say-old-messages');
    expect(played(bench)).to.contain('say-message-from').and.contain('say-today');
    expect(played(bench)).to.match(/sound:M1.*mailbox-menu/);
    expect(bench.mailboxes.notes).to.deep.equal(['M1 heard by 2001']);
    bench.ari.hangUpFarEnd(phone);
    await bench.advance(1_000);
    expect(bench.last('call-ended')).to.include({ result: 'contained' });
    clean(bench);
  });

  it('leaves a message new that is passed over before its sound', async () => {
    const bench = await start({}, [message('M1'), message('M2')]);
    const phone = await dial(bench, '*97');
    await bench.press(phone, '5');
    await bench.press(phone, '5');
    await bench.advance(500);
    expect(bench.mailboxes.notes).to.deep.equal([]);
    bench.ari.hangUpFarEnd(phone);
    await bench.advance(1_000);
    clean(bench);
  });

  it('deletes with 2 and keeps with 3, says so, and goes on', async () => {
    const bench = await start({}, [message('M1'), message('M2')]);
    const phone = await dial(bench, '*97');
    await bench.advance(25_000);
    await bench.press(phone, '2');
    await bench.advance(25_000);
    await bench.press(phone, '3');
    await bench.advance(3_000);
    expect(bench.mailboxes.notes).to.deep.equal([
      'M1 heard by 2001',
      'M1 deleted by 2001',
      'M2 heard by 2001',
      'M2 kept by 2001',
    ]);
    expect(played(bench)).to.contain('mailbox-deleted').and.contain('mailbox-kept');
    expect(played(bench)).to.contain('mailbox-end');
    bench.ari.hangUpFarEnd(phone);
    await bench.advance(1_000);
    clean(bench);
  });

  it('calls back with 4, by the rules of this phone, and then the message is dealt with', async () => {
    const bench = await start({}, [message('M1')]);
    bench.ari.farEnd(`PJSIP/${CALLER}@trunk-1`, { kind: 'answers', afterMs: 1_000, talkMs: 5_000 });
    const phone = await dial(bench, '*97');
    await bench.advance(10_000);
    await bench.press(phone, '4');
    await bench.advance(10_000);
    expect(bench.mailboxes.notes).to.deep.equal(['M1 handled by 2001']);
    expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'callee' });
    clean(bench);
  });

  it('calls nobody back who showed no number, nor where the phone may not', async () => {
    const bench = await start({}, [message('M1', { from: '' })]);
    const phone = await dial(bench, '*97');
    await bench.advance(10_000);
    await bench.press(phone, '4');
    await bench.advance(3_000);
    expect(played(bench)).to.contain('mailbox-no-number');
    bench.ari.hangUpFarEnd(phone);
    await bench.advance(1_000);
    clean(bench);
    const internal = await start();
    internal.mailboxes.boxes.set('extension 4', box({ number: '2004' }));
    internal.mailboxes.inBox = [message('M1')];
    const desk = await dial(internal, '*97', '2004');
    await internal.advance(10_000);
    await internal.press(desk, '4');
    await internal.advance(10_000);
    expect(internal.last('refused')?.reason).to.match(/^not-permitted-/);
    expect(internal.mailboxes.notes).to.deep.equal([]);
    clean(internal);
  });

  it('asks the PIN of the own box where it has one; three wrong ones end the call', async () => {
    const bench = await start({ pinHash: '$argon2id$x' }, [message('M1')]);
    const asked: string[] = [];
    bench.selfService.checkPin = (pin) => {
      asked.push(`${pin.subject} ${pin.entered}`);
      return Promise.resolve(
        pin.entered === '1234' ? { kind: 'pin-ok' } : { kind: 'pin-wrong', left: 4 },
      );
    };
    const phone = await dial(bench, '*97');
    await bench.press(phone, '99#');
    await bench.press(phone, '1234#');
    await bench.advance(25_000);
    expect(asked).to.deep.equal(['mailbox 1 99', 'mailbox 1 1234']);
    expect(bench.mailboxes.notes).to.deep.equal(['M1 heard by 2001']);
    bench.ari.hangUpFarEnd(phone);
    await bench.advance(1_000);
    clean(bench);
    const second = await start({ pinHash: '$argon2id$x' }, [message('M1')]);
    second.selfService.checkPin = () => Promise.resolve({ kind: 'pin-wrong', left: 4 });
    const other = await dial(second, '*97');
    for (let tries = 0; tries < 3; tries++) await second.press(other, '99#');
    await second.advance(10_000);
    expect(second.last('call-ended')).to.include({ reason: 'mailbox-refused' });
    expect(second.mailboxes.notes).to.deep.equal([]);
    clean(second);
  });

  it('says that a box is locked', async () => {
    const bench = await start({ pinHash: '$argon2id$x' });
    bench.selfService.checkPin = () => Promise.resolve({ kind: 'pin-locked' });
    const phone = await dial(bench, '*97');
    await bench.press(phone, '1234#');
    await bench.advance(10_000);
    expect(bench.last('call-ended')).to.include({ reason: 'mailbox-locked' });
    clean(bench);
  });

  it('*98 asks for the box; one without a PIN, or unknown, never opens, and neither is told apart', async () => {
    for (const number of ['2001', '7777']) {
      const bench = await start({}, [message('M1')]);
      const expected: string[] = [];
      bench.selfService.checkPin = (pin) => {
        expected.push(pin.expected);
        return Promise.resolve({ kind: 'pin-wrong', left: 4 });
      };
      const phone = await dial(bench, '*98', '2002');
      for (let tries = 0; tries < 3; tries++) {
        await bench.press(phone, `${number}#`);
        await bench.press(phone, '1234#');
      }
      await bench.advance(10_000);
      expect(expected).to.deep.equal(['', '', '']);
      expect(bench.last('call-ended')).to.include({ reason: 'mailbox-refused' });
      clean(bench);
    }
  });

  it('records a greeting with 9, and says why it was not kept', async () => {
    const bench = await start();
    const phone = await dial(bench, '*97');
    await bench.press(phone, '9');
    await bench.advance(3_000);
    bench.ari.speak(phone, 3_000);
    await bench.advance(4_000);
    await bench.press(phone, '#');
    bench.mailboxes.greeting = 'too-long';
    await bench.press(phone, '1');
    await bench.advance(2_000);
    expect(bench.mailboxes.notes[0]).to.match(/^greeting of \d+ bytes by 2001$/);
    expect(played(bench)).to.contain('greeting-too-long');
    bench.ari.hangUpFarEnd(phone);
    await bench.advance(5_000);
    clean(bench);
  });

  it('ends by itself when no key comes', async () => {
    const bench = await start({}, [message('M1')]);
    await dial(bench, '*97');
    await bench.advance(120_000);
    expect(bench.last('call-ended')).to.include({ reason: 'mailbox-heard' });
    clean(bench);
  });

  it('says so where the phone has no box, or the messages cannot be read', async () => {
    const none = await start();
    await dial(none, '*97', '2003');
    await none.advance(5_000);
    expect(played(none)).to.contain('mailbox-none');
    clean(none);
    const away = await start();
    away.mailboxes.inBox = undefined;
    await dial(away, '*97');
    await away.advance(5_000);
    expect(played(away)).to.contain('service-problem');
    clean(away);
  });
});

describe('Leaving a message', () => {
  const leave = async (values: Partial<Mailbox>) => {
    const bench = await new SwitchboardBench().start();
    bench.mailboxes.boxes.set(`queue ${String(SALES)}`, box(values));
    const phone = await bench.callIn();
    await bench.advance(1_000);
    await bench.press(phone, '3');
    await bench.advance(3_000);
    return { bench, phone };
  };

  it('plays the greeting of the box and stops at its longest message', async () => {
    const { bench, phone } = await leave({ greeting: 'b'.repeat(64), maxMessageMs: 10_000 });
    expect(played(bench)).to.contain(`http://media/${'b'.repeat(64)}.wav`);
    bench.ari.speak(phone, 20_000);
    await bench.advance(16_000);
    expect(bench.last('voicemail-left')).to.include({ durationMs: 10_000 });
    expect(bench.last('call-ended')).to.include({ result: 'voicemail' });
    clean(bench);
  });

  it('says that a full box takes no more', async () => {
    const { bench } = await leave({ isFull: true });
    await bench.advance(5_000);
    expect(played(bench)).to.contain('mailbox-full');
    expect(bench.last('call-ended')).to.include({ result: 'contained', reason: 'mailbox-full' });
    clean(bench);
  });
});
