import type { ExtensionId } from '../../kernel/ids.js';
import type { BusyCallback } from './busy-callbacks.js';
import type { OutsideUseStore } from './outside-lines.js';

/** What a phone dialled last. */
export interface LastDialled {
  readonly extension: ExtensionId;
  readonly number: string;
}

/** What is remembered of phones over a restart. Writing never fails and never waits. */
export interface PhoneMemoryStore extends OutsideUseStore {
  writeDialled(dialled: LastDialled): void;
  readDialled(): Promise<readonly LastDialled[]>;
  writeCallback(callback: BusyCallback): void;
  removeCallback(caller: ExtensionId): void;
  readCallbacks(): Promise<readonly BusyCallback[]>;
}

/** The number that each phone dialled last: for redialling, and for being called back. */
export class DialMemory {
  readonly #last = new Map<ExtensionId, string>();

  constructor(private readonly store: PhoneMemoryStore) {}

  async open(): Promise<void> {
    for (const { extension, number } of await this.store.readDialled())
      this.#last.set(extension, number);
  }

  note(extension: ExtensionId, number: string): void {
    this.#last.set(extension, number);
    this.store.writeDialled({ extension, number });
  }

  /** Undefined where it has dialled nothing yet. */
  last(extension: ExtensionId): string | undefined {
    return this.#last.get(extension);
  }
}
