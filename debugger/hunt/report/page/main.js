/**
 * The report's page, besides the timeline (tracer/timeline/page): copies the command line, and shows
 * which row a card is about. JavaScript, because it runs in a browser; bundled to dist/report.js.
 */

for (const button of document.querySelectorAll('button.copy')) {
  const code = button.parentElement.querySelector('code');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 1500);
    } catch {
      // Where a page may not copy, a person can.
      getSelection().selectAllChildren(code);
    }
  });
}

for (const side of document.querySelectorAll('.side[data-row]')) {
  const row = document.getElementById(`row-${side.dataset.row}`);
  side.addEventListener('pointerenter', () => row?.classList.add('lit'));
  side.addEventListener('pointerleave', () => row?.classList.remove('lit'));
}
