// A metric against one factor, one line per level of another, with error bars: the shape of Fig. 5 of the MAE paper.
import { cssColor, formatNumber } from './canvas.js';
import { chartOf, lookOf } from './echart.js';

const manyPoints = 20;

/**
 * @param model {x: {label, categories: null | [text], levels: null | [number, rising], log}, y: {label, percent, log, min, max: number | null},
 *   series: [{label, color, pattern: [number], points: [{x, mean, low, high, n, seeds: [number]}]}], published}; x is a number, or an index into the
 *   categories; low and high are null where one run says nothing about the spread; published is null or {label, points: [{x, y}]}
 */
export const create = (element, model) => chartOf(element, model, toOption);

function toOption(element, { x, y, series, published }) {
  const color = css => cssColor(element, css);
  const { surface, axis, font, tooltip: box } = lookOf(element);
  const number = value => formatNumber(value, y.percent);
  // Lines are set apart by a hair, so that error bars at the same level do not hide each other.
  const levels = x.levels ?? [0];
  const hair = x.categories ? 0 : (levels.at(-1) - levels[0]) * 0.008;
  const place = (p, index) => p.x + (index - (series.length - 1) / 2) * hair;
  const margin = (levels.at(-1) - levels[0]) * 0.06 || 0.5;
  return {
    animation: false,
    textStyle: font,
    grid: { left: 62, right: published ? 58 : 20, top: 16, bottom: 44 },
    xAxis: {
      ...axis, name: x.label, nameGap: 28, splitLine: { show: false },
      ...(x.categories ? { type: 'category', data: x.categories } : !x.levels ? { type: x.log ? 'log' : 'value', scale: true, axisLabel: { ...axis.axisLabel, alignMinLabel: 'left', formatter: value => formatNumber(value) } } : { type: 'value', min: levels[0] - margin, max: levels.at(-1) + margin, axisLabel: { ...axis.axisLabel, customValues: levels } }),
    },
    yAxis: [
      { ...axis, type: y.log ? 'log' : 'value', name: y.label, nameGap: 48, scale: true, min: y.min, max: y.max, axisLabel: { ...axis.axisLabel, formatter: number, ...decades(y) } },
      ...(published ? [{ ...axis, type: 'value', name: 'published', nameGap: 44, scale: true, axisLabel: { ...axis.axisLabel, formatter: number }, splitLine: { show: false } }] : []),
    ],
    tooltip: {
      trigger: 'item', ...box,
      formatter: ({ seriesIndex, data }) => seriesIndex < 3 * series.length
        ? tooltip(series[Math.floor(seriesIndex / 3)], data[2], x, number)
        : publishedTooltip(published, data, x, number),
    },
    series: [...series.flatMap((s, index) => [
      {
        type: 'line', name: s.label, symbol: 'circle', symbolSize: s.points.length > manyPoints ? 3 : 8, color: color(s.color), lineStyle: { width: 2, type: s.pattern.length > 0 ? s.pattern : 'solid' },
        data: s.points.map(p => [place(p, index), p.mean, p.x]),
      },
      {
        type: 'custom', name: s.label, silent: true, z: 1,
        data: s.points.filter(p => p.low !== null).map(p => [place(p, index), p.low, p.high]),
        encode: { x: 0, y: [1, 2] },
        renderItem: (_, api) => errorBar(api, color(s.color)),
      },
      {
        type: 'scatter', name: s.label, silent: true, symbolSize: 5, z: 3,
        itemStyle: { color: surface, borderColor: color(s.color), borderWidth: 1.5 },
        data: s.points.flatMap(p => p.seeds.map(value => [place(p, index), value])),
      },
    ]), ...(published ? [publishedLine(published, color('var(--muted)'))] : [])],
  };
}

/** On a log axis of given ends a label at every power of ten, or every second or third of many: ECharts writes its ends and little else. */
function decades({ log, min, max }) {
  if (!log || min === null || max === null) return {};
  const [first, last] = [min, max].map(value => Math.round(Math.log10(value)));
  const step = Math.max(1, Math.ceil((last - first) / 6));
  return { customValues: Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => 10 ** (last - i * step)).reverse() };
}

function publishedLine({ label, points }, color) {
  return {
    type: 'line', name: label, yAxisIndex: 1, symbol: 'circle', symbolSize: 5, color, lineStyle: { width: 1.5, type: 'dashed' }, z: 1,
    data: points.map(p => [p.x, p.y]),
  };
}

function errorBar(api, stroke) {
  const [x, low] = api.coord([api.value(0), api.value(1)]);
  const [, high] = api.coord([api.value(0), api.value(2)]);
  const style = { stroke, lineWidth: 1.5, fill: 'none' };
  const segment = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style });
  return { type: 'group', children: [segment(x, low, x, high), segment(x - 5, low, x + 5, low), segment(x - 5, high, x + 5, high)] };
}

function tooltip(series, at, x, number) {
  const point = series.points.find(p => p.x === at);
  return lines(series.label, `${x.label} ${x.categories?.[at] ?? formatNumber(at)}`,
    `${number(point.mean)}${point.low === null ? '' : ` (95 % CI ${number(point.low)} to ${number(point.high)})`}${point.n > 0 ? `, n = ${point.n}` : ''}`);
}

function publishedTooltip({ label }, [at, value], x, number) {
  return lines(label, `${x.label} ${x.categories?.[at] ?? at}`, number(value));
}

function lines(title, ...rest) {
  const node = document.createElement('div');
  node.append(Object.assign(document.createElement('b'), { textContent: title }), ...rest.map(textContent => Object.assign(document.createElement('div'), { textContent })));
  return node;
}
