// What all curves of a chart are at the cursor's x, those nearest to the cursor first.
import { formatNumber } from './canvas.js';
import { nearest } from './curves.js';

const maxLines = 10;

/** @param options {x: {label}, y: {percent}} */
export function tooltipOf(element, options) {
  const tooltip = element.appendChild(Object.assign(document.createElement('div'), { className: 'chart-tooltip', hidden: true }));
  const number = value => formatNumber(value, options.y.percent);

  function valueOf({ min, max, n }, i, value) {
    if (!n) return number(value);
    return Number.isFinite(min[i]) ? `${number(value)} (${number(min[i])} to ${number(max[i])}), n = ${n[i]}` : `${number(value)}, n = ${n[i]}`;
  }

  return {
    hide() { tooltip.hidden = true; },
    remove() { tooltip.remove(); },
    show(plot, { curves, series }, colors) {
      const { left, top } = plot.cursor;
      if (left == null || left < 0) { tooltip.hidden = true; return; }
      const at = plot.posToVal(left, 'x');
      const rows = [];
      curves.forEach((curve, s) => {
        const i = nearest(curve, at);
        const value = i < 0 ? NaN : (curve.smoothed ?? curve.last)[i];
        if (Number.isFinite(value)) rows.push({ s, x: curve.x[i], words: valueOf(curve, i, value), distance: Math.abs(plot.valToPos(value, 'y') - top) });
      });
      rows.sort((a, b) => a.distance - b.distance);
      tooltip.hidden = rows.length === 0;
      if (rows.length === 0) return;
      const shown = rows.slice(0, maxLines);
      tooltip.replaceChildren(
        line('chart-tooltip-x', `${options.x.label} ${formatNumber(rows[0].x)}`),
        ...shown.map((row, index) => {
          const node = line(index === 0 && shown.length > 1 ? 'nearest' : '', series[row.s].label, row.words);
          node.prepend(Object.assign(document.createElement('i'), { style: `background:${colors[row.s]}` }));
          return node;
        }),
        ...(rows.length > shown.length ? [line('muted', `and ${rows.length - shown.length} more`)] : []));
      const box = element.getBoundingClientRect();
      const x = left + plot.bbox.left / devicePixelRatio;
      const wide = tooltip.offsetWidth;
      tooltip.style.left = `${x + 16 + wide > box.width ? Math.max(x - wide - 16, 0) : x + 16}px`;
      tooltip.style.top = `${Math.min(Math.max(top - 20, 0), Math.max(box.height - tooltip.offsetHeight, 0))}px`;
    },
  };
}

function line(className, label, value) {
  const node = Object.assign(document.createElement('div'), { className });
  node.append(Object.assign(document.createElement('span'), { textContent: label }));
  if (value !== undefined) node.append(Object.assign(document.createElement('b'), { textContent: value }));
  return node;
}
