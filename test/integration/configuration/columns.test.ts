import { expect } from 'chai';
import { surveySchema } from '../../../src/features/surveys/index.js';
import { ADMIN, agent, did, extension, queue, trunk } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

describe('lists of the set-up', function () {
  this.timeout(60_000);
  let setup: SetupSite;

  before(async () => {
    setup = await startSetupSite();
    await setup.extensions.createAll(ADMIN, [extension('2001')]);
    await setup.agents.createAgent(ADMIN, agent('3001'));
    await setup.queues.create(ADMIN, queue('Repairs'));
    await setup.trunks.createSip(ADMIN, trunk('Carrier A'));
    await setup.dids.create(ADMIN, did('+442079460120'));
    const survey = { name: 'After a call', timeoutS: 6, repeats: 1 };
    const asked = { 'questions.0.kind': 'yes-no', 'questions.0.en': 'Were we of help?' };
    await setup.surveys.create(ADMIN, surveySchema.parse({ ...survey, ...asked }));
    await setup.regions.create(ADMIN, { name: 'Greater London', prefixes: ['+4420'] });
  });
  after(() => setup.site.stop());

  it('have a cell for each column, which has its name on a phone', async () => {
    const client = await setup.site.client('admin');
    for (const name of [
      ...['trunks', 'dids', 'extensions', 'queues', 'agents', 'regions', 'users', 'surveys'],
    ]) {
      const { text } = await client.get(`/setup/${name}`);
      const headings = [...text.matchAll(/<th scope="col"[^>]*>(.*?)<\/th>/gs)].map(([, heading]) =>
        (heading ?? '').replace(/<[^>]*>/g, '').trim(),
      );
      const [row = ''] = /<tbody[^>]*>.*?<\/tr>/s.exec(text) ?? [];
      const cells = [...row.matchAll(/<td(?:[^>]*data-label="([^"]*)")?/g)].map(
        ([, label]) => label ?? '',
      );
      expect(cells, name).to.have.length(headings.length);
      expect(
        cells.filter((cell, at) => cell !== '' && cell !== headings[at]),
        name,
      ).to.deep.equal([]);
    }
  });
});
