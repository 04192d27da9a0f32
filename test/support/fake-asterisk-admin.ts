import type {
  EndpointState,
  LampState,
  PbxAdmin,
  PjsipType,
  RegistrationState,
} from '../../src/telephony/ari/port.js';

/** Configuration of the small Asterisk: objects and globals in memory. Partial updates keep what was not named. */
export class FakeAdmin implements PbxAdmin {
  readonly objects = new Map<string, Map<string, string>>();
  readonly globals = new Map<string, string>();
  /** Endpoints whose phone is registered or whose trunk answers. */
  readonly online = new Set<string>();
  /** What the carriers say of our registrations. */
  registered: RegistrationState[] = [];
  startTime = 'first start';
  readonly listeners = new Set<() => void>();
  readonly log: string[] = [];

  async putObject(
    type: PjsipType,
    id: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<void> {
    this.log.push(`put ${type} ${id}`);
    const object = this.objects.get(`${type}/${id}`) ?? new Map<string, string>();
    for (const [name, value] of Object.entries(fields)) object.set(name, value);
    this.objects.set(`${type}/${id}`, object);
  }

  /** Files of the modules that are loaded. */
  readonly modules = new Set(['codec_opus.so']);

  async hasModule(file: string): Promise<boolean> {
    return this.modules.has(file);
  }

  readonly lampStates = new Map<string, LampState>();

  async lamps(): Promise<ReadonlyMap<string, LampState>> {
    return new Map(this.lampStates);
  }

  async setLamp(name: string, state: LampState): Promise<void> {
    this.log.push(`lamp ${name} ${state}`);
    this.lampStates.set(name, state);
  }

  async removeLamp(name: string): Promise<void> {
    this.log.push(`lamp ${name} gone`);
    this.lampStates.delete(name);
  }

  async deleteObject(type: PjsipType, id: string): Promise<void> {
    this.log.push(`delete ${type} ${id}`);
    this.objects.delete(`${type}/${id}`);
  }

  async getObject(
    type: PjsipType,
    id: string,
  ): Promise<Readonly<Record<string, string>> | undefined> {
    const object = this.objects.get(`${type}/${id}`);
    return object && Object.fromEntries(object);
  }

  async endpoints(): Promise<readonly EndpointState[]> {
    return [...this.objects.keys()]
      .filter((key) => key.startsWith('endpoint/'))
      .map((key) => key.slice('endpoint/'.length))
      .map((name) => ({ name, online: this.online.has(name), channels: 0 }));
  }

  async listObjects(type: PjsipType): Promise<readonly string[]> {
    const prefix = `${type}/`;
    return [...this.objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
  }

  async registrations(): Promise<readonly RegistrationState[] | undefined> {
    return this.registered;
  }

  onEndpointChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  async readGlobal(expression: string): Promise<string> {
    return this.globals.get(expression) ?? '';
  }

  async writeGlobal(expression: string, value: string): Promise<void> {
    this.globals.set(expression, value);
  }

  async startedAt(): Promise<string> {
    return this.startTime;
  }

  async version(): Promise<string> {
    return '22.10.1';
  }
}
