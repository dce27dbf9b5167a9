// Runs as lines over parallel axes; dragging along an axis marks a stretch of it.
import { cssColor, formatNumber } from './canvas.js';
import { chartOf, lookOf } from './echart.js';
import { brushing } from './brush.js';

/**
 * @param model {axes: [{name, label, categories: null | [text], percent, flipped}],
 *   lines: [{label, color, values: [number | null], faint}], ranges: [{name, low, high}]}
 */
export function create(element, dotnet, model) {
  const brush = brushing(dotnet);
  return chartOf(element, model, toOption, {
    watch(chart, current) {
      chart.on('axisareaselected', () => brush.tell(current().axes.flatMap(({ name }, index) => {
        // The newest of several stretches of one axis counts.
        const [low, high] = chart.getModel().getComponent('parallelAxis', index).activeIntervals.at(-1) ?? [];
        return low === undefined ? [] : [{ name, low, high }];
      })));
    },
    drawn(chart, { axes, ranges }) {
      brush.quietly(ranges, () => axes.forEach(({ name }, index) => {
        const range = ranges.find(r => r.name === name);
        if (range) chart.dispatchAction({ type: 'axisAreaSelect', parallelAxisId: `axis-${index}`, intervals: [[range.low, range.high]] });
      }));
      // Stretches that no pointer drew have a grey of ECharts' own (6.1.0), which hides what lies below.
      const style = marked(element);
      chart.getZr().storage.getDisplayList(true).filter(shape => shape.name === 'main').forEach(shape => shape.setStyle(style));
    },
  });
}

function marked(element) {
  const accent = cssColor(element, 'var(--accent)');
  return { fill: accent, stroke: accent, opacity: 0.3 };
}

function toOption(element, { axes, lines }) {
  const { muted, text, surface, font, axis, tooltip: box } = lookOf(element);
  const accent = marked(element);
  // Lines run behind the numbers of the axes.
  const label = { ...axis.axisLabel, color: text, textBorderColor: surface, textBorderWidth: 3 };
  const wordOf = ({ categories, percent }, value) => value == null ? '–' : categories?.[value] ?? formatNumber(value, percent);
  return {
    animation: false,
    textStyle: font,
    parallel: {
      left: 50, right: 60, top: 44, bottom: 24,
      parallelAxisDefault: {
        ...axis, nameLocation: 'end', nameGap: 14, nameTextStyle: { color: text, fontSize: 12 }, axisLine: { lineStyle: { color: muted } },
        nameTruncate: { maxWidth: 130 },
      },
    },
    parallelAxis: axes.map((own, index) => ({
      id: `axis-${index}`, dim: index, name: own.label, inverse: own.flipped, realtime: false,
      areaSelectStyle: { width: 18, borderWidth: 1, borderColor: accent.stroke, color: accent.fill, opacity: accent.opacity },
      ...(own.categories
        ? { type: 'category', data: own.categories, axisLabel: label }
        : { type: 'value', scale: true, axisLabel: { ...label, formatter: value => formatNumber(value, own.percent) } }),
    })),
    tooltip: {
      ...box, trigger: 'item',
      formatter: ({ dataIndex }) => {
        const line = lines[dataIndex];
        const node = document.createElement('div');
        const add = (tag, textContent) => node.append(Object.assign(document.createElement(tag), { textContent }));
        add('b', line.label);
        axes.forEach((own, index) => add('div', `${own.label} ${wordOf(own, line.values[index])}`));
        return node;
      },
    },
    series: [{
      type: 'parallel', smooth: 0, activeOpacity: 0.85, inactiveOpacity: 0.08,
      data: lines.map(({ values, color, faint }) => ({
        value: values.map(value => value ?? '-'),
        lineStyle: { color: faint ? muted : cssColor(element, color), width: lines.length > 200 ? 1 : 1.75, opacity: faint ? 0.12 : 0.75 },
      })),
    }],
  };
}
