// What must work before the first paint and without a circuit: the palette, the skip link, and loading a lost page again.
(() => {
  const key = 'maelab.theme';
  const system = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => { try { return localStorage.getItem(key); } catch { return null; } };

  const show = theme => {
    if (document.documentElement.dataset.theme === theme) return;
    document.documentElement.dataset.theme = theme;
    document.dispatchEvent(new CustomEvent('maelab:theme'));
  };
  // Without a choice of one's own the system's preference counts.
  const apply = () => show(stored() ?? (system.matches ? 'dark' : 'light'));

  apply();
  system.addEventListener('change', apply);
  addEventListener('storage', event => { if (event.key === key) apply(); });

  document.addEventListener('click', event => {
    if (event.target.closest('[data-theme-switch]')) {
      const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
      try { localStorage.setItem(key, next); } catch { /* private window: the choice lasts for this page */ }
      show(next);
    }
    if (event.target.closest('[data-skip]')) {
      event.preventDefault();
      document.getElementById('main').focus();
    }
    if (event.target.closest('[data-reload]')) location.reload();
    for (const panel of document.querySelectorAll('details[data-panel][open]')) {
      if (!panel.contains(event.target) || event.target.closest('a[href]')) panel.open = false;
    }
  });

  document.addEventListener('keydown', event => {
    const panel = event.key === 'Escape' && event.target.closest('details[data-panel][open]');
    if (panel) {
      panel.open = false;
      panel.querySelector('summary').focus();
    }
  });

  // What a handle does with these keys the server decides; the page must not scroll meanwhile.
  document.addEventListener('keydown', event => {
    if (event.target.closest('[data-keys="move"]') && ['ArrowUp', 'ArrowDown', 'Home'].includes(event.key)) event.preventDefault();
  });
  // A lens comes a moment after its buttons: what they were pressed for meanwhile waits for it.
  const waiting = [];
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-lens-step]');
    if (button && !button.closest('[data-magnified]')) waiting.push(button.dataset.lensStep);
  });
  document.addEventListener('maelab:lens', event => waiting.splice(0).forEach(event.detail));

  // Without any data some browsers do not begin to drag.
  document.addEventListener('dragstart', event => event.dataTransfer?.setData('text/plain', ''));

  // The server is back but has forgotten this page, as after a restart. The event does not bubble, hence the capture.
  document.addEventListener('components-reconnect-state-changed', event => {
    if (event.detail.state === 'rejected') location.reload();
  }, true);
})();
