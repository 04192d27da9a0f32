import { newId } from '../../kernel/ids.js';
import {
  AriError,
  type EndpointState,
  type LampState,
  type PbxAdmin,
  type PjsipType,
  type RegistrationState,
} from '../../telephony/ari/port.js';
import type { GuardedAriClient } from './guarded-ari-client.js';
import { path, type HttpCommands } from './http-commands.js';
import { parseRegistrations } from './registration-metrics.js';

/** The sorcery tables of asterisk/etc/sorcery.conf, where pushed objects are kept. */
const TABLES: Readonly<Record<PjsipType, string>> = {
  auth: 'ps_auths',
  aor: 'ps_aors',
  endpoint: 'ps_endpoints',
  identify: 'ps_identifies',
  registration: 'ps_registrations',
};
/** A channel that exists only so that dialplan functions can be read through it. */
const READER_SUFFIX = '-reader';

/** Device states of this kind are the program's own. */
const LAMPS = 'Stasis:';

/** True for such a channel, which no call flow should ever see, and for its other half. */
export const isReader = (channel: string): boolean =>
  channel.endsWith(READER_SUFFIX) || channel.endsWith(`${READER_SUFFIX};2`);

const objectArgs = (type: PjsipType, id: string): Record<string, unknown> => ({
  configClass: 'res_pjsip',
  objectType: type,
  id,
});

/** Configuration and inventory through ari-client; dialplan functions and registrations through our own HTTP. */
export class AsteriskPbxAdmin implements PbxAdmin {
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly client: GuardedAriClient,
    private readonly http: HttpCommands,
    private readonly app: string,
  ) {}

  async putObject(
    type: PjsipType,
    id: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<void> {
    const list = Object.entries(fields).map(([attribute, value]) => ({ attribute, value }));
    await this.client.call('asterisk', 'updateObject', {
      ...objectArgs(type, id),
      body: JSON.stringify({ fields: list }),
    });
  }

  async deleteObject(type: PjsipType, id: string): Promise<void> {
    try {
      await this.client.call('asterisk', 'deleteObject', objectArgs(type, id));
    } catch (error) {
      if (!(error instanceof AriError && error.failure === 'gone')) throw error;
    }
  }

  async getObject(
    type: PjsipType,
    id: string,
  ): Promise<Readonly<Record<string, string>> | undefined> {
    let answer: unknown;
    try {
      answer = JSON.parse(await this.client.call('asterisk', 'getObject', objectArgs(type, id)));
    } catch (error) {
      if (error instanceof AriError && error.failure === 'gone') return undefined;
      throw error;
    }
    const fields: Record<string, string> = {};
    for (const { attribute, value } of rows(answer))
      if (typeof attribute === 'string' && typeof value === 'string')
        fields[attribute] = attribute in fields ? `${fields[attribute] ?? ''},${value}` : value;
    return fields;
  }

  async listObjects(type: PjsipType): Promise<readonly string[]> {
    const keys = await this.readGlobal(`DB_KEYS(${TABLES[type]}/${type})`);
    return keys === '' ? [] : keys.split(',');
  }

  async endpoints(): Promise<readonly EndpointState[]> {
    const answer: unknown = JSON.parse(
      await this.client.call('endpoints', 'listByTech', { tech: 'PJSIP' }),
    );
    return rows(answer).map(({ resource, state, channel_ids }) => ({
      name: typeof resource === 'string' ? resource : '',
      online: state === 'online',
      channels: Array.isArray(channel_ids) ? channel_ids.length : 0,
    }));
  }

  async lamps(): Promise<ReadonlyMap<string, LampState>> {
    const answer: unknown = await this.http.json({
      command: 'lamps',
      method: 'GET',
      path: 'deviceStates',
    });
    return new Map(
      rows(answer).flatMap(({ name, state }): [string, LampState][] =>
        typeof name === 'string' && name.startsWith(LAMPS) && typeof state === 'string'
          ? [[name.slice(LAMPS.length), state as LampState]]
          : [],
      ),
    );
  }

  async setLamp(name: string, state: LampState): Promise<void> {
    await this.http.run({
      command: 'setLamp',
      method: 'PUT',
      path: path`deviceStates/${LAMPS + name}`,
      query: { deviceState: state },
    });
  }

  async removeLamp(name: string): Promise<void> {
    try {
      await this.http.run({
        command: 'removeLamp',
        method: 'DELETE',
        path: path`deviceStates/${LAMPS + name}`,
      });
    } catch (error) {
      if (!(error instanceof AriError && error.failure === 'gone')) throw error;
    }
  }

  async registrations(): Promise<readonly RegistrationState[] | undefined> {
    try {
      const metrics = await this.http.run({ command: 'metrics', method: 'GET', path: '/metrics' });
      return parseRegistrations(metrics.toString('utf8'));
    } catch (error) {
      if (error instanceof AriError && error.failure === 'gone') return undefined;
      throw error;
    }
  }

  /** Functions need a channel: one is made for the question, never called, and removed. */
  async readGlobal(expression: string): Promise<string> {
    if (!expression.endsWith(')'))
      return valueOf(
        JSON.parse(await this.client.call('asterisk', 'getGlobalVar', { variable: expression })),
      );
    const channel = `${newId()}${READER_SUFFIX}`;
    await this.http.run({
      command: 'readGlobal',
      method: 'POST',
      path: 'channels/create',
      query: { endpoint: 'Local/reader@reader', app: this.app, channelId: channel },
    });
    try {
      return valueOf(
        await this.http.json({
          command: 'readGlobal',
          method: 'GET',
          path: path`channels/${channel}/variable`,
          query: { variable: expression },
        }),
      );
    } finally {
      await this.http.run({
        command: 'readGlobal',
        method: 'DELETE',
        path: path`channels/${channel}`,
      });
    }
  }

  async writeGlobal(expression: string, value: string): Promise<void> {
    await this.client.call('asterisk', 'setGlobalVar', {
      body: JSON.stringify({ variable: expression, value }),
    });
  }

  async version(): Promise<string> {
    return await this.#info('system', 'version');
  }

  async startedAt(): Promise<string> {
    return await this.#info('status', 'startup_time');
  }

  async hasModule(file: string): Promise<boolean> {
    try {
      const answer: unknown = JSON.parse(
        await this.client.call('asterisk', 'getModule', { moduleName: file }),
      );
      return partOf(answer, 'status') === 'Running';
    } catch (error) {
      if (error instanceof AriError && error.failure === 'gone') return false;
      throw error;
    }
  }

  async #info(group: string, field: string): Promise<string> {
    const answer: unknown = JSON.parse(await this.client.call('asterisk', 'getInfo', {}));
    const value = partOf(partOf(answer, group), field);
    return typeof value === 'string' ? value : '';
  }

  onEndpointChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Called by the adapter when the node said that a phone or a trunk came or went. */
  endpointChanged(): void {
    for (const listener of this.#listeners) listener();
  }
}

function rows(answer: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(answer)) return [];
  return answer.filter(
    (row): row is Record<string, unknown> => typeof row === 'object' && row !== null,
  );
}

const partOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

function valueOf(answer: unknown): string {
  const value = partOf(answer, 'value');
  return typeof value === 'string' ? value : '';
}
