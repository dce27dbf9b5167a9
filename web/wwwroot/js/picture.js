// Charts as files for a paper: white ground, black text, the legend included.
import { cssColor } from './canvas.js';
import { SvgContext } from './svgContext.js';

export const pictureSize = { width: 720, height: 400 };

const margin = 12, row = 20, mark = 26;
/** PNG: pixels a unit, about 300 a printed inch on a page 16 cm wide. */
const density = 3;

/** Calls back with an element on which the theme's colours are those of paper, whatever the page's are. */
export async function onPaper(draw) {
  const paper = document.body.appendChild(Object.assign(document.createElement('div'), { className: 'paper' }));
  try {
    return await draw(paper);
  } finally {
    paper.remove();
  }
}

/**
 * Puts title and legend around a chart and hands it to the browser as a download.
 * @param format 'svg' or 'png'
 * @param text {name: of the file without its ending, title, legend: [{label, color, dash}]}
 * @param draw called with an element of the paper and the size; its answer is SVG
 */
export async function savePicture(format, { name, title, legend }, draw) {
  const svg = await onPaper(async paper => frame(await draw(paper, pictureSize), title, legend.map(entry => ({ ...entry, color: cssColor(paper, entry.color) }))));
  const drawing = new Blob([svg.text], { type: 'image/svg+xml' });
  download(format === 'png' ? await toPng(drawing, svg) : drawing, `${name}.${format}`);
}

function frame(chart, title, legend) {
  const { width } = pictureSize;
  const ctx = new SvgContext();
  ctx.text(title, width / 2, margin + 14, { anchor: 'middle', size: 14, weight: 600 });
  const top = margin + 28;
  let [x, y] = [margin, top + pictureSize.height + row];
  for (const { label, color, dash } of legend) {
    const wide = mark + 8 + widthOf(label) + 18;
    if (x > margin && x + wide > width - margin) [x, y] = [margin, y + row];
    ctx.strokeStyle = color;
    ctx.lineWidth = 3;
    ctx.setLineDash(dash ?? []);
    ctx.beginPath();
    ctx.moveTo(x, y - 4);
    ctx.lineTo(x + mark, y - 4);
    ctx.stroke();
    ctx.text(label, x + mark + 8, y);
    x += wide;
  }
  const height = (legend.length > 0 ? y : top + pictureSize.height) + margin;
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, Helvetica, Arial, sans-serif">
<rect width="${width}" height="${height}" fill="#fff"/>
<g transform="translate(0 ${top})">${chart}</g>
${ctx}
</svg>
`;
  return { text, width, height };
}

let measure;
function widthOf(text) {
  measure ??= Object.assign(document.createElement('canvas').getContext('2d'), { font: '12px Inter, Helvetica, Arial, sans-serif' });
  return measure.measureText(text).width;
}

async function toPng(drawing, { width, height }) {
  const address = URL.createObjectURL(drawing);
  try {
    const image = Object.assign(new Image(), { src: address });
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: width * density, height: height * density });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
  } finally {
    URL.revokeObjectURL(address);
  }
}

function download(content, name) {
  const address = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  // The browser begins to read within this turn; a minute is for slow disks.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
