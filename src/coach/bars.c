#include <math.h>
#include <string.h>

#include "dt/coach_clean.h"

/* A take bar by bar: what was written, what was struck, and where against the grid. */

typedef struct walker {
  dt_bar_heard* bars;
  int count;
  const dt_part* part;
  dt_tick start; /* of the part, in ticks of the grid */
  double voice_ms[DT_VOICE_COUNT];
  size_t voice_count[DT_VOICE_COUNT];
} walker;

/* The bar that a tick of the grid is in, or -1. Anticipations belong to the bar they lead into. */
static int bar_at(const walker* w, double tick) {
  const double at = tick - (double)w->start;
  int low = 0;
  int high = w->count;
  while (low < high) {
    const int middle = (low + high) / 2;
    const dt_part_bar* b = &w->part->bars[middle];
    if ((double)(b->tick + b->length) > at)
      high = middle;
    else
      low = middle + 1;
  }
  return at < 0.0 || low >= w->count ? -1 : low;
}

static void write_down(walker* w) {
  for (int b = 0; b < w->count; ++b) {
    const dt_part_bar* bar = &w->part->bars[b];
    memset(&w->bars[b], 0, sizeof w->bars[b]);
    w->bars[b].bar = b;
    w->bars[b].written = bar->written;
    w->bars[b].level_db = (double)NAN;
    w->bars[b].length_s =
        dt_part_seconds(w->part, bar->tick + bar->length) - dt_part_seconds(w->part, bar->tick);
  }
  for (size_t i = 0; i < w->part->note_count; ++i) {
    const dt_part_note* n = &w->part->notes[i];
    if (n->bar < w->count) {
      ++w->bars[n->bar].notes;
      w->bars[n->bar].fill = w->bars[n->bar].fill || n->fill >= 0;
    }
  }
}

static void count_fates(walker* w, const dt_alignment* alignment) {
  for (int b = 0; b < w->count; ++b)
    w->bars[b].missed = w->bars[b].notes;
  for (size_t i = 0; i < alignment->event_count; ++i) {
    const dt_event* e = &alignment->events[i];
    const int b = bar_at(w, (double)e->note.tick);
    if (b >= 0 && e->fate == DT_FATE_HIT && w->bars[b].missed > 0)
      --w->bars[b].missed;
  }
}

static bool counts(const dt_mark* m) {
  return isfinite(m->asynchrony_ms) && isfinite(m->tick) && m->order == 0 &&
         m->ornament != DT_ROLL && m->label != DT_LABEL_EXTRA;
}

/* Mean asynchrony of every bar, each voice about its own place. */
static void bar_means(walker* w, const dt_marks* marks) {
  for (int b = 0; b < w->count; ++b) {
    w->bars[b].mean_ms = 0.0;
    w->bars[b].strokes = 0;
  }
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* m = &marks->items[i];
    const int b = counts(m) ? bar_at(w, m->tick) : -1;
    if (b >= 0) {
      w->bars[b].mean_ms += m->asynchrony_ms - w->voice_ms[m->voice];
      ++w->bars[b].strokes;
    }
  }
  for (int b = 0; b < w->count; ++b)
    if (w->bars[b].strokes > 0)
      w->bars[b].mean_ms /= w->bars[b].strokes;
}

/* Where each voice usually is, apart from what all do together. */
static void voice_places(walker* w, const dt_marks* marks) {
  double sum[DT_VOICE_COUNT] = {0};
  memset(w->voice_count, 0, sizeof w->voice_count);
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* m = &marks->items[i];
    const int b = counts(m) ? bar_at(w, m->tick) : -1;
    if (b >= 0) {
      sum[m->voice] += m->asynchrony_ms - w->bars[b].mean_ms;
      ++w->voice_count[m->voice];
    }
  }
  for (int v = 0; v < DT_VOICE_COUNT; ++v)
    w->voice_ms[v] = w->voice_count[v] > 0 ? sum[v] / (double)w->voice_count[v] : 0.0;
}

static void spread(walker* w, const dt_marks* marks) {
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* m = &marks->items[i];
    const int b = counts(m) ? bar_at(w, m->tick) : -1;
    if (b >= 0) {
      const double e = m->asynchrony_ms - w->voice_ms[m->voice] - w->bars[b].mean_ms;
      w->bars[b].squares_ms2 += e * e;
    }
  }
}

static void levels(walker* w, const dt_marks* marks) {
  for (int b = 0; b < w->count; ++b) {
    double sum = 0.0;
    int count = 0;
    for (size_t i = 0; i < marks->count; ++i) {
      const dt_mark* m = &marks->items[i];
      if (isfinite(m->level_db) && counts(m) && bar_at(w, m->tick) == b) {
        sum += m->level_db;
        ++count;
      }
    }
    w->bars[b].level_db = count > 0 ? sum / count : (double)NAN;
  }
}

/* An extra stroke has no place in the music, only a time: the click's. */
static void count_extras(walker* w, const dt_take* take, const dt_marks* marks) {
  if (!take->has_click)
    return;
  for (size_t i = 0; i < marks->count; ++i)
    if (marks->items[i].label == DT_LABEL_EXTRA) {
      const int b = bar_at(w, dt_tempo_map_ticks(&take->click, marks->items[i].time_s) *
                                  (DT_TICKS_PER_QUARTER / (double)take->click.ticks_per_quarter));
      if (b >= 0)
        ++w->bars[b].extra;
    }
}

int dt_bars_heard(dt_bar_heard* bars, int room, const dt_take* take, const dt_marks* marks,
                  const dt_alignment* alignment, const dt_part* part, dt_tick part_tick, int done) {
  const int whole = part->bar_count < (size_t)room ? (int)part->bar_count : room;
  walker w = {.bars = bars, .part = part, .start = part_tick};
  w.count = done < whole ? done : whole;
  if (w.count <= 0)
    return 0;
  write_down(&w);
  count_fates(&w, alignment);
  /* Bars and voices share what is seen; two turns settle it well enough. */
  for (int turn = 0; turn < 2; ++turn) {
    bar_means(&w, marks);
    voice_places(&w, marks);
  }
  bar_means(&w, marks);
  spread(&w, marks);
  levels(&w, marks);
  count_extras(&w, take, marks);
  return w.count;
}
