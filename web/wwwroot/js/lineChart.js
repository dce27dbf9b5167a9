// Curves on a canvas: their points, the stretch that is shown, and the person's zoom.
import { cssColor, onThemeChange, readBlocks } from './canvas.js';
import { plotOf, paint, toSvg } from './curvePlot.js';
import { tooltipOf } from './curveTooltip.js';
import { extentOf } from './curves.js';
import { savePicture } from './picture.js';

/**
 * @param element where to draw; its size is the chart's
 * @param dotnet the component, told of a zoom
 * @param options {x: {label}, y: {label, percent}, logX, logY, zoom: [from, to] | null}; what is to be drawn comes with load
 */
export function create(element, dotnet, options) {
  const state = { curves: [], series: [], view: options.zoom ?? [1, 10], zoomed: options.zoom !== null, whole: null, logX: options.logX, logY: options.logY };
  let plot = null, colors = [];
  const tooltip = tooltipOf(element, options);

  function build() {
    plot?.destroy();
    if (!state.zoomed) state.view = extentOf(state.curves, state.logX);
    recolor();
    plot = plotOf(element, state, {
      ...options,
      size: { width: Math.max(element.clientWidth, 40), height: element.clientHeight },
      cursor: { points: { show: false }, drag: { x: true, y: false, setScale: false }, y: false, bind: { dblclick: () => () => zoom(null) } },
      hooks: {
        drawAxes: [u => paint(u, state, colors)],
        setCursor: [u => tooltip.show(u, state, colors)],
        setSelect: [u => {
          if (u.select.width < 4) return;
          zoom([u.select.left, u.select.left + u.select.width].map(at => Number(u.posToVal(at, 'x').toPrecision(6))));
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        }],
      },
    });
    plot.over.addEventListener('mouseleave', tooltip.hide);
  }

  function recolor() { colors = state.series.map(s => cssColor(element, s.color)); }

  function refresh() {
    if (!state.zoomed) state.view = extentOf(state.curves, state.logX);
    plot.setData([state.view, [0, 0]]);
  }

  function show(to) {
    state.zoomed = to !== null;
    if (to) state.view = to;
    refresh();
  }

  function zoom(to) {
    show(to);
    // Told also where nothing is zoomed here: a chart that was made anew forgets it, its component does not.
    dotnet?.invokeMethodAsync('OnZoom', to?.[0] ?? null, to?.[1] ?? null);
  }

  /** The stretch in units that are as long everywhere on the axis. */
  const even = value => state.logX ? Math.log10(value) : value;
  const ofEven = value => Number((state.logX ? 10 ** value : value).toPrecision(6));

  /** The curves of a stretch do not tell how far there is to go. */
  function wholeExtent() {
    const own = extentOf(state.curves, state.logX);
    return state.whole ? [state.logX && state.whole[0] <= 0 ? own[0] : state.whole[0], state.whole[1]] : own;
  }

  /** @param times how much longer the stretch becomes @param shift how far it moves, as a share of itself */
  function step(times, shift) {
    const [from, to] = state.view.map(even), [first, last] = wholeExtent().map(even);
    const length = (to - from) * times;
    if (length >= last - first) return zoom(null);
    const start = Math.min(Math.max((from + to - length) / 2 + shift * (to - from), first), last - length);
    zoom([start, start + length].map(ofEven));
  }

  // What the mouse does by dragging. Other keys, and moving along where all is in view, are the page's.
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = { '+': () => step(0.5, 0), '=': () => step(0.5, 0) }[event.key]
      ?? (state.zoomed && { '-': () => step(2, 0), 0: () => zoom(null), ArrowLeft: () => step(1, -0.25), ArrowRight: () => step(1, 0.25) }[event.key]);
    if (!key) return;
    event.preventDefault();
    key();
  }
  element.addEventListener('keydown', onKey);

  const resize = new ResizeObserver(() => {
    const [width, height] = [element.clientWidth, element.clientHeight];
    if (width > 0 && (width !== plot.width || height !== plot.height)) plot.setSize({ width, height });
  });
  build();
  resize.observe(element);
  const unsubscribe = onThemeChange(build);

  return {
    /** Replaces all series. columns: names of a Curve's arrays, as they follow each other in bytes; whole: all of x there is, null: the curves have it. */
    load(series, columns, bytes, whole) {
      state.series = series;
      state.whole = whole;
      state.curves = new Array(series.length);
      readBlocks(bytes, columns.length, (index, data) => { state.curves[index] = Object.fromEntries(columns.map((name, i) => [name, data[i]])); });
      recolor();
      refresh();
    },
    /** Replaces series from a place on. columns: as of load; starts: by series, null for those that stay; bytes: of the others, from there on. */
    replace(columns, starts, bytes) {
      readBlocks(bytes, columns.length, (index, data) => {
        columns.forEach((name, i) => { state.curves[index][name] = (state.curves[index][name] ?? []).slice(0, starts[index]).concat(data[i]); });
      });
      refresh();
    },
    /** Adds points at the end of series. bytes: per series x and value, and where the curves are smoothed that as well. */
    append(bytes) {
      const smoothed = state.curves.some(curve => curve.smoothed);
      readBlocks(bytes, smoothed ? 3 : 2, (index, [x, value, average]) => {
        const curve = state.curves[index];
        for (let i = 0; i < x.length; i++) {
          curve.x.push(x[i]);
          for (const column of [curve.min, curve.max, curve.last]) column.push(value[i]);
          curve.smoothed?.push(average[i]);
        }
      });
      refresh();
    },
    scale(logX, logY) {
      if (logX === state.logX && logY === state.logY) return;
      Object.assign(state, { logX, logY });
      build();
    },
    /** The stretch from the address; null: all of it. */
    show,
    save(format, text) { return savePicture(format, text, (paper, size) => toSvg(paper, size, state, options)); },
    dispose() {
      element.removeEventListener('keydown', onKey);
      unsubscribe();
      resize.disconnect();
      plot.destroy();
      tooltip.remove();
    },
  };
}
