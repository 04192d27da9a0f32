import { expect } from 'chai';
import { NEW_CONFERENCE } from '../../../src/features/conferences/index.js';
import type { ConferenceId } from '../../../src/kernel/ids.js';
import type { DeskCommand } from '../../../src/telephony/live.js';
import { ADMIN, did } from '../../support/setup-drafts.js';
import { momentOfRooms, roomMember } from '../../support/live-rooms.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/setup/conferences';

describe('conference rooms', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  let supervisor: TestClient;
  let agent: TestClient;

  before(async () => {
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    supervisor = await setup.site.client('supervisor');
    agent = await setup.site.client('agent');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  const current = async (id: ConferenceId) => {
    const { directory } = setup.site.parts;
    await directory.refresh();
    return directory.current.conferences.get(id);
  };
  const form = {
    ...{ name: 'Council', number: '8100', hostPin: '', guestPin: '', maxMembers: '0' },
    ...{ announces: 'tone', records: 'on-demand', invites: 'internal' },
  };
  const idOf = async (name: string): Promise<ConferenceId> => {
    const row = await setup.site.parts
      .database('conferences')
      .where({ name })
      .first<{ id: ConferenceId }>('id');
    return row.id;
  };
  const versionAt = async (path: string): Promise<string> =>
    /name="version" value="(\d+)"/.exec((await admin.get(path)).text)?.[1] ?? '';

  describe('their set-up', () => {
    it('says what is wrong beside the field', async () => {
      const wrong: readonly (readonly [fields: Record<string, string>, words: string])[] = [
        [{ hostPin: '12' }, '4 to 12 digits'],
        [{ hostPin: '4711', guestPin: '4711' }, 'Hosts and guests need different PINs'],
        [{ guestsWait: 'on' }, 'Nobody can be a host without a PIN of hosts'],
        [{ endsWithHost: 'on' }, 'Nobody can be a host without a PIN of hosts'],
        [{ maxMembers: '501' }, 'f-maxMembers'],
        [{ records: 'sometimes' }, 'f-records'],
        [{ invites: 'moon' }, 'f-invites'],
        [{ number: '999' }, 'calls for help in an emergency'],
      ];
      for (const [fields, words] of wrong) {
        const answer = await admin.post(PATH, { ...form, ...fields });
        expect(answer.status, JSON.stringify(fields)).to.equal(422);
        expect(answer.text).to.contain(words);
      }
    });

    it('keeps PINs sealed, and gives them to the calls only', async () => {
      const made = await admin.post(PATH, {
        ...{ ...form, hostPin: '471100', guestPin: '1234', guestsWait: 'on', maxMembers: '12' },
      });
      expect(made.status).to.equal(303);
      const id = await idOf('Council');
      expect(await current(id)).to.deep.equal({
        ...{ id, name: 'Council', number: '8100', hostPin: '471100', guestPin: '1234' },
        ...{ guestsWait: true, endsWithHost: false, maxMembers: 12 },
        ...{ announces: 'tone', records: 'on-demand', invites: 'internal' },
      });
      const page = (await admin.get(`${PATH}/${String(id)}`)).text;
      expect(page).to.not.contain('471100').and.not.contain('"1234"');
      expect(page).to.contain('*9').and.contain('mute all guests');
      const rows = await setup.site.parts.database('conferences').where({ id }).select('*');
      expect(JSON.stringify(rows)).to.not.contain('471100');
      expect((await admin.get(PATH)).text).to.contain('Council');
    });

    it('refuses a PIN that the other side has already, and lets hosts’ go only without those who wait', async () => {
      const id = await idOf('Council');
      const path = `${PATH}/${String(id)}`;
      const save = async (fields: Record<string, string>) =>
        admin.post(path, { ...form, ...fields, version: await versionAt(path) });
      const same = await save({ guestPin: '471100', guestsWait: 'on' });
      expect(same.status).to.equal(422);
      expect(same.text).to.contain('Hosts and guests need different PINs');
      const needed = await save({ withoutHostPin: 'on', guestsWait: 'on' });
      expect(needed.status).to.equal(422);
      expect(needed.text).to.contain('Nobody can be a host');
      expect((await save({ withoutHostPin: 'on' })).status).to.equal(303);
      expect(await current(id)).to.include({ hostPin: '', guestPin: '1234', guestsWait: false });
    });

    it('is where a DID may lead, and then cannot be archived', async () => {
      const id = await idOf('Council');
      const target = { kind: 'conference', id } as const;
      await setup.dids.create(ADMIN, did('+442079460155', { target }));
      const { directory } = setup.site.parts;
      await directory.refresh();
      expect(directory.current.didsByNumber.get('+442079460155')?.target).to.deep.equal(target);
      expect((await admin.get('/setup/dids')).text).to.contain('8100 Council');
      expect((await admin.get('/setup/dids/new')).text).to.contain(
        `value="conference:${String(id)}"`,
      );
      const path = `${PATH}/${String(id)}`;
      const archived = await admin.post(`${path}/archive`, { version: await versionAt(path) });
      expect(archived.status).to.be.oneOf([409, 422]);
    });
  });

  describe('their live pages', () => {
    let id: ConferenceId;
    const asked: DeskCommand[] = [];
    const host = roomMember(1, { role: 'host', name: 'Ada Byron', isTalking: true });
    const guest = roomMember(2, { isMuted: true });
    let seq = 1;

    before(async () => {
      id = await setup.conferences.service.createRoom(ADMIN, {
        ...{ ...NEW_CONFERENCE, name: 'Board', number: '8200', records: 'on-demand' },
      });
      await setup.site.parts.directory.refresh();
    });
    beforeEach(() => {
      asked.splice(0);
      setup.notes.answer = (command) => {
        asked.push(command);
        return { ok: true };
      };
      setup.site.parts.live.publish(
        momentOfRooms(++seq, [
          { id, members: [host, guest, roomMember(3, { isWaiting: true })], isLocked: true },
        ]),
      );
    });

    const auditLines = async () => {
      const rows = await setup.site.parts
        .database('audit_entries')
        .where({ object_kind: 'conference', object_id: String(id) })
        .orderBy('id')
        .select<{ user_name: string; action: string; changes: unknown }[]>(
          'user_name',
          'action',
          'changes',
        );
      return rows.map(
        ({ user_name: who, action, changes }) =>
          `${who} ${action} ${typeof changes === 'string' ? changes : JSON.stringify(changes)}`,
      );
    };

    it('show rooms in use, who is in them, and who speaks', async () => {
      const list = (await supervisor.get('/live/conferences')).text;
      expect(list).to.contain('Board').and.contain('Ada Byron').and.contain('Locked');
      const page = (await supervisor.get(`/live/conferences/${String(id)}`)).text;
      expect(page).to.contain('Ada Byron').and.contain('Speaks').and.contain('Muted');
      expect(page).to.contain('Waits for a host').and.contain('(020) 7946 0902');
      setup.site.parts.live.publish(momentOfRooms(++seq, []));
      expect((await supervisor.get('/live/conferences')).text).to.contain(
        'Nobody is in a conference room now',
      );
      expect((await supervisor.get('/live/conferences/9999')).status).to.equal(404);
    });

    it('are for supervisors and administrators', async () => {
      const path = `/live/conferences/${String(id)}`;
      expect((await agent.get('/live/conferences')).status).to.equal(403);
      expect((await agent.get(path)).status).to.equal(403);
      expect((await agent.post(`${path}/lock`)).status).to.equal(403);
      expect((await agent.post(`${path}/invite`, { number: '2001' })).status).to.equal(403);
      expect(asked).to.deep.equal([]);
    });

    it('give each command to the calls, with a line in the audit log of what came of it', async () => {
      const path = `/live/conferences/${String(id)}`;
      for (const action of ['lock', 'unlock', 'mute-guests', 'record', 'stop-recording', 'end'])
        expect((await supervisor.post(`${path}/${action}`)).status).to.equal(303);
      for (const action of ['mute', 'unmute', 'remove'])
        expect((await supervisor.post(`${path}/members/${guest.call}/${action}`)).status).to.equal(
          303,
        );
      expect((await supervisor.post(`${path}/invite`, { number: ' 2001 ' })).status).to.equal(303);
      const by = 'Test supervisor';
      const room = { kind: 'room', conferenceId: id, by };
      const member = { kind: 'room-member', conferenceId: id, callId: guest.call, by };
      expect(asked).to.deep.equal([
        ...['lock', 'unlock', 'mute-guests', 'record', 'stop-recording', 'end'].map((action) => ({
          ...room,
          action,
        })),
        ...['mute', 'unmute', 'remove'].map((action) => ({ ...member, action })),
        { kind: 'room-invite', conferenceId: id, number: '2001', by },
      ]);
      const lines = await auditLines();
      expect(lines.filter((line) => line.includes('"outcome"'))).to.have.length(10);
      expect(lines.at(-1)).to.contain('conference.invite').and.contain('2001').and.contain('done');
      const log = (await admin.get('/setup/audit')).text;
      expect(log).to.not.contain('audit.verb.').and.not.contain('audit.field.');
    });

    it('say why something was refused, and keep what was typed', async () => {
      const path = `/live/conferences/${String(id)}`;
      const refuse = (code: 'not-permitted' | 'not-in-room' | 'room-full', detail = '') => {
        setup.notes.answer = () => ({ ok: false, code, detail });
      };
      refuse('not-permitted', 'international');
      const invited = await supervisor.post(`${path}/invite`, { number: '+1 555 123 4567' });
      expect(invited.status).to.equal(409);
      expect(invited.text).to.contain('may not call international numbers');
      expect(invited.text).to.contain('value="+1 555 123 4567"');
      refuse('not-in-room');
      const removed = await supervisor.post(`${path}/members/${guest.call}/remove`);
      expect(removed.text).to.contain('(020) 7946 0902 has left the room already');
      expect((await auditLines()).at(-1)).to.contain('not-in-room');
    });
  });
});
