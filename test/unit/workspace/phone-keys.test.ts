import { expect } from 'chai';
import { PLAIN_HANDLING } from '../../../src/engines/reach/reach.js';
import { lastDialledValues } from '../../../src/features/call-handling/index.js';
import type { DeskPicture } from '../../../src/features/workspace/desk-picture.js';
import { pickupValues } from '../../../src/features/workspace/pickup-values.js';
import type { ExtensionId } from '../../../src/kernel/ids.js';
import type { DirectorySnapshot, ExtensionConfig } from '../../../src/telephony/directory.js';
import { DEFAULT_CODES } from '../../../src/telephony/feature-codes.js';
import type { LiveCall, LiveExtension, LiveSnapshot } from '../../../src/telephony/live.js';
import type { LiveViewer } from '../../../src/web/kit/index.js';

const id = (n: number): ExtensionId => n as ExtensionId;
const phone = (n: number, pickupGroup = ''): ExtensionConfig =>
  ({
    ...{ id: id(n), number: `200${String(n)}`, name: `Desk ${String(n)}` },
    handling: { ...PLAIN_HANDLING, pickupGroup },
  }) as ExtensionConfig;
const directoryOf = (phones: readonly ExtensionConfig[], codes = DEFAULT_CODES) =>
  ({
    extensions: new Map(phones.map((one) => [one.id, one])),
    extensionsByNumber: new Map(phones.map((one) => [one.number, one])),
    featureCodes: codes,
  }) as Pick<DirectorySnapshot, 'extensions' | 'extensionsByNumber' | 'featureCodes'>;
const viewer = (masksNumbers = false) =>
  ({ language: 'en', zone: 'UTC', country: 'GB', masksNumbers }) as LiveViewer;

describe('what rings at colleagues', () => {
  const PHONES = [phone(1, 'desk'), phone(2, 'desk'), phone(3, 'lab'), phone(4, 'desk')];
  const call = (changes: Partial<LiveCall>): LiveCall =>
    ({ from: '+442079460123', fromName: '', stageSince: 5, ...changes }) as LiveCall;
  const values = (
    calls: readonly LiveCall[],
    mode: DeskPicture['mode'] = 'idle',
    directory = directoryOf(PHONES),
  ) =>
    pickupValues(
      { calls } as LiveSnapshot,
      { agent: { extension: '2001' }, mode } as DeskPicture,
      viewer(),
      directory,
    );

  it('is offered from the own group, what rings longest first, and not what the own phone called', () => {
    const shown = values([
      call({ ringsAt: [id(2)], stageSince: 9 }),
      call({ ringsAt: [id(4), id(1)], fromName: 'Grace', stageSince: 3 }),
      call({ ringsAt: [id(2)], from: '2001', stageSince: 1 }),
      call({ ringsAt: [id(3)], stageSince: 1 }),
      call({}),
    ]);
    expect(shown).to.deep.equal({
      ...{ pickups: '2004 2002', hasPickups: true },
      ...{ 'pickup:2004.at': '2004 Desk 4', 'pickup:2004.who': 'Grace', 'pickup:2004.since': 3 },
      'pickup:2002.at': '2002 Desk 2',
      ...{ 'pickup:2002.who': '(020) 7946 0123', 'pickup:2002.since': 9 },
    });
  });

  it('shows of two calls at one phone the one that the key would take', () => {
    const both = [9, 3].map((stageSince) => call({ ringsAt: [id(2)], stageSince }));
    expect(values(both)).to.include({ pickups: '2002', 'pickup:2002.since': 3 });
  });

  it('is offered to nobody who talks, has no group, or whose site has switched the code off', () => {
    const rings = [call({ ringsAt: [id(2)] })];
    const none = { pickups: '', hasPickups: false };
    expect(values(rings, 'talking')).to.deep.equal(none);
    expect(values(rings, 'idle', directoryOf([phone(1), phone(2)]))).to.deep.equal(none);
    const pickup = { ...DEFAULT_CODES.pickup, isEnabled: false };
    const off = directoryOf(PHONES, { ...DEFAULT_CODES, pickup });
    expect(values(rings, 'idle', off)).to.deep.equal(none);
  });
});

describe('what a phone dialled last', () => {
  const directory = directoryOf([phone(1), phone(2)]);
  const values = (own: Partial<LiveExtension>, other: Partial<LiveExtension> = {}, masks = false) =>
    lastDialledValues(
      {
        extensions: [
          { id: id(1), number: '2001', registered: true, ...own },
          { id: id(2), number: '2002', registered: true, ...other },
        ],
      } as Partial<LiveSnapshot> as LiveSnapshot,
      viewer(masks),
      directory,
      { id: id(1) },
    );
  const busy = { use: 'talking' } as const;

  it('is said with the name of a colleague, and masked for those who may not see it', () => {
    expect(values({})).to.deep.equal({
      ...{ 'last.text': '', 'last.canRedial': false, 'last.canCallBack': false },
    });
    expect(values({ lastDialled: '2002' })['last.text']).to.equal('2002 Desk 2');
    const outside = { lastDialled: '+442079460123' };
    expect(values(outside)).to.include({ 'last.text': '(020) 7946 0123', 'last.canRedial': true });
    expect(values(outside, {}, true)['last.text']).to.equal('(020) **** 0123');
  });

  it('can be called back where it is a colleague who is there and busy, and that is not asked yet', () => {
    const canCallBack = (...given: Parameters<typeof values>) =>
      values(...given)['last.canCallBack'];
    expect(canCallBack({ lastDialled: '2002' }, busy)).to.equal(true);
    expect(canCallBack({ lastDialled: '2002' }, { doNotDisturb: true })).to.equal(true);
    expect(canCallBack({ lastDialled: '2002' })).to.equal(false);
    expect(canCallBack({ lastDialled: '2002' }, { ...busy, registered: false })).to.equal(false);
    expect(canCallBack({ lastDialled: '2002', callsBack: '2002' }, busy)).to.equal(false);
    expect(canCallBack({ ...busy, lastDialled: '2001' })).to.equal(false);
    expect(canCallBack({ lastDialled: '+442079460123' })).to.equal(false);
  });
});
