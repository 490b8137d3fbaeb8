/** Images that makefs cannot make, made out of those it made. */

import { DINODE1_SIZE } from '../../../kernel/fs/ffs/index.ts';

const BSIZE = 4096;
const FSIZE = 512;
const NINDIR = 1024;
const NDADDR = 12;
const SUPERBLOCK = 8192;

class Image {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly little: boolean;

  constructor(bytes: Uint8Array, order: 'little' | 'big') {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.little = order === 'little';
  }

  get32(at: number): number {
    return this.view.getInt32(at, this.little);
  }

  put32(at: number, value: number): void {
    this.view.setInt32(at, value, this.little);
  }

  inodeAt(ino: number): number {
    return this.get32(SUPERBLOCK + 16) * FSIZE + ino * DINODE1_SIZE;
  }

  inodeOf(name: string): number {
    const root = this.get32(this.inodeAt(2) + 40) * FSIZE;
    for (let at = root; at < root + BSIZE; at += this.view.getUint16(at + 4, this.little)) {
      const found = new TextDecoder().decode(
        this.bytes.subarray(at + 8, at + 8 + this.bytes[at + 7]),
      );
      if (found === name) return this.get32(at);
    }
    throw new Error(`the image has no ${name}`);
  }
}

/** What the deep file has, and where. */
interface Deep {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly offsets: readonly { readonly offset: number; readonly text: string }[];
}

/** Makes `big` a sparse file with one block behind each kind of indirect block. */
export function deepFile(bytes: Uint8Array, order: 'little' | 'big'): Deep {
  const grown = new Uint8Array(bytes.length + 16 * BSIZE);
  grown.set(bytes);
  const image = new Image(grown, order);
  growFileSystem(image, grown.length / FSIZE);
  let next = bytes.length / FSIZE;
  const take = (): number => {
    const block = next;
    next += BSIZE / FSIZE;
    return block;
  };
  const inode = image.inodeAt(image.inodeOf('big'));
  for (let i = 0; i < 15; i++) image.put32(inode + 40 + 4 * i, 0);
  const offsets: { offset: number; text: string }[] = [];
  let before = NDADDR;
  for (let level = 0; level < 3; level++) {
    const slots = [5, 7, 9].slice(0, level + 1);
    let holder = inode + 88 + 4 * level;
    let index = 0;
    for (const slot of slots) {
      const block = take();
      image.put32(holder, block);
      holder = block * FSIZE + 4 * slot;
      index = index * NINDIR + slot;
    }
    const data = take();
    image.put32(holder, data);
    const text = `level ${level}`;
    grown.set(new TextEncoder().encode(text), data * FSIZE);
    offsets.push({ offset: (before + index) * BSIZE, text });
    before += NINDIR ** (level + 1);
  }
  const size = offsets[2].offset + BSIZE;
  const words = [size % 0x100000000, Math.floor(size / 0x100000000)];
  const [low, high] = image.little ? words : words.reverse();
  image.view.setUint32(inode + 8, low, image.little);
  image.view.setUint32(inode + 12, high, image.little);
  return { bytes: grown, size, offsets };
}

/** Lets the one group have more fragments. */
function growFileSystem(image: Image, fragments: number): void {
  const low = image.little ? 0 : 4;
  image.put32(SUPERBLOCK + 36, fragments);
  image.put32(SUPERBLOCK + 188, fragments);
  image.put32(SUPERBLOCK + 1080 + low, fragments);
}

/** Turns all directories into the format that has no types. */
export function oldDirectories(bytes: Uint8Array, order: 'little' | 'big'): Uint8Array {
  const image = new Image(bytes.slice(), order);
  image.put32(SUPERBLOCK + 1324, 0);
  image.put32(SUPERBLOCK + 1320, 0);
  const inodes = image.get32(SUPERBLOCK + 184);
  for (let ino = 2; ino < inodes; ino++) {
    const at = image.inodeAt(ino);
    if ((image.view.getUint16(at, image.little) & 0o170000) === 0o040000) oldDirectory(image, at);
  }
  return image.bytes;
}

function oldDirectory(image: Image, inode: number): void {
  const size = image.view.getUint32(inode + (image.little ? 8 : 12), image.little);
  for (let done = 0; done < size; done += BSIZE) {
    const start = image.get32(inode + 40 + (done / BSIZE) * 4) * FSIZE;
    const end = start + Math.min(BSIZE, size - done);
    for (let at = start; at < end; at += image.view.getUint16(at + 4, image.little)) {
      image.view.setUint16(at + 6, image.bytes[at + 7], image.little);
    }
  }
}
