// Curves on a canvas. uPlot gives axes, cursor and zoom; the lines are drawn here, each over x values of its own,
// because runs of one chart rarely log at the same steps and joining them on one x column grows with runs x points.
import uPlot from '../lib/uplot/uPlot.esm.js';
import { cssColor, onThemeChange, formatNumber, readBlocks } from './canvas.js';

/**
 * @param element where to draw; its size is the chart's
 * @param dotnet the component, told of a zoom
 * @param options {x: {label}, y: {label, percent}, logY}; what is to be drawn comes with load
 */
export function create(element, dotnet, options) {
  let { logY } = options;
  let series = []; // {label, color, dash}
  let curves = [];
  let plot = null, colors = [];
  let view = [0, 1], zoomed = false; // the stretch of x that is shown
  let cap = Infinity; // values above it are cut off and marked at the upper edge,
  let head = -Infinity; // but left of this they only run out of it
  const tooltip = element.appendChild(Object.assign(document.createElement('div'), { className: 'chart-tooltip', hidden: true }));

  function build() {
    plot?.destroy();
    colors = series.map(s => cssColor(element, s.color));
    const [text, grid] = ['var(--muted)', 'var(--line)'].map(c => cssColor(element, c));
    const axis = more => ({
      stroke: text, font: '12px Inter, system-ui, sans-serif', labelFont: '12px Inter, system-ui, sans-serif', labelSize: 20,
      grid: { stroke: grid, width: 1 }, ticks: { show: false }, ...more,
    });
    plot = new uPlot({
      width: Math.max(element.clientWidth, 40), height: element.clientHeight,
      padding: [10, 14, 0, 0],
      legend: { show: false },
      cursor: { points: { show: false }, drag: { x: true, y: false, setScale: false }, y: false, bind: { dblclick: () => () => zoom(null) } },
      scales: {
        x: { time: false, range: () => view },
        y: { distr: logY ? 3 : 1, range: yRange },
      },
      axes: [
        axis({ label: options.x.label, values: (_, ticks) => ticks.map(t => formatNumber(t)), size: 26, labelSize: 18, labelGap: 2 }),
        axis({
          ...(options.y.label ? { label: options.y.label } : {}), size: 52,
          values: (_, ticks) => ticks.map(t => t == null ? '' : formatNumber(t, options.y.percent)),
        }),
      ],
      series: [{}, { stroke: 'transparent', points: { show: false } }],
      hooks: {
        drawAxes: [draw],
        setCursor: [hover],
        setSelect: [u => {
          if (u.select.width < 4) return;
          zoom([u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')]);
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        }],
      },
    }, [view, [0, 0]], element);
    plot.over.addEventListener('mouseleave', () => { tooltip.hidden = true; });
  }

  // uPlot is given nothing but the ends of the view; that sets its scales.
  function refresh() {
    if (!zoomed) view = extent();
    plot.setData([view, [0, 0]]);
  }

  function zoom(to) {
    // Told also where nothing is zoomed here: a chart that was made anew forgets it, its component does not.
    zoomed = to !== null;
    if (to) view = to;
    refresh();
    dotnet?.invokeMethodAsync('OnZoom', to?.[0] ?? null, to?.[1] ?? null);
  }

  function extent() {
    let min = Infinity, max = -Infinity;
    for (const { x } of curves) {
      if (x.length === 0) continue;
      if (x[0] < min) min = x[0];
      if (x[x.length - 1] > max) max = x[x.length - 1];
    }
    if (max < min) return [0, 1];
    return max > min ? [min, max] : [min - 1, max + 1];
  }

  function yRange() {
    const [from, to] = view;
    let min = Infinity, max = -Infinity;
    const highs = [];
    // A curve that begins high up, as a loss does, would be flat ever after: its first steps run out at the top unless
    // one zooms to them. (A log axis shows them.)
    head = zoomed || logY ? -Infinity : from + (to - from) * 0.05;
    for (const curve of curves) {
      const falls = curve.x.length > 20 && beginsHigh(curve);
      for (let i = lowerBound(curve.x, from); i < curve.x.length && curve.x[i] <= to; i++) {
        const low = curve.min[i], high = curve.max[i];
        if (Number.isFinite(low) && low < min && (!logY || low > 0)) min = low;
        if (Number.isFinite(high) && !(falls && curve.x[i] < head)) { highs.push(high); if (high > max) max = high; }
      }
    }
    // One run that explodes must not press all others flat; it is marked instead (and a log axis shows it whole).
    const usual = highs.length > 50 ? highs.sort((a, b) => a - b)[Math.floor(highs.length * 0.995)] : max;
    const reach = min + 2 * (usual - min);
    cap = !logY && usual > min && max > reach ? reach : Infinity;
    if (cap < Infinity) max = highs.findLast(high => high <= cap);
    if (max < min) return logY ? [0.1, 1] : [0, 1];
    if (logY) return [min / 1.15, max * 1.15];
    const pad = max === min ? Math.abs(max) * 0.1 || 1 : (max - min) * 0.06;
    return [min - pad, max + pad];
  }

  function draw(u) {
    const { ctx, bbox } = u;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.lineJoin = 'round';
    for (let s = 0; s < curves.length; s++) {
      const { x, min, max, last } = curves[s];
      if (x.length === 0) continue;
      // One point beyond each edge, so that lines run into the frame.
      const begin = Math.max(lowerBound(x, view[0]) - 1, 0);
      const end = Math.min(lowerBound(x, view[1]) + 2, x.length);
      const px = i => u.valToPos(x[i], 'x', true);
      const py = v => u.valToPos(v, 'y', true);
      ctx.strokeStyle = ctx.fillStyle = colors[s];
      if (!curves[s].exact) {
        ctx.globalAlpha = 0.2;
        ctx.beginPath();
        for (let i = begin; i < end; i++) if (Number.isFinite(max[i])) ctx.lineTo(px(i), py(max[i]));
        for (let i = end - 1; i >= begin; i--) if (Number.isFinite(min[i])) ctx.lineTo(px(i), py(min[i]));
        ctx.fill();
      }
      ctx.globalAlpha = curves.length > 24 ? 0.75 : 1;
      ctx.lineWidth = (curves.length > 24 ? 1.25 : 1.75) * ratio;
      ctx.setLineDash(series[s].dash.map(length => length * ratio));
      ctx.beginPath();
      let open = false;
      for (let i = begin; i < end; i++) {
        if (!Number.isFinite(last[i]) || (logY && last[i] <= 0)) { open = false; continue; }
        open ? ctx.lineTo(px(i), py(last[i])) : ctx.moveTo(px(i), py(last[i]));
        open = true;
      }
      ctx.stroke();
      for (let i = begin; i < end; i++) {
        if (!(max[i] > cap) || x[i] < head) continue;
        const [at, top] = [Math.min(Math.max(px(i), bbox.left), bbox.left + bbox.width), bbox.top + 2 * ratio];
        ctx.beginPath();
        ctx.moveTo(at, top);
        ctx.lineTo(at - 5 * ratio, top + 8 * ratio);
        ctx.lineTo(at + 5 * ratio, top + 8 * ratio);
        ctx.fill();
      }
      if (x.length === 1 && Number.isFinite(last[0])) {
        ctx.beginPath();
        ctx.arc(px(0), py(last[0]), 3 * ratio, 0, 2 * Math.PI);
        ctx.fill();
      }
    }
    ctx.restore();
  }

  // Every series at the cursor's x, those nearest to the cursor first.
  function hover(u) {
    const { left, top } = u.cursor;
    if (left == null || left < 0) { tooltip.hidden = true; return; }
    const at = u.posToVal(left, 'x');
    const rows = [];
    for (let s = 0; s < curves.length; s++) {
      const { x, last } = curves[s];
      if (x.length === 0 || at < x[0] - 1e-9 || at > x[x.length - 1] + (x[x.length - 1] - x[0]) / 50) continue;
      let i = Math.min(lowerBound(x, at), x.length - 1);
      if (i > 0 && at - x[i - 1] < x[i] - at) i--;
      if (Number.isFinite(last[i])) rows.push({ s, x: x[i], value: last[i], distance: Math.abs(u.valToPos(last[i], 'y') - top) });
    }
    rows.sort((a, b) => a.distance - b.distance);
    tooltip.hidden = rows.length === 0;
    if (rows.length === 0) return;
    const shown = rows.slice(0, 8).sort((a, b) => b.value - a.value);
    tooltip.replaceChildren(
      line('chart-tooltip-x', `${options.x.label} ${formatNumber(rows[0].x)}`),
      ...shown.map(row => {
        const node = line(row === rows[0] && shown.length > 1 ? 'nearest' : '', series[row.s].label, formatNumber(row.value, options.y.percent));
        node.prepend(Object.assign(document.createElement('i'), { style: `background:${colors[row.s]}` }));
        return node;
      }),
      ...(rows.length > shown.length ? [line('muted', `and ${rows.length - shown.length} more`)] : []));
    const box = element.getBoundingClientRect();
    const x = left + u.bbox.left / devicePixelRatio;
    const wide = tooltip.offsetWidth;
    tooltip.style.left = `${x + 16 + wide > box.width ? Math.max(x - wide - 16, 0) : x + 16}px`;
    tooltip.style.top = `${Math.min(Math.max(top - 20, 0), Math.max(box.height - tooltip.offsetHeight, 0))}px`;
  }

  const resize = new ResizeObserver(() => {
    const [width, height] = [element.clientWidth, element.clientHeight];
    if (width > 0 && (width !== plot.width || height !== plot.height)) plot.setSize({ width, height });
  });
  build();
  resize.observe(element);
  const unsubscribe = onThemeChange(build);

  return {
    /** Replaces all series. bytes: per series x, min, max and last. */
    load(newSeries, exact, bytes) {
      series = newSeries;
      colors = series.map(s => cssColor(element, s.color));
      curves = new Array(series.length);
      readBlocks(bytes, 4, (index, [x, min, max, last]) => { curves[index] = { x, min, max, last, exact: exact[index] }; });
      refresh();
    },
    /** Adds points at the end of series. bytes: per series x and value. */
    append(bytes) {
      readBlocks(bytes, 2, (index, [x, value]) => {
        const curve = curves[index];
        for (let i = 0; i < x.length; i++) {
          curve.x.push(x[i]);
          for (const column of [curve.min, curve.max, curve.last]) column.push(value[i]);
        }
      });
      refresh();
    },
    scale(newLogY) {
      if (newLogY === logY) return;
      logY = newLogY;
      build();
    },
    dispose() {
      unsubscribe();
      resize.disconnect();
      plot.destroy();
      tooltip.remove();
    },
  };
}

/** Whether the first value lies in the upper fifth of all. */
function beginsHigh({ min, max }) {
  const finite = [min, max].flat().filter(Number.isFinite);
  const [lowest, highest] = [finite.reduce((a, b) => Math.min(a, b), Infinity), finite.reduce((a, b) => Math.max(a, b), -Infinity)];
  return max[0] > highest - 0.2 * (highest - lowest);
}

/** Index of the first value not below the given one. */
function lowerBound(values, value) {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    values[middle] < value ? low = middle + 1 : high = middle;
  }
  return low;
}

function line(className, label, value) {
  const node = Object.assign(document.createElement('div'), { className });
  node.append(Object.assign(document.createElement('span'), { textContent: label }));
  if (value !== undefined) node.append(Object.assign(document.createElement('b'), { textContent: value }));
  return node;
}
