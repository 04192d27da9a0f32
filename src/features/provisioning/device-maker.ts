import { createHash } from 'node:crypto';
import type { Clock } from '../../kernel/clock.js';
import type { Directory } from '../../telephony/directory.js';
import { dialledCode } from '../../telephony/feature-codes.js';
import type { SecretBox, SettingStore } from '../configuration/index.js';
import type { DeskPhoneStore } from './desk-phone-store.js';
import type { StoredDeskPhone } from './desk-phone.js';
import type { Device, DeviceFile } from './files/device.js';
import { readExtraLines } from './files/extra-lines.js';
import { deviceFile } from './files/index.js';
import { deviceKeys, readLineKeys } from './line-keys.js';
import { modelOf, type PhoneModel } from './models.js';
import type { ProvisioningSettings } from './site-settings.js';
import { zoneRule } from './zone-rule.js';

export interface DeviceMakerParts {
  readonly store: Pick<DeskPhoneStore, 'passwords'>;
  readonly settings: Pick<SettingStore<ProvisioningSettings>, 'read'>;
  readonly directory: Pick<Directory, 'current'>;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  /** Where desk phones register. */
  readonly sip: { readonly host: string; readonly port: number };
  /** Where the pages are, for phones of sites that name no other server. */
  readonly pages: string;
  /** The site's IANA zone. */
  readonly zone: string;
}

/** A phone with everything that it is told. With passwords in clear: never log it. */
export interface MadeDevice {
  readonly phone: StoredDeskPhone;
  readonly model: PhoneModel;
  readonly device: Device;
  readonly file: DeviceFile;
  /** SHA-256 of the file. */
  readonly hash: string;
}

/** Makes what phones fetch, from what is stored and what calls run on. */
export class DeviceMaker {
  constructor(private readonly parts: DeviceMakerParts) {}

  /** In the order of the phones. One of a model that is not known any more is left out. */
  async make(phones: readonly StoredDeskPhone[]): Promise<readonly MadeDevice[]> {
    const { store, settings } = this.parts;
    const [site, passwords] = await Promise.all([
      settings.read(),
      store.passwords(phones.flatMap(({ lines }) => lines)),
    ]);
    return phones.flatMap((phone) => {
      const model = modelOf(phone.model);
      if (model === undefined) return [];
      const device = this.#device(phone, model, site.value, passwords);
      const file = deviceFile(model.vendor, device);
      const hash = createHash('sha256').update(file.text).digest('hex');
      return [{ phone, model, device, file, hash }];
    });
  }

  #device(
    phone: StoredDeskPhone,
    { vendor }: PhoneModel,
    site: ProvisioningSettings,
    passwords: Awaited<ReturnType<DeskPhoneStore['passwords']>>,
  ): Device {
    const { directory, secrets, clock, sip, zone, pages } = this.parts;
    const { current } = directory;
    const lines = phone.lines.flatMap((id) => {
      const extension = current.extensions.get(id);
      if (extension === undefined) return [];
      const { number, name } = extension;
      return [{ number, name, password: secrets.open(passwords.get(id) ?? '') }];
    });
    const keys = readLineKeys(phone.keys);
    const extra = readExtraLines(vendor, site.extra[vendor]);
    const server = site.server === '' ? pages : site.server;
    const [first] = phone.lines;
    return {
      mac: phone.mac,
      lines,
      keys: keys.ok ? deviceKeys(keys.keys, current) : [],
      server: sip,
      adminPassword: secrets.open(phone.adminSealed),
      language: (first && current.extensions.get(first)?.language) ?? 'en',
      zone: zoneRule(zone, clock.now()),
      ntp: site.ntp,
      codecs: site.codecs,
      address: `${server}/provision/${secrets.open(phone.secretSealed)}/`,
      voicemailCode: dialledCode(current.featureCodes, 'own-mailbox'),
      pickupCode: dialledCode(current.featureCodes, 'pickup'),
      refreshMinutes: site.refreshMinutes,
      extra: extra.ok ? extra.lines : [],
    };
  }
}
