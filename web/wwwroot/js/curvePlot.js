// Axes, cursor and zoom from uPlot; the curves are drawn by curves.js, each over x values of its own, because runs of
// one chart rarely log at the same steps and joining them on one x column grows with runs x points.
import uPlot from '../lib/uplot/uPlot.esm.js';
import { cssColor, formatNumber } from './canvas.js';
import { drawCurves, heightOf } from './curves.js';
import { SvgContext } from './svgContext.js';

const fontSize = 12;

/**
 * @param element where to draw, and whose theme gives the colours
 * @param state {curves, series, view, zoomed, logX, logY} and what is found while drawing: cap, head
 * @param more {size, x: {label}, y: {label, percent}, hooks, cursor}
 */
export function plotOf(element, state, { size, x, y, hooks, cursor }) {
  const [text, grid] = ['var(--muted)', 'var(--line)'].map(c => cssColor(element, c));
  const font = `${fontSize}px Inter, system-ui, sans-serif`;
  const axis = more => ({ stroke: text, font, labelFont: font, labelSize: 20, grid: { stroke: grid, width: 1 }, ticks: { show: false }, ...more });
  // A log axis leaves most of its ticks without a number.
  const numbers = percent => (_, ticks) => ticks.map(t => t == null ? '' : formatNumber(t, percent));
  return new uPlot({
    ...size,
    padding: [10, 14, 0, 0],
    legend: { show: false },
    cursor,
    scales: {
      x: { time: false, distr: state.logX ? 3 : 1, range: () => state.view },
      y: {
        distr: state.logY ? 3 : 1,
        range: () => {
          const { range, ...found } = heightOf(state.curves, state.view, state);
          Object.assign(state, found);
          return range;
        },
      },
    },
    axes: [
      axis({ label: x.label, values: numbers(false), size: 26, labelSize: 18, labelGap: 2 }),
      axis({ ...(y.label ? { label: y.label } : {}), size: 52, values: numbers(y.percent) }),
    ],
    series: [{}, { stroke: 'transparent', points: { show: false } }],
    hooks,
    // uPlot is given nothing but the ends of the view; that sets its scales.
  }, [state.view, [0, 0]], element);
}

/** On uPlot's own canvas. */
export function paint(plot, state, colors) {
  const { left, top, width, height } = plot.bbox;
  drawCurves(plot.ctx, state.curves, frameOf(plot, { left, top, width, height, ratio: devicePixelRatio }), { ...state, colors });
}

/** The same chart as SVG, in the colours of the paper. */
export async function toSvg(paper, size, state, { x, y }) {
  const own = { ...state };
  let plot;
  await new Promise(drawn => { plot = plotOf(paper, own, { size, x, y, hooks: { draw: [drawn] }, cursor: { show: false } }); });
  const [left, top, width, height] = ['left', 'top', 'width', 'height'].map(side => plot.bbox[side] / devicePixelRatio);
  const ctx = new SvgContext();
  drawAxes(ctx, plot, { left, top, width, height }, { x, y }, cssColor(paper, 'var(--line)'));
  drawCurves(ctx, own.curves, frameOf(plot, { left, top, width, height, ratio: 1 }), { ...own, colors: own.series.map(s => cssColor(paper, s.color)) });
  plot.destroy();
  return ctx.toString();
}

const frameOf = (plot, box) => ({
  ...box,
  // valToPos counts from the edge of the plot in pixels, from that of the canvas in device pixels.
  x: box.ratio === 1 ? v => box.left + plot.valToPos(v, 'x') : v => plot.valToPos(v, 'x', true),
  y: box.ratio === 1 ? v => box.top + plot.valToPos(v, 'y') : v => plot.valToPos(v, 'y', true),
});

function drawAxes(ctx, plot, { left, top, width, height }, { x, y }, grid) {
  // What uPlot worked out for its own axes (1.6.32; it has no other way to ask for them).
  const ticksOf = (index, scale) => plot.axes[index]._splits.map((value, i) => ({ at: plot.valToPos(value, scale), label: plot.axes[index]._values[i] ?? '' }));
  ctx.strokeStyle = grid;
  const line = (x1, y1, x2, y2) => { ctx.beginPath(); ctx.moveTo(x1, y1); ctx.lineTo(x2, y2); ctx.stroke(); };
  for (const { at, label } of ticksOf(0, 'x')) {
    line(left + at, top, left + at, top + height);
    ctx.text(label, left + at, top + height + 16, { anchor: 'middle' });
  }
  for (const { at, label } of ticksOf(1, 'y')) {
    line(left, top + at, left + width, top + at);
    ctx.text(label, left - 8, top + at + 4, { anchor: 'end' });
  }
  ctx.text(x.label, left + width / 2, top + height + 36, { anchor: 'middle' });
  if (y.label) ctx.text(y.label, 14, top + height / 2, { anchor: 'middle', turned: true });
}
