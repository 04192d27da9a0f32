import { expect } from 'chai';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { FlowId } from '../../../src/kernel/ids.js';
import { smallFlow, useFlowSite } from '../../support/flow-site.js';

describe('comparing versions of an IVR flow', function () {
  this.timeout(60_000);
  const at = useFlowSite();
  let names = 0;

  const create = async (): Promise<FlowId> => {
    names += 1;
    const name = `Compared ${String(names)}`;
    return at.flows.create(SYSTEM_ACTOR, { name, definition: smallFlow(at) });
  };
  const edit = async (
    id: FlowId,
    change: (steps: FlowDefinition['steps']) => FlowDefinition['steps'],
  ): Promise<void> => {
    const { version } = await at.flows.get(SYSTEM_ACTOR, id);
    await at.flows.edit(SYSTEM_ACTOR, id, version, (flow) => ({
      ...flow,
      steps: change(flow.steps),
    }));
  };
  const publish = async (id: FlowId): Promise<void> => {
    const { version } = await at.flows.get(SYSTEM_ACTOR, id);
    expect((await at.flows.publish(SYSTEM_ACTOR, id, version)).kind).to.equal('published');
  };
  /** The page without its tags and the models of its drawings, a line for each text. */
  const wordsOf = async (id: FlowId, query = ''): Promise<string> => {
    const { text, status } = await at.admin.get(`/setup/ivr/${String(id)}/compare${query}`);
    expect(status).to.equal(200);
    return text
      .slice(text.indexOf('<main'), text.indexOf('ivr-boards'))
      .replaceAll(/<[^>]*>/g, '\n')
      .replaceAll(/\s*\n\s*/g, '\n');
  };

  it('shows fields with their old and new values by name, and where steps lead now', async () => {
    const id = await create();
    const later = await at.prompts.service.createSpoken(SYSTEM_ACTOR, 'New greeting', {
      en: 'Hello.',
      'zh-CN': '您好。',
    });
    await edit(id, (steps) => ({
      ...steps,
      greeting: {
        ...{ kind: 'play', label: 'Greeting', prompt: later, bargeIn: false, next: 'bye' },
      },
      main: {
        ...{ kind: 'menu', label: 'Main menu', prompt: at.menu, timeoutS: 9, retries: 2 },
        ...{ choices: { '1': 'sales', '2': 'desk' }, noInput: 'bye', wrongKey: 'bye' },
      },
      desk: { kind: 'extension', label: 'Desk', extension: at.frontDesk },
    }));
    const words = await wordsOf(id);
    expect(words).to.contain('1 new').and.contain('2 changed');
    expect(words).to.contain('Prompt\nGreeting\nNew greeting\n');
    expect(words).to.contain('Callers may press before the prompt ends\nYes\nNo\n');
    expect(words).to.contain('Leads on (then)\nMain menu\nGoodbye\n');
    expect(words).to.contain('Wait for a key\n5 s\n9 s\n');
    expect(words).to.contain('Leads on (key 2)\nnothing\nDesk\n');
    expect(words).to.contain('Leads on (no key)\nSales\nGoodbye\n');
    expect(words).to.contain('New steps\nDesk\nExtension\n2001 Front desk\n');
    expect(words).to.not.contain('Repeat');
  });

  it('compares any two versions, in both directions, and names what was archived since', async () => {
    const id = await create();
    const [old] = (await at.site.parts.database('queues').insert({
      name: 'Old sales',
      overflow: JSON.stringify({ kind: 'hangup' }),
    })) as [number];
    await edit(id, (steps) => ({
      ...steps,
      sales: { kind: 'queue', label: 'Sales', queue: old, priority: 0 },
    }));
    await publish(id);
    await edit(id, (steps) => ({
      ...steps,
      sales: { kind: 'queue', label: 'Sales', queue: at.sales, priority: 5 },
    }));
    await publish(id);
    await at.site.parts.database('queues').where({ id: old }).update({ archived_at: new Date() });
    expect(await wordsOf(id, '?from=2&to=3')).to.contain('Queue\nOld sales\nSales\n');
    expect(await wordsOf(id, '?from=3&to=2')).to.contain('Queue\nSales\nOld sales\n');
    expect(await wordsOf(id, '?from=1&to=3')).to.contain('Priority\n0\n5\n');
    expect(await wordsOf(id, '?from=3&to=draft')).to.contain('There is no difference.');
    const versions = await at.admin.get(`/setup/ivr/${String(id)}/versions`);
    expect(versions.text).to.match(/compare\?from(=|&#x3D;)2&amp;to(=|&#x3D;)3/);
  });

  it('says so where a version does not exist, and compares a flow that was never published', async () => {
    const id = await create();
    const missing = await at.admin.get(`/setup/ivr/${String(id)}/compare?from=99&to=draft`);
    expect(missing.status).to.equal(404);
    const fresh = await at.flows.createDraft(SYSTEM_ACTOR, {
      ...{ name: 'Never heard', definition: smallFlow(at) },
    });
    expect(await wordsOf(fresh)).to.contain('4 new');
  });

  it('shows 500 changed steps in less than two seconds', async () => {
    const large = (label: string): FlowDefinition => ({
      start: 's0',
      steps: Object.fromEntries(
        Array.from({ length: 500 }, (_, index) => [
          `s${String(index)}`,
          index === 499
            ? { kind: 'hangup' as const, label: 'End' }
            : {
                ...{ kind: 'menu' as const, label: `${label} ${String(index)}`, prompt: at.menu },
                ...{ timeoutS: 5, retries: 2, noInput: `s${String(index + 1)}`, wrongKey: 's499' },
                choices: { '1': `s${String(Math.min(499, index * 2 + 1))}` },
              },
        ]),
      ),
    });
    const id = await at.flows.createDraft(SYSTEM_ACTOR, { name: 'Large', definition: large('A') });
    await publish(id);
    await edit(id, () => large('B').steps);
    await wordsOf(id);
    const startedAt = performance.now();
    expect(await wordsOf(id)).to.contain('499 changed');
    expect(performance.now() - startedAt).to.be.lessThan(2_000);
  });
});
