import { expect } from 'chai';
import type { ChannelId } from '../../../src/kernel/ids.js';
import type { FlowConfig } from '../../../src/telephony/directory.js';
import type { RunningCampaign } from '../../../src/telephony/campaigns.js';
import { CAMPAIGN, plainCampaign } from '../../support/campaign-rows.js';
import {
  ADA,
  demoDirectory,
  MENU,
  menuFlow,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const NUMBER = '+442079460201';
const LINE = /^PJSIP\/\+442079460201@trunk-/;

/** 1 confirms, 9 is for no more calls. */
const noticeFlow: FlowConfig = {
  ...menuFlow,
  definition: {
    start: 'menu',
    steps: {
      menu: {
        kind: 'menu',
        label: 'Confirm',
        prompt: 1,
        timeoutS: 5,
        retries: 0,
        choices: { '1': 'confirmed', '9': 'never' },
        noInput: 'bye',
        wrongKey: 'bye',
      },
      confirmed: {
        kind: 'set',
        label: 'Confirmed',
        assign: [{ variable: 'outcome', value: 'confirmed', operation: 'set' }],
        next: 'bye',
      },
      never: {
        kind: 'set',
        label: 'Never again',
        assign: [{ variable: 'opt_out', value: '1', operation: 'set' }],
        next: 'bye',
      },
      bye: { kind: 'hangup', label: 'Bye', prompt: 1 },
    },
  },
};

describe('what a campaign does with machines, and without agents', () => {
  let bench: SwitchboardBench;
  beforeEach(async () => {
    const directory = demoDirectory({ ...salesQueue, leavesWhenEmpty: false });
    bench = await new SwitchboardBench(directory).start();
    bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'answers', afterMs: 100 });
    bench.campaignRows.waiting.set(CAMPAIGN, [NUMBER]);
  });
  afterEach(async () => {
    expect(bench.errors).to.deep.equal([]);
    expect(bench.ari.listenerErrors).to.deep.equal([]);
    await bench.stop();
  });

  const run = async (changes: Partial<RunningCampaign>): Promise<void> => {
    bench.campaignRows.campaigns = [plainCampaign(changes)];
    bench.signIn(ADA);
    bench.campaigns.open();
    await bench.advance(1_000);
  };
  const meets = (detected: 'HUMAN' | 'MACHINE' | 'NOTSURE'): void => {
    bench.ari.farEnd(LINE, { kind: 'answers', afterMs: 1_000, detected });
  };
  const channel = (): ChannelId => {
    const entry = bench.ari.log.find((one) => one.startsWith('originate') && one.includes(NUMBER));
    return (entry?.split(' ')[1] ?? '') as ChannelId;
  };
  const played = (name: string): boolean =>
    bench.ari.log.some((entry) => entry.startsWith('play ') && entry.includes(name));

  it('listens to nobody where it is off', async () => {
    meets('MACHINE');
    await run({});
    await bench.advance(2_000);
    expect(bench.ari.log.some((entry) => entry.startsWith('detectMachine'))).to.equal(false);
    expect(bench.roster.state(ADA)?.state).to.equal('talking');
  });

  it('gives a person to an agent when it is known that it is one', async () => {
    meets('HUMAN');
    await run({ machine: { kind: 'hang-up' } });
    await bench.advance(1_500);
    expect(bench.campaigns.live[0]?.lines.detecting).to.equal(1);
    await bench.advance(2_000);
    expect(bench.roster.state(ADA)?.state).to.equal('talking');
    expect(bench.campaignRows.of(NUMBER).machineVerdict).to.equal('human');
  });

  it('counts the two seconds from the end of the greeting', async () => {
    bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'rings' });
    meets('NOTSURE');
    await run({ machine: { kind: 'hang-up' } });
    // Answered after one second, heard after two more.
    await bench.advance(3_500);
    expect(played('campaign-sorry')).to.equal(false);
    await bench.advance(1_700);
    expect(played('campaign-sorry')).to.equal(true);
    expect(bench.campaignRows.of(NUMBER).machineVerdict).to.equal('unsure');
  });

  it('hangs up on a machine, and no agent hears it', async () => {
    meets('MACHINE');
    await run({ machine: { kind: 'hang-up' } });
    await bench.advance(4_000);
    expect(bench.campaignRows.of(NUMBER)).to.include({
      result: 'machine',
      machineVerdict: 'machine',
    });
    expect(bench.roster.state(ADA)?.state).to.equal('available');
    expect(bench.campaigns.live[0]?.abandonment).to.include({ answered: 0, abandoned: 0 });
    expect(bench.ari.leftovers()).to.deep.equal([]);
  });

  it('hangs up on a fax machine as soon as its tone is heard, whatever is to be done with machines', async () => {
    meets('MACHINE');
    await run({ machine: { kind: 'message', promptId: 1 } });
    await bench.advance(1_500);
    bench.ari.beep(channel());
    await bench.advance(500);
    expect(bench.campaignRows.of(NUMBER)).to.include({ result: 'fax', machineVerdict: 'fax' });
    expect(bench.roster.state(ADA)?.state).to.equal('available');
    expect(bench.campaigns.live[0]?.abandonment).to.include({ answered: 0, abandoned: 0 });
    expect(bench.ari.leftovers()).to.deep.equal([]);
  });

  it('leaves its message after the beep', async () => {
    meets('MACHINE');
    await run({ machine: { kind: 'message', promptId: 1 } });
    await bench.advance(10_000);
    const heard = (): boolean => played('a'.repeat(64));
    expect(heard()).to.equal(false);
    bench.ari.beep(channel());
    await bench.advance(500);
    expect(heard()).to.equal(true);
    await bench.advance(3_000);
    expect(bench.campaignRows.of(NUMBER).result).to.equal('machine');
    expect(bench.ari.leftovers()).to.deep.equal([]);
  });

  it('leaves it when a machine that sends no sound at all has fallen silent', async () => {
    meets('MACHINE');
    await run({ machine: { kind: 'message', promptId: 1 } });
    await bench.advance(4_000);
    const silent = bench.ari.channels.get(channel());
    if (silent === undefined) throw new Error('no channel');
    silent.sendsNothing = true;
    await bench.advance(10_000);
    expect(bench.campaignRows.of(NUMBER).result).to.equal('machine');
  });

  it('does not wait for a beep for ever', async () => {
    meets('MACHINE');
    await run({ machine: { kind: 'message', promptId: 1 } });
    await bench.advance(60_000);
    expect(bench.campaignRows.of(NUMBER).result).to.equal('machine');
  });

  it('who hangs up while it listens was nobody whom we abandoned', async () => {
    meets('HUMAN');
    await run({ machine: { kind: 'hang-up' } });
    await bench.advance(1_000);
    bench.ari.hangUpFarEnd(channel());
    await bench.advance(1_000);
    expect(bench.campaignRows.of(NUMBER).result).to.equal('hung-up');
    expect(bench.ari.leftovers()).to.deep.equal([]);
  });

  describe('a notification', () => {
    beforeEach(async () => {
      bench.ari.farEnd(LINE, { kind: 'answers', afterMs: 1_000 });
      (bench.directory.flows as Map<typeof MENU, typeof menuFlow>).set(MENU, noticeFlow);
      bench.campaignRows.campaigns = [plainCampaign({ mode: 'notification', flowId: MENU })];
      bench.campaigns.open();
      await bench.advance(2_500);
    });

    it('has its flow speak, which knows whom it talks to', () => {
      const [call] = [...bench.calls.values()];
      expect(call?.flows.variables).to.include({ name: 'Person 1', due_date: 'Monday' });
      expect(bench.campaigns.live[0]?.lines.flow).to.equal(1);
    });

    it('knows who confirmed', async () => {
      await bench.press(channel(), '1');
      await bench.advance(5_000);
      expect(bench.campaignRows.of(NUMBER)).to.include({ result: 'human', outcome: 'confirmed' });
      expect(bench.ari.leftovers()).to.deep.equal([]);
    });

    it('never calls again who said so', async () => {
      await bench.press(channel(), '9');
      await bench.advance(5_000);
      expect(bench.campaignRows.optedOut).to.deep.equal([{ number: NUMBER, campaign: CAMPAIGN }]);
      expect(bench.campaignRows.of(NUMBER).result).to.equal('human');
    });
  });
});
