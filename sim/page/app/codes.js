// A guess as seven characters: 30 bits as six (what was said, and a number that tells pupils apart), and a check.

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", DATA = 6, PRIME = 37, EDITION = 2;

/** Where a guess about an outcome can stand, in per cent of business as usual (of a share: in points). */
export const STOPS = [-50, -20, -10, -5, -2, -0.5, 0, 0.5, 2, 5, 10, 20, 50];
export const PAYERS = ["us", "mx", "both", "none"];
/** Two points of the curve, as multiples of the last year that is known. */
const LEVELS = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 3, 3.5, 4, 4.5, 5];

const nearest = (values, x) => values.reduce((best, value, k) => (Math.abs(value - x) < Math.abs(values[best] - x) ? k : best), 0);

/** The stop in whose reach a change lies; between two on one side their geometric middle divides. */
export function stop(change) {
  const size = Math.abs(change), ups = STOPS.filter((x) => x >= 0);
  let k = 0;
  while (k < ups.length - 1 && size >= (k ? Math.sqrt(ups[k] * ups[k + 1]) : ups[1] / 2)) k++;
  return ups.length - 1 + (change < 0 ? -k : k);
}

const fnv = (text) => [...new TextEncoder().encode(text)].reduce((hash, byte) => Math.imul(hash ^ byte, 16777619) >>> 0, 2166136261);
const middle = (lesson) => Math.floor((lesson.years.length - lesson.known.length) / 2);

function sizes(lesson) {
  return [...lesson.ask.map(() => STOPS.length), 8, PAYERS.length, 2, lesson.choose ? lesson.arms.length : 1, LEVELS.length, LEVELS.length];
}

function check(digits, lesson) {
  return digits.reduce((sum, digit, place) => sum + (place + 1) * digit, fnv(`${lesson.name}/${EDITION}`)) % PRIME;
}

/** {line, asks, reason, payer, second, arm} -> "ABC-DEFG". */
export function encode(guess, lesson) {
  const base = lesson.known.at(-1), of = sizes(lesson), room = Math.floor(2 ** 30 / of.reduce((a, b) => a * b));
  const ends = [guess.line[middle(lesson)], guess.line.at(-1)].map((value) => nearest(LEVELS, value / base));
  const parts = [...guess.asks, guess.reason, guess.payer, guess.second ? 1 : 0, lesson.choose ? guess.arm : 0, ...ends];
  for (;;) { // with room for several numbers, or a guess without a code would be sought for ever
    let value = crypto.getRandomValues(new Uint32Array(1))[0] % room;
    for (let k = parts.length - 1; k >= 0; k--) value = value * of[k] + parts[k];
    const digits = Array.from({length: DATA}, (_, place) => Math.floor(value / 32 ** (DATA - 1 - place)) % 32);
    const last = check(digits, lesson); // a remainder that has no letter of its own: draw again
    if (last < 32) { const text = [...digits, last].map((digit) => LETTERS[digit]).join(""); return `${text.slice(0, 3)}-${text.slice(3)}`; }
  }
}

/** "ABC-DEFG" -> a guess whose line runs straight through its two points, or {wrong: [key, blanks]}. */
export function decode(written, lesson) {
  const text = plain(written);
  if (text.length !== DATA + 1) return {wrong: ["bad_length", {code: written, length: text.length}]};
  const digits = [...text].map((letter) => LETTERS.indexOf(letter));
  if (digits.includes(-1)) return {wrong: ["bad_letter", {code: written, letter: text[digits.indexOf(-1)]}]};
  let value = digits.slice(0, DATA).reduce((sum, digit) => sum * 32 + digit, 0);
  const parts = sizes(lesson).map((size) => { const part = value % size; value = Math.floor(value / size); return part; });
  const asks = parts.splice(0, lesson.ask.length), [reason, payer, second, arm, half, end] = parts, base = lesson.known.at(-1);
  if (check(digits.slice(0, DATA), lesson) !== digits[DATA] || reason >= lesson.reasons.length || arm >= lesson.arms.length) return {wrong: ["bad_check", {code: written}]};
  const drawn = lesson.years.length - lesson.known.length, bend = middle(lesson), [mid, last] = [LEVELS[half] * base, LEVELS[end] * base];
  const line = Array.from({length: drawn}, (_, k) => (k <= bend ? base + ((mid - base) * (k + 1)) / (bend + 1) : mid + ((last - mid) * (k - bend)) / (drawn - 1 - bend)));
  return {asks, reason, payer, second: second === 1, arm: lesson.choose ? arm : lesson.arms.findIndex((one) => one.id === lesson.about), line, code: text};
}

const plain = (written) => written.toUpperCase().replace(/[-–—.\s]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");

/** Codes as people write them: one a line, or several with commas or blanks; a blank within a code does not part it. */
export function split(text) {
  return text.split(/[\n,;]+/).flatMap((line) => (plain(line).length <= DATA + 1 ? [line.trim()] : line.trim().split(/\s+/))).filter(Boolean);
}

/** What sim/page/lesson.py sealed. */
export async function unseal(sealed, name) {
  const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
  let state = fnv(name);
  for (let k = 0; k < bytes.length; k++) {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    bytes[k] ^= state & 255;
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}
