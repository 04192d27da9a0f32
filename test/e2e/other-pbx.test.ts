import { expect } from 'chai';
import { busy } from '../../src/demo/carrier.js';
import type { Party } from '../../src/demo/party.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { DidId, TrunkId } from '../../src/kernel/ids.js';
import { CROSSINGS_HEADER, type OtherPbx } from '../../src/telephony/other-pbx.js';
import { carrierTrunk, DIDS, UNKNOWN_DID } from '../support/lab-company.js';
import {
  CALLED_HZ,
  CALLER_HZ,
  callNumber,
  makeAvailable,
  newCaller,
  pbxAddress,
  storyOf,
  talk,
  talkWithAnn,
  useLab,
} from '../support/lab.js';
import { storyOfPhone } from '../support/phones.js';

const THIRD_HZ = 440;

describe('beside another telephone system', function () {
  this.timeout(60_000);
  const lab = useLab();
  let trunk: TrunkId;
  let did: DidId;
  /** Part of its name, by which it is seen that calls know what was saved. */
  let saves = 0;

  const form = (changes: Partial<OtherPbx> & { readonly port?: number } = {}) => {
    const { port = lab.carrierSettings.otherPort, ...pbx } = changes;
    return {
      ...carrierTrunk(lab.carrierSettings),
      ...{ name: `Old PBX ${String(saves)}`, port, username: '', password: '', register: false },
      codecs: ['g722' as const, 'alaw' as const],
      pbx: {
        ranges: [{ from: '3000', to: '3499' }],
        permission: 'internal' as const,
        elsewhere: { kind: 'hangup' as const },
        ...pbx,
      },
    };
  };
  /** Saves the trunk, and waits until it is as it should be. */
  async function save(changes: Parameters<typeof form>[0], online = true): Promise<void> {
    const { trunks } = lab.configuration;
    const { version } = await trunks.get(SYSTEM_ACTOR, trunk);
    saves += 1;
    await trunks.saveSip(SYSTEM_ACTOR, trunk, version, form(changes));
    await isOnline(online);
  }
  const isOnline = (online: boolean): Promise<unknown> =>
    lab.product.nowHas(
      `the other telephone system to be ${online ? 'there' : 'away'}`,
      20_000,
      (now) =>
        now.trunks.some(
          ({ id, name, online: is }) => id === trunk && name === form().name && is === online,
        ),
    );

  before('connect the other telephone system', async () => {
    const { trunks, dids } = lab.configuration;
    trunk = await trunks.createSip(SYSTEM_ACTOR, form());
    did = await dids.create(SYSTEM_ACTOR, {
      number: UNKNOWN_DID,
      name: 'Moved later',
      target: { kind: 'pbx', number: '3005' },
      language: 'en',
    });
    await isOnline(true);
  });
  after('leave things as they were', async () => {
    await lab.configuration.dids.archive(SYSTEM_ACTOR, did);
    await lab.configuration.trunks.archive(SYSTEM_ACTOR, trunk);
  });

  const hear = (one: Party, hears: number, other: Party, otherHears: number): Promise<unknown> =>
    Promise.all([one.ear.waitForTone(hears, 8_000), other.ear.waitForTone(otherHears, 8_000)]);

  it('a desk phone that may not dial outside calls a number there; both hear each other', async () => {
    const since = new Date();
    const rings = lab.carrier.ringsAt('3005', 8_000);
    const caller = await lab.carrier.dial('2005', '3005');
    const there = await rings;
    expect(there.shown).to.deep.equal({ number: '2005', name: 'Desk 2005' });
    await there.answer();
    await caller.answered(5_000);
    await Promise.all([caller.listen(), there.listen()]);
    await Promise.all([caller.say(CALLER_HZ), there.say(CALLED_HZ)]);
    await hear(caller, CALLED_HZ, there, CALLER_HZ);
    await there.hangUp();
    await caller.ended(5_000);
    const story = await storyOfPhone(lab, '2005', since);
    expect(story.row).to.include({ direction: 'internal', result: 'answered', to_number: '3005' });
  });

  it('a call through a DID reaches a number there, with the caller’s number', async () => {
    const from = newCaller();
    const rings = lab.carrier.ringsAt('3005', 8_000);
    const calling = callNumber(lab, UNKNOWN_DID, from);
    const there = await rings;
    expect(there.shown.number).to.equal(from);
    const [caller] = await Promise.all([calling, there.answer()]);
    await there.listen();
    await Promise.all([caller.say(CALLER_HZ), there.say(CALLED_HZ)]);
    await hear(caller, CALLED_HZ, there, CALLER_HZ);
    await caller.hangUp();
    await there.ended(5_000);
    expect((await storyOf(lab, from)).row).to.include({ direction: 'inbound', result: 'answered' });
  });

  it('a phone there calls an extension of ours, by the number and name that it shows', async () => {
    const rings = lab.carrier.ringsAt('2003', 8_000);
    const caller = await lab.carrier.callFromOtherPbx({
      to: '2003',
      from: '3001',
      name: 'Old Anna',
    });
    const phone = await rings;
    expect(phone.shown).to.deep.equal({ number: '3001', name: 'Old Anna' });
    await phone.answer();
    await caller.answered(5_000);
    await caller.listen();
    await talk(caller, phone);
    await phone.hangUp();
    await caller.ended(5_000);
    const story = await storyOf(lab, '3001');
    expect(story.row).to.include({ direction: 'internal', result: 'answered' });
  });

  it('its phones reach a queue by its DID, and no carrier unless the trunk says so', async () => {
    await makeAvailable(lab, 'ann');
    const rings = lab.carrier.ringsAt('2001', 8_000);
    const caller = await lab.carrier.callFromOtherPbx({ to: DIDS.queue, from: '3002' });
    await caller.answered(8_000);
    await caller.listen();
    await talk(caller, await rings);
    await caller.hangUp();
    const refused = await lab.carrier.callFromOtherPbx({ to: '+442079460250', from: '3003' });
    await refused.ended(20_000);
    expect((await storyOf(lab, '3003')).row.result).to.equal('refused');
    await save({ permission: 'national' });
    const outside = lab.carrier.ringsAt('+442079460250', 8_000);
    const through = await lab.carrier.callFromOtherPbx({ to: '+442079460250', from: '3004' });
    const called = await outside;
    await called.answer();
    await through.answered(5_000);
    await through.hangUp();
    await called.ended(5_000);
    expect((await storyOf(lab, '3004')).row).to.include({
      direction: 'outbound',
      result: 'answered',
    });
  });

  it('a phone of ours sends a caller there by its transfer key, and comes back by REFER', async () => {
    const from = newCaller();
    const first = lab.carrier.ringsAt('2004', 8_000);
    const calling = callNumber(lab, DIDS.reception, from);
    const desk = await first;
    await desk.answer();
    const caller = await calling;
    await desk.listen();
    await caller.say(CALLER_HZ);
    await desk.ear.waitForTone(CALLER_HZ, 8_000);
    const there = lab.carrier.ringsAt('3007', 8_000);
    expect(await desk.refer(`sip:3007@${pbxAddress(lab)}`)).to.equal('SUCCESS');
    const old = await there;
    expect(old.shown.number).to.equal(from);
    await old.answer();
    await old.listen();
    await old.say(THIRD_HZ);
    await hear(caller, THIRD_HZ, old, CALLER_HZ);
    const back = lab.carrier.ringsAt('2003', 8_000);
    expect(await old.refer(`sip:2003@${pbxAddress(lab)}`)).to.equal('SUCCESS');
    const phone = await back;
    await phone.answer();
    await phone.listen();
    await phone.say(CALLED_HZ);
    await hear(caller, CALLED_HZ, phone, CALLER_HZ);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.events.filter(({ kind }) => kind === 'transferred')).to.have.length(2);
  });

  it('a transfer that nobody takes there comes back to who sent it', async () => {
    const { from, caller } = await talkWithAnn(lab);
    lab.carrier.at('3008', busy);
    const again = lab.carrier.ringsAt('2001', 8_000);
    await lab.product.order({
      kind: 'agent-talk',
      agentId: lab.company.agents.ann.id,
      command: { kind: 'transfer', target: { kind: 'number', number: '3008' } },
    });
    const back = await again;
    expect(back.shown.name).to.match(/^↩ 3008 Old PBX/);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.events.filter(({ kind }) => kind === 'transfer-returned')).to.have.length(1);
  });

  it('calls go round no circle between both: neither a hairpin nor one counted by its header', async () => {
    const hairpin = await lab.carrier.callFromOtherPbx({ to: '3005', from: '3011' });
    await hairpin.ended(8_000);
    expect(hairpin.progress).to.equal('ended');
    expect((await storyOf(lab, '3011')).row.result).to.equal('refused');
    const carried = await lab.carrier.callFromOtherPbx({
      to: '2003',
      from: '3012',
      variables: { [`PJSIP_HEADER(add,${CROSSINGS_HEADER})`]: '4' },
    });
    await carried.ended(8_000);
    const story = await storyOf(lab, '3012');
    expect(story.row.result).to.equal('refused');
    expect(story.events.some(({ kind }) => kind === 'leg-answered')).to.equal(false);
  });

  it('while it does not answer callers hear so at once, and the health page knows', async () => {
    // Nothing listens there.
    await save({ port: lab.carrierSettings.sipPort + 1 }, false);
    const since = new Date();
    const caller = await lab.carrier.dial('2004', '3005');
    await caller.answered(5_000);
    await caller.listen();
    await caller.ear.waitForSound(5_000);
    await caller.ended(15_000);
    expect((await storyOfPhone(lab, '2004', since)).row.result).to.equal('failed');
    expect(lab.product.now.trunks.find(({ id }) => id === trunk)).to.include({
      isPbx: true,
      online: false,
    });
    await save({}, true);
  });
});
