import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../kernel/clock.js';
import type { Directory } from '../../telephony/directory.js';
import { hashOfSecret } from './desk-phone-service.js';
import type { DeskPhoneStore, FetchOutcome } from './desk-phone-store.js';
import type { DeviceMaker, MadeDevice } from './device-maker.js';
import type { DeviceFile } from './files/device.js';
import { yealinkCommonFile } from './files/yealink.js';
import { parseMac } from './mac.js';
import { fileKind, type FileKind } from './models.js';
import { bookEntries, phoneBook } from './phone-book.js';

export interface FetchParts {
  readonly store: Pick<DeskPhoneStore, 'bySecret' | 'noteFetch'>;
  readonly maker: DeviceMaker;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
}

/** Who asks for a file. */
export interface FetchRequest {
  readonly secret: string;
  /** As a name beside the secret; absent where the address holds the secret. */
  readonly mac?: string;
  readonly file: string;
  readonly address: string;
  readonly program: string;
}

/** Longer is no secret of ours: it is not looked for. */
const MAX_SECRET = 64;

/** Answers phones. Every question of a known phone is written down. */
export class FetchService {
  constructor(private readonly parts: FetchParts) {}

  /** Undefined for strangers, phones that are switched off, and files that there are not: they learn nothing. */
  async file(request: FetchRequest): Promise<DeviceFile | undefined> {
    const { store, maker, clock } = this.parts;
    const { secret, file, address, program } = request;
    if (secret === '' || secret.length > MAX_SECRET) return undefined;
    const phone = await store.bySecret(hashOfSecret(secret));
    if (phone === undefined || !isOf(request.mac, phone.mac)) return undefined;
    const note = (outcome: FetchOutcome, hash?: string): Promise<void> =>
      store.noteFetch(
        phone.id,
        { at: new Date(clock.now()), address, program, file, outcome },
        hash,
      );
    const [made] = await maker.make([phone]);
    const kind = made && fileKind(made.model, phone.mac, file);
    if (made === undefined || kind === undefined) {
      await note('not-found');
      return undefined;
    }
    if (!phone.isEnabled) {
      await note('switched-off');
      return undefined;
    }
    await note('sent', kind === 'own' ? made.hash : undefined);
    return this.#answer(kind, made);
  }

  #answer(kind: FileKind, { model, device, file }: MadeDevice): DeviceFile {
    switch (kind) {
      case 'own':
        return file;
      case 'common':
        return yealinkCommonFile(device);
      case 'phone-book':
        return {
          contentType: 'application/xml; charset=utf-8',
          text: phoneBook(model.vendor, bookEntries(this.parts.directory.current)),
        };
    }
  }
}

/** The name beside a secret must be the phone's own. */
function isOf(typed: string | undefined, mac: string): boolean {
  if (typed === undefined) return true;
  const named = parseMac(typed) ?? '';
  return named.length === mac.length && timingSafeEqual(Buffer.from(named), Buffer.from(mac));
}
