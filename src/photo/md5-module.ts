/**
 * The machine code of MD5 (RFC 1321, section 3.4, in its words) for eight inputs side by side, four in the lanes of each
 * of two sets of SIMD registers: assembled here for WebAssembly, whose SIMD every Node of ours has, so that there is no
 * compiler and no binary. Codes are those of the specification of WebAssembly.
 */

/** So many are digested at once. */
export const LANES = 8;
const SETS = LANES / 4;
/** Where the sines lie, then A B C D of the lanes, four lanes after the other, then the inputs. */
export const SINES = 0;
export const STATE = 256;
export const INPUTS = 1024;
/** Bytes of a block. */
export const BLOCK = 64;

const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
/** Which word of the block a step takes. */
const WORDS: readonly ((at: number) => number)[] = [
  (at) => at,
  (at) => (5 * at + 1) % 16,
  (at) => (3 * at + 5) % 16,
  (at) => (7 * at) % 16,
];

/** Instructions, one after the other. */
class Code {
  readonly bytes: number[] = [];

  op(...codes: number[]): this {
    this.bytes.push(...codes);
    return this;
  }

  simd(code: number, ...more: number[]): this {
    return this.op(0xfd, ...unsigned(code), ...more);
  }

  get(local: number): this {
    return this.op(0x20, ...unsigned(local));
  }

  set(local: number): this {
    return this.op(0x21, ...unsigned(local));
  }

  /** @param value 0 to 64 */
  number(value: number): this {
    return this.op(0x41, ...(value < 64 ? [value] : [(value & 127) | 128, ...unsigned(value >> 7)]));
  }

  load(offset: number): this {
    return this.simd(0x00, 0, ...unsigned(offset));
  }

  /** Words of two registers, 0 to 3 and 4 to 7. */
  shuffle(...words: number[]): this {
    return this.simd(0x0d, ...words.flatMap((word) => [4 * word, 4 * word + 1, 4 * word + 2, 4 * word + 3]));
  }
}

const AND = 0x4e;
const AND_NOT = 0x4f;
const OR = 0x50;
const XOR = 0x51;
const NOT = 0x4d;
const LEFT = 0xab;
const RIGHT = 0xad;
const ADD = 0xae;

const FOUR = [0, 1, 2, 3];
const ALL_SETS = Array.from({ length: SETS }, (_, set) => set);
/** Locals: where each lane is, how many blocks are left, then the registers. */
const BLOCKS = LANES;
const FIRST = LANES + 1;
const OF_A_SET = 24;
const register = (set: number, r: number) => FIRST + set * OF_A_SET + (r % 4);
const saved = (set: number, r: number) => FIRST + set * OF_A_SET + 4 + r;
const word = (set: number, w: number) => FIRST + set * OF_A_SET + 8 + w;
const spare = (n: number) => FIRST + SETS * OF_A_SET + n;
/** Where a register of the state lies in memory. */
const stateAt = (set: number, r: number) => STATE + set * 64 + r * 16;

/** A module with `run(at of each lane, blocks)`: moves all lanes so many blocks on, from and to the state in memory. */
export function assembleMd5(pages: number): Uint8Array<ArrayBuffer> {
  const code = new Code();
  const each = (act: (set: number, r: number) => void) => {
    for (const set of ALL_SETS) for (const r of FOUR) act(set, r);
  };
  each((set, r) => code.number(0).load(stateAt(set, r)).set(register(set, r)));
  code.op(0x03, 0x40);
  each((set, quarter) => turn(code, set, quarter));
  each((set, r) => code.get(register(set, r)).set(saved(set, r)));
  for (let at = 0; at < 64; at += 1) for (const set of ALL_SETS) step(code, set, at);
  each((set, r) => code.get(register(set, r)).get(saved(set, r)).simd(ADD).set(register(set, r)));
  for (let lane = 0; lane < LANES; lane += 1) code.get(lane).number(BLOCK).op(0x6a).set(lane);
  code.get(BLOCKS).number(1).op(0x6b).set(BLOCKS).get(BLOCKS).op(0x0d, 0, 0x0b);
  each((set, r) =>
    code
      .number(0)
      .get(register(set, r))
      .simd(0x0b, 0, ...unsigned(stateAt(set, r))),
  );
  return moduleOf(code.op(0x0b).bytes, SETS * OF_A_SET + FOUR.length, pages);
}

/** a = b + ((a + F(b, c, d) + X[k] + T[i]) <<< s), of four lanes; the two sets take turns, as neither waits for the other. */
function step(code: Code, set: number, at: number): void {
  const round = at >> 4;
  const shift = SHIFTS[round]?.[at % 4] ?? 0;
  const [a = 0, b = 0, c = 0, d = 0] = FOUR.map((r) => register(set, r + 64 - at));
  code
    .get(a)
    .get(word(set, WORDS[round]?.(at) ?? 0))
    .simd(ADD);
  code
    .number(0)
    .simd(0x09, 2, ...unsigned(SINES + 4 * at))
    .simd(ADD);
  mix(code, round, b, c, d);
  code.set(spare(set)).get(spare(set)).number(shift).simd(LEFT);
  code
    .get(spare(set))
    .number(32 - shift)
    .simd(RIGHT)
    .simd(OR)
    .get(b)
    .simd(ADD)
    .set(a);
}

/** Four words of four lanes, so that each register holds one word of all of them. */
function turn(code: Code, set: number, quarter: number): void {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = FOUR.map((n) => word(set, 4 * quarter + n));
  for (const n of FOUR)
    code
      .get(4 * set + n)
      .load(16 * quarter)
      .set(spare(n));
  code.get(spare(0)).get(spare(1)).shuffle(0, 4, 1, 5).set(w0);
  code.get(spare(2)).get(spare(3)).shuffle(0, 4, 1, 5).set(w1);
  code.get(spare(0)).get(spare(1)).shuffle(2, 6, 3, 7).set(w2);
  code.get(spare(2)).get(spare(3)).shuffle(2, 6, 3, 7).set(w3);
  for (const [even, odd] of [
    [w0, w1],
    [w2, w3],
  ] as const) {
    code.get(even).get(odd).shuffle(0, 1, 4, 5).set(spare(0));
    code.get(even).get(odd).shuffle(2, 3, 6, 7).set(odd);
    code.get(spare(0)).set(even);
  }
}

/** Adds F, G, H or I of RFC 1321. Of G the two halves have no bit in common, so that they are added one by one. */
function mix(code: Code, round: number, b: number, c: number, d: number): void {
  if (round === 0) code.get(c).get(d).simd(XOR).get(b).simd(AND).get(d).simd(XOR).simd(ADD);
  if (round === 1) code.get(c).get(d).simd(AND_NOT).simd(ADD).get(d).get(b).simd(AND).simd(ADD);
  if (round === 2) code.get(c).get(d).simd(XOR).get(b).simd(XOR).simd(ADD);
  if (round === 3) code.get(d).simd(NOT).get(b).simd(OR).get(c).simd(XOR).simd(ADD);
}

/** @param vectors how many locals of 128 bits the code has */
function moduleOf(code: readonly number[], vectors: number, pages: number): Uint8Array<ArrayBuffer> {
  const section = (id: number, bytes: readonly number[]) => [id, ...unsigned(bytes.length), ...bytes];
  const name = (text: string) => [text.length, ...Buffer.from(text)];
  const body = [1, ...unsigned(vectors), 0x7b, ...code];
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, [1, 0x60, LANES + 1, ...Array<number>(LANES + 1).fill(0x7f), 0]),
    ...section(2, [1, ...name("e"), ...name("m"), 2, 1, ...unsigned(pages), ...unsigned(pages)]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name("run"), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

/** How a module begins: "\0asm", and the version. */
const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
