/** The codewords by which what is behind a blot can be told (Reed and Solomon's code). */
export function toCorrection(data: Uint8Array, length: number): Uint8Array {
  const field = createField();
  const divisor = toDivisor(length, field);
  const rest = new Uint8Array(length);
  for (const value of data) {
    const factor = value ^ (rest[0] ?? 0);
    rest.copyWithin(0, 1);
    rest[length - 1] = 0;
    for (const [index, coefficient] of divisor.entries()) {
      rest[index] = (rest[index] ?? 0) ^ field.multiply(coefficient, factor);
    }
  }
  return rest;
}

/** The field of 256 elements in which QR codes correct errors. */
interface Field {
  /** Of 2. */
  readonly powers: Uint8Array;
  multiply(one: number, other: number): number;
}

function createField(): Field {
  const powers = new Uint8Array(255);
  const places = new Uint8Array(256);
  for (let place = 0, value = 1; place < 255; place++) {
    powers[place] = value;
    places[value] = place;
    value = value < 128 ? value * 2 : (value * 2) ^ 0x11d;
  }
  return {
    powers,
    multiply(one, other) {
      if (one === 0 || other === 0) return 0;
      return powers[((places[one] ?? 0) + (places[other] ?? 0)) % 255] ?? 0;
    },
  };
}

/** The product of `x - 2^n` for all n below the degree, without its first coefficient, which is 1. */
function toDivisor(degree: number, field: Field): Uint8Array {
  const divisor = new Uint8Array(degree);
  divisor[degree - 1] = 1;
  for (let place = 0; place < degree; place++) {
    const root = field.powers[place] ?? 1;
    for (let index = 0; index < degree; index++) {
      divisor[index] = field.multiply(divisor[index] ?? 0, root) ^ (divisor[index + 1] ?? 0);
    }
  }
  return divisor;
}
