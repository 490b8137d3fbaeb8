/**
 * A second reader of Rumpus files, in plain JavaScript, written from corefiles/FORMAT.md alone.
 *
 * It imports nothing of the product: where the two disagree, the document is wrong or one of them is.
 */

import { inflateRawSync } from 'node:zlib';

const MAGIC = [0x89, 0x52, 0x55, 0x4d, 0x0d, 0x0a, 0x1a, 0x0a];

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** The chunks of an undamaged file: { type, version, payload }. */
export function readChunks(bytes) {
  const file = Uint8Array.from(bytes);
  const data = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (!MAGIC.every((byte, i) => file[i] === byte)) throw new Error('magic');
  if (data.getUint16(8, true) !== 1) throw new Error('version');
  const id = data.getUint32(12, true);
  if (data.getUint32(16, true) !== crc32(file.subarray(0, 16))) throw new Error('file header');
  const chunks = [];
  for (let at = 20; at < file.length; ) {
    const stored = data.getUint32(at + 20, true);
    const payload = file.subarray(at + 32, at + 32 + stored);
    if (data.getUint32(at + 28, true) !== crc32(file.subarray(at, at + 28)))
      throw new Error('header');
    if (data.getUint32(at + 4, true) !== id) throw new Error('file id');
    if (data.getUint32(at + 8, true) !== chunks.length) throw new Error('sequence');
    if (data.getUint32(at + 24, true) !== crc32(payload)) throw new Error('payload');
    const raw = file[at + 12] === 1 ? new Uint8Array(inflateRawSync(payload)) : payload;
    if (raw.length !== data.getUint32(at + 16, true)) throw new Error('length');
    const type = String.fromCharCode(...file.subarray(at, at + 4));
    chunks.push({ type, version: file[at + 13], at, stored, payload: raw });
    at += 32 + stored;
  }
  checkEnd(chunks);
  return chunks;
}

function checkEnd(chunks) {
  const [toc, end] = chunks.slice(-2);
  if (toc.type !== 'TOC ' || end.type !== 'END ' || end.stored !== 12) throw new Error('no end');
  const e = new DataView(end.payload.buffer, end.payload.byteOffset);
  if (Number(e.getBigUint64(0, true)) !== toc.at) throw new Error('end');
  const t = new DataView(toc.payload.buffer, toc.payload.byteOffset);
  const count = t.getUint32(0, true);
  if (count !== chunks.length - 2 || e.getUint32(8, true) !== count) throw new Error('toc');
  for (let i = 0; i < count; i++) {
    const type = String.fromCharCode(...toc.payload.subarray(4 + i * 20, 8 + i * 20));
    if (type !== chunks[i].type) throw new Error('toc type');
    if (Number(t.getBigUint64(8 + i * 20, true)) !== chunks[i].at) throw new Error('toc offset');
    if (t.getUint32(16 + i * 20, true) !== i) throw new Error('toc sequence');
    if (t.getUint32(20 + i * 20, true) !== chunks[i].stored) throw new Error('toc length');
  }
}

class Cursor {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  get done() {
    return this.at >= this.bytes.length;
  }
  u8() {
    if (this.done) throw new Error('end of payload');
    return this.bytes[this.at++];
  }
  varint() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  }
  signed() {
    const n = this.varint();
    return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
  }
  take(length) {
    this.at += length;
    return this.bytes.slice(this.at - length, this.at);
  }
  f64() {
    return new DataView(this.take(8).buffer).getFloat64(0, true);
  }
  i32() {
    return new DataView(this.take(4).buffer).getInt32(0, true);
  }
  string() {
    const n = this.varint();
    const bytes = this.take(Math.floor(n / 2));
    if (n % 2 === 0) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const units = new Uint16Array(bytes.buffer);
    return Array.from(units, (unit) => String.fromCharCode(unit)).join('');
  }
  times(n, read) {
    return Array.from({ length: n }, read);
  }
}

/** The recording in a file's chunks. */
export function readRecording(chunks) {
  const cursors = (type) => chunks.filter((c) => c.type === type).map((c) => new Cursor(c.payload));
  const list = (type, read) => {
    const items = [];
    for (const c of cursors(type)) {
      if (c.varint() !== items.length) throw new Error('gap');
      items.push(...read(c, c.varint()));
      if (!c.done) throw new Error(`bytes are left in ${type}`);
    }
    return items;
  };
  const [conf] = chunks.filter((c) => c.type === 'CONF');
  const [image] = cursors('IMAG');
  const [end] = cursors('ENDR');
  const [strings] = cursors('ESTR');
  return {
    config: JSON.parse(new TextDecoder().decode(conf.payload)),
    image: {
      identity: image.string(),
      compiler: image.string(),
      modules: image.times(image.varint(), () => {
        const [path, hash, n] = [image.string(), image.string(), image.varint()];
        const functions = image.times(n, () => image.string());
        return { path, hash, functions, functionHashes: image.times(n, () => image.string()) };
      }),
    },
    end: {
      verdict: end.string(),
      message: end.string(),
      digest: end.string(),
      icount: end.f64(),
      points: end.f64(),
      virtualTimeNs: end.f64(),
    },
    totals: end.times(7, () => end.varint()),
    directives: list('DIRS', readDirectives),
    hypercalls: list('HYPR', (c, n) => {
      const kinds = c.times(n, () => c.varint());
      const lengths = c.times(n, () => c.varint());
      return kinds.map((kind, i) => ({ kind, payload: c.take(lengths[i]) }));
    }),
    checkpoints: list('CHKP', (c, n) => {
      let icount = 0;
      return c.times(n, () => {
        icount += c.signed();
        return { icount, digest: [c.signed(), c.signed()] };
      });
    }),
    console: list('CONS', (c, n) => c.times(n, () => c.string())).join(''),
    events: strings && {
      recordWords: strings.varint(),
      dropped: strings.varint(),
      strings: strings.times(strings.varint(), () => strings.string()),
      records: list('EVNT', (c, n) => c.times(n, () => c.i32())),
    },
    sources: list('SRCS', (c, n) => c.times(n, () => ({ path: c.string(), text: c.string() }))),
  };
}

function readDirectives(c, n) {
  const last = {};
  let switchedTo = 1;
  return c.times(n, () => {
    const byte = c.u8();
    const kind = byte & 3;
    const lwp = byte & 4 ? switchedTo : c.signed();
    const answer = byte >> 3 === 31 ? c.signed() : byte >> 3;
    const counter = `${lwp} ${kind === 2 ? 0 : kind}`;
    last[counter] = ((last[counter] ?? 0) + c.varint()) | 0;
    if (kind !== 2) switchedTo = answer;
    return [lwp, last[counter], answer, kind];
  });
}

const KINDS = 'object array map set dictionary sparse view buffer opaque'.split(' ');
const ELEMENT_COLUMNS = [0, 1, 2, 1, 2, 2, 0, 0, 0];

/** The objects in a file's chunks, by number: { type, kind, fields, elements: columns }. */
export function readGraph(chunks) {
  const objects = [];
  const head = new Cursor(chunks.find((c) => c.type === 'GRPH').payload);
  const [stored, numbered, why] = [head.varint(), head.varint(), head.string()];
  for (const { payload } of chunks.filter((c) => c.type === 'GSEG')) {
    readSegment(new Cursor(payload), objects, stored);
  }
  const blobs = [];
  for (const { payload } of chunks.filter((c) => c.type === 'GBLB')) {
    for (const c = new Cursor(payload); !c.done; ) {
      blobs.push({ id: c.varint(), offset: c.varint(), bytes: c.take(c.varint()) });
    }
  }
  return { stored, numbered, why, objects, blobs };
}

function readSegment(c, objects, stored) {
  const [first, count] = [c.varint(), c.varint()];
  const strings = c.times(c.varint(), () => c.string());
  const shapes = c.times(c.varint(), () => {
    const [kind, type] = [c.u8(), strings[c.varint()]];
    return { kind, type, names: c.times(c.varint(), () => strings[c.varint()]), rows: [] };
  });
  for (let i = 0; i < count; i++) shapes[c.varint()].rows.push(first + i);
  for (const { kind, type, names, rows } of shapes) {
    const columns = ELEMENT_COLUMNS[kind];
    const lengths = columns > 0 ? c.times(rows.length, () => c.varint()) : [];
    const fields = names.map(() => readColumn(c, rows.length, strings, stored));
    const total = lengths.reduce((a, b) => a + b, 0);
    const elements = c.times(columns, () => readColumn(c, total, strings, stored));
    let at = 0;
    rows.forEach((id, row) => {
      const end = at + (lengths[row] ?? 0);
      objects[id] = {
        type,
        kind: KINDS[kind],
        fields: names.map((name, i) => [name, fields[i][row]]),
        elements: elements.map((column) => column.slice(at, end)),
      };
      at = end;
    });
  }
  if (!c.done) throw new Error('bytes are left in a segment');
}

function readColumn(c, n, strings, stored) {
  if (n === 0) return [];
  const head = c.u8();
  const tags = head === 0xff ? c.times(n, () => c.u8()) : Array(n).fill(head);
  const last = {};
  return tags.map((tag) => {
    if (tag < 6) return [undefined, null, false, true, { kind: 'hole' }, { kind: 'cut' }][tag];
    if (tag === 7) return c.f64();
    last[tag] = (last[tag] ?? 0) + c.signed();
    return describe(tag, last[tag], strings[last[tag]], stored);
  });
}

function describe(tag, operand, text, stored) {
  if (tag === 6) return operand;
  if (tag === 8) return text;
  if (tag === 9) return { kind: 'cut', text };
  if (tag === 10) return text[0] === '-' ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
  if (tag === 11) return { kind: 'symbol', description: text };
  if (tag === 12) return { kind: 'function', name: text };
  if (tag === 13) return { kind: 'accessor', access: text };
  return operand < stored ? { kind: 'ref', id: operand } : { kind: 'cut' };
}

/** The head of a core, and the frames of its stacks by the number of their LWP. */
export function readCore(chunks) {
  const [first] = chunks;
  if (first.type !== 'CORE') throw new Error('no core');
  const head = JSON.parse(new TextDecoder().decode(first.payload));
  const { objects } = readGraph(chunks);
  const at = (value) => (value?.kind === 'ref' ? objects[value.id] : undefined);
  const field = (object, name) => object?.fields.find(([key]) => key === name)?.[1];
  const elements = (value) => at(value)?.elements[0] ?? [];
  const stacks = elements(field(objects[0], 'stacks')).map(at);
  return {
    head,
    stacks: stacks.map((stack) => ({
      lwp: field(at(field(stack, 'lwp')), 'id'),
      current: field(stack, 'current'),
      frames: elements(field(stack, 'frames')).map((value) => {
        const frame = at(value);
        const locals = at(field(frame, 'locals'))?.fields ?? [];
        const names = ['function', 'path', 'lineBase1', 'columnBase0'];
        return [...names.map((name) => field(frame, name)), locals];
      }),
    })),
  };
}
