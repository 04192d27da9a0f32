import { expect } from 'chai';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { abandonedCall, answeredCall, voicemailCall } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ADA = '020 7946 0123';
const BEN = '020 7946 0164';
const NASTY = `O'Brien "Bob" <b>%_\\ 😀李`;

/** Cells of a line of CSV; the test's values have quotes doubled at most. */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );

describe('the list of calls', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let mara: TestClient;

  before(async () => {
    at = await CallsSite.start();
    [supervisor, mara] = await Promise.all([at.site.client('supervisor'), at.site.client('mara')]);
  });
  after(() => at.site.stop());
  beforeEach(() => at.clear());
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  const list = async (query: Record<string, string> = {}, client = supervisor): Promise<string> => {
    const answer = await client.get(`/calls?${new URLSearchParams(query).toString()}`);
    expect(answer.status).to.equal(200);
    return answer.text;
  };
  /** Ids of the calls of a list, in its order. */
  const ids = async (query: Record<string, string> = {}, client = supervisor): Promise<string[]> =>
    [...(await list(query, client)).matchAll(/class="id" href="\/calls\/(\w+)"/g)].map(
      ([, id]) => id ?? '',
    );
  const csv = async (query: Record<string, string> = {}, client = supervisor) => {
    const answer = await client.get(`/calls/export.csv?${new URLSearchParams(query).toString()}`);
    expect(answer.status).to.equal(200);
    const [head = '', ...lines] = answer.text.trimEnd().split('\r\n');
    return { answer, head, rows: lines.map(cellsOf) };
  };
  const recent = (ago = HOUR): number => Date.now() - ago;

  /** One call of each kind: Ada's answered one by Mara, Ben's that gave up, and a message. */
  const threeCalls = async () => {
    const ada = answeredCall({ startedAt: recent(3 * HOUR) });
    const ben = abandonedCall(recent(2 * HOUR));
    const message = voicemailCall(recent(HOUR), COMPANY.phoneOfTheo);
    await at.tell(ada, ben, message);
    return { ada: ada.callId, ben: ben.callId, message: message.callId };
  };

  describe('who sees what', () => {
    it('asks strangers to sign in', async () => {
      const stranger = await at.site.client();
      for (const path of ['/calls', '/calls/export.csv'])
        expect((await stranger.get(path)).location, path).to.contain('/login?back=');
    });

    it('shows everything to supervisors, and agents the calls in which they talked', async () => {
      const { ada, ben, message } = await threeCalls();
      expect(await ids()).to.deep.equal([message, ben, ada]);
      expect(await ids({}, mara)).to.deep.equal([ada]);
      expect(await ids({}, await at.site.client('theo'))).to.deep.equal([]);
    });

    it('counts a call as own that went on to another agent, not one that was only offered', async () => {
      const call = answeredCall({ startedAt: recent() });
      await at.tell(call);
      const { database } = at.site.parts;
      await database('calls').where('id', call.callId).update({ agent_id: COMPANY.theo });
      expect(await ids({}, mara)).to.deep.equal([call.callId]);
      await database('call_legs')
        .where({ call_id: call.callId, agent_id: COMPANY.mara })
        .update({ answered_at: null });
      expect(await ids({}, mara)).to.deep.equal([]);
    });

    it('shows nothing to a user with the role agent who is no agent', async () => {
      await threeCalls();
      expect(await ids({}, await at.site.client('agent'))).to.deep.equal([]);
    });

    it('keeps agents to their own calls whatever the address says, also in the file', async () => {
      const { ada, ben } = await threeCalls();
      for (const query of [{ agent: String(COMPANY.theo) }, { q: BEN }, { q: ben }])
        expect(await ids(query, mara), JSON.stringify(query)).to.deep.equal([]);
      expect((await csv({}, mara)).rows.map(([id]) => id)).to.deep.equal([ada]);
      expect(await list({}, mara)).not.to.contain('Theo Lark');
    });
  });

  describe('search', () => {
    it('finds masked numbers by the whole number only, for those who may not see them', async () => {
      const { ada } = await threeCalls();
      await at.whileMasked(async () => {
        for (const q of [ADA, '+442079460123', '0044 20 7946 0123', 'ada fin', ada])
          expect(await ids({ q }, mara), q).to.deep.equal([ada]);
        for (const q of ['460123', '0123', '+4420', '(020) 7946', '_'])
          expect(await ids({ q }, mara), q).to.deep.equal([]);
        expect((await csv({ q: '460123' }, mara)).rows).to.deep.equal([]);
        expect(await ids({ q: '460123' }, await at.site.client('admin'))).to.deep.equal([ada]);
      });
      expect(await ids({ q: '460123' }, mara)).to.deep.equal([ada]);
    });

    it('finds numbers however they are written, names and call ids', async () => {
      const { ada, ben } = await threeCalls();
      for (const q of [ADA, '+442079460123', '(020) 7946-0123', '460123', '0044 20 7946 0123'])
        expect(await ids({ q }), q).to.deep.equal([ada]);
      expect(await ids({ q: 'ada fin' })).to.deep.equal([ada]);
      expect(await ids({ q: ben })).to.deep.equal([ben]);
      expect(await ids({ q: ben.toLowerCase() })).to.deep.equal([ben]);
    });

    it('takes quotes, wildcards, markup, emoji and Chinese as text, and finds them', async () => {
      const nasty = answeredCall({ startedAt: recent(), fromName: NASTY });
      await at.tell(nasty, answeredCall({ startedAt: recent(2 * HOUR) }));
      for (const q of [`O'Brien`, '"Bob"', '<b>', '%', '_', '\\', '😀', '李', NASTY]) {
        expect(await ids({ q }), q).to.deep.equal([nasty.callId]);
        expect(
          (await csv({ q })).rows.map(([id]) => id),
          q,
        ).to.deep.equal([nasty.callId]);
      }
      const text = await list({ q: '<b>' });
      expect(text).to.contain('&lt;b&gt;%_').and.not.contain('<b>%_');
    });

    it('is not impressed by SQL and by nonsense in any parameter', async () => {
      const { ada } = await threeCalls();
      const sql = `' OR 1=1; DROP TABLE calls; -- `;
      expect(await ids({ q: sql })).to.deep.equal([]);
      for (const name of ['period', 'from', 'to', 'direction', 'result', 'queue', 'agent', 'did'])
        for (const value of [sql, '😀', '-1', '1e9', '99999999999999999999', '2026-02-31'])
          expect(await ids({ [name]: value }), `${name} ${value}`).to.include(ada);
      for (const query of [{ sort: sql }, { page: sql }, { page: '-3' }, { size: sql }])
        expect(await ids(query), JSON.stringify(query)).to.include(ada);
    });

    it('says that nothing matches, and offers to clear the filters', async () => {
      expect(await list()).to.contain('No calls yet.');
      await threeCalls();
      expect(await list({ q: 'nobody' })).to.contain('Clear');
    });
  });

  describe('filters', () => {
    it('narrows by result, direction, queue, agent, extension and DID, alone and together', async () => {
      const { ada, ben, message } = await threeCalls();
      const cases: readonly (readonly [Record<string, string>, readonly string[]])[] = [
        [{ result: 'abandoned' }, [ben]],
        [{ result: 'voicemail' }, [message]],
        [{ result: 'open' }, []],
        [{ direction: 'inbound' }, [message, ben, ada]],
        [{ direction: 'internal' }, []],
        [{ queue: String(COMPANY.repairs) }, [ben, ada]],
        [{ queue: String(COMPANY.billing) }, []],
        [{ agent: String(COMPANY.mara) }, [ada]],
        [{ did: '1' }, [ben, ada]],
        [{ queue: String(COMPANY.repairs), result: 'answered' }, [ada]],
        [{ agent: String(COMPANY.mara), result: 'abandoned' }, []],
      ];
      for (const [query, found] of cases)
        expect(await ids(query), JSON.stringify(query)).to.deep.equal(found);
    });

    it('hides test calls unless asked for them', async () => {
      const { ben } = await threeCalls();
      await at.site.parts.database('calls').where('id', ben).update({ test: true });
      expect(await ids()).not.to.include(ben);
      expect(await ids({ test: 'shown' })).to.include(ben);
    });

    it('shows calls that still go on as open', async () => {
      const open = answeredCall({ startedAt: recent(60_000) });
      open.events.splice(20);
      await at.tell(open);
      expect(await ids({ result: 'open' })).to.deep.equal([open.callId]);
    });
  });

  describe('periods', () => {
    it("are days of the site's zone", async () => {
      const { startAt } = siteDayOf(Date.now(), at.site.parts.config.timezone);
      const moments = {
        today: startAt,
        yesterday: startAt - 1,
        week: startAt - 5 * DAY,
        month: startAt - 20 * DAY,
        older: startAt - 40 * DAY,
      };
      const made = Object.entries(moments).map(
        ([name, startedAt]) => [name, abandonedCall(startedAt)] as const,
      );
      await at.tell(...made.map(([, call]) => call));
      const names = async (query: Record<string, string>): Promise<string[]> => {
        const found = await ids(query);
        return made.filter(([, call]) => found.includes(call.callId)).map(([name]) => name);
      };
      expect(await names({ period: 'today' })).to.deep.equal(['today']);
      expect(await names({ period: 'yesterday' })).to.deep.equal(['yesterday']);
      expect(await names({ period: 'last-7d' })).to.deep.equal(['today', 'yesterday', 'week']);
      expect(await names({ period: 'last-30d' })).to.not.include('older');
      expect(await names({})).to.have.length(5);
    });

    it('take in the first and the last day', async () => {
      const call = abandonedCall(Date.UTC(2026, 5, 15, 22, 59, 59));
      const next = abandonedCall(Date.UTC(2026, 5, 15, 23, 0, 0));
      await at.tell(call, next);
      // London is an hour ahead of UTC in June: the second call is one of the 16th.
      expect(await ids({ from: '2026-06-15', to: '2026-06-15' })).to.deep.equal([call.callId]);
      expect(await ids({ from: '2026-06-16', to: '2026-06-16' })).to.deep.equal([next.callId]);
      expect(await ids({ from: '2026-06-15' })).to.deep.equal([next.callId, call.callId]);
      expect(await ids({ from: '2026-06-17', to: '2026-06-14' })).to.deep.equal([]);
    });
  });

  describe('paging and sorting', () => {
    it('shows every call once over all pages, also where they began in the same moment', async () => {
      const startedAt = recent();
      const calls = Array.from({ length: 60 }, () => abandonedCall(startedAt));
      await at.tell(...calls);
      for (const sort of ['-started', 'waited', '-talked', 'from']) {
        const pages = [
          await ids({ sort, size: '25' }),
          await ids({ sort, size: '25', page: '2' }),
          await ids({ sort, size: '25', page: '3' }),
        ];
        expect(pages.map((page) => page.length)).to.deep.equal([25, 25, 10]);
        expect(new Set(pages.flat()).size, sort).to.equal(60);
      }
      expect(await list({ size: '25' })).to.contain('60 calls');
    });

    it('sorts by start, number, wait and talk', async () => {
      const { ada, ben, message } = await threeCalls();
      expect(await ids({ sort: 'started' })).to.deep.equal([ada, ben, message]);
      expect(await ids({ sort: '-waited' })).to.deep.equal([ben, ada, message]);
      expect((await ids({ sort: '-talked' }))[0]).to.equal(ada);
      expect(await ids({ sort: 'from' })).to.deep.equal([message, ada, ben]);
    });
  });

  describe('export', () => {
    it('sends the narrowed list as a file that spreadsheets open, and notes who took it', async () => {
      const { ada } = await threeCalls();
      const { answer, head, rows } = await csv({ q: ADA });
      expect(answer.headers.get('content-type')).to.equal('text/csv; charset=utf-8');
      expect(answer.headers.get('content-disposition')).to.match(
        /^attachment; filename="?calls-\d{4}-\d\d-\d\d\.csv"?$/,
      );
      expect(answer.headers.get('cache-control')).to.equal('private, no-store');
      expect(head).to.match(/^\ufeff?Call id,Started,Direction,From/);
      expect(rows).to.have.length(1);
      expect(rows[0]?.slice(0, 1)).to.deep.equal([ada]);
      expect(rows[0]?.[1]).to.match(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      expect(rows[0]?.slice(6)).to.deep.equal(['Repairs', 'Mara Quill', 'Answered', '106', '267']);
      const noted = await at.site.parts
        .database('audit_entries')
        .where({ action: 'calls.export' })
        .select<object[]>('user_name', 'object_name');
      expect(noted).to.deep.equal([{ user_name: 'Test supervisor', object_name: ADA }]);
    });

    it('makes formulas harmless and keeps quotes, commas and line breaks in their cells', async () => {
      const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', 'a "b", c', 'two\r\nlines'];
      const calls = names.map((fromName, index) =>
        answeredCall({ startedAt: recent(HOUR + index * 1_000), fromName }),
      );
      await at.tell(...calls);
      const { answer } = await csv();
      for (const name of names.slice(0, 4)) expect(answer.text).to.contain(`,'${name},`);
      expect(answer.text).to.contain(`"a ""b"", c"`).and.contain(`"two\r\nlines"`);
      expect(answer.text).not.to.match(/(^|,)[\t]?[=@]/m);
    });

    it('is written in the language of the reader', async () => {
      await threeCalls();
      const { database } = at.site.parts;
      await database('users').where('login', 'supervisor').update({ language: 'zh-CN' });
      const { head } = await csv();
      await database('users').where('login', 'supervisor').update({ language: 'en' });
      expect(head).to.match(/\p{Script=Han}/u);
    });

    it('has more than one step of calls, each once, without paging', async () => {
      const calls = Array.from({ length: 1_050 }, (_, index) =>
        abandonedCall(recent(index * 1_000)),
      );
      await at.tell(...calls);
      const { rows } = await csv({ page: '7', size: '25' });
      expect(new Set(rows.map(([id]) => id)).size).to.equal(1_050);
      expect(rows).to.have.length(1_050);
    });
  });
});
