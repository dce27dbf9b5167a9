// One lens over many pictures: a factor and the place in the middle, as custom properties that all frames within read.
const STRONGEST = 16;
const STEP = 1.5;
const SETTLED = 300; // ms without a move, then the page is told

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * @param element its frames are marked data-lens, its buttons data-lens-step="in|out|all"
 * @param page told of the lens by OnLens(factor, x, y) once it has come to rest
 * @param lens {factor, x, y}; x and y from 0 to 1
 */
export function create(element, page, lens) {
  let settling, dragged;
  const ends = new AbortController();
  const on = (type, handler, options = {}) => element.addEventListener(type, handler, { ...options, signal: ends.signal });

  const show = ({ factor, x, y }) => {
    factor = clamp(factor, 1, STRONGEST);
    // No frame may show what lies beyond its picture's edge.
    const half = 0.5 / factor;
    lens = { factor, x: clamp(x, half, 1 - half), y: clamp(y, half, 1 - half) };
    for (const [name, value] of Object.entries(lens)) element.style.setProperty(`--${name}`, value);
    element.dataset.magnified = factor > 1;
  };
  const move = next => {
    show(next);
    clearTimeout(settling);
    settling = setTimeout(() => page.invokeMethodAsync('OnLens', lens.factor, lens.x, lens.y), SETTLED);
  };
  /** @param u, v the place in a frame, from its middle, that stays where it is */
  const zoom = (times, u = 0, v = 0) => {
    const factor = clamp(lens.factor * times, 1, STRONGEST);
    const shift = 1 / lens.factor - 1 / factor;
    move({ factor, x: lens.x + u * shift, y: lens.y + v * shift });
  };
  const pan = (u, v) => move({ ...lens, x: lens.x + u / lens.factor, y: lens.y + v / lens.factor });
  const steps = { in: () => zoom(STEP), out: () => zoom(1 / STEP), all: () => move({ factor: 1, x: 0.5, y: 0.5 }) };

  on('click', event => steps[event.target.closest('[data-lens-step]')?.dataset.lensStep]?.());
  on('wheel', event => {
    const frame = event.target.closest('[data-lens]')?.getBoundingClientRect();
    // Without Ctrl the wheel is the page's; a pinch on a touchpad comes as a wheel with Ctrl.
    if (!frame || !event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-clamp(event.deltaY, -50, 50) / 150), (event.clientX - frame.left) / frame.width - 0.5, (event.clientY - frame.top) / frame.height - 0.5);
  }, { passive: false });
  on('pointerdown', event => {
    const frame = event.target.closest('[data-lens]');
    if (!frame || lens.factor === 1 || event.button !== 0) return;
    frame.setPointerCapture(event.pointerId);
    dragged = { width: frame.clientWidth, height: frame.clientHeight };
  });
  on('pointermove', event => { if (dragged) pan(-event.movementX / dragged.width, -event.movementY / dragged.height); });
  for (const type of ['pointerup', 'pointercancel']) on(type, () => { dragged = null; });
  on('keydown', event => {
    if (event.target.closest('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = { '+': steps.in, '=': steps.in, '-': steps.out, 0: steps.all }[event.key]
      ?? (event.shiftKey && lens.factor > 1 && { ArrowLeft: () => pan(-0.2, 0), ArrowRight: () => pan(0.2, 0), ArrowUp: () => pan(0, -0.2), ArrowDown: () => pan(0, 0.2) }[event.key]);
    if (!key) return;
    event.preventDefault();
    key();
  });

  show(lens);
  document.dispatchEvent(new CustomEvent('maelab:lens', { detail: step => steps[step]() }));
  return {
    load: show,
    dispose() {
      clearTimeout(settling);
      ends.abort();
    },
  };
}
