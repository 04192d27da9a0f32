import { expect } from 'chai';
import { readDirectory } from '../../../src/features/directory/knex-directory.js';
import { KnexPromptReports } from '../../../src/features/prompts/prompt-reports.js';
import type { MusicId, PromptId } from '../../../src/kernel/ids.js';
import { ADMIN, queue, refusal } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

describe('hold music', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  let piano: PromptId;
  let strings: PromptId;

  before(async () => {
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    const prompt = async (name: string, letter: string): Promise<PromptId> => {
      const { database } = setup.site.parts;
      const [id] = (await database('prompts').insert({ name })) as [number];
      await database('prompt_files').insert({
        prompt_id: id,
        language: 'en',
        source: 'upload',
        text: '',
        hash: letter.repeat(64),
        duration_ms: 61_000,
      });
      return id as PromptId;
    };
    piano = await prompt('Piano', 'a');
    strings = await prompt('Strings', 'b');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  const directory = () => readDirectory(setup.site.parts.database, setup.site.parts.sealer);

  it('is made of prompts in their order, and says what is wrong beside the field', async () => {
    expect((await admin.get('/setup/music')).text).to.include('No hold music yet.');
    await admin.get('/setup/music/new');
    const empty = await admin.post('/setup/music', { name: '', order: 'listed', sounds: ['', ''] });
    expect(empty.status).to.equal(422);
    expect(empty.text).to.include('id="f-name-problem"').and.include('id="f-sounds-problem"');
    const sounds = [String(strings), '', String(piano)];
    const made = await admin.post('/setup/music', { name: 'Classical', order: 'random', sounds });
    expect(made.status).to.equal(303);
    const list = (await admin.get('/setup/music')).text;
    expect(list).to.include('Strings, Piano').and.include('2:02').and.include('At random');
    const [music] = (await directory()).music.values();
    expect(music).to.deep.include({ order: 'random', sounds: [strings, piano] });
    const page = (await admin.get(`/setup/music/${String(music?.id)}`)).text;
    expect(page).to.include(`src="/media/${'b'.repeat(64)}.wav"`);
    expect(setup.notes.announced).to.include('music');
    const supervisor = await setup.site.client('supervisor');
    expect((await supervisor.get('/setup/music')).status).to.equal(403);
  });

  it('is chosen by queues, and kept while a queue plays it, as its sounds are', async () => {
    const [{ id } = { id: 0 as MusicId }] = (await directory()).music.values();
    const queueId = await setup.queues.create(ADMIN, queue('Jazz line', { music: id }));
    expect((await directory()).queues.get(queueId)?.musicId).to.equal(id);
    const form = (await admin.get(`/setup/queues/${String(queueId)}`)).text;
    expect(form).to.include('A caller hears the music “Classical” while waiting.');
    expect(await setup.music.archive(ADMIN, id)).to.deep.equal([
      { kind: 'queue-music', id: queueId, name: 'Jazz line' },
    ]);
    const refused = await admin.post(`/setup/music/${String(id)}/archive`, {});
    expect([refused.status, refused.text.includes('queue that plays it')]).to.deep.equal([
      409,
      true,
    ]);
    const uses = await new KnexPromptReports(setup.site.parts.database).uses();
    expect(uses.get(piano)).to.deep.equal([{ kind: 'music', id, name: 'Classical' }]);
    await setup.queues.save(ADMIN, queueId, 1, queue('Jazz line'));
    expect(await setup.music.archive(ADMIN, id)).to.deep.equal([]);
    expect(await refusal(setup.queues.create(ADMIN, queue('Late', { music: id })))).to.equal(
      'invalid-fields music: queues.problem.music-gone',
    );
    await setup.site.parts
      .database('prompts')
      .where({ id: piano })
      .update({ archived_at: new Date() });
    expect(await refusal(setup.music.restore(ADMIN, id))).to.equal(
      'invalid-fields sounds: music.problem.sound-gone',
    );
  });
});
