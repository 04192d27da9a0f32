import type { Scope } from '../kernel/scope.js';
import type { AsteriskAri } from '../adapters/asterisk-ari/asterisk-ari.js';
import type { LiveDirectory } from '../features/directory/index.js';
import { phoneObjects, trunkObjects } from '../telephony/ari/provisioning.js';
import type { Foundation } from './foundation.js';
import type { LiveExtension, LiveTrunk } from '../telephony/live.js';
import type { ExtensionId } from '../kernel/ids.js';

/** Keeps phones and trunks of a node as configured, and knows which of them answer. */
export function startPbx(
  server: Scope,
  base: Foundation,
  ari: AsteriskAri,
  directory: LiveDirectory,
) {
  const online = new Map<string, boolean>();
  const listeners: ((e: ExtensionId, r: boolean) => void)[] = [];
  const reconcile = async (): Promise<void> => {
    for (const row of await base.database('extensions').select('*'))
      for (const o of phoneObjects({
        number: row.number,
        name: row.name,
        password: base.sealer.open(row.secret_sealed),
      }))
        await ari.admin.putObject(o.type, o.id, o.fields);
    for (const row of await base.database('trunks').select('*')) {
      const st = typeof row.settings === 'string' ? JSON.parse(row.settings) : row.settings;
      for (const o of trunkObjects({
        id: row.id,
        password: base.sealer.open(row.password_sealed),
        ...st,
      }))
        await ari.admin.putObject(o.type, o.id, o.fields);
    }
  };
  ari.events.onConnection((e) => {
    if (e.type === 'up')
      void reconcile().catch((err: unknown) => {
        base.log.error({ err }, 'temp reconcile');
      });
  });
  server.fork('poll', async (s) => {
    for (;;) {
      try {
        for (const e of await ari.admin.endpoints()) {
          if (online.get(e.name) !== e.online) {
            online.set(e.name, e.online);
            const x = directory.current.extensionsByNumber.get(e.name);
            if (x) for (const l of listeners) l(x.id, e.online);
          }
        }
      } catch (err) {
        base.log.debug({ err }, 'poll');
      }
      await base.clock.sleep(1000, s.signal);
    }
  });
  return {
    isRegistered: (n: string) => online.get(n) ?? true,
    isTrunkOnline: (t: number) => online.get(`trunk-${String(t)}`) ?? true,
    trunks: (): readonly Omit<LiveTrunk, 'channels'>[] =>
      [...directory.current.trunks.values()].map((t) => ({
        id: t.id,
        name: t.name,
        online: online.get(`trunk-${String(t.id)}`) ?? false,
        maxChannels: t.maxChannels,
      })),
    extensions: (): readonly LiveExtension[] =>
      [...directory.current.extensions.values()].map((e) => ({
        id: e.id,
        number: e.number,
        registered: online.get(e.number) ?? false,
      })),
    onPhone: (l: (e: ExtensionId, r: boolean) => void) => {
      listeners.push(l);
    },
    reconcile,
  };
}
