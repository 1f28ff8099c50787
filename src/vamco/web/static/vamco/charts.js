// Draws each plot of the page from what its figure carries. The table beside it says the same without this.
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const NARROW = 600; // pixels: a plot on a phone
const STATES = { attention: "--attention", serious: "--serious", critical: "--critical" };

function lineOf(plot, series, place) {
  const colour = series.isThreshold ? css("--serious") : css(`--series-${place}`);
  const hollow = { color: css("--surface"), borderColor: colour, borderWidth: 2 };
  const shapes = { estimated: { symbol: "circle", symbolSize: 8, itemStyle: hollow }, partial: { symbol: "triangle", symbolSize: 9, itemStyle: hollow } };
  const plain = { symbol: "circle", symbolSize: series.isThreshold ? 0 : 5 };
  return {
    type: "line",
    name: series.label,
    data: series.points.map(([value, , , mark]) => ({ value: value === null ? null : value * plot.scale, ...(shapes[mark] ?? plain) })),
    connectNulls: false,
    showAllSymbol: true,
    color: colour,
    lineStyle: { width: series.isThreshold ? 1.5 : 2, type: series.isThreshold ? "dashed" : "solid" },
    endLabel: { show: plot.series.length > 1, formatter: "{a}", color: colour, width: plot.labelWidth, overflow: "break", lineHeight: 15 },
    labelLayout: { moveOverlap: "shiftY" },
    emphasis: { scale: 1.8 },
    animation: false,
  };
}

function targetOf(plot, target) {
  return {
    type: "line",
    name: target.label,
    data: target.values.map((value) => (value === null ? null : value * plot.scale)),
    step: "middle",
    symbol: "none",
    color: css("--ink-quiet"),
    lineStyle: { width: 1, type: "dotted" },
    animation: false,
    silent: true,
  };
}

function bandOf(plot, band) {
  const far = band.below ? -1e12 : 1e12;
  const ends = [band.from * plot.scale, (band.to ?? far) * (band.to === null ? 1 : plot.scale)];
  return [{ yAxis: Math.min(...ends), itemStyle: { color: css(`${STATES[band.level]}-soft`) } }, { yAxis: Math.max(...ends) }];
}

// Behind the first line stand the bands and the breaks of the series.
function backdrop(plot) {
  const breaks = plot.breaks.map(({ at, words }) => ({ xAxis: at, label: { formatter: words } }));
  return {
    markArea: { silent: true, data: plot.bands.filter((band) => STATES[band.level]).map((band) => bandOf(plot, band)) },
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: css("--ink-quiet"), type: "solid", width: 1 },
      label: { color: css("--ink-quiet"), position: "insideEndTop", distance: 4 },
      data: breaks,
    },
  };
}

function axesOf(plot, format) {
  const words = { color: css("--ink-quiet"), fontFamily: css("--sans"), fontSize: 12 };
  const values = plot.series.flatMap((series) => series.points.map(([value]) => value)).filter((value) => value !== null);
  return {
    xAxis: {
      type: "category",
      data: plot.periods,
      boundaryGap: false,
      axisLabel: { ...words, hideOverlap: true, alignMinLabel: "left", alignMaxLabel: "right" },
      axisLine: { lineStyle: { color: css("--line-strong") } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      name: plot.unit,
      nameTextStyle: { ...words, align: "left" },
      scale: plot.scale === 100 && Math.min(...values) > 0.5,
      max: plot.scale === 100 && Math.max(...values) <= 1 && Math.max(...values) > 0.5 ? 100 : null,
      axisLabel: { ...words, formatter: format },
      splitLine: { lineStyle: { color: css("--line") } },
    },
  };
}

function optionsOf(plot, format) {
  const lines = plot.series.map((series, place) => lineOf(plot, series, place));
  Object.assign(lines[0], backdrop(plot));
  const targets = plot.targets.map((target) => targetOf(plot, target));
  return {
    ...axesOf(plot, format),
    series: [...lines, ...targets],
    grid: { left: 8, right: plot.series.length > 1 ? plot.labelWidth + 12 : 24, top: 36, bottom: 8, containLabel: true },
    textStyle: { fontFamily: css("--sans"), color: css("--ink") },
    tooltip: { trigger: "axis", renderMode: "richText", showContent: false, axisPointer: { lineStyle: { color: css("--accent") } } },
  };
}

class Chart {
  constructor(figure, echarts) {
    this.figure = figure;
    this.plot = JSON.parse(figure.dataset.plot);
    this.canvas = figure.querySelector(".plot-canvas");
    this.words = figure.querySelector(".plot-words");
    this.number = new Intl.NumberFormat(this.plot.language === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: 2 });
    this.at = { series: 0, period: this.plot.periods.length - 1 };
    this.chart = echarts.init(this.canvas, null, { renderer: "canvas" });
    this.draw();
    this.hook();
  }

  draw() {
    this.plot.labelWidth = this.canvas.clientWidth < NARROW ? 88 : 150;
    this.chart.setOption(optionsOf(this.plot, (value) => this.number.format(value)), true);
  }

  hook() {
    new ResizeObserver(() => this.chart.resize()).observe(this.canvas);
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("focus", () => this.show());
    this.chart.on("updateAxisPointer", ({ axesInfo: [axis] = [] }) => {
      if (axis) this.tell((this.at.period = axis.value));
    });
    this.chart.on("click", ({ seriesIndex, dataIndex }) => this.open(seriesIndex, dataIndex));
    const button = this.figure.querySelector("[data-png]");
    button.hidden = false;
    button.addEventListener("click", () => this.save());
  }

  key(event) {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -1e6], End: [0, 1e6] };
    if (event.key === "Enter") return this.open(this.at.series, this.at.period);
    const step = steps[event.key];
    if (!step) return undefined;
    event.preventDefault();
    const within = (value, n) => Math.min(Math.max(value, 0), n - 1);
    this.at = { series: within(this.at.series + step[0], this.plot.series.length), period: within(this.at.period + step[1], this.plot.periods.length) };
    return this.show();
  }

  show() {
    this.chart.dispatchAction({ type: "downplay" });
    this.chart.dispatchAction({ type: "highlight", seriesIndex: this.at.series, dataIndex: this.at.period });
    this.tell(this.at.period);
  }

  tell(period) {
    const said = this.plot.series.map(({ label, points }) => `${label}: ${points[period][1]}`);
    this.words.textContent = `${this.plot.periods[period]} · ${said.join(" · ")}`;
  }

  open(series, period) {
    const point = this.plot.series[series]?.points[period];
    if (point) window.location.assign(point[2]);
  }

  // The picture with the facts of its passport below it, so that it never travels without them.
  async save() {
    const picture = new Image();
    picture.src = this.chart.getDataURL({ pixelRatio: 2, backgroundColor: css("--surface") });
    await picture.decode();
    const facts = [...this.figure.querySelectorAll(".plot-facts dt")].map((name) => `${name.textContent}: ${name.nextElementSibling.textContent}`);
    const sheet = new Sheet(picture, [this.plot.title, ...facts]);
    const link = document.createElement("a");
    link.download = `${this.figure.querySelector("[data-png]").dataset.png}.png`;
    link.href = sheet.drawn().toDataURL("image/png");
    link.click();
  }
}

class Sheet {
  constructor(picture, lines) {
    this.picture = picture;
    this.canvas = document.createElement("canvas");
    this.canvas.width = picture.width;
    this.context = this.canvas.getContext("2d");
    this.context.font = this.font();
    this.lines = lines.flatMap((line) => this.broken(line));
    this.canvas.height = picture.height + 48 + this.lines.length * 32;
  }

  font() {
    return `22px ${css("--sans")}`;
  }

  broken(line) {
    const rows = [""];
    for (const word of line.split(" ")) {
      const longer = `${rows.at(-1)} ${word}`.trim();
      if (this.context.measureText(longer).width > this.canvas.width - 48) rows.push(word);
      else rows[rows.length - 1] = longer;
    }
    return rows;
  }

  drawn() {
    const { context, canvas } = this;
    context.fillStyle = css("--surface");
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.picture, 0, 0);
    context.fillStyle = css("--ink");
    context.font = this.font();
    this.lines.forEach((line, place) => context.fillText(line, 24, this.picture.height + 40 + place * 32));
    return canvas;
  }
}

export async function drawAll(root) {
  const figures = [...root.querySelectorAll("[data-plot]")].filter((figure) => figure.querySelector(".plot-canvas"));
  if (figures.length === 0) return;
  const echarts = await import(figures[0].dataset.library);
  await document.fonts.ready;
  for (const figure of figures) new Chart(figure, echarts);
}

drawAll(document);
