import { expect } from 'chai';
import { makeHelpAlarm } from '../../../src/features/emergency/index.js';
import { helpCallsProbe } from '../../../src/features/setup/knex-help-calls-probe.js';
import type { CallId, ExtensionId } from '../../../src/kernel/ids.js';
import { until } from '../../support/until.js';
import { ADMIN, agent, extension, queue, refusal, trunk } from '../../support/setup-drafts.js';
import { DEFAULT_EMERGENCY } from '../../../src/telephony/emergency.js';
import { DEFAULT_RECORDING } from '../../../src/telephony/recording-settings.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

describe('the pages of recording, emergency numbers and caller IDs', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  let supervisor: TestClient;

  const current = async () => {
    const { directory } = setup.site.parts;
    await directory.refresh();
    return directory.current;
  };
  const submit = async (path: string, fields: Record<string, string>) => {
    const { text } = await admin.get(path);
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
    return admin.post(path, { ...fields, version });
  };

  before(async () => {
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    supervisor = await setup.site.client('agent');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  describe('recording', () => {
    const PATH = '/setup/recording';
    const good = {
      ...{ inbound: 'always', outbound: 'on-demand', internal: 'never' },
      ...{ maxPauseS: '120', recordCode: '*1', pauseCode: '*2' },
      ...{ noticePrefixes: '+1', choicePrefixes: '+49\n+43' },
    };

    it('begins with what nobody has set, and is for administrators', async () => {
      expect((await current()).recording).to.deep.equal(DEFAULT_RECORDING);
      expect((await admin.get(PATH)).text)
        .to.contain('value="*2"')
        .and.contain('value="180"');
      expect((await supervisor.get(PATH)).status).to.equal(403);
      expect((await supervisor.post(PATH, good)).status).to.equal(403);
    });

    it('says what is wrong beside the field', async () => {
      const wrong: readonly (readonly [fields: Record<string, string>, words: string])[] = [
        [{ inbound: 'sometimes' }, 'f-inbound'],
        [{ maxPauseS: '5' }, 'f-maxPauseS'],
        [{ recordCode: '12' }, 'f-recordCode'],
        [{ pauseCode: '*12' }, '*1 would always be heard first'],
        [{ noticePrefixes: '0049' }, '“0049” is not how a number begins'],
        [{ noticePrefixes: '+49' }, '+49 is in both lists'],
      ];
      for (const [fields, words] of wrong) {
        const answer = await submit(PATH, { ...good, ...fields });
        expect(answer.status, JSON.stringify(fields)).to.equal(422);
        expect(answer.text).to.contain(words);
      }
      expect((await current()).recording).to.deep.equal(DEFAULT_RECORDING);
    });

    it('is saved for the next talk, with its line in the audit log', async () => {
      expect(await submit(PATH, good)).to.include({ status: 303, location: PATH });
      expect((await current()).recording).to.deep.equal({
        site: { inbound: 'always', outbound: 'on-demand', internal: 'never' },
        maxPauseMs: 120_000,
        codes: { record: '*1', pause: '*2' },
        prefixes: [
          { prefix: '+1', notice: 'notice' },
          { prefix: '+49', notice: 'choice' },
          { prefix: '+43', notice: 'choice' },
        ],
      });
      const [line] = await setup.site.parts
        .database('audit_entries')
        .where({ action: 'recording.change' })
        .select<{ changes: string }[]>('changes');
      expect(JSON.stringify(line?.changes)).to.contain('outbound');
    });
  });

  describe('rules of queues, extensions, trunks and agents', () => {
    it('reach the calls as they were saved', async () => {
      const extensionId = (
        await setup.extensions.createPhone(
          ADMIN,
          extension('2101', { recordingInbound: 'never', recordingInternal: 'on-demand' }),
        )
      ).id;
      const queueId = await setup.queues.create(
        ADMIN,
        queue('Ruled', {
          ...{ recording: 'on-demand', recordingNotice: 'choice', callerId: '+442079460111' },
        }),
      );
      const trunkId = await setup.trunks.createSip(
        ADMIN,
        trunk('Ruled', {
          ...{ recording: 'always', recordingNotice: 'notice', mayWithhold: true },
          allowedCallerIds: ['+442079460111', '+442079460112', '+442079460119', '+4416*'],
        }),
      );
      const { id: agentId } = await setup.agents.createAgent(
        ADMIN,
        agent('2101', {
          callerIds: ['+442079460112'],
          callerIdOrder: 'sticky',
          outsidePhone: '+447700900123',
        }),
      );
      const { extensions, queues, trunks, agents } = await current();
      expect(extensions.get(extensionId)?.recording).to.deep.equal({
        ...{ inbound: 'never', outbound: 'default', internal: 'on-demand' },
      });
      expect(queues.get(queueId)).to.include({
        ...{ recording: 'on-demand', recordingNotice: 'choice', callerId: '+442079460111' },
      });
      expect(trunks.get(trunkId)).to.deep.include({
        ...{ recording: 'always', recordingNotice: 'notice', mayWithhold: true },
        allowedCallerIds: ['+442079460111', '+442079460112', '+442079460119', '+4416*'],
      });
      expect(agents.get(agentId)).to.deep.include({
        callerIds: { order: 'sticky', numbers: ['+442079460112'] },
        outsidePhone: '+447700900123',
      });
      for (const [path, words] of [
        [`/setup/queues/${String(queueId)}`, 'value="choice" selected'],
        [`/setup/trunks/${String(trunkId)}`, '+4416*'],
        [`/setup/extensions/${String(extensionId)}`, 'value="never" selected'],
        [`/setup/agents/${String(agentId)}`, '+442079460112'],
      ] as const)
        expect((await admin.get(path)).text, path).to.contain(words);
    });

    it('refuse a number that no trunk may show', async () => {
      const shown = { callerId: '+493012345678' };
      expect(
        await refusal(setup.extensions.createPhone(ADMIN, extension('2102', shown))),
      ).to.contain('configuration.problem.not-showable');
      expect(await refusal(setup.queues.create(ADMIN, queue('Hidden', shown)))).to.contain(
        'configuration.problem.not-showable',
      );
      const pool = { callerIds: ['+441632960001', '+493012345678'] };
      expect(await refusal(setup.agents.createAgent(ADMIN, agent('2102', pool)))).to.contain(
        'configuration.problem.not-showable',
      );
    });

    it('refuse a number that is none, and say which', async () => {
      const { text } = await admin.get('/setup/trunks/new');
      expect(text).to.contain('name="allowedCallerIds"');
      const answer = await admin.post('/setup/trunks', {
        ...{ name: 'Wrong', enabled: 'on', priority: '10', maxChannels: '0', callerId: '' },
        ...{ host: '203.0.113.5', port: '5060', transport: 'udp', username: '', password: '' },
        ...{ fromUser: '', addresses: '', codecs: 'alaw', version: '0' },
        ...{ recording: 'default', recordingNotice: 'default' },
        allowedCallerIds: '+442079460111\nour number',
      });
      expect(answer.status).to.equal(422);
      expect(answer.text).to.contain('“our number” is not a telephone number');
    });
  });

  describe('emergency numbers', () => {
    const PATH = '/setup/emergency';

    it('are those of the country, and more where the site adds some', async () => {
      expect((await current()).emergency).to.deep.equal(DEFAULT_EMERGENCY);
      expect((await admin.get(PATH)).text).to.contain('112, 999');
      expect((await supervisor.get(PATH)).status).to.equal(403);
      const saved = await submit(PATH, { numbers: '8888', callerId: '020 7946 0119' });
      expect(saved).to.include({ status: 303 });
      expect((await current()).emergency).to.deep.equal({
        ...{ numbers: ['8888'], callerId: '+442079460119' },
      });
    });

    it('are nothing else: no extension, no speed dial, from either side', async () => {
      expect(await refusal(setup.extensions.createPhone(ADMIN, extension('8888')))).to.contain(
        'configuration.problem.number-of.emergency',
      );
      const dial = { code: '88', name: 'Fire', number: '8888', version: '0' };
      const refused = await admin.post('/setup/speed-dials', dial);
      expect(refused.status).to.equal(422);
      expect(refused.text).to.contain('reaches help in an emergency');
      const country = await admin.post('/setup/speed-dials', { ...dial, number: '999' });
      expect(country.status).to.equal(422);
      expect(country.text).to.contain('reaches help in an emergency');
      await setup.extensions.createPhone(ADMIN, extension('2199'));
      for (const [numbers, words] of [
        ['2199', '2199 is an extension'],
        ['help', '“help” is no emergency number'],
        ['7001', '7001 is a slot for parked calls'],
      ] as const) {
        const answer = await submit(PATH, { numbers, callerId: '' });
        expect(answer.status, numbers).to.equal(422);
        expect(answer.text).to.contain(words);
      }
    });
  });

  it('calls for help of the last day are on the page of health', async () => {
    const { database } = setup.site.parts;
    const look = () => helpCallsProbe(database, () => Date.now()).look();
    expect(await look()).to.include({ state: 'good', text: 'health.help-calls.none' });
    const errors: unknown[] = [];
    const alarm = makeHelpAlarm(database, {
      ...{ info: () => undefined, warn: () => undefined },
      error: (_fields, message) => errors.push(message),
    });
    alarm.raise({
      ...{ callId: 'c' as CallId, number: '999', extensionId: 1 as ExtensionId },
      ...{ from: '2101', name: 'Desk', at: Date.now() },
    });
    const found = await until('the line of the audit log', 5_000, async () => {
      const health = await look();
      return health.state === 'watch' ? health : undefined;
    });
    expect(found.params).to.deep.equal({ count: 1, who: '2101 Desk' });
    expect(errors).to.deep.equal(['somebody calls for help']);
  });

  describe('caller IDs', () => {
    it('say which number would be shown over each trunk, and why', async () => {
      const { extensions, queues } = await current();
      const extensionId = [...extensions.values()].find((one) => one.number === '2101')?.id;
      const queueId = [...queues.values()].find((one) => one.name === 'Ruled')?.id;
      const ask = async (more: Record<string, string>) => {
        const query = new URLSearchParams({
          ...{ extension: String(extensionId), agent: '', queue: '', customer: '020 7946 0999' },
          ...more,
        });
        return admin.get(`/setup/caller-ids?${query.toString()}`);
      };
      const plain = await ask({ queue: String(queueId) });
      expect(plain.status).to.equal(200);
      expect(plain.text).to.contain('(020) 7946 0111').and.contain('The queue&#x27;s number.');
      const hidden = await ask({ isWithheld: 'on' });
      expect(hidden.text).to.contain('It is withheld, and the trunk allows it.');
      const help = await ask({ customer: '999' });
      expect(help.text).to.contain('The site&#x27;s number for calls for help.');
      const wrong = await ask({ customer: 'nobody' });
      expect(wrong.text).to.contain('f-customer-problem');
      expect((await supervisor.get('/setup/caller-ids')).status).to.equal(403);
    });
  });
});
