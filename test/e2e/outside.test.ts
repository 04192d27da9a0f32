import { createSocket, type Socket } from 'node:dgram';
import { expect } from 'chai';
import { busy, declining, ringing, type Pickup } from '../../src/demo/carrier.js';
import type { Party } from '../../src/demo/party.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { TrunkId } from '../../src/kernel/ids.js';
import { carrierTrunk, DIDS, TRUNK_CALLER_ID } from '../support/lab-company.js';
import { newCaller, storyOf, talk, useLab } from '../support/lab.js';
import { until } from '../support/until.js';

const OUTSIDE = '+442079460955';

describe('a call to outside', function () {
  this.timeout(60_000);
  const lab = useLab();

  const storySince = (phone: string, since: Date) =>
    until(`the ledger of the call from ${phone}`, 15_000, async () => {
      const stories = await lab.stories.from(phone, since);
      return stories.find(({ row, recordings }) => {
        const isStored = recordings.every((recording) => recording.state !== 'waiting');
        return row.ended_at !== null && isStored;
      });
    });

  it('leaves over the trunk in full form, whichever way it was dialled, and both hear each other', async () => {
    for (const [phone, dialled, shown] of [
      ['2001', '02079460955', TRUNK_CALLER_ID],
      ['2002', '00442079460955', '+442079460142'],
    ] as const) {
      const since = new Date();
      const rings = lab.carrier.ringsAt(OUTSIDE, 8_000);
      const caller = await lab.carrier.dial(phone, dialled);
      const called = await rings;
      expect(called.shown.number).to.equal(shown);
      await caller.rang(3_000);
      await called.answer();
      await caller.answered(3_000);
      await caller.listen();
      await talk(caller, called);
      await caller.endsWithin(1_000);
      await caller.hangUp();
      const story = await storySince(phone, since);
      expect(story.row).to.include({
        direction: 'outbound',
        result: 'answered',
        to_number: OUTSIDE,
        trunk_id: lab.company.trunk,
      });
      expect(story.recordings.map((recording) => recording.state)).to.deep.equal(['stored']);
    }
  });

  it('goes as far as the extension is permitted, and no further', async () => {
    const at = (number: string): (() => void) => lab.carrier.at(number, (party) => party.answer());
    for (const number of ['+12125550123', OUTSIDE]) at(number);
    // 2001 international, 2002 national, 2005 internal.
    for (const [phone, number, permitted] of [
      ['2001', '0012125550123', true],
      ['2002', '0012125550123', false],
      ['2002', '02079460955', true],
      ['2005', '02079460955', false],
    ] as const) {
      const since = new Date();
      const caller = await lab.carrier.dial(phone, number);
      await caller.answered(8_000);
      if (permitted) await caller.hangUp();
      else {
        await caller.listen();
        await caller.ear.waitForSound(5_000);
        await caller.ended(15_000);
      }
      const { row } = await storySince(phone, since);
      expect(row.result, `${phone} dials ${number}`).to.equal(permitted ? 'answered' : 'refused');
      if (!permitted) expect(row.reason).to.contain('not-permitted');
    }
  });

  it('brings back what the other side says: busy, declined, unknown, no way through', async () => {
    const answers: readonly (readonly [Pickup, string, number])[] = [
      [busy, 'busy', 17],
      [declining, 'failed', 21],
      [(party) => party.hangUp(1), 'failed', 1],
      [(party) => party.hangUp(34), 'failed', 34],
    ];
    for (const [pickup, result, cause] of answers) {
      const since = new Date();
      const undo = lab.carrier.at(OUTSIDE, pickup);
      const caller = await lab.carrier.dial('2001', OUTSIDE);
      await caller.ended(20_000);
      undo();
      expect((await storySince('2001', since)).row).to.include({ result, cause });
    }
  });

  it('that the caller gives up while it rings stops ringing there', async () => {
    const since = new Date();
    const rings = lab.carrier.ringsAt(OUTSIDE, 8_000);
    const caller = await lab.carrier.dial('2001', OUTSIDE);
    const called = await rings;
    await caller.rang(3_000);
    await caller.hangUp();
    await called.ended(5_000);
    const story = await storySince('2001', since);
    expect(story.row).to.include({ ended_by: 'caller' });
    expect(['no-answer', 'contained', 'abandoned']).to.include(story.row.result);
  });

  it('is refused for what is no number at all', async () => {
    const since = new Date();
    const caller = await lab.carrier.dial('2001', '00999999999999999999');
    await caller.answered(8_000);
    await caller.ended(15_000);
    expect((await storySince('2001', since)).row).to.include({ result: 'refused' });
  });

  it('to one of our own numbers stays in the house', async () => {
    const since = new Date();
    const caller = await lab.carrier.dial('2001', '02079460101');
    await caller.answered(8_000);
    await caller.listen();
    await caller.ear.waitForTone(700, 5_000);
    await caller.hangUp();
    const { row, legs } = await storySince('2001', since);
    expect(row).to.include({ direction: 'internal', to_number: '+442079460101' });
    expect(legs).to.have.length(1);
  });

  describe('over trunks that fail', () => {
    let silent: Socket | undefined;
    const made: TrunkId[] = [];

    afterEach(async () => {
      silent?.close();
      silent = undefined;
      await enable(lab.company.trunk, true);
      for (const id of made.splice(0)) await enable(id, false);
      // Whoever calls next is known by the trunk.
      await until('the trunk to be known', 15_000, async () => {
        const party = await lab.carrier.call({ to: DIDS.menu, from: newCaller() });
        await party.answered(2_000);
        await party.hangUp();
        return true;
      });
    });

    const add = async (
      name: string,
      changes: Partial<ReturnType<typeof carrierTrunk>>,
    ): Promise<TrunkId> => {
      const form = { ...carrierTrunk(lab.carrierSettings), name, ...changes };
      const id = await lab.configuration.trunks.createSip(SYSTEM_ACTOR, form);
      made.push(id);
      return id;
    };

    const enable = async (id: TrunkId, enabled: boolean): Promise<void> => {
      const { trunks } = lab.configuration;
      const stored = await trunks.get(SYSTEM_ACTOR, id);
      if (stored.enabled !== enabled)
        await trunks.save(SYSTEM_ACTOR, id, stored.version, { ...stored, enabled });
      await lab.product.nowHas(`trunk ${String(id)}`, 10_000, (now) =>
        now.trunks.some((trunk) => trunk.id === id) === enabled ? true : trunkIsOff(now, id),
      );
    };
    const trunkIsOff = (now: typeof lab.product.now, id: TrunkId): boolean =>
      now.trunks.every((trunk) => trunk.id !== id || !trunk.online);

    const noAuth = { username: '', password: '', register: false } as const;

    it('shows a trunk whose password is wrong as not online', async () => {
      const id = await add('Wrong password', { password: 'not the password' });
      await lab.product.nowHas('the trunk with the wrong password to be off', 15_000, (now) =>
        now.trunks.some((trunk) => trunk.id === id && !trunk.online),
      );
      await lab.product.nowHas('the good trunk to be on', 15_000, (now) =>
        now.trunks.some((trunk) => trunk.id === lab.company.trunk && trunk.online),
      );
    });

    it('takes the next trunk when the first one is down', async () => {
      await add('Nobody there', { ...noAuth, port: await closedPort(), priority: 1 });
      const since = new Date();
      lab.carrier.at(OUTSIDE, (party) => party.answer());
      const caller = await lab.carrier.dial('2001', OUTSIDE);
      await caller.answered(20_000);
      await caller.hangUp();
      expect((await storySince('2001', since)).row).to.include({
        result: 'answered',
        trunk_id: lab.company.trunk,
      });
    });

    it('says that no line is free when the only trunk does not answer, or is switched off', async () => {
      silent = createSocket('udp4');
      const socket = silent;
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
      await enable(lab.company.trunk, false);
      const off = new Date();
      await hearNo(await lab.carrier.dial('2001', OUTSIDE), 20_000);
      expect((await storySince('2001', off)).row).to.include({
        result: 'failed',
        reason: 'no-trunk',
      });
      await add('Silent', { ...noAuth, port: socket.address().port });
      const since = new Date();
      // A silent gateway is given up after 32 s (RFC 3261, timer B).
      await hearNo(await lab.carrier.dial('2001', OUTSIDE), 45_000);
      expect((await storySince('2001', since)).row).to.include({ result: 'failed' });
    });

    const hearNo = async (caller: Party, limitMs: number): Promise<void> => {
      await caller.answered(limitMs);
      await caller.listen();
      await caller.ear.waitForSound(5_000);
      await caller.ended(15_000);
    };
  });

  it('is not possible for callers from outside: no line leads from trunk to trunk', async () => {
    const from = newCaller();
    const caller = await lab.carrier.call({ to: '+12125550123', from });
    lab.carrier.at('+12125550123', ringing);
    await caller.answered(8_000);
    await caller.ended(15_000);
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'refused', reason: 'unknown-did' });
    expect(story.legs).to.have.length(1);
  });
});

/** A UDP port that answers "unreachable". */
async function closedPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
