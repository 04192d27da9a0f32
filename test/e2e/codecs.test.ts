import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { EAR_RATE } from '../../src/demo/ear.js';
import type { Party } from '../../src/demo/party.js';
import { loudness, makeTone, toneShare } from '../../src/demo/tones.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { TrunkId } from '../../src/kernel/ids.js';
import {
  CODECS,
  TONE_CODECS,
  type Codec,
  type DtmfMode,
} from '../../src/telephony/ari/provisioning.js';
import { carrierTrunk, DIDS } from '../support/lab-company.js';
import { useLab } from '../support/lab.js';
import { REPOSITORY } from '../support/platform.js';

/** One phone for each codec. */
const PHONES: Readonly<Record<Codec, string>> = {
  ulaw: '2001',
  alaw: '2002',
  g722: '2003',
  opus: '2004',
};
/** Tones by who sends them: the caller, the called. */
const HZ = [1000, 600] as const;
/** What a party's own tone has, as it is sent. */
const SENT = loudness(makeTone(HZ[0], 1_000));
/** Conversions may make a tone so much softer or louder, in dB. */
const MOST_DB = 1.5;
const HEARD_MS = 400;
const PIECE_MS = 40;
const PIECE = (PIECE_MS * EAR_RATE) / 1_000;
/** What was heard is complete up to so long ago. */
const LATE_MS = 150;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The part of the page that the test writes, see docs/codecs.md. */
const MARKS = ['<!-- matrix -->', '<!-- /matrix -->'] as const;

interface Measured {
  readonly from: string;
  readonly to: string;
  readonly used: string;
  /** Of each direction, in dB. */
  readonly levels: readonly [number, number];
}

describe('codecs and keys', function () {
  this.timeout(60_000);
  const lab = useLab();
  const calls: Measured[] = [];
  const keys: { readonly codec: Codec; readonly mode: DtmfMode }[] = [];

  async function setPhones(codecsOf: (codec: Codec) => readonly Codec[], dtmf: DtmfMode = 'auto') {
    const { extensions } = lab.configuration;
    for (const [codec, number] of Object.entries(PHONES) as [Codec, string][]) {
      const id = lab.company.extensions.get(number);
      if (id === undefined) throw new Error(`no extension ${number}`);
      const stored = await extensions.get(SYSTEM_ACTOR, id);
      const codecs = codecsOf(codec);
      await extensions.save(SYSTEM_ACTOR, id, stored.version, { ...stored, codecs, dtmf });
    }
    for (const [codec, number] of Object.entries(PHONES) as [Codec, string][])
      await isPushed(number, codecsOf(codec), dtmf);
  }
  /** The node has what was saved. */
  const isPushed = (endpoint: string, codecs: readonly Codec[], dtmf: DtmfMode) =>
    lab.product.pbxHas(
      `${endpoint} with ${codecs.join(', ')} and ${dtmf}`,
      `/asterisk/config/dynamic/res_pjsip/endpoint/${endpoint}`,
      (fields) => {
        const has = (name: string) => fields.find(({ attribute }) => attribute === name)?.['value'];
        return has('allow') === `(${codecs.join('|')})` && has('dtmf_mode') === dtmf;
      },
      10_000,
    );

  after('leave the phones as they were', async () => {
    await setPhones(() => CODECS);
    if (process.env['CB_CODEC_MATRIX'] === '1') await writeMatrix(calls, keys);
  });

  /** The codec that the product's own channel to an endpoint has agreed on: its format, as ARI tells it. */
  async function agreed(endpoint: string): Promise<string> {
    const channels = (await lab.product.pbx('/channels')) as readonly {
      readonly id: string;
      readonly name: string;
    }[];
    const channel = channels.find(({ name }) => name.startsWith(`PJSIP/${endpoint}-`));
    if (channel === undefined) throw new Error(`no channel to ${endpoint}`);
    const variable = encodeURIComponent('CHANNEL(audionativeformat)');
    const answer: unknown = await lab.product.pbx(
      `/channels/${encodeURIComponent(channel.id)}/variable?variable=${variable}`,
    );
    return (answer as { readonly value: string }).value.replace(/[()]/g, '');
  }

  /** How loud a tone is that somebody hears, in dB against what was sent; also that it is nothing else. */
  async function levelOf(party: Party, hz: number): Promise<number> {
    await party.ear.waitForTone(hz, 8_000);
    const from = party.ear.now();
    await party.ear.waitUntil(from + HEARD_MS + LATE_MS);
    const heard = party.ear.samples().subarray((from * EAR_RATE) / 1_000);
    // In short pieces, so that a packet that comes late is one piece and not the whole.
    const pieces = Array.from({ length: HEARD_MS / PIECE_MS }, (_, at) =>
      heard.subarray(at * PIECE, (at + 1) * PIECE),
    );
    const share = median(pieces.map((piece) => toneShare(piece, EAR_RATE, hz)));
    expect(share, `${party.number} hears ${String(hz)} Hz alone`).to.be.above(0.9);
    return 20 * Math.log10(median(pieces.map(loudness)) / SENT);
  }

  /** Both hear the other's tone as loud as it was sent. */
  async function measure(
    caller: Party,
    called: Party,
    about: Pick<Measured, 'from' | 'to'>,
    endpoints: readonly [string, string],
  ): Promise<void> {
    await Promise.all([caller.listen(), called.listen()]);
    await Promise.all([caller.say(HZ[0]), called.say(HZ[1])]);
    const used = await Promise.all(endpoints.map(agreed));
    expect(used).to.deep.equal([about.from, about.to]);
    const levels = await Promise.all([levelOf(called, HZ[0]), levelOf(caller, HZ[1])]);
    for (const level of levels) expect(Math.abs(level)).to.be.below(MOST_DB);
    calls.push({ ...about, used: used.join(' ⇄ '), levels });
  }

  /** Each codec with each other one, two calls at a time. */
  const ROUNDS: readonly (readonly (readonly [Codec, Codec])[])[] = [
    [
      ['ulaw', 'alaw'],
      ['g722', 'opus'],
    ],
    [
      ['alaw', 'ulaw'],
      ['opus', 'g722'],
    ],
    [
      ['ulaw', 'g722'],
      ['alaw', 'opus'],
    ],
    [
      ['g722', 'ulaw'],
      ['opus', 'alaw'],
    ],
    [
      ['ulaw', 'opus'],
      ['alaw', 'g722'],
    ],
    [
      ['opus', 'ulaw'],
      ['g722', 'alaw'],
    ],
  ];

  it('each codec talks with each other one: both hear the tone of the other, as loud as it was', async () => {
    // Else pages would not offer it.
    expect(lab.product.now.codecs).to.have.members([...CODECS]);
    await setPhones((codec) => [codec]);
    for (const round of ROUNDS)
      await Promise.all(
        round.map(async ([from, to]) => {
          const rings = lab.carrier.ringsAt(PHONES[to], 8_000);
          const caller = await lab.carrier.dial(PHONES[from], PHONES[to]);
          const called = await rings;
          await called.answer();
          await caller.answered(5_000);
          await measure(caller, called, { from, to }, [PHONES[from], PHONES[to]]);
          await called.hangUp();
          await caller.ended(5_000);
        }),
      );
    expect(calls).to.have.length(12);
  });

  it('the first codec of an order is used that both sides have', async () => {
    await setPhones((codec) => (codec === 'ulaw' ? ['alaw', 'ulaw'] : ['ulaw', 'g722', 'alaw']));
    const rings = lab.carrier.ringsAt('2003', 8_000);
    const caller = await lab.carrier.dial('2001', '2003');
    const called = await rings;
    await called.answer();
    await caller.answered(5_000);
    expect(await agreed('2001')).to.equal('alaw');
    expect(CODECS).to.include(await agreed('2003'));
    await called.hangUp();
    await caller.ended(5_000);
  });

  it('each codec works over a trunk, with a phone that has another one', async () => {
    await setPhones((codec) => [codec]);
    const { trunks } = lab.configuration;
    const form = (codec: Codec) => ({
      ...carrierTrunk(lab.carrierSettings),
      ...{ name: 'Codecs', port: lab.carrierSettings.otherPort },
      ...{ username: '', password: '', register: false, codecs: [codec] },
      pbx: {
        ranges: [{ from: '3800', to: '3899' }],
        permission: 'internal' as const,
        elsewhere: { kind: 'hangup' as const },
      },
    });
    let trunk: TrunkId | undefined;
    for (const [at, codec] of CODECS.entries()) {
      if (trunk === undefined) trunk = await trunks.createSip(SYSTEM_ACTOR, form(codec));
      else {
        const { version } = await trunks.get(SYSTEM_ACTOR, trunk);
        await trunks.saveSip(SYSTEM_ACTOR, trunk, version, form(codec));
      }
      const id = trunk;
      await lab.product.nowHas('the trunk', 15_000, (now) =>
        now.trunks.some((one) => one.id === id && one.online),
      );
      const endpoint = `trunk-${String(id)}`;
      await isPushed(endpoint, [codec], 'auto');
      const phone = CODECS[(at + 1) % CODECS.length] ?? 'alaw';
      const rings = lab.carrier.ringsAt('3801', 8_000);
      const caller = await lab.carrier.dial(PHONES[phone], '3801');
      const called = await rings;
      await called.answer();
      await caller.answered(5_000);
      await measure(caller, called, { from: phone, to: codec }, [PHONES[phone], endpoint]);
      await called.hangUp();
      await caller.ended(5_000);
    }
    if (trunk !== undefined) await trunks.archive(SYSTEM_ACTOR, trunk);
  });

  /** The carrier's dialplan presses the key: a tone needs a channel that is read meanwhile. */
  async function soundsFive({ id }: Party): Promise<void> {
    const { ari } = lab.carrier;
    await ari.request('POST', `/channels/${id}/variable`, {
      query: { variable: 'CALLER_DIGITS', value: '5' },
    });
    await ari.request('POST', `/channels/${id}/continue`, {
      query: { context: 'caller', extension: 's', priority: '1' },
    });
  }

  /** Somebody at the phone of a codec chooses in the menu. */
  async function chooses(codec: Codec, mode: DtmfMode): Promise<void> {
    const caller = await lab.carrier.dial(PHONES[codec], DIDS.menu, {
      'PJSIP_DTMF_MODE()': mode,
    });
    await caller.answered(8_000);
    if (mode === 'inband') await soundsFive(caller);
    else await caller.press('5');
    await lab.product.nowHas(`the key of ${codec} by ${mode}`, 8_000, (now) =>
      now.calls.some(
        (call) => call.from === PHONES[codec] && call.queueId === lab.company.queues.patience,
      ),
    );
    expect(await agreed(PHONES[codec])).to.equal(codec);
    await caller.hangUp();
    await caller.ended(5_000);
    keys.push({ codec, mode });
  }

  for (const [mode, codecs] of [
    ['rfc4733', CODECS],
    ['info', CODECS],
    ['inband', TONE_CODECS],
  ] as const)
    it(`keys by ${mode} choose in a menu with ${codecs.join(', ')}`, async () => {
      // A phone with a codec that cannot carry tones keeps its events.
      await setPhones((codec) => (codecs.includes(codec) ? [codec] : ['alaw']), mode);
      await Promise.all(codecs.map((codec) => chooses(codec, mode)));
    });
});

/** Writes what was measured into the page. */
async function writeMatrix(
  calls: readonly Measured[],
  keys: readonly { readonly codec: Codec; readonly mode: DtmfMode }[],
): Promise<void> {
  const file = join(REPOSITORY, 'docs', 'codecs.md');
  const page = await readFile(file, 'utf8');
  const db = (level: number): string => `${level < 0 ? '−' : '+'}${Math.abs(level).toFixed(1)} dB`;
  const rows = calls.map(
    ({ from, to, used, levels: [there, back] }) =>
      `| ${from} | ${to} | ${used} | ${db(there)} | ${db(back)} |`,
  );
  const has = (codec: Codec, mode: DtmfMode): string =>
    keys.some((one) => one.codec === codec && one.mode === mode) ? 'yes' : 'refused on save';
  const lines = [
    ...['| caller | called | agreed on | caller’s tone there | called one’s tone here |'],
    ...['| --- | --- | --- | --- | --- |', ...rows, ''],
    ...['| codec | RFC 4733 | SIP INFO | tones in the sound |', '| --- | --- | --- | --- |'],
    ...CODECS.map(
      (codec) =>
        `| ${codec} | ${has(codec, 'rfc4733')} | ${has(codec, 'info')} | ${has(codec, 'inband')} |`,
    ),
  ];
  const [begin, end] = MARKS;
  const before = page.slice(0, page.indexOf(begin) + begin.length);
  const after = page.slice(page.indexOf(end));
  await writeFile(file, `${before}\n\n${lines.join('\n')}\n\n${after}`);
}
