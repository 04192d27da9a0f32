import { expect } from 'chai';
import { LampKeeper } from '../../../src/features/pbx/index.js';
import { settle, VirtualClock } from '../../../src/kernel/clock.js';
import type { AgentId, CallId, ExtensionId } from '../../../src/kernel/ids.js';
import { Scope } from '../../../src/kernel/scope.js';
import { AriError, type LampState } from '../../../src/telephony/ari/port.js';
import { DEFAULT_CODES } from '../../../src/telephony/feature-codes.js';
import { lampsOf } from '../../../src/telephony/lamps.js';
import type {
  AgentState,
  LiveAgent,
  LiveCall,
  LiveExtension,
} from '../../../src/telephony/live.js';
import type { DirectorySnapshot } from '../../../src/telephony/directory.js';
import { DEFAULT_PARKING } from '../../../src/telephony/parking.js';
import { FakeAsterisk } from '../../support/fake-asterisk.js';
import { demoDirectory } from '../../support/switchboard-bench.js';

describe('What lamp keys show', () => {
  const phone = (changes: Partial<LiveExtension> = {}): LiveExtension => ({
    ...{ id: 1 as ExtensionId, number: '2001', registered: true },
    ...changes,
  });
  const agent = (state: AgentState): LiveAgent => ({
    ...{ id: 1 as AgentId, name: 'Ada', state, since: 0, reason: '', extension: '', queues: [] },
  });
  const lamp = (name: string, extension: LiveExtension, state: AgentState = 'available') =>
    lampsOf({ extensions: [extension], agents: [agent(state)], calls: [] }, demoDirectory()).get(
      name,
    );

  it('is what the phone does', () => {
    expect(lamp('2001', phone())).to.equal('NOT_INUSE');
    expect(lamp('2001', phone({ use: 'ringing' }))).to.equal('RINGING');
    expect(lamp('2001', phone({ use: 'talking', doNotDisturb: true }))).to.equal('INUSE');
    expect(lamp('2001', phone({ doNotDisturb: true }))).to.equal('BUSY');
    expect(lamp('2001', phone({ registered: false }))).to.equal('UNAVAILABLE');
  });

  it('is do not disturb and availability at what switches them', () => {
    expect(lamp('*782001', phone())).to.equal('NOT_INUSE');
    expect(lamp('*782001', phone({ doNotDisturb: true }))).to.equal('BUSY');
    expect(lamp('*12901', phone(), 'available')).to.equal('NOT_INUSE');
    expect(lamp('*12901', phone(), 'not-ready')).to.equal('BUSY');
    expect(lamp('*12901', phone(), 'signed-out')).to.equal('UNAVAILABLE');
    const featureCodes = {
      ...DEFAULT_CODES,
      'do-not-disturb': { code: '*25', isEnabled: true },
      availability: { code: '*12', isEnabled: false },
    };
    const lamps = lampsOf(
      { extensions: [phone()], agents: [agent('available')], calls: [] },
      {
        ...demoDirectory(),
        featureCodes,
        parking: { ...DEFAULT_PARKING, isEnabled: false },
      },
    );
    expect([...lamps.keys()]).to.deep.equal(['2001', '*252001']);
  });
});

describe('Lamps of park slots', () => {
  const call = (slot: string): LiveCall => ({
    ...{ id: 'c' as CallId, direction: 'inbound', from: '', fromName: '', to: '', path: [] },
    ...{ stage: 'parked', language: 'en', startedAt: 0, stageSince: 0, recording: false },
    parked: { slot, since: 0, until: 1 },
  });
  const lamps = (directory: DirectorySnapshot, extensions: LiveExtension[] = []) =>
    lampsOf({ extensions, agents: [], calls: [call('7002')] }, directory);

  it('are lit while somebody waits there', () => {
    const parking = { ...DEFAULT_PARKING, slots: 3 };
    expect([...lamps({ ...demoDirectory(), parking })]).to.deep.equal([
      ['7001', 'NOT_INUSE'],
      ['7002', 'INUSE'],
      ['7003', 'NOT_INUSE'],
    ]);
  });

  it('give way to an extension with the number', () => {
    const phone = { id: 1 as ExtensionId, number: '7001', registered: false };
    const shown = lamps({ ...demoDirectory(), parking: { ...DEFAULT_PARKING, slots: 2 } }, [phone]);
    expect(shown.get('7001')).to.equal('UNAVAILABLE');
  });
});

describe('Keeping the lamps of a node', () => {
  const lamps = (all: Record<string, LampState>): ReadonlyMap<string, LampState> =>
    new Map(Object.entries(all));

  const withKeeper = async (
    work: (parts: {
      readonly ari: FakeAsterisk;
      readonly keeper: LampKeeper;
      readonly warnings: string[];
      readonly clock: VirtualClock;
    }) => Promise<void>,
  ): Promise<void> => {
    const clock = new VirtualClock(0);
    const ari = new FakeAsterisk(clock);
    const warnings: string[] = [];
    const log = { warn: (_: object, message: string) => warnings.push(message) };
    await Scope.run('test', async (scope) => {
      const keeper = new LampKeeper(scope, { ari, clock, log });
      await work({ ari, keeper, warnings, clock });
    });
  };
  const rest = async (): Promise<void> => {
    for (let at = 0; at < 12; at++) await settle();
  };
  const told = (ari: FakeAsterisk): string[] =>
    ari.admin.log.splice(0).filter((line) => line.startsWith('lamp'));

  it('tells only what changed, and takes away what is gone, also of a former program', async () => {
    await withKeeper(async ({ ari, keeper }) => {
      ari.admin.lampStates.set('2001', 'NOT_INUSE').set('2099', 'INUSE');
      keeper.show(lamps({ '2001': 'NOT_INUSE', '2002': 'NOT_INUSE' }));
      await rest();
      expect(told(ari)).to.deep.equal([]);
      ari.events.publishConnection({ type: 'up' });
      await rest();
      expect(told(ari)).to.deep.equal(['lamp 2002 NOT_INUSE', 'lamp 2099 gone']);
      keeper.show(lamps({ '2001': 'RINGING', '2002': 'NOT_INUSE' }));
      await rest();
      expect(told(ari)).to.deep.equal(['lamp 2001 RINGING']);
    });
  });

  it('tells again after a failure, and reads the node anew when it was away', async () => {
    await withKeeper(async ({ ari, keeper, warnings, clock }) => {
      ari.events.publishConnection({ type: 'up' });
      const { setLamp } = ari.admin;
      ari.admin.setLamp = () => Promise.reject(new AriError('refused', 'setLamp', 500, 'no'));
      keeper.show(lamps({ '2001': 'INUSE' }));
      await rest();
      expect(warnings).to.deep.equal(['lamps could not be set']);
      ari.admin.setLamp = setLamp.bind(ari.admin);
      await clock.advance(5_000);
      await rest();
      expect(told(ari)).to.deep.equal(['lamp 2001 INUSE']);
      ari.events.publishConnection({ type: 'down', reason: 'test' });
      ari.admin.lampStates.clear();
      ari.events.publishConnection({ type: 'up' });
      await rest();
      expect(told(ari)).to.deep.equal(['lamp 2001 INUSE']);
    });
  });
});
