import { Injectable } from '@nestjs/common';
import {
  formatEntryBundle,
  leafData,
  parseTilePath,
  ProtocolError,
  TILE_HEIGHT,
  TILE_WIDTH,
  type Tile,
} from '@sealgate/protocol';
import { DataSource } from 'typeorm';
import { NotFound } from '../../common/problem/common.errors.js';
import { rows } from '../../database/rows.js';
import { readLeaves } from './leaf-store.js';

/** A tile's bytes, and whether it is full. */
export interface TileFile {
  readonly bytes: Buffer;
  readonly isFull: boolean;
}

/** The log as a set of small files that never change. @see https://c2sp.org/tlog-tiles */
@Injectable()
export class KeyLogTiles {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The hashes or the entries of a tile, read by primary key: a row each. A tile that the tree does not fill yet to
   * the width that was asked for is not there.
   *
   * @param path without `tile/`
   * @throws NotFound
   */
  async read(path: string): Promise<TileFile> {
    const tile = parsePath(path);
    const parts = tile.level === 'entries' ? await this.entries(tile) : await this.hashes(tile, tile.level);
    if (parts.length < tile.width) throw new NotFound();
    const bytes = tile.level === 'entries' ? formatEntryBundle(parts) : Buffer.concat(parts);
    return { bytes: Buffer.from(bytes), isFull: tile.width === TILE_WIDTH };
  }

  private async hashes({ index, width }: Tile, level: number): Promise<Uint8Array[]> {
    const start = index * TILE_WIDTH;
    const nodes = await rows<{ hash: Buffer }>(
      this.dataSource,
      'SELECT hash FROM key_log_nodes WHERE level = $1 AND index >= $2 AND index < $3 ORDER BY index',
      [level * TILE_HEIGHT, start, start + width],
    );
    return nodes.map(({ hash }) => hash);
  }

  private async entries({ index, width }: Tile): Promise<Uint8Array[]> {
    const start = index * TILE_WIDTH;
    return (await readLeaves(this.dataSource, start, start + width)).map(leafData);
  }
}

/** A path that no tile has names nothing, as in a folder of files. */
function parsePath(path: string): Tile {
  try {
    return parseTilePath(path);
  } catch (error) {
    if (error instanceof ProtocolError) throw new NotFound({ cause: error });
    throw error;
  }
}
