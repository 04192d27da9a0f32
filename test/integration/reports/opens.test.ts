import { expect } from 'chai';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import {
  groupsOf,
  KnexFigures,
  readFigure,
  type FigureFilter,
  type SourceName,
} from '../../../src/features/report-sums/index.js';
import { STANDARD_REPORTS } from '../../../src/features/reports/definitions/index.js';
import { figureOf, type Counted } from '../../../src/features/reports/report-definition.js';
import { newCallId, newEventId, type AgentId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { abandonedCall, answeredCall, transferredCall } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const MINUTE_MS = 60_000;
/** Sources whose rows can be several of one call: their lists say so. */
const SEVERAL: ReadonlySet<string> = new Set([
  ...['visits', 'talks', 'wrapUps', 'transfers', 'flows', 'attempts', 'dispositions', 'surveys'],
  ...['scores', 'callbacks', 'costs'],
]);

describe('every figure of a standard report', function () {
  this.timeout(180_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let noon: number;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    noon = siteDayOf(Date.now(), at.site.parts.config.timezone).startAt - 12 * 60 * MINUTE_MS;
    const calls = [
      answeredCall({ startedAt: noon, agentId: COMPANY.mara }),
      answeredCall({ startedAt: noon + 5 * MINUTE_MS, agentId: COMPANY.mara, recorded: false }),
      answeredCall({ startedAt: noon + 9 * MINUTE_MS, agentId: COMPANY.theo, queueId: 2 }),
      transferredCall(noon + 10 * MINUTE_MS),
      abandonedCall(noon + 20 * MINUTE_MS),
      abandonedCall(noon + 30 * MINUTE_MS, '+442079460199'),
    ];
    await at.tell(...calls);
    const { database } = at.site.parts;
    const [first, second] = calls;
    if (first === undefined || second === undefined) throw new Error('no calls');
    await database('call_legs').whereNull('agent_id').update({ trunk_id: 1 });
    await database('call_rates').insert({
      ...{ name: 'In', direction: 'in', prefix: '', currency: 'GBP', per_minute: 10_000 },
      ...{ per_call: 0, minimum_s: 1, increment_s: 1, valid_from: '2020-01-01' },
      valid_at: new Date(0),
    });
    await database('dispositions').insert({ id: 7, name_en: 'Sold', name_zh: '成交' });
    await database('call_dispositions').insert(
      [COMPANY.mara, COMPANY.theo].map((agent) => ({
        ...{ call_id: first.callId, agent_id: agent, disposition_id: 7, note: '' },
        at: new Date(noon),
      })),
    );
    await agentDay(COMPANY.mara, first.callId);
    await campaign(second.callId);
    await survey(first.callId);
    await database('callbacks').insert({
      ...{ id: newCallId(), queue_id: COMPANY.repairs, call_id: second.callId, number: '1' },
      ...{ name: '', priority: 0, entered_at: new Date(noon), asked_at: new Date(noon) },
      ...{ requirements: '[]', language: 'en', state: 'done', attempts: 1, agent_id: COMPANY.mara },
      closed_at: new Date(noon + MINUTE_MS),
    });
    const skill = { id: 1, name: 'Spanish' };
    await database('skills').insert(skill);
    await database('agent_skills').insert({ agent_id: COMPANY.mara, skill_id: 1, level: 50 });
    await at.sum();
  });
  after(() => at.site.stop());
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  async function agentDay(agent: number, callId: string): Promise<void> {
    const states = [
      ...['available', 'ringing', 'not-ready', 'available', 'ringing', 'talking', 'wrap-up'],
      ...['phone-lost', 'preview', 'available', 'signed-out'],
    ] as const;
    await new KnexLedgerStore(at.site.parts.database).write(
      states.map((state, n) => ({
        kind: 'agent-state' as const,
        change: {
          ...{ id: newEventId(), agentId: agent as AgentId, at: noon + n * MINUTE_MS, state },
          reason: state === 'not-ready' ? 'lunch' : '',
          ...(state === 'talking' || state === 'wrap-up' ? { callId: callId as never } : {}),
        },
      })),
    );
  }

  async function campaign(callId: string): Promise<void> {
    const { database } = at.site.parts;
    await database.raw('SET FOREIGN_KEY_CHECKS = 0');
    const dial = {
      ...{ kind: 'dial', campaign_id: 1, lead_id: 1, contact_id: 1, number: '+442079460123' },
      ...{ at: new Date(noon), mode: 'predictive', rule_set: 'gb', reasons: '[]', call_id: callId },
      trunk_id: 1,
    };
    const times = { answered_at: new Date(noon), connected_at: new Date(noon + 1_000) };
    const ended = { ended_at: new Date(noon + MINUTE_MS) };
    await database('attempts').insert([
      { ...dial, ...times, ...ended, id: newCallId(), result: 'human' },
      { ...dial, ...ended, id: newCallId(), lead_id: 2, result: 'abandoned' },
    ]);
  }

  async function survey(callId: string): Promise<void> {
    const { database } = at.site.parts;
    await database('surveys').insert({ id: 1, name: 'How was it', timeout_s: 5, repeats: 1 });
    await database('survey_questions').insert({
      ...{ id: 1, survey_id: 1, position: 1, kind: 'score', scale_from: 1, scale_to: 5 },
      choices: '[]',
    });
    await database('survey_runs').insert({
      ...{ id: callId, call_id: callId, survey_id: 1, version: 1, queue_id: 1, agent_id: 2 },
      ...{ from_number: '1', call_at: new Date(noon), offered_at: new Date(noon) },
      ...{ begun_at: new Date(noon), outcome: 'completed', answers: 1, test: false },
    });
    await database('survey_answers').insert({
      ...{ run_id: callId, question_id: 1, survey_id: 1, call_at: new Date(noon), value: 4 },
      answered_at: new Date(noon),
    });
  }

  /** How many rows a figure is of, as its sums say; undefined where these do not say it. */
  async function rowsOf(figure: FigureFilter): Promise<number | undefined> {
    if (groupsOf(figure.subject) !== undefined && figure.item !== undefined) return undefined;
    const source = figure.source as SourceName;
    const found = await new KnexFigures(at.site.parts.database).read({
      ...{ source, subject: groupsOf(figure.subject)?.of ?? figure.subject, item: figure.item },
      ...{ by: 'all', grain: 'day' },
      spans: [{ startAt: figure.fromAt, endAt: figure.toAt }],
    });
    const numbers = new Map([[source, found.get('0') ?? {}] as const]);
    return figureOf(numbers)(`${figure.source}.${figure.measure}` as Counted) || undefined;
  }

  const seen = new Set<string>();
  /** Opens a link once, and compares what it lists with the figure. */
  async function expectOpened(href: string): Promise<void> {
    const address = href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    const figure = readFigure(
      new URL(address, 'http://cordboard').searchParams.get('figure') ?? '',
      at.site.parts.config.timezone,
    );
    if (figure === undefined) throw new Error(`${address} opens no figure`);
    const key = JSON.stringify(figure);
    if (seen.has(key)) return;
    seen.add(key);
    const page = await supervisor.get(address);
    expect(page.status, address).to.equal(200);
    const rows = await rowsOf(figure);
    if (figure.source === 'agents') {
      const [, stretches = '0'] = / · (\d+) stretch/.exec(page.text) ?? [];
      expect(Number(stretches), address).to.be.above(0);
      if (['offers', 'missed', 'pauses', 'wrapUps'].includes(figure.measure) && rows !== undefined)
        expect(Number(stretches), address).to.equal(rows);
      return;
    }
    const [, calls = '0'] = /(\d+) calls?\b/.exec(page.text) ?? [];
    const listed = Number(calls);
    expect(listed, address).to.be.above(0);
    if (rows === undefined || rows === listed) return;
    // A call with several rows stands in the list once, and the list says so.
    expect(SEVERAL.has(figure.source), `${address}: ${String(listed)} of ${String(rows)}`).to.equal(
      true,
    );
    expect(listed, address).to.be.below(rows);
    expect(page.text, address).to.include('stands here once');
  }

  for (const definition of STANDARD_REPORTS)
    for (const by of [
      ...definition.subjects.map(({ key }) => key),
      ...(definition.units.includes('day') ? ['day'] : []),
    ])
      it(`of ${definition.slug} by ${by} opens what it counts or is computed of`, async () => {
        const page = await supervisor.get(`/reports/${definition.slug}?period=yesterday&by=${by}`);
        const table =
          /<table class="cb-table rp-figures"[\s\S]*?<\/table>/.exec(page.text)?.[0] ?? '';
        const cells = [...table.matchAll(/<td class="n" data-label="([^"]*)">([\s\S]*?)<\/td>/g)];
        const filled = cells.filter(([, , cell = '']) => {
          const text = cell.replace(/<[^>]*>/g, '').trim();
          return text !== '–' && text !== '0' && text !== '0:00';
        });
        expect(filled).not.to.have.length(0);
        for (const [, label = '', cell = ''] of filled) {
          const href = /href="([^"]+)"/.exec(cell)?.[1];
          if (href === undefined) throw new Error(`${label} opens nothing: ${cell}`);
          await expectOpened(href);
        }
        const pictures = page.text.slice(
          0,
          page.text.indexOf('<table class="cb-table rp-figures"'),
        );
        const links = pictures.matchAll(/href="(\/(?:calls|reports\/stretches)\?figure[^"]+)"/g);
        for (const [, href = ''] of links) await expectOpened(href);
        if (definition.heat !== undefined)
          expect(pictures, 'the map opens calls').to.match(/<td class="rp-s[1-7]"><a href=/);
        if (definition.tiles !== undefined)
          expect(pictures, 'tiles open calls').to.match(/<div class="v"><a class="intext" href=/);
        if (definition.chart !== undefined)
          expect(pictures, 'bars open calls').to.match(/<a href="[^"]+" tabindex="-1"><rect/);
      });
});
