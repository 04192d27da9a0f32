import { desiredPjsipObjects as desiredPhones } from '../features/extensions/index.js';
import { PbxService } from '../features/pbx/index.js';
import { desiredPjsipObjects as desiredTrunks } from '../features/trunks/index.js';
import type { Scope } from '../kernel/scope.js';
import type { AriPort } from '../telephony/ari/port.js';
import type { Foundation } from './foundation.js';

/** Keeps phones and trunks of a node as configured, and knows which of them answer. */
export function startPbx(server: Scope, base: Foundation, ari: AriPort): PbxService {
  const { clock, directory, log, database, sealer } = base;
  return new PbxService(server, {
    ari,
    clock,
    directory,
    log,
    desired: async () => [
      ...(await desiredPhones(database, sealer)),
      ...(await desiredTrunks(database, sealer)),
    ],
  });
}
