/** A key that seals recordings. */
export interface SealingKey {
  /** 16 hexadecimal digits, made of the key. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
  readonly madeAt: Date;
}

/**
 * There are sealed recordings and no key, or what lies in the place of the keys cannot be read as such: a copy must be brought back,
 * or a new key be made on purpose.
 */
export class KeysLost extends Error {
  override readonly name = 'KeysLost';
}

/** The keys of the site, which are never in the database. */
export interface SealingKeys {
  /** Where they lie, for those who look after them. */
  readonly place: string;
  /** The oldest first; the last one seals. None before the first was made. Rejects with {@link KeysLost} where what lies there are no keys. */
  all(): Promise<readonly SealingKey[]>;
  /** Makes a key that seals from now on; resolves when it survives a power cut. */
  add(now: Date): Promise<SealingKey>;
}
