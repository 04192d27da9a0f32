import { expect } from 'chai';
import { foldCall } from '../../../src/engines/reporting/fold-call.js';
import { ledgerEvents } from '../../../src/engines/reporting/queue-log/events.js';
import { guessAgent, guessQueue } from '../../../src/engines/reporting/queue-log/summary.js';
import { NAMES, readLog } from '../../support/queue-logs.js';

const log = (...lines: readonly string[]): string => lines.join('\n');
const one = (text: string) => {
  const { calls, unfinished, problems } = readLog(text);
  expect({ calls: calls.length, unfinished, problems }).to.deep.equal({
    ...{ calls: 1, unfinished: [], problems: [] },
  });
  const [call] = calls;
  if (call === undefined) throw new Error('no call');
  return { call, folded: foldCall(ledgerEvents(call, NAMES)) };
};

describe('queue_log of an old system', () => {
  it('tells an answered call as our own ledger does', () => {
    const { folded } = one(
      log(
        '1700000000|1699999990.5|sales|NONE|DID|02079460110',
        '1700000000|1699999990.5|sales|NONE|ENTERQUEUE||02079460123|3|Ada Finch',
        '1700000020|1699999990.5|sales|PJSIP/2001|RINGNOANSWER|15000',
        '1700000031|1699999990.5|sales|PJSIP/2002|CONNECT|31|1700000025.9|6',
        '1700000131|1699999990.5|sales|PJSIP/2002|COMPLETECALLER|31|100|3',
      ),
    );
    expect(folded.call).to.include({
      ...{ startedAt: 1_700_000_000_000, answeredAt: 1_700_000_031_000 },
      ...{ endedAt: 1_700_000_131_000, direction: 'inbound', fromNumber: '02079460123' },
      ...{ fromName: 'Ada Finch', toNumber: '02079460110', result: 'answered' },
      ...{ endedBy: 'caller', node: 'queue_log', agentId: 2002, waitMs: 31_000 },
      ...{ talkMs: 100_000, test: false },
    });
    expect(folded.queueVisits).to.have.length(1);
    expect(folded.queueVisits[0]).to.include({
      ...{ queueId: 's'.charCodeAt(0), outcome: 'answered', waitMs: 31_000, agentId: 2002 },
    });
    expect(folded.talks[0]).to.include({ agentId: 2002, talkMs: 100_000, ending: 'over' });
    expect(folded.legs.map(({ role, number }) => [role, number])).to.deep.equal([
      ['caller', '02079460123'],
      ['agent', '2002'],
    ]);
  });

  it('keeps both queues of a call that overflowed or was transferred', () => {
    const { folded } = one(
      log(
        '1700000000|1.5|sales|NONE|ENTERQUEUE||1|1',
        '1700000060|1.5|sales|NONE|EXITWITHTIMEOUT|1|1|60',
        '1700000061|1.5|billing|NONE|ENTERQUEUE||1|1',
        '1700000070|1.5|billing|PJSIP/2001|CONNECT|9|x|2',
        '1700000100|1.5|billing|PJSIP/2001|BLINDTRANSFER|600|from-internal|9|30|1',
        '1700000101|1.5|care|NONE|ENTERQUEUE||1|1',
        '1700000111|1.5|care|NONE|ABANDON|1|1|10',
      ),
    );
    expect(folded.queueVisits.map(({ outcome }) => outcome)).to.deep.equal([
      ...['overflowed', 'answered', 'abandoned'],
    ]);
    expect(folded.call).to.include({ result: 'answered', endedBy: 'caller', talkMs: 30_000 });
    expect(folded.transfers[0]?.to).to.deep.equal({
      ...{ kind: 'queue', id: 'c'.charCodeAt(0), number: '', name: 'care' },
    });
    expect(folded.talks[0]).to.include({ ending: 'transferred' });
  });

  it('says how else callers left: empty queue, key, nobody to join', () => {
    const reasons = ['EXITEMPTY|1|1|5', 'EXITWITHKEY|1|1|1|5', 'EXITWITHTIMEOUT|1'].map((end) => {
      const { folded } = one(
        log('1700000000|1.5|q|NONE|ENTERQUEUE||1|1', `1700000005|1.5|q|NONE|${end}`),
      );
      expect(folded.queueVisits[0]).to.include({ outcome: 'overflowed', waitMs: 5_000 });
      return folded.call?.reason;
    });
    expect(reasons).to.deep.equal(['nobody-signed-in', 'old-exit-key', 'max-wait']);
    const { folded } = one('1700000000|1.5|q|NONE|JOINEMPTY');
    expect(folded.queueVisits[0]).to.include({ outcome: 'overflowed', waitMs: 0 });
  });

  it('invents nothing: calls that begin before or end after the log are unfinished', () => {
    const { calls, unfinished } = readLog(
      log(
        '1700000000|1.1|q|PJSIP/2001|CONNECT|9|x|2',
        '1700000010|1.1|q|PJSIP/2001|COMPLETEAGENT|9|10|1',
        '1700000020|1.2|q|NONE|ENTERQUEUE||1|1',
        '1700000030|1.3|q|NONE|ENTERQUEUE||1|1',
        '1700000040|1.3|q|PJSIP/2001|CONNECT|10|x|2',
        '1700000050|1.4|q|NONE|ENTERQUEUE||1|1',
        '1700000060|1.4|other|NONE|ENTERQUEUE||1|1',
        '1700000070|1.4|other|NONE|ABANDON|1|1|10',
      ),
    );
    expect(calls).to.deep.equal([]);
    expect(
      unfinished.map(({ uniqueId, n, why }) => `${uniqueId} ${String(n)} ${why}`),
    ).to.deep.equal([...['1.1 1 no-begin', '1.2 3 no-end', '1.3 4 no-end', '1.4 6 no-end']]);
  });

  it('finishes a call an hour after its last line, but waits for a long talk', () => {
    const { calls, unfinished } = readLog(
      log(
        '1700000000|1.1|q|NONE|ENTERQUEUE||1|1',
        '1700000005|1.1|q|PJSIP/2001|CONNECT|5|x|2',
        '1700000006|1.2|q|NONE|ENTERQUEUE||1|1',
        '1700000007|1.2|q|NONE|ABANDON|1|1|1',
        '1700008000|NONE|NONE|NONE|CONFIGRELOAD|',
        '1700009005|1.1|q|PJSIP/2001|COMPLETEAGENT|5|9000|1',
      ),
    );
    expect(calls.map(({ uniqueId }) => uniqueId)).to.deep.equal(['1.2', '1.1']);
    expect(unfinished).to.deep.equal([]);
  });

  it('counts lines that it cannot read with their numbers and reasons', () => {
    const { problems, calls } = readLog(
      log(
        '1700000000|1.1|q|NONE|ENTERQUEUE||1|1',
        'this is no line',
        'yesterday|1.1|q|NONE|ABANDON|1|1|10',
        '9999999999|1.1|q|NONE|ABANDON|1|1|10',
        `1700000005|1.1|${'q'.repeat(200)}|NONE|ABANDON|1|1|10`,
        '1600000000|1.1|q|NONE|ABANDON|1|1|10',
        '',
        '1700000009|1.1|q|PJSIP/2001|COMPLETEAGENT|5|9000|1',
        '1700000010|1.1|q|NONE|ABANDON|1|1|10',
      ),
    );
    expect(problems.map(({ n, problem }) => `${String(n)} ${problem}`)).to.deep.equal([
      ...['2 fields', '3 time', '4 future', '5 length', '6 order', '8 place'],
    ]);
    expect(calls).to.have.length(1);
  });

  it('reads exports of the realtime table: names of columns, quotes, dates in the zone of the site', () => {
    const text = log(
      '\uFEFFid;time;callid;queuename;agent;event;data1;data2;data3;data4;data5',
      '1;"2026-07-03 15:27:23.896208";1783092443.4;q1;NONE;ENTERQUEUE;;"020 7946; 0123";1;;',
      '2;"2026-07-03 15:27:33";1783092443.4;q1;"Quill, Mara";CONNECT;10;x;4;;',
      '3;"2026-07-03 15:28:33";1783092443.4;q1;"Quill, Mara";COMPLETEAGENT;10;60;1;;',
    );
    const { calls, problems } = readLog(text, { zone: 'Europe/London' });
    expect(problems).to.deep.equal([]);
    expect(calls[0]).to.include({
      ...{ startedAt: Date.UTC(2026, 6, 3, 14, 27, 23, 896), from: '020 7946; 0123' },
    });
    expect(calls[0]?.visits[0]?.talk?.agent).to.equal('Quill, Mara');
  });

  it('reads the older table with all parameters in one column, and exports without names of columns', () => {
    const single = log(
      'time,callid,queuename,agent,event,data',
      '1700000000,1.1,q,NONE,ENTERQUEUE,|0791|1',
      '1700000009,1.1,q,NONE,ABANDON,1|1|9',
    );
    const bare = log(
      '"1700000000","1.1","q","NONE","ENTERQUEUE","","0791","1"',
      '"1700000009","1.1","q","NONE","ABANDON","1","1","9"',
    );
    for (const text of [single, bare]) {
      const { call } = one(text);
      expect(call.from).to.equal('0791');
      expect(call.visits[0]).to.include({ outcome: 'abandoned', waitedMs: 9_000 });
    }
  });

  it('guesses queues by name, agents by extension, agent number or name', () => {
    const agents = [
      { id: 1 as never, name: 'Mara Quill', number: '601', extension: '2001' },
      { id: 2 as never, name: 'Theo Lark', number: '2001', extension: '2002' },
      { id: 3 as never, name: 'Sam', number: '603', extension: '2003' },
      { id: 4 as never, name: 'sam', number: '604', extension: '2003' },
    ];
    const guess = (name: string) => guessAgent(name, agents);
    expect(guess('PJSIP/2001')).to.equal(1);
    expect(guess('Local/2002@from-queue/n')).to.equal(2);
    expect(guess('Agent/601')).to.equal(1);
    expect(guess('SIP/2001-0000a1')).to.equal(1);
    expect(guess('theo_lark')).to.equal(2);
    expect(guess('SIP/2003')).to.equal(undefined);
    expect(guess('Sam')).to.equal(undefined);
    expect(guess('SIP/9')).to.equal(undefined);
    const queues = [{ id: 7 as never, name: 'Front desk' }];
    expect(guessQueue('front-desk', queues)).to.equal(7);
    expect(guessQueue('600', queues)).to.equal(undefined);
  });
});
