import { openDispositionResults } from '../features/follow-ups/index.js';
import { makePhoneDispositions } from '../features/workspace/index.js';
import type { AgentRoster } from '../telephony/calls/agent-roster.js';
import type { Directory } from '../telephony/directory.js';
import type { Foundation } from './foundation.js';

/** What agents say on their phones that calls came to, with what follows from it, on MariaDB. */
export const openPhoneDispositions = (
  { config, database, clock, log }: Foundation,
  directory: Directory,
  roster: AgentRoster,
  onChange: () => void,
) =>
  makePhoneDispositions({
    ...{ database, directory, clock, log, roster, onChange },
    results: openDispositionResults({ database, country: config.country, directory, clock }),
    tellCalls: ({ agentId }) => Promise.resolve(roster.codeChosen(agentId)),
  });
