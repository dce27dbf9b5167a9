// What a person marks on the axes of a chart, told to its component; what the component itself sets is not told back.

export function brushing(dotnet) {
  let known = '[]', quiet = false;
  const round = ({ name, low, high }) => ({ name, low: Number(low.toPrecision(6)), high: Number(high.toPrecision(6)) });

  return {
    /** Draws what the component said is marked. */
    quietly(ranges, draw) {
      known = JSON.stringify(ranges);
      quiet = true;
      try { draw(); } finally { quiet = false; }
    },
    /** @param ranges [{name, low, high}], in the order of the axes */
    tell(ranges) {
      const rounded = ranges.map(round);
      const now = JSON.stringify(rounded);
      if (quiet || now === known) return;
      known = now;
      dotnet.invokeMethodAsync('OnBrush', rounded);
    },
  };
}
