// Runs as points over two of their fields or metrics; dragging marks a rectangle.
import { cssColor, formatNumber } from './canvas.js';
import { chartOf, lookOf } from './echart.js';
import { brushing } from './brush.js';

/**
 * @param model {x: {name, label, categories: null | [text], percent}, y: the same, points: [{label, color, x, y, faint}],
 *   front: [{x, y}] from left to right, step: 'start' or 'end', ranges: [{name, low, high}]}
 */
export function create(element, dotnet, model) {
  const brush = brushing(dotnet);
  return chartOf(element, model, toOption, {
    watch(chart, current) {
      chart.on('brushEnd', ({ areas }) => {
        const { x, y } = current();
        brush.tell(areas.flatMap(({ coordRange }) => coordRange.map(([low, high], side) => ({ name: [x, y][side].name, low, high }))));
      });
    },
    drawn(chart, { x, y, ranges }) {
      const [across, up] = [x, y].map(({ name }) => ranges.find(range => range.name === name));
      brush.quietly([across, up].filter(Boolean), () => {
        // Without a tool to be chosen first: to drag is to mark.
        chart.dispatchAction({ type: 'takeGlobalCursor', key: 'brush', brushOption: { brushType: 'rect', brushMode: 'single' } });
        const coordRange = [across, up].map(range => [range?.low ?? -Number.MAX_VALUE, range?.high ?? Number.MAX_VALUE]);
        chart.dispatchAction({ type: 'brush', areas: across && up ? [{ brushType: 'rect', xAxisIndex: 0, yAxisIndex: 0, coordRange }] : [] });
      });
    },
  });
}

function toOption(element, { x, y, points, front, step }) {
  const { text, surface, font, axis, tooltip: box } = lookOf(element);
  const accent = cssColor(element, 'var(--accent)');
  const axisOf = (own, more) => ({
    ...axis, ...more, name: own.label,
    ...(own.categories
      ? { type: 'category', data: own.categories }
      : { type: 'value', scale: true, boundaryGap: ['4%', '4%'], axisLabel: { ...axis.axisLabel, formatter: value => formatNumber(value, own.percent) } }),
  });
  const wordOf = ({ categories, percent }, value) => categories?.[value] ?? formatNumber(value, percent);
  return {
    animation: false,
    textStyle: font,
    grid: { left: 66, right: 20, top: 16, bottom: 44 },
    xAxis: axisOf(x, { nameGap: 28 }),
    yAxis: axisOf(y, { nameGap: 50 }),
    toolbox: { show: false },
    brush: {
      xAxisIndex: 0, yAxisIndex: 0, transformable: true, removeOnClick: true, throttleType: 'debounce', throttleDelay: 100,
      brushStyle: { color: accent, opacity: 0.12, borderColor: accent, borderWidth: 1 },
      // Which runs are selected the server says, by all that is marked in any chart.
      inBrush: {}, outOfBrush: { colorAlpha: 1 },
    },
    tooltip: {
      ...box, trigger: 'item',
      formatter: ({ dataIndex }) => {
        const point = points[dataIndex];
        const node = document.createElement('div');
        const add = (tag, textContent) => node.append(Object.assign(document.createElement(tag), { textContent }));
        add('b', point.label);
        add('div', `${x.label} ${wordOf(x, point.x)}`);
        add('div', `${y.label} ${wordOf(y, point.y)}`);
        return node;
      },
    },
    series: [
      {
        type: 'scatter', symbolSize: points.length > 200 ? 7 : 10,
        data: points.map(point => ({
          value: [point.x, point.y],
          itemStyle: { color: cssColor(element, point.color), borderColor: surface, borderWidth: 1, opacity: point.faint ? 0.15 : 0.9 },
        })),
      },
      {
        type: 'line', step, silent: true, symbol: 'none', z: 1, lineStyle: { color: text, width: 1.5, type: [5, 4] }, tooltip: { show: false },
        data: front.map(place => [place.x, place.y]),
      },
    ],
  };
}
