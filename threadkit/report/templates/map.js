// Inflates the plotting library that travels in this page, runs it, and draws the map in the page's colours.
(async () => {
  "use strict";
  const drawing = document.getElementById("drawing");
  const read = (id) => document.getElementById(id).textContent;

  async function inflate(base64) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  // The policy of this page allows exactly this text as a script, by its checksum.
  async function loadLibrary() {
    const script = document.createElement("script");
    script.textContent = await inflate(read("library"));
    document.head.append(script);
  }

  function colours() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    return {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      "font.color": colour("--ink"),
      "modebar.bgcolor": "rgba(0,0,0,0)",
      "modebar.color": colour("--soft"),
      "modebar.activecolor": colour("--ink"),
      "hoverlabel.bgcolor": colour("--surface"),
      "hoverlabel.bordercolor": colour("--rule-strong"),
      "hoverlabel.font.color": colour("--ink"),
    };
  }

  async function paint() {
    await window.Plotly.relayout(drawing, colours());
    const pale = getComputedStyle(document.documentElement).getPropertyValue("--pale").trim();
    const ungrouped = drawing.data.findIndex((trace) => trace.meta === "ungrouped");
    if (ungrouped >= 0) await window.Plotly.restyle(drawing, { "marker.color": pale }, [ungrouped]);
  }

  function goTo(event) {
    const crux = document.getElementById("crux-" + event.points[0].customdata);
    if (!crux) return;
    crux.querySelectorAll(":scope > details").forEach((details) => { details.open = true; });
    location.hash = crux.id;
  }

  async function draw() {
    await loadLibrary();
    const figure = JSON.parse(read("figure"));
    const layout = { ...figure.layout, showlegend: false, autosize: true };
    // A finger on the map scrolls the page and reads points; a mouse draws a box to come closer.
    const touch = matchMedia("(pointer: coarse)").matches;
    layout.dragmode = touch ? false : "zoom";
    layout.height = window.innerWidth < 700 ? 380 : 560;
    const config = {
      displaylogo: false,
      responsive: true,
      scrollZoom: false,
      displayModeBar: true,
      modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
    };
    await window.Plotly.newPlot(drawing, figure.data, layout, config);
    await paint();
    if (!touch) drawing.on("plotly_click", goTo);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
    drawing.dataset.drawn = "yes";
  }

  function whenNear() {
    return new Promise((resolve) => {
      const watch = new IntersectionObserver((entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          watch.disconnect();
          resolve();
        }
      }, { rootMargin: "800px" });
      watch.observe(drawing);
    });
  }

  try {
    await whenNear();
    await draw();
  } catch (error) {
    drawing.textContent = "This browser could not draw the map (" + error.message + "). Everything else on the page is complete.";
  }
})();
