// What the charts share: colours of the theme on a canvas, numbers as text, points as bytes.

/** Resolves any CSS colour, variables and light-dark() among them, to one a canvas understands. */
export function cssColor(element, color) {
  const probe = element.appendChild(document.createElement('span'));
  probe.style.color = color;
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

/** @returns a function that ends the subscription */
export function onThemeChange(handler) {
  document.addEventListener('maelab:theme', handler);
  return () => document.removeEventListener('maelab:theme', handler);
}

export function formatNumber(value, percent = false) {
  if (percent) return `${trim(value * 100, 2)} %`;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) return value.toExponential(2).replace(/\.?0+e/, 'e');
  if (size >= 1e4) return `${trim(value / 1000, 2)}k`;
  return trim(value, size >= 100 ? 1 : 4);
}

const trim = (value, digits) => String(Number(value.toFixed(digits)));

/**
 * Reads blocks of [int32 series, int32 count, columns x count float64], little endian.
 * @param visit called with the series number and its columns as plain arrays
 */
export function readBlocks(bytes, columns, visit) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset < view.byteLength;) {
    const [index, count] = [view.getInt32(offset, true), view.getInt32(offset + 4, true)];
    offset += 8;
    const data = [];
    for (let c = 0; c < columns; c++) {
      const column = new Array(count);
      for (let i = 0; i < count; i++, offset += 8) column[i] = view.getFloat64(offset, true);
      data.push(column);
    }
    visit(index, data);
  }
}
