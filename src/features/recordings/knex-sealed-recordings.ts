import type { Knex } from 'knex';
import type { CallId, RecordingId } from '../../kernel/ids.js';
import type { RecordingToSeal, SealCount, SealedRecordings } from './resealer.js';

interface Row {
  readonly id: RecordingId;
  readonly call_id: CallId;
  readonly path: string;
  readonly sha256: string;
  readonly key_id: string;
}

/** In MariaDB. */
export class KnexSealedRecordings implements SealedRecordings {
  constructor(private readonly db: Knex) {}

  async counts(): Promise<readonly SealCount[]> {
    const rows: readonly { key_id: string; count: number | string; bytes: number | string }[] =
      await this.db('recordings')
        .where('state', 'stored')
        .groupBy('key_id')
        .orderBy('key_id')
        .select('key_id')
        .count({ count: '*' })
        .sum({ bytes: 'bytes' });
    return rows.map(({ key_id, count, bytes }) => ({
      ...{ keyId: key_id, recordings: Number(count), bytes: Number(bytes) },
    }));
  }

  async isAnySealed(): Promise<boolean> {
    const row = await this.db('recordings')
      .where('state', 'stored')
      .whereNot('key_id', '')
      .first<object | undefined>('id');
    return row !== undefined;
  }

  async notUnder(
    keyId: string,
    options: Parameters<SealedRecordings['notUnder']>[1],
  ): Promise<readonly RecordingToSeal[]> {
    const rows = await this.db('recordings')
      .where('state', 'stored')
      .whereIn('key_id', [...options.openable])
      .whereNot('key_id', keyId)
      .whereNotIn('id', [...options.exceptIds])
      .orderBy('id')
      .limit(options.limit)
      .select<Row[]>('id', 'call_id', 'path', 'sha256', 'key_id');
    return rows.map(({ id, call_id, path, sha256, key_id }) => ({
      ...{ id, callId: call_id, path, sha256, keyId: key_id },
    }));
  }

  commit(id: RecordingId, keyId: string, move: () => Promise<void>): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      // Held until the file is in its place: retention would delete the old one, and the new one would stay for ever.
      const row: object | undefined = await tx('recordings')
        .where({ id, state: 'stored' })
        .forUpdate()
        .first('id');
      if (row === undefined) return false;
      await move();
      await tx('recordings').where({ id }).update({ key_id: keyId });
      return true;
    });
  }
}
