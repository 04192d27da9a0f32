import { expect } from 'chai';
import { DEFAULT_CODES, FEATURE_NAMES } from '../../../src/telephony/feature-codes.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/setup/feature-codes';

describe('the page of feature codes', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  const codes = async () => {
    const { directory } = setup.site.parts;
    await directory.refresh();
    return directory.current.featureCodes;
  };
  /** The form as it is loaded, with changes; '' takes a field out. */
  const submit = async (changes: Record<string, string> = {}) => {
    const { text } = await admin.get(PATH);
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
    const now = await codes();
    const fields: Record<string, string> = { version };
    for (const name of FEATURE_NAMES) {
      fields[`code.${name}`] = now[name].code;
      if (now[name].isEnabled) fields[`on.${name}`] = 'on';
    }
    const sent = { ...fields, ...changes };
    return admin.post(
      PATH,
      Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== 'absent')),
    );
  };

  before(async () => {
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('lists every code, and is for administrators', async () => {
    const { text } = await admin.get(PATH);
    for (const name of FEATURE_NAMES) {
      expect(text).to.contain(`name="code.${name}"`);
      expect(text).to.contain(`value="${DEFAULT_CODES[name].code}"`);
    }
    const supervisor = await setup.site.client('supervisor');
    expect((await supervisor.get(PATH)).status).to.equal(403);
    expect((await supervisor.post(`${PATH}/reset`)).status).to.equal(403);
  });

  it('changes codes for the next call, and switches them off', async () => {
    expect(await submit({ 'code.do-not-disturb': '*25', 'on.call-waiting': 'absent' })).to.include({
      status: 303,
      location: PATH,
    });
    expect(await codes()).to.deep.include({
      'do-not-disturb': { code: '*25', isEnabled: true },
      'call-waiting': { code: '*43', isEnabled: false },
    });
    expect(setup.notes.announced).to.include('feature-codes');
    const entries = await setup.site.parts
      .database('audit_entries')
      .where({ action: 'feature-codes.change' })
      .select<{ changes: unknown }[]>('changes');
    expect(entries).to.have.length(1);
    expect(JSON.stringify(entries)).to.contain('*25');
  });

  it('says beside the field what is no code, and which two are taken for each other', async () => {
    const wrong: readonly (readonly [field: string, code: string, words: string])[] = [
      ['code.do-not-disturb', '78', 'A star and 1 to 6 digits'],
      ['code.do-not-disturb', '*', 'A star and 1 to 6 digits'],
      ['code.do-not-disturb', '#78', 'A star and 1 to 6 digits'],
      ['code.do-not-disturb', '', 'fill'],
      ['code.availability', '*11', 'has this code'],
      ['code.do-not-disturb', '*725', 'reads like'],
    ];
    for (const [field, code, words] of wrong) {
      const answer = await submit({ [field]: code });
      expect(answer.status, code).to.equal(422);
      if (code !== '') expect(answer.text).to.contain(words).and.contain(`value="${code}"`);
    }
    expect((await codes())['do-not-disturb'].code).to.equal('*25');
  });

  it('lets a code be used again that is switched off elsewhere', async () => {
    expect(await submit({ 'code.do-not-disturb': '*43' })).to.include({ status: 303 });
    expect((await codes())['do-not-disturb'].code).to.equal('*43');
    // Switching the other one on again now is a conflict.
    const answer = await submit({ 'on.call-waiting': 'on' });
    expect(answer.status).to.equal(422);
  });

  it('shows both versions to whoever saves over another', async () => {
    const { text } = await admin.get(PATH);
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
    await submit({ 'code.do-not-disturb': '*26' });
    const answer = await submit({ version, 'code.do-not-disturb': '*27' });
    expect(answer.status).to.equal(409);
    expect(answer.text).to.contain('*26').and.contain('*27');
  });

  it('names the recording codes, and links to where they are set', async () => {
    expect((await admin.get(PATH)).text)
      .to.contain('*1 starts or stops the recording, and *2 pauses it')
      .and.contain('href="/setup/recording"');
  });

  it('goes back to the beginning', async () => {
    expect(await admin.post(`${PATH}/reset`)).to.include({ status: 303 });
    expect(await codes()).to.deep.equal(DEFAULT_CODES);
  });
});
