/** Doubles as the reference computes them: its power function is a loop of squarings whose last digits differ from the engine's. */

/** Largest exponent difference that the loop of squarings follows. */
const FAR = 1 << 12;

/** `fraction * 2 ** exponent` with the fraction in [0.5, 1). */
function split(x: number): { fraction: number; exponent: number } {
  if (x === 0 || !Number.isFinite(x)) return { fraction: x, exponent: 0 };
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(x))) + 1);
  let fraction = x * 2 ** -exponent;
  while (Math.abs(fraction) < 0.5) {
    fraction *= 2;
    exponent--;
  }
  while (Math.abs(fraction) >= 1) {
    fraction /= 2;
    exponent++;
  }
  return { fraction, exponent };
}

/** `fraction * 2 ** exponent` with one rounding: the last step is the only one that may leave the normal range. */
function join(fraction: number, exponent: number): number {
  const part = split(fraction);
  const total = part.exponent + exponent;
  if (part.fraction === 0 || !Number.isFinite(part.fraction)) return part.fraction;
  if (total > 1024) return part.fraction < 0 ? -Infinity : Infinity;
  if (total < -1080) return part.fraction < 0 ? -0 : 0;
  return total < -1000 ? part.fraction * 2 ** (total + 100) * 2 ** -100 : part.fraction * 2 * 2 ** (total - 1);
}

/** `x ** y`; NaN where there is no real result. */
export function power(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (x === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return Math.abs(x) === 1 ? 1 : x ** y;
  if (y === 0.5) return Math.sqrt(x);
  if (y === -0.5) return 1 / Math.sqrt(x);
  let whole = Math.trunc(Math.abs(y));
  let part = Math.abs(y) - whole;
  if (part !== 0 && x < 0) return Number.NaN;
  if (whole >= 2 ** 63) return x === -1 ? 1 : Math.abs(x) < 1 === y > 0 ? 0 : Infinity;
  let answer = 1;
  let exponent = 0;
  if (part !== 0) {
    if (part > 0.5) {
      part--;
      whole++;
    }
    answer = Math.exp(part * Math.log(x));
  }
  let { fraction, exponent: step } = split(x);
  for (let rest = BigInt(whole); rest !== 0n; rest >>= 1n) {
    if (Math.abs(step) > FAR) {
      exponent += step;
      break;
    }
    if ((rest & 1n) === 1n) {
      answer *= fraction;
      exponent += step;
    }
    fraction *= fraction;
    step *= 2;
    if (fraction < 0.5) {
      fraction += fraction;
      step--;
    }
  }
  return y < 0 ? join(1 / answer, -exponent) : join(answer, exponent);
}
