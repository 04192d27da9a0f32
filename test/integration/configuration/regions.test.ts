import { expect } from 'chai';
import { regionOf } from '../../../src/engines/routing/region.js';
import { ADMIN, refusal, SUPERVISOR } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

describe('regions', () => {
  let setup: SetupSite;
  let admin: TestClient;
  const region = (name: string, ...prefixes: string[]) =>
    setup.regions.create(ADMIN, { name, prefixes });

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    await admin.get('/setup/regions/new');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('are made with prefixes as people write them', async () => {
    const answer = await admin.post('/setup/regions', {
      name: 'Greater London',
      prefixes: '+44 20\r\n0044 203\r\n',
    });
    expect(answer.status).to.equal(303);
    const list = await admin.get('/setup/regions');
    expect(list.text).to.include('Region created').and.include('+4420 +44203');
    expect(setup.notes.announced.at(-1)).to.equal('regions');
  });

  it('have a prefix each to itself: the message names the other region', async () => {
    await admin.get('/setup/regions/new');
    const typed = { name: 'Copy', prefixes: '+4420\n+44161' };
    const answer = await admin.post('/setup/regions', typed);
    expect(answer.status).to.equal(422);
    expect(answer.text)
      .to.include('+4420 belongs to the region Greater London')
      .and.include('+44161</textarea>');
    const id = await region('Attic', '+999');
    await setup.regions.archive(ADMIN, id);
    expect(await refusal(region('Copy', '+999'))).to.equal(
      'invalid-fields prefixes: regions.problem.taken-archived',
    );
  });

  it('say of a number where it belongs and which prefix decided, as calls find it', async () => {
    await region('United Kingdom', '+44');
    await region('Beijing', '+8610');
    const found = await admin.get('/setup/regions?try=020+7946+0123');
    expect(found.text).to.include(
      '(020) 7946 0123 is in Greater London. The prefix +4420 decides.',
    );
    const wider = await admin.get('/setup/regions?try=%2B441614960123');
    expect(wider.text).to.include('is in United Kingdom. The prefix +44 decides.');
    expect((await admin.get('/setup/regions?try=2001')).text).to.include('2001 is in no region');
    await setup.site.parts.directory.refresh();
    const { regions } = setup.site.parts.directory.current;
    expect(regionOf(regions, '+442079460123')?.prefix).to.equal('+4420');
    expect(regionOf(regions, '+9991234')).to.equal(undefined);
    await setup.site.parts.directory.refresh();
    expect(setup.site.parts.directory.current.regions).to.equal(regions);
  });

  it('keep somebody else’s save: both versions are shown', async () => {
    const id = await region('Leeds', '+44113');
    await setup.regions.save(ADMIN, id, 1, { name: 'Leeds', prefixes: ['+441131'] });
    const answer = await admin.post(`/setup/regions/${String(id)}`, {
      version: '1',
      name: 'Leeds',
      prefixes: '+441132',
    });
    expect(answer.status).to.equal(409);
    expect(answer.text).to.include('<td>+441131</td><td>+441132</td>');
  });

  describe('from a list', () => {
    const send = async (fields: Readonly<Record<string, string>>, file?: string) => {
      await admin.get('/setup/regions/import');
      const body = new FormData();
      body.append('_csrf', admin.csrf);
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      body.append('file', new Blob([file ?? '']), file === undefined ? '' : 'regions.csv');
      return admin.send('/setup/regions/import', { body });
    };
    const checkedIn = (text: string) => /name="checked" value="([^"]+)"/.exec(text)?.[1] ?? '';

    it('adds what is good and names what is not, by line', async () => {
      const page = await send({
        pasted:
          '+8610,Beijing\n+86106,Beijing\n+44121,<b>Birmingham</b>\n0121,Birmingham\n+4420,Nowhere',
      });
      expect(page.status).to.equal(200);
      expect(page.text)
        .to.include('5 lines: 2 to add, 1 there already, 2 rejected.')
        .and.include('&lt;b&gt;Birmingham')
        .and.include('+4420 belongs to the region Greater London')
        .and.match(/<td class="n"[^>]*>4<\/td>/);
      const answer = await admin.post('/setup/regions/import/run', {
        checked: checkedIn(page.text),
      });
      expect(answer.location).to.equal('/setup/regions');
      expect((await admin.get('/setup/regions?q=Beijing')).text).to.include('+8610 +86106');
      const line = await setup.site.parts
        .database('audit_entries')
        .where({ action: 'region.import', object_name: 'Beijing' })
        .first<{ changes: object } | undefined>('changes');
      expect(JSON.stringify(line?.changes)).to.include('+86106').and.not.include('"+8610"');
    });

    it('is read from a file with a header, and refused when nothing was given or it changed meanwhile', async () => {
      expect((await send({ pasted: '' })).text).to.include('Choose a file, or paste lines below.');
      const page = await send({}, 'region,prefix\nGlasgow,+44141\n');
      expect(page.text).to.include('1 line: 1 to add');
      await region('Glasgow South', '+44141');
      const late = await admin.post('/setup/regions/import/run', { checked: checkedIn(page.text) });
      expect(late.status).to.equal(422);
      expect(late.text).to.include('Nothing was added');
      const again = await admin.post('/setup/regions/import/run', {
        checked: checkedIn(page.text),
      });
      expect(again.text).to.include('was used already');
    });
  });

  it('are only for those who may edit them', async () => {
    const supervisor = await setup.site.client('supervisor');
    for (const path of ['/setup/regions', '/setup/regions/new', '/setup/regions/import'])
      expect((await supervisor.get(path)).status, path).to.equal(403);
    expect(await refusal(setup.regions.locate(SUPERVISOR, '+44'))).to.equal('not-allowed');
  });
});
