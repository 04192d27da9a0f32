import { expect } from 'chai';
import type { DeskCommand } from '../../../src/telephony/live.js';
import { ADMIN, extension } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite, seatAgent } from '../../support/setup-site.js';
import type { TestAnswer, TestClient } from '../../support/web.js';

const PATH = '/setup/speed-dials';
const OWN = '/my-phone/speed-dial';

describe('speed dials', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  let owner: TestClient;
  const asked: DeskCommand[] = [];
  const bank = { code: '12', name: 'Bank', number: '020 7946 0123' };
  const now = async () => {
    const { directory } = setup.site.parts;
    await directory.refresh();
    return directory.current;
  };
  const company = async () =>
    [...(await now()).speedDials.values()].map(({ code, number }) => `${code} ${number}`);
  const upload = (content: string, client = admin): Promise<TestAnswer> => {
    const body = new FormData();
    body.append('_csrf', client.csrf);
    body.append('file', new Blob([new Uint8Array(Buffer.from(content))]), 'dials.csv');
    return client.send(`${PATH}/import`, { body });
  };

  before(async () => {
    setup = await startSetupSite();
    const phone = await setup.extensions.createPhone(ADMIN, extension('2001'));
    await seatAgent(setup, phone.id);
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

  it('of the company are set up by administrators, each code once', async () => {
    await admin.get(`${PATH}/new`);
    expect(await admin.post(PATH, bank)).to.include({ status: 303, location: PATH });
    expect(await company()).to.deep.equal(['12 +442079460123']);
    expect((await admin.get(PATH)).text)
      .to.contain('(020) 7946 0123')
      .and.contain('*012');
    const wrong = [
      [{ ...bank, name: 'Again' }, 'used by another one'],
      [{ ...bank, code: '1' }, 'Two or three digits'],
      [{ ...bank, code: '12a' }, 'Two or three digits'],
      [{ ...bank, code: '13', number: '*78' }, 'leads nowhere'],
      [{ ...bank, code: '13', number: 'bank' }, 'leads nowhere'],
    ] as const;
    for (const [form, words] of wrong) {
      const answer = await admin.post(PATH, form);
      expect(answer.status, words).to.equal(422);
      expect(answer.text).to.contain(words);
    }
    const supervisor = await setup.site.client('supervisor');
    expect((await supervisor.get(PATH)).status).to.equal(403);
    expect((await supervisor.post(PATH, bank)).status).to.equal(403);
  });

  it('are imported from a file: checked first, all good rows or none', async () => {
    await admin.get(`${PATH}/import`);
    const page = await upload(
      'code,name,number\n20,Ada,2001\n12,Taken,2001\n20,Twice,2001\n21,Ben,+447700900123\n2,<b>x</b>,2001\n22,,2001\n',
    );
    expect(page.status).to.equal(200);
    expect(page.text).to.contain('6 rows: 2 good, 4 rejected.');
    expect(page.text).to.contain('12 is there already').and.contain('The same as in line 2');
    expect(page.text).to.not.contain('<b>x</b>');
    expect(await company()).to.have.length(1);
    const checked = /name="checked" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    expect(await admin.post(`${PATH}/import/run`, { checked })).to.include({ status: 303 });
    expect(await company()).to.deep.equal(['12 +442079460123', '20 2001', '21 +447700900123']);
    // What was run is gone from the shelf.
    const again = await admin.post(`${PATH}/import/run`, { checked });
    expect(again.status).to.equal(422);
    for (const content of ['', 'kode;name\n1;x\n', 'PK\u0003\u0004'])
      expect((await upload(content)).status, content).to.equal(422);
  });

  it('that were taken meanwhile stop the import whole', async () => {
    const page = await upload('code,name,number\n30,Ada,2001\n31,Ben,2001\n');
    const checked = /name="checked" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    await admin.post(PATH, { ...bank, code: '31' });
    const answer = await admin.post(`${PATH}/import/run`, { checked });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.contain('Nothing was added');
    expect(await company()).to.not.include('30 2001');
  });

  it('of one phone belong to whoever sits there', async () => {
    expect((await owner.get(OWN)).text).to.contain('None yet');
    expect(await owner.post(OWN, { code: '12', name: 'Mum', number: '07700 900999' })).to.include({
      status: 303,
    });
    const { ownSpeedDials, extensionsByNumber } = await now();
    const id = extensionsByNumber.get('2001')?.id;
    const own = id === undefined ? undefined : ownSpeedDials.get(id);
    expect(own?.get('12')).to.deep.equal({ code: '12', name: 'Mum', number: '+447700900999' });
    const { text } = await owner.get(OWN);
    expect(text).to.contain('Mum').and.contain('Bank').and.contain('07700 900999');
    const wrong = await owner.post(OWN, { code: '1', name: '', number: 'x' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.contain('Two or three digits').and.contain('Mum');
    expect(await owner.post(`${OWN}/12/remove`)).to.include({ status: 303 });
    expect((await now()).ownSpeedDials.size).to.equal(0);
    expect((await admin.get(OWN)).text).to.contain('You have no phone');
    expect((await admin.post(OWN, bank)).status).to.equal(404);
  });

  it('are called from the page: the own phone rings', async () => {
    await owner.get(OWN);
    expect(await owner.post(`${OWN}/call`, { number: '+442079460123' })).to.include({
      status: 303,
    });
    expect(asked.at(-1)).to.deep.include({ kind: 'phone-dial', number: '+442079460123' });
    setup.notes.answer = () => ({ ok: false, code: 'phone-not-registered', detail: '2001' });
    const refused = await owner.post(`${OWN}/call`, { number: '2002' });
    expect(refused.status).to.equal(409);
    expect(refused.text).to.contain('Phone 2001 is not registered');
  });
});
