'use strict';
(() => {
  // ---- long texts that scroll can be reached by the keyboard ----
  for (const element of document.querySelectorAll('bdi, dd, pre, .detail')) {
    if (element.scrollHeight > element.clientHeight + 1 && getComputedStyle(element).overflowY === 'auto') element.tabIndex = 0;
  }

  // ---- tables: a heading sorts; what is absent stays last ----
  const compare = (a, b, numeric) => {
    if (a === '' || b === '') return a === b ? 0 : a === '' ? Infinity : -Infinity;
    return numeric ? Number(a) - Number(b) : a.localeCompare(b, 'en', {numeric: true});
  };
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.key === undefined ? cell.textContent : cell.dataset.key;
  };
  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const falling = head.getAttribute('aria-sort') === 'ascending';
        heads.forEach((other) => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
        const body = table.tBodies[0];
        const rows = [...body.rows].sort((a, b) => {
          const order = compare(keyOf(a, column), keyOf(b, column), head.dataset.type === 'number');
          return Number.isFinite(order) && falling ? -order : order;
        });
        body.append(...rows);
      });
    });
  }

  // ---- sequences: all cells of a section step together ----
  const kGap = 4;
  const kPicturesInARow = 4;
  const kMilliseconds = 180;
  const kRounds = 8;  // that a finished drawing stays

  class Sequence {
    constructor(figure) {
      this.frames = JSON.parse(figure.dataset.frames);
      this.image = figure.querySelector('img');
      this.canvas = document.createElement('canvas');
      this.figure = figure;
      const {width, height, tops, original} = this.frames;
      this.cell = (original ? 2 * width + 1 : width) + kGap;
      const across = Math.min(tops.length, kPicturesInARow);
      this.across = across;
      this.canvas.width = across * this.cell - kGap;
      this.canvas.height = Math.ceil(tops.length / across) * (height + kGap) - kGap;
      this.canvas.setAttribute('role', 'img');
      this.image.after(this.canvas);
      this.label = document.createElement('span');
      this.label.className = 'detail glimpse';
      figure.querySelector('figcaption').append(this.label);
      this.show(true);
    }
    get count() { return this.frames.glimpses.length; }
    show(playing) {
      this.figure.classList.toggle('played', playing);
      this.canvas.hidden = this.label.hidden = !playing;
    }
    draw(step) {
      const at = Math.min(step, this.count - 1);
      const {lefts, tops, width, height, original, glimpses, of} = this.frames;
      const context = this.canvas.getContext('2d');
      context.clearRect(0, 0, this.canvas.width, this.canvas.height);
      tops.forEach((top, i) => {
        const x = (i % this.across) * this.cell;
        const y = Math.floor(i / this.across) * (height + kGap);
        const paste = (column, left) =>
            context.drawImage(this.image, lefts[column], top, width, height, left, y, width, height);
        if (original) paste(0, x);
        paste(at + (original ? 1 : 0), original ? x + width + 1 : x);
      });
      const text = `Glimpse ${glimpses[at]} of ${of}.`;
      this.label.textContent = text;
      this.canvas.setAttribute('aria-label', `${this.image.alt}. ${text}`);
    }
  }

  class Player {
    constructor(section) {
      this.sequences = [...section.querySelectorAll('figure[data-frames]')].map((figure) => new Sequence(figure));
      const bar = section.querySelector('.player');
      this.slider = bar.querySelector('input[type="range"]');
      this.button = bar.querySelector('.play');
      this.last = Math.max(...this.sequences.map((sequence) => sequence.count)) - 1;
      this.slider.max = String(this.last);
      this.timer = 0;
      this.rest = 0;
      this.slider.addEventListener('input', () => { this.pause(); this.go(Number(this.slider.value)); });
      this.button.addEventListener('click', () => (this.timer ? this.pause() : this.play()));
      bar.querySelector('.back').addEventListener('click', () => { this.pause(); this.go(this.step - 1); });
      bar.querySelector('.forth').addEventListener('click', () => { this.pause(); this.go(this.step + 1); });
      bar.querySelector('.whole').addEventListener('change', (event) => {
        this.pause();
        this.sequences.forEach((sequence) => sequence.show(!event.target.checked));
      });
      bar.hidden = false;
      this.go(this.last);
      for (const {image} of this.sequences) {
        if (!image.complete) image.addEventListener('load', () => this.go(this.step));
      }
    }
    go(step) {
      this.step = Math.min(Math.max(step, 0), this.last);
      this.slider.value = String(this.step);
      this.slider.setAttribute('aria-valuetext', `step ${this.step + 1} of ${this.last + 1}`);
      this.sequences.forEach((sequence) => sequence.draw(this.step));
    }
    play() {
      this.button.textContent = 'Pause';
      if (this.step === this.last) this.go(0);
      this.timer = setInterval(() => {
        if (this.step < this.last) this.go(this.step + 1);
        else if (++this.rest >= kRounds) { this.rest = 0; this.go(0); }
      }, kMilliseconds);
    }
    pause() {
      clearInterval(this.timer);
      this.timer = 0;
      this.button.textContent = 'Play';
    }
  }
  document.querySelectorAll('section.sequences').forEach((section) => new Player(section));

  // ---- plots: the drawn ones stay for print, these can be explored ----
  const colorOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const data = JSON.parse(document.getElementById('plot-data').textContent);
  const made = [];

  const seriesOf = (line) => ({
    label: line.name,
    stroke: colorOf(`--c${line.color}`),
    width: line.dashed ? 1.4 : 2,
    dash: line.dashed ? [5, 4] : undefined,
    spanGaps: true,
    points: {show: line.values.filter((value) => value !== null).length === 1, size: 8, fill: colorOf(`--c${line.color}`)},
  });

  // As the drawn ones: the first points of some lines do not stretch the plot.
  const heightOf = (plot) => (self) => {
    const [from, to] = self.series[0].idxs;
    const within = (respects) => plot.lines.flatMap((line) => line.values.filter((value, i) =>
      value !== null && i >= from && i <= to && (!respects || i >= line.unscaled)));
    const counted = within(true).length > 0 ? within(true) : within(false);
    return counted.length > 0 ? uPlot.rangeNum(Math.min(...counted), Math.max(...counted), 0.1, true) : [0, 1];
  };

  const explore = (plot) => {
    const figure = document.getElementById(plot.id);
    const host = figure.querySelector('.explore');
    const readout = figure.querySelector('.readout');
    const hint = 'Point at a line for its numbers; drag to zoom, double-click to see all.';
    const axis = {stroke: colorOf('--soft'), grid: {stroke: colorOf('--rule'), width: 1}, ticks: {show: false},
                  font: '12px system-ui, "DejaVu Sans", sans-serif'};
    let near = null;
    const tell = (chart) => {
      const at = chart.cursor.idx;
      const value = near === null || at === null || at === undefined ? null : chart.data[near][at];
      readout.textContent = value === null || value === undefined ? hint
        : `${chart.series[near].label}: ${plot.x_label} ${chart.data[0][at]}, ${value.toFixed(2)} ${plot.y_label}`;
    };
    host.replaceChildren();
    host.hidden = readout.hidden = false;
    const chart = new uPlot({
      width: host.clientWidth, height: Math.max(220, Math.min(320, host.clientWidth * 0.5)),
      scales: {x: {time: false}, y: {range: heightOf(plot)}}, legend: {show: false},
      cursor: {focus: {prox: 24}, points: {size: 7}}, focus: {alpha: 0.25},
      axes: [{...axis, label: plot.x_label, labelSize: 18, size: 30, labelFont: axis.font, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]},
             {...axis, label: plot.y_label, labelSize: 20, labelFont: axis.font, size: 56}],
      series: [{label: plot.x_label}, ...plot.lines.map(seriesOf)],
      hooks: {setSeries: [(self, index) => { near = index; tell(self); }], setCursor: [tell]},
    }, [plot.x, ...plot.lines.map((line) => line.values)], host);
    figure.querySelector('svg').style.display = 'none';
    chart.root.setAttribute('aria-hidden', 'true');
    readout.textContent = hint;
    return {chart, host};
  };
  const exploreAll = () => {
    made.splice(0).forEach(({chart}) => chart.destroy());
    data.forEach((plot) => made.push(explore(plot)));
  };
  exploreAll();
  // ---- paper shows what is folded too ----
  let unfolded = [];
  window.addEventListener('beforeprint', () => {
    unfolded = [...document.querySelectorAll('details:not([open])')];
    unfolded.forEach((details) => { details.open = true; });
  });
  window.addEventListener('afterprint', () => unfolded.forEach((details) => { details.open = false; }));

  let waiting = 0;
  window.addEventListener('resize', () => { clearTimeout(waiting); waiting = setTimeout(exploreAll, 150); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', exploreAll);
})();
