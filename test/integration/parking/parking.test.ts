import { expect } from 'chai';
import type { CallId, ExtensionId } from '../../../src/kernel/ids.js';
import type { DeskCommand, LiveSnapshot } from '../../../src/telephony/live.js';
import { DEFAULT_PARKING } from '../../../src/telephony/parking.js';
import { ADMIN, extension, refusal } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite, seatAgent } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/setup/parking';

describe('the pages of parking', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  let owner: TestClient;
  let phone: ExtensionId;
  const asked: DeskCommand[] = [];
  const parking = async () => {
    const { directory } = setup.site.parts;
    await directory.refresh();
    return directory.current.parking;
  };
  const good = { isEnabled: 'on', firstSlot: '7001', slots: '20', timeoutS: '60' };
  const submit = async (changes: Record<string, string>) => {
    const { text } = await admin.get(PATH);
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
    const { isEnabled, ...rest } = { ...good, ...changes, version };
    return admin.post(PATH, isEnabled === '' ? rest : { isEnabled, ...rest });
  };

  before(async () => {
    setup = await startSetupSite();
    phone = (await setup.extensions.createPhone(ADMIN, extension('2001'))).id;
    await seatAgent(setup, phone);
    admin = await setup.site.client('admin');
    owner = await setup.site.client('agent');
    setup.notes.answer = (command) => {
      asked.push(command);
      return { ok: true };
    };
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('begin with slots that nobody has set, and are for administrators', async () => {
    expect(await parking()).to.deep.equal(DEFAULT_PARKING);
    const { text } = await admin.get(PATH);
    expect(text).to.contain('value="7001"').and.contain('dial *5');
    expect((await owner.get(PATH)).status).to.equal(403);
    expect((await owner.post(PATH, good)).status).to.equal(403);
  });

  it('say what is wrong beside the field, and keep what was there', async () => {
    const wrong: readonly (readonly [fields: Record<string, string>, words: string])[] = [
      [{ firstSlot: '0700' }, '2 to 8 digits'],
      [{ firstSlot: '' }, 'f-firstSlot'],
      [{ firstSlot: '990' }, '999 would be a slot, and calls for help'],
      [{ firstSlot: '99999990' }, 'more than 8 digits'],
      [{ firstSlot: '1995' }, '2001 would be a slot, and is an extension'],
      [{ slots: '0' }, 'f-slots'],
      [{ slots: '101' }, 'f-slots'],
      [{ timeoutS: '9' }, 'f-timeoutS'],
      [{ timeoutS: 'soon' }, 'f-timeoutS'],
    ];
    for (const [fields, words] of wrong) {
      const answer = await submit(fields);
      expect(answer.status, JSON.stringify(fields)).to.equal(422);
      expect(answer.text).to.contain(words);
    }
    expect(await parking()).to.deep.equal(DEFAULT_PARKING);
  });

  it('are saved for the next call; nothing else gets the number of a slot', async () => {
    const saved = await submit({ firstSlot: '850', slots: '5', timeoutS: '45' });
    expect(saved).to.include({ status: 303, location: PATH });
    expect(await parking()).to.deep.equal({
      ...{ isEnabled: true, firstSlot: 850, slots: 5, timeoutMs: 45_000 },
    });
    expect(setup.notes.announced).to.include('parking');
    expect(await refusal(setup.extensions.createPhone(ADMIN, extension('854')))).to.contain(
      'number: configuration.problem.number-of.park-slot',
    );
    expect([...(await setup.extensions.taken(ADMIN, ['850', '855']))]).to.deep.equal(['850']);
    const group = await admin.post('/setup/paging-groups', {
      ...{ name: 'Hall', number: '852', members: [String(phone)] },
    });
    expect(group.status).to.equal(422);
    expect(group.text).to.contain('This number is a slot for parked calls');
    const [entry] = await setup.site.parts
      .database('audit_entries')
      .where({ object_kind: 'parking' })
      .select<{ changes: unknown }[]>('changes');
    expect(JSON.stringify(entry)).to.contain('850').and.contain('timeoutS');
  });

  it('leave the numbers to others where nothing is parked, and take them back only if they are free', async () => {
    expect(await submit({ isEnabled: '', firstSlot: '850', slots: '5' })).to.include({
      status: 303,
    });
    await setup.extensions.createPhone(ADMIN, extension('853'));
    const back = await submit({ firstSlot: '850', slots: '5' });
    expect(back.status).to.equal(422);
    expect(back.text).to.contain('853 would be a slot, and is an extension');
    expect(await submit({ firstSlot: '860', slots: '3' })).to.include({ status: 303 });
  });

  it('refuse a form over which somebody has saved', async () => {
    const { text } = await admin.get(PATH);
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
    await submit({ firstSlot: '870', slots: '3' });
    const late = await admin.post(PATH, { ...good, version });
    expect(late.status).to.equal(409);
  });

  describe('with parked calls', () => {
    const show = (slots: readonly string[]): void => {
      const at = Date.now();
      setup.site.parts.live.publish({
        ...{ seq: at, at, pbxOnline: true, queues: [], agents: [], trunks: [], extensions: [] },
        calls: slots.map((slot, n) => ({
          ...{ id: `call-${String(n)}` as CallId, direction: 'inbound' as const },
          ...{ from: '+442079460999', fromName: n === 0 ? '<b>Ada</b>' : '', to: '2001' },
          ...{ stage: 'parked', path: [], language: 'en' as const, recording: false },
          ...{ startedAt: at, stageSince: at, other: '2001' },
          parked: { slot, since: at, until: at + 45_000 },
        })),
      } satisfies LiveSnapshot);
    };

    it('list them by slot, for everybody who has a phone', async () => {
      expect((await owner.get('/parked')).text).to.contain('No call is parked');
      show(['872', '870']);
      const { text, status } = await owner.get('/parked');
      expect(status).to.equal(200);
      expect(text.indexOf('/parked/870/retrieve')).to.be.within(
        1,
        text.indexOf('/parked/872/retrieve'),
      );
      expect(text).to.contain('&lt;b&gt;Ada').and.not.contain('<b>Ada');
      expect(text).to.contain('(020) 7946 0999');
      expect((await admin.get('/parked')).text).to.contain('no phone of your own');
    });

    it('are taken by the own phone, which rings and dials the slot', async () => {
      await parking();
      expect(await owner.post('/parked/870/retrieve')).to.include({
        ...{ status: 303, location: '/parked' },
      });
      expect(asked.at(-1)).to.deep.equal({ kind: 'phone-dial', extensionId: phone, number: '870' });
      expect((await owner.post('/parked/999/retrieve')).status).to.equal(404);
      expect((await admin.post('/parked/870/retrieve')).status).to.equal(404);
      expect(asked).to.have.length(1);
      setup.notes.answer = () => ({ ok: false, code: 'phone-not-registered', detail: '2001' });
      const refused = await owner.post('/parked/870/retrieve');
      expect(refused.status).to.equal(409);
      expect(refused.text).to.contain('2001');
    });
  });
});
