// Curves as data: what of them is in view, and drawing them on anything that has the methods of a canvas.

/**
 * @typedef {{x: number[], min: number[], max: number[], last: number[], smoothed?: number[], n?: number[]}} Curve x in
 *   rising order; min to max is the envelope of each bucket, or the interval of a mean; smoothed: the line in front of
 *   last; n: how many seeds a mean is over
 */

/** The stretch of x that the curves take up; on a log axis without what lies at zero and below. */
export function extentOf(curves, logX) {
  let min = Infinity, max = -Infinity;
  for (const { x } of curves) {
    const first = logX ? x.find(value => value > 0) : x[0];
    if (first < min) min = first;
    if (x[x.length - 1] > max) max = x[x.length - 1];
  }
  if (max < min) return logX ? [1, 10] : [0, 1];
  if (max > min) return [min, max];
  return logX ? [min / 2, min * 2] : [min - 1, max + 1];
}

/**
 * The stretch of y to draw for that of x.
 * @returns {{range: [number, number], cap: number, head: number}} values above cap are cut off and marked at the upper
 *   edge, but left of head they only run out of it
 */
export function heightOf(curves, [from, to], { zoomed, logX, logY }) {
  let min = Infinity, max = -Infinity;
  const lows = [], highs = [];
  const means = curves.some(curve => curve.n);
  // A curve that begins high up, as a loss does, would be flat ever after: its first steps run out at the top unless
  // one zooms to them. (A log axis shows them.)
  const head = zoomed || logX || logY ? -Infinity : from + (to - from) * 0.05;
  for (const curve of curves) {
    const falls = curve.x.length > 20 && beginsHigh(curve);
    for (let i = lowerBound(curve.x, from); i < curve.x.length && curve.x[i] <= to; i++) {
      // A mean of one seed has no interval.
      const low = Number.isFinite(curve.min[i]) ? curve.min[i] : curve.last[i];
      const high = Number.isFinite(curve.max[i]) ? curve.max[i] : curve.last[i];
      if (Number.isFinite(low) && (!logY || low > 0)) { if (means) lows.push(low); if (low < min) min = low; }
      if (Number.isFinite(high) && !(falls && curve.x[i] < head)) { highs.push(high); if (high > max) max = high; }
    }
  }
  // One run that explodes must not press all others flat; it is marked instead (and a log axis shows it whole).
  const usual = quantile(highs, means ? 0.98 : 0.995, max);
  // Nor may the interval of a mean with such a run in it, which reaches as far down as up.
  if (means && !logY) min = Math.max(min, 1.5 * quantile(lows, 0.02, min) - 0.5 * usual);
  const reach = min + 2 * (usual - min);
  const cap = !logY && usual > min && max > reach ? reach : Infinity;
  if (cap < Infinity) max = highs.findLast(high => high <= cap);
  if (max < min) return { range: logY ? [0.1, 1] : [0, 1], cap, head };
  if (logY) return { range: [min / 1.15, max * 1.15], cap, head };
  const pad = max === min ? Math.abs(max) * 0.1 || 1 : (max - min) * 0.06;
  return { range: [min - pad, max + pad], cap, head };
}

/**
 * @param ctx a canvas context, or an SvgContext
 * @param frame {left, top, width, height, x, y, ratio}: the plot's box, where a value lies, device pixels a pixel
 * @param look {colors: [css], series: [{dash, exact, marks: [x]}], view, cap, head, logX, logY}
 */
export function drawCurves(ctx, curves, frame, look) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(frame.left, frame.top, frame.width, frame.height);
  ctx.clip();
  ctx.lineJoin = 'round';
  curves.forEach((curve, s) => { if (curve.x.length > 0) drawCurve(ctx, curve, frame, look, s); });
  ctx.restore();
}

function drawCurve(ctx, { x, min, max, last, smoothed, n }, frame, { colors, series, view, cap, head, logX, logY }, s) {
  const { ratio } = frame;
  // One point beyond each edge, so that lines run into the frame.
  const begin = Math.max(lowerBound(x, view[0]) - 1, logX ? lowerBound(x, Number.MIN_VALUE) : 0);
  const end = Math.min(lowerBound(x, view[1]) + 2, x.length);
  const many = colors.length > 24;
  const px = i => frame.x(x[i]), py = frame.y;
  const isDrawn = value => Number.isFinite(value) && !(logY && value <= 0);
  ctx.strokeStyle = ctx.fillStyle = colors[s];
  if (!series[s].exact) {
    ctx.globalAlpha = smoothed && !n ? 0.14 : 0.2;
    for (let i = begin; i < end; i++) {
      if (!isDrawn(max[i])) continue;
      const first = i;
      ctx.beginPath();
      for (; i < end && isDrawn(max[i]); i++) ctx.lineTo(px(i), py(max[i]));
      // On a log axis what reaches down to zero runs out at the bottom.
      for (let j = i - 1; j >= first; j--) ctx.lineTo(px(j), isDrawn(min[j]) ? py(min[j]) : frame.top + frame.height);
      ctx.fill();
    }
  }
  const stroke = (values, alpha, width, dash) => {
    ctx.globalAlpha = alpha;
    ctx.lineWidth = width * ratio;
    ctx.setLineDash(dash.map(length => length * ratio));
    ctx.beginPath();
    let open = false;
    for (let i = begin; i < end; i++) {
      if (!isDrawn(values[i])) { open = false; continue; }
      open ? ctx.lineTo(px(i), py(values[i])) : ctx.moveTo(px(i), py(values[i]));
      open = true;
    }
    ctx.stroke();
  };
  if (smoothed) stroke(last, 0.3, 1, []);
  stroke(smoothed ?? last, many ? 0.75 : 1, many ? 1.25 : 1.75, series[s].dash);
  for (let i = begin; i < end; i++) {
    if (!(max[i] > cap) || x[i] < head) continue;
    pointUp(ctx, Math.min(Math.max(px(i), frame.left), frame.left + frame.width), frame.top + 2 * ratio, 5 * ratio);
  }
  for (const mark of series[s].marks) {
    if (mark >= view[0] && mark <= view[1]) pointUp(ctx, frame.x(mark), frame.top + frame.height - 6 * ratio, 3.5 * ratio);
  }
  if (x.length === 1 && isDrawn(last[0])) {
    ctx.beginPath();
    ctx.arc(px(0), py(last[0]), 3 * ratio, 0, 2 * Math.PI);
    ctx.fill();
  }
}

/** A small triangle below its tip. */
function pointUp(ctx, x, y, half) {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - half, y + half * 1.6);
  ctx.lineTo(x + half, y + half * 1.6);
  ctx.fill();
}

/** Index of the point next to an x; -1 where the curve does not reach it. */
export function nearest({ x }, at) {
  const end = x[x.length - 1];
  if (x.length === 0 || at < x[0] - 1e-9 || at > end + (end - x[0]) / 50) return -1;
  const i = Math.min(lowerBound(x, at), x.length - 1);
  return i > 0 && at - x[i - 1] < x[i] - at ? i - 1 : i;
}

/** Whether the first value lies in the upper fifth of all. */
function beginsHigh({ min, max }) {
  let lowest = Infinity, highest = -Infinity;
  for (const column of [min, max]) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
  }
  return max[0] > highest - 0.2 * (highest - lowest);
}

/** Of few values that says nothing. */
function quantile(values, share, ofFew) {
  return values.length > 50 ? values.sort((a, b) => a - b)[Math.floor(values.length * share)] : ofFew;
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
