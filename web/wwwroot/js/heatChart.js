// A table of numbers as colours, with the numbers in it where there is room for them.
import { chartOf, lookOf } from './echart.js';

const roomForText = 9;

/** @param model {rows: [text], columns: [text], cells: [{row, column, value, text, fill, ink}]} */
export const create = (element, model) => chartOf(element, model, toOption);

function toOption(element, { rows, columns, cells }) {
  const { surface, axis, font, tooltip: box } = lookOf(element);
  const side = data => ({ ...axis, type: 'category', data, splitLine: { show: false }, axisLine: { show: false } });
  return {
    animation: false,
    textStyle: font,
    grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
    xAxis: side(columns),
    yAxis: { ...side(rows), inverse: true },
    tooltip: { ...box, trigger: 'item', formatter: ({ dataIndex }) => wordsOf(cells[dataIndex], rows, columns) },
    series: [{
      type: 'heatmap',
      // Each cell has its own colour: pages and pictures have the same scale, which the server keeps.
      data: cells.map(({ row, column, value, text, fill, ink }) => ({
        value: [column, row, value],
        itemStyle: { color: fill, borderColor: surface, borderWidth: 2 },
        label: { show: columns.length <= roomForText, formatter: text, color: ink, fontSize: 12 },
      })),
      emphasis: { disabled: true },
    }],
    visualMap: { show: false, min: 0, max: 1, seriesIndex: [] },
  };
}

function wordsOf({ row, column, text }, rows, columns) {
  const node = document.createElement('div');
  node.append(`${rows[row]} and ${columns[column]}: ${text}`);
  return node;
}
