import { expect } from 'chai';
import fc from 'fast-check';
import { foldCall } from '../../../src/engines/reporting/fold-call.js';
import type { CallEvent, CallEventBody } from '../../../src/kernel/call-event.js';
import type { EventId } from '../../../src/kernel/ids.js';
import { answeredCall, CallScript, voicemailCall } from '../../support/call-events.js';

const id = (prefix: string) => fc.nat(3).map((n) => `${prefix}${String(n)}`);
const row = fc.integer({ min: 1, max: 4 });
const ms = fc.integer({ min: 0, max: 100_000 });
const shape = (kind: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({
    kind: fc.constant(kind),
    ...fields,
  }) as fc.Arbitrary<unknown> as fc.Arbitrary<CallEventBody>;

/** Any event at any time: the fold must give an answer for ledgers that make no sense, too. */
const body: fc.Arbitrary<CallEventBody> = fc.oneof(
  shape('call-arrived', {
    direction: fc.constantFrom('inbound', 'outbound', 'internal'),
    from: fc.string(),
    fromName: fc.string(),
    to: fc.string(),
    node: fc.constant('pbx-1'),
  }),
  shape('leg-started', {
    leg: id('leg'),
    role: fc.constantFrom('caller', 'agent'),
    number: fc.string(),
    agentId: row,
  }),
  shape('leg-answered', { leg: id('leg') }),
  shape('leg-ended', { leg: id('leg'), cause: fc.nat(127) }),
  shape('step-entered', {
    flowId: row,
    step: id('s'),
    stepKind: fc.constant('menu'),
    label: fc.string(),
  }),
  shape('key-pressed', {
    step: id('s'),
    digits: fc.constantFrom('1', '2', '#'),
    accepted: fc.boolean(),
  }),
  shape('queue-entered', { queueId: row, name: fc.string(), place: row, priority: row }),
  shape('queue-left', {
    queueId: row,
    outcome: fc.constantFrom('answered', 'abandoned'),
    reason: fc.string(),
    waitedMs: ms,
  }),
  shape('connected', { leg: id('leg'), agentId: row }),
  shape('held', { leg: id('leg') }),
  shape('resumed', { leg: id('leg') }),
  shape('disconnected', { talkedMs: ms }),
  shape('recording-ended', {
    recordingId: id('rec'),
    recordedMs: ms,
    files: fc.constant(['a', 'b']),
    node: fc.constant('pbx-1'),
  }),
  shape('voicemail-left', {
    recordingId: id('vm'),
    file: fc.string(),
    node: fc.constant('pbx-1'),
    durationMs: ms,
  }),
  shape('survey-offered', {
    run: id('run'),
    surveyId: row,
    version: row,
    name: fc.string(),
    questions: row,
    queueId: row,
  }),
  shape('survey-begun', { run: id('run') }),
  shape('survey-answered', { run: id('run'), question: row, place: row, value: row }),
  shape('survey-comment', {
    run: id('run'),
    question: row,
    place: row,
    recordingId: id('comment'),
    file: fc.string(),
    node: fc.constant('pbx-1'),
    durationMs: ms,
  }),
  shape('survey-finished', { run: id('run'), end: fc.constantFrom('completed', 'declined') }),
  shape('call-ended', {
    result: fc.constantFrom('answered', 'abandoned', 'failed'),
    endedBy: fc.constantFrom('caller', 'system'),
    cause: fc.nat(127),
    reason: fc.string(),
  }),
);

const ledger: fc.Arbitrary<readonly CallEvent[]> = fc
  .array(fc.tuple(body, ms, fc.nat(20)), { maxLength: 40 })
  .map((items) =>
    items.map(([event, at, seq], index) => ({
      ...event,
      id: String(index).padStart(26, '0') as EventId,
      callId: 'C'.repeat(26) as CallEvent['callId'],
      seq,
      at,
    })),
  );

/** The same events in another order, some of them several times. */
const shuffledWithDuplicates = (events: readonly CallEvent[]) =>
  fc
    .tuple(
      fc.shuffledSubarray([...events], { minLength: events.length }),
      fc.subarray([...events]),
      fc.nat(),
    )
    .map(([all, again, at]) => {
      const place = all.length === 0 ? 0 : at % all.length;
      return [...all.slice(0, place), ...again, ...all.slice(place)];
    });

/** Tables that upsert, as the database does: what a later fold no longer says would stay. */
class Tables {
  readonly rows = new Map<string, unknown>();
  save(folded: ReturnType<typeof foldCall>): void {
    if (folded.call !== undefined) this.rows.set('call', folded.call);
    for (const leg of folded.legs) this.rows.set(`leg ${leg.id}`, leg);
    for (const recording of folded.recordings)
      this.rows.set(`recording ${recording.id}`, recording);
    for (const voicemail of folded.voicemails)
      this.rows.set(`voicemail ${voicemail.recordingId}`, voicemail);
    for (const run of folded.surveys.runs) this.rows.set(`run ${run.id}`, run);
    for (const answer of folded.surveys.answers)
      this.rows.set(`answer ${answer.runId} ${String(answer.questionId)}`, answer);
  }
}

describe('foldCall, for every ledger', () => {
  const parameters = { numRuns: 500 };

  it('gives the same rows in any order of arrival and with duplicates', () => {
    fc.assert(
      fc.property(
        ledger.chain((events) => fc.tuple(fc.constant(events), shuffledWithDuplicates(events))),
        ([events, arrived]) => {
          expect(foldCall(arrived)).to.deep.equal(foldCall(events));
        },
      ),
      parameters,
    );
  });

  it('saving after each batch, in any order, ends in the rows of saving once', () => {
    fc.assert(
      fc.property(
        ledger.chain((events) =>
          fc.tuple(
            fc.constant(events),
            shuffledWithDuplicates(events),
            fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 30 }),
          ),
        ),
        ([events, arrived, sizes]) => {
          const once = new Tables();
          once.save(foldCall(events));
          const stepwise = new Tables();
          const known: CallEvent[] = [];
          for (let from = 0, turn = 0; from < arrived.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            known.push(...arrived.slice(from, from + size));
            from += size;
            stepwise.save(foldCall(known));
          }
          expect(new Map([...stepwise.rows].sort())).to.deep.equal(new Map([...once.rows].sort()));
        },
      ),
      parameters,
    );
  });

  it('never counts a negative time', () => {
    fc.assert(
      fc.property(ledger, (events) => {
        const { call } = foldCall(events);
        for (const value of [call?.waitMs, call?.talkMs, call?.holdMs, call?.recordedMs])
          expect(value ?? 0).to.be.at.least(0);
      }),
      parameters,
    );
  });

  it('holds for real calls that are interleaved with themselves', () => {
    for (const script of [answeredCall(), voicemailCall(), new CallScript()])
      expect(foldCall([...script.events, ...script.events].reverse())).to.deep.equal(
        foldCall(script.events),
      );
  });
});
