import { expect } from 'chai';
import type { HandChange } from '../../src/telephony/queue-changes.js';
import { hears, sentence } from '../support/heard.js';
import { TONES } from '../support/lab-company.js';
import { callIn, kindsOf, newCaller, storyOf, talk, useLab } from '../support/lab.js';

describe('a queue that a supervisor steers', function () {
  this.timeout(60_000);
  const lab = useLab();

  const change = async (what: HandChange): Promise<void> => {
    const queueId = lab.company.queues.main;
    const by = { by: 'Mara', why: 'Fire drill' };
    await lab.product.order({ kind: 'queue-change', queueId, change: what, ...by });
  };
  const undo = (kind: HandChange['kind']): Promise<void> => {
    const queueId = lab.company.queues.main;
    return lab.product.order({ kind: 'queue-undo', queueId, key: `${String(queueId)}-${kind}` });
  };
  const lineHas = (count: number): Promise<true> =>
    lab.product.nowHas(`${String(count)} in line`, 10_000, (now) =>
      now.queues.some(
        ({ id, waitingCount }) => id === lab.company.queues.main && waitingCount === count,
      )
        ? true
        : undefined,
    );

  it('plays an announcement once to those on the line, each in the own language; then they are served', async () => {
    const [first, second] = [newCaller(), newCaller()];
    const english = await callIn(lab, 'queue', first);
    const chinese = await callIn(lab, 'menuChinese', second);
    await chinese.press('1');
    await lineHas(2);
    const { main: queueId } = lab.company.queues;
    const promptId = lab.company.prompts.announcement;
    await lab.product.order({ kind: 'queue-announce', queueId, promptId });
    await Promise.all([
      english.ear.waitForTone(TONES.announcement.en, 5_000),
      chinese.ear.waitForTone(TONES.announcement['zh-CN'], 5_000),
    ]);
    const rings = lab.carrier.ringsAt('2001', 8_000);
    const { id: agentId, extension } = lab.company.agents.ann;
    const extensionId = lab.company.extensions.get(extension);
    if (extensionId === undefined) throw new Error(`no extension ${extension}`);
    await lab.product.order({ kind: 'agent-sign-in', agentId, extensionId });
    await lab.product.order({ kind: 'agent-available', agentId });
    const phone = await rings;
    await talk(english, phone);
    expect(english.ear.tones(TONES.announcement.en), 'heard once').to.have.length(1);
    expect(english.ear.tones(TONES.announcement['zh-CN'])).to.deep.equal([]);
    await english.hangUp();
    await chinese.hangUp();
    const story = await storyOf(lab, first);
    expect(kindsOf(story).filter((kind) => kind === 'announced')).to.have.length(1);
    expect((await storyOf(lab, second)).row.result).to.equal('abandoned');
  });

  it('stays closed over the death of the program, and opens when that is undone', async () => {
    const closed = await sentence(lab.product, 'closed');
    const [waiting, late, again] = [newCaller(), newCaller(), newCaller()];
    const served = await callIn(lab, 'queue', waiting);
    await lineHas(1);
    await change({ kind: 'opening', isOpen: false });
    const refused = await callIn(lab, 'queue', late);
    await hears(refused.ear, closed, 8_000);
    await refused.ended(10_000);
    expect((await storyOf(lab, late)).row.result).to.equal('closed');
    // Whoever was in line stays: the queue is not cleared at closing.
    await lab.product.process.kill();
    await lab.product.process.start();
    await lineHas(1);
    const afterwards = await callIn(lab, 'queue', again);
    await hears(afterwards.ear, closed, 8_000);
    await afterwards.ended(10_000);
    await undo('opening');
    const other = await callIn(lab, 'queue');
    await lineHas(2);
    await lab.product.order({ kind: 'queue-send-on', queueId: lab.company.queues.main });
    await Promise.all([served.ended(10_000), other.ended(10_000)]);
    expect((await storyOf(lab, waiting)).row.result).to.equal('overflowed');
  });
});
