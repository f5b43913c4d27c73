#include "jtd_plot.h"

#include <math.h>

#include "dt/swing.h"

enum { WIDTH = 760, HEIGHT = 460, LEFT = 64, RIGHT = 20, TOP = 24, BOTTOM = 56 };
static const double BPM_LOW = 80.0;
static const double BPM_HIGH = 330.0;
static const double RATIO_LOW = 0.75;
static const double RATIO_HIGH = 4.5;

static double x_of(double bpm) {
  return LEFT + (bpm - BPM_LOW) / (BPM_HIGH - BPM_LOW) * (WIDTH - LEFT - RIGHT);
}

/* Ratios on a logarithmic scale: 2:1 is as far from 1:1 as 4:1 is from 2:1. */
static double y_of(double ratio) {
  const double r = fmin(fmax(ratio, RATIO_LOW), RATIO_HIGH);
  return HEIGHT - BOTTOM -
         log(r / RATIO_LOW) / log(RATIO_HIGH / RATIO_LOW) * (HEIGHT - TOP - BOTTOM);
}

static void style(FILE* f) {
  fprintf(f,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
          "height=\"%d\" role=\"img\" aria-label=\"Swing ratios of jazz drummers against tempo, "
          "with the published line\">\n<style>\n"
          ".paper{fill:#ffffff}.ink{fill:#1f2328}.grid{stroke:#d8dee4}.dot{fill:#0969da}"
          ".bar{stroke:#0969da}.norm{stroke:#bc4c00}.normt{fill:#a04100}.short{stroke:#6e5494}"
          ".shortt{fill:#6e5494}.solo{stroke:#57606a}.solot{fill:#57606a}\n"
          "@media (prefers-color-scheme:dark){.paper{fill:#0d1117}.ink{fill:#e6edf3}"
          ".grid{stroke:#30363d}.dot{fill:#79c0ff}.bar{stroke:#79c0ff}.norm{stroke:#ffa657}"
          ".normt{fill:#ffa657}.short{stroke:#d2a8ff}.shortt{fill:#d2a8ff}.solo{stroke:#9da7b3}"
          ".solot{fill:#9da7b3}}\n"
          "text{font-family:system-ui,sans-serif;font-size:13px}\n</style>\n"
          "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n",
          WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT);
}

static void line(FILE* f, const char* class, const char* more, double x1, double y1, double x2,
                 double y2) {
  fprintf(f, "<line class=\"%s\" %s x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class,
          more, x1, y1, x2, y2);
}

static void axes(FILE* f) {
  static const double RATIOS[] = {1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0};
  for (size_t k = 0; k < sizeof(RATIOS) / sizeof(RATIOS[0]); ++k) {
    const double y = y_of(RATIOS[k]);
    line(f, "grid", "", LEFT, y, WIDTH - RIGHT, y);
    fprintf(f, "<text class=\"ink\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%g:1</text>\n",
            LEFT - 8, y + 4.5, RATIOS[k]);
  }
  for (int bpm = 100; bpm < (int)BPM_HIGH; bpm += 50) {
    line(f, "grid", "", x_of(bpm), TOP, x_of(bpm), HEIGHT - BOTTOM);
    fprintf(f, "<text class=\"ink\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%d</text>\n",
            x_of(bpm), HEIGHT - BOTTOM + 20, bpm);
  }
  fprintf(f,
          "<text class=\"ink\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">tempo, beats a "
          "minute</text>\n",
          (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12);
  fprintf(f,
          "<text class=\"ink\" text-anchor=\"middle\" transform=\"translate(16 %d) "
          "rotate(-90)\">swing ratio, long : short</text>\n",
          (TOP + HEIGHT - BOTTOM) / 2);
}

static void norms(FILE* f) {
  fprintf(f, "<polyline class=\"norm\" fill=\"none\" stroke-width=\"2.5\" points=\"");
  for (double bpm = 120.0; bpm <= 300.0; bpm += 5.0) {
    fprintf(f, "%.1f,%.1f ", x_of(bpm), y_of(dt_swing_norm_ratio(bpm)));
  }
  fprintf(f, "\"/>\n<polyline class=\"short\" fill=\"none\" stroke-width=\"2\" "
             "stroke-dasharray=\"7 4\" points=\"");
  for (double bpm = 112.0; bpm <= 320.0; bpm += 4.0) {
    fprintf(f, "%.1f,%.1f ", x_of(bpm), y_of((60e3 / bpm - 100.0) / 100.0));
  }
  fprintf(f, "\"/>\n");
  const double solo = y_of(DT_SWING_SOLOIST_RATIO);
  line(f, "solo", "stroke-width=\"1.5\" stroke-dasharray=\"2 4\"", LEFT, solo, WIDTH - RIGHT, solo);
  fprintf(f,
          "<text class=\"normt\" x=\"%.1f\" y=\"%.1f\">ride cymbal, Friberg &amp; "
          "Sundström</text>\n",
          x_of(196.0), y_of(2.75));
  fprintf(f, "<text class=\"shortt\" x=\"%.1f\" y=\"%.1f\">short note of 100 ms</text>\n",
          x_of(138.0), y_of(4.0));
  fprintf(f, "<text class=\"solot\" x=\"%d\" y=\"%.1f\">typical of soloists, 1.3:1</text>\n",
          LEFT + 6, solo - 6.0);
}

void jtd_plot(FILE* f, const jtd_track* tracks, size_t count) {
  style(f);
  axes(f);
  norms(f);
  for (size_t k = 0; k < count; ++k) {
    const jtd_track* t = &tracks[k];
    if (t->median.known != DT_KNOWN) {
      continue;
    }
    const double x = x_of(t->bpm);
    line(f, "bar", "stroke-width=\"1.6\"", x, y_of(t->median.low), x, y_of(t->median.high));
    fprintf(f,
            "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"><title>%s: %.2f:1 (%.2f to "
            "%.2f) at %.0f bpm</title></circle>\n",
            x, y_of(t->median.value), t->name, t->median.value, t->median.low, t->median.high,
            t->bpm);
  }
  fprintf(f, "</svg>\n");
}
