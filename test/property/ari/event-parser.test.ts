import fc from 'fast-check';
import { parseMessage, WANTED_EVENTS } from '../../../src/adapters/asterisk-ari/event-parser.js';

/** Whatever may stand where the parser looks: values of every kind, also nested objects with an id. */
const value = fc.oneof(
  fc.constantFrom(null, true, 0, -1, '', 'channel:', 'channel:c1', 'bridge:b1', 'failed'),
  fc.string(),
  fc.array(fc.constantFrom('a', 1, null), { maxLength: 3 }),
  fc.record(
    {
      id: fc.constantFrom('x', '', 1, null),
      name: fc.constantFrom('x', '', 1, null),
      target_uri: fc.constantFrom('channel:c1', 'bridge:b1', 7),
      channelvars: fc.constantFrom(null, {}, { CB_CALL: 1 }, { CB_CALL: 'x' }),
      caller: fc.constantFrom(null, 'x', { number: 1 }),
      creationtime: fc.constantFrom('', 'x', '2026-11-22T01:49:01.898+0000'),
    },
    { requiredKeys: [] },
  ),
);
const FIELDS = ['channel', 'peer', 'bridge', 'playback', 'recording', 'args', 'cause', 'digit'];

describe('the parser of events', () => {
  it('never throws, whatever a message holds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WANTED_EVENTS, 'ChannelVarset', '__proto__', 'constructor', ''),
        fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: FIELDS.length }),
        (type, fields) => {
          parseMessage(JSON.stringify({ ...fields, type }));
        },
      ),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        parseMessage(text);
      }),
    );
  });
});
