// What our charts over ECharts share: size, theme, being told of another model, and being saved.
import * as echarts from '../lib/echarts/echarts.esm.min.js';
import { cssColor, onThemeChange } from './canvas.js';
import { savePicture } from './picture.js';

/**
 * @param toOption (element whose theme gives the colours, model) => ECharts' option
 * @param watch (chart, () => model): listens to what a person does with the chart
 * @param drawn (chart, model): after every drawing, for what an option cannot say
 */
export function chartOf(element, model, toOption, { watch, drawn } = {}) {
  const chart = echarts.init(element, null, { renderer: 'svg' });
  const show = () => {
    chart.setOption(toOption(element, model), { notMerge: true });
    drawn?.(chart, model);
  };
  const resize = new ResizeObserver(() => chart.resize());
  resize.observe(element);
  const unsubscribe = onThemeChange(show);
  watch?.(chart, () => model);
  show();
  return {
    load(newModel) { model = newModel; show(); },
    save(format, text) { return savePicture(format, text, (paper, size) => toSvg(paper, size, toOption(paper, model))); },
    dispose() {
      unsubscribe();
      resize.disconnect();
      chart.dispose();
    },
  };
}

function toSvg(paper, size, option) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** Looks that the axes of all charts share. */
export function lookOf(element) {
  const [text, muted, grid, surface] = ['var(--text)', 'var(--muted)', 'var(--line)', 'var(--surface)'].map(color => cssColor(element, color));
  return {
    text, muted, grid, surface,
    font: { fontFamily: 'Inter, Helvetica, Arial, sans-serif' },
    axis: {
      nameLocation: 'middle', nameTextStyle: { color: muted, fontSize: 12 },
      axisLabel: { color: muted, fontSize: 12 }, axisTick: { show: false }, axisLine: { lineStyle: { color: grid } },
      splitLine: { lineStyle: { color: grid } },
    },
    tooltip: { backgroundColor: surface, borderColor: grid, textStyle: { color: text, fontSize: 12 } },
  };
}
