// What is drawn with the methods of a canvas, as SVG.

const escape = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const short = value => String(Number(value.toFixed(2)));
let clips = 0;

/** Implements the part of CanvasRenderingContext2D that the charts use. */
export class SvgContext {
  #parts = [];
  #path = '';
  #dash = [];
  #groups = 0;
  strokeStyle = '#000';
  fillStyle = '#000';
  globalAlpha = 1;
  lineWidth = 1;
  lineJoin = 'round';

  save() { }

  restore() {
    for (; this.#groups > 0; this.#groups--) this.#parts.push('</g>');
    [this.globalAlpha, this.lineWidth, this.#dash] = [1, 1, []];
  }

  beginPath() { this.#path = ''; }
  moveTo(x, y) { this.#path += `M${short(x)} ${short(y)}`; }
  lineTo(x, y) { this.#path += `${this.#path ? 'L' : 'M'}${short(x)} ${short(y)}`; }
  rect(x, y, width, height) { this.#path += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`; }
  setLineDash(dash) { this.#dash = dash; }

  /** Whole circles only. */
  arc(x, y, radius) { this.#path += `M${short(x - radius)} ${short(y)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`; }

  clip() {
    const id = `clip-${++clips}`;
    this.#parts.push(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath><g clip-path="url(#${id})">`);
    this.#groups++;
  }

  stroke() {
    if (!this.#path) return;
    const dash = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.join(' ')}"` : '';
    this.#parts.push(`<path d="${this.#path}" fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}" stroke-linejoin="${this.lineJoin}" stroke-opacity="${this.globalAlpha}"${dash}/>`);
  }

  fill() {
    if (this.#path) this.#parts.push(`<path d="${this.#path}z" fill="${this.fillStyle}" fill-opacity="${this.globalAlpha}"/>`);
  }

  /** @param more {anchor: 'start' | 'middle' | 'end', size, turned: by 90 degrees to the left, weight} */
  text(text, x, y, { anchor = 'start', size = 12, turned = false, weight = 400 } = {}) {
    const turn = turned ? ` transform="rotate(-90 ${short(x)} ${short(y)})"` : '';
    this.#parts.push(`<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${this.fillStyle}"${turn}>${escape(text)}</text>`);
  }

  toString() { return this.#parts.join('\n'); }
}
