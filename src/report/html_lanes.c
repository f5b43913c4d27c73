#include <math.h>
#include <stdint.h>

#include "html_internal.h"

/*
 * Every stroke on the lane of its drum, a few bars to a line as in print. A stroke stands at its
 * place in the music; its triangle points to where it really was, larger the farther off.
 */

enum { LEFT = 74, WIDTH = 960, LANE = 19, TOP = 15, BARS_A_LINE = 4 };
static const double PIXELS_A_MS = 0.42;
static const double LONGEST = 17.0;

typedef enum shape { SHAPE_EARLY, SHAPE_ON, SHAPE_LATE, SHAPE_EXTRA, SHAPE_WRONG, SHAPES } shape;

static const char* const SHAPE_CLASS[SHAPES] = {"e", "o", "l", "x", "x"};

typedef struct bar_span {
  double start; /* ticks */
  double end;
} bar_span;

typedef struct system {
  size_t first; /* bars [first, end) */
  size_t end;
  double start; /* ticks */
  double stop;
  double scale;     /* pixels a tick */
  size_t mark;      /* first mark that may be in it */
  size_t next_mark; /* set by the walk */
} system_line;

typedef struct lanes {
  dt__html* html;
  dt_voice voice[DT_VOICE_COUNT];
  int lane_of[DT_VOICE_COUNT];
  int count;
  size_t bars;
} lanes;

static bar_span bar_at(const lanes* l, size_t bar) {
  const dt_study* study = l->html->study;
  if (study->alignment) {
    const dt_played_bar* played = &study->alignment->bars[bar];
    return (bar_span){(double)played->tick, (double)(played->tick + played->length)};
  }
  const double length = (double)study->marks.bar_ticks;
  return (bar_span){(double)bar * length, (double)(bar + 1) * length};
}

/* Where a mark is drawn: its place, or, of a stroke without one, where its neighbours put it. */
static double tick_of(const dt_marks* marks, size_t i) {
  const dt_mark* mark = &marks->items[i];
  if (!isnan(mark->tick))
    return mark->tick;
  size_t before = i;
  while (before > 0 && isnan(marks->items[before].tick))
    before--;
  size_t after = i;
  while (after + 1 < marks->count && isnan(marks->items[after].tick))
    after++;
  const dt_mark* a = &marks->items[before];
  const dt_mark* b = &marks->items[after];
  if (isnan(a->tick) || isnan(b->tick))
    return (double)NAN;
  const double share =
      b->time_s > a->time_s ? (mark->time_s - a->time_s) / (b->time_s - a->time_s) : 0.0;
  return a->tick + share * (b->tick - a->tick);
}

static double offset_of(const dt__html* html, const dt_mark* mark) {
  return html->draw_own ? mark->own_ms : mark->asynchrony_ms;
}

static shape shape_of(const dt__html* html, const dt_mark* mark) {
  if (mark->label == DT_LABEL_EXTRA || isnan(mark->tick))
    return SHAPE_EXTRA;
  if (mark->label == DT_LABEL_WRONG_DRUM)
    return SHAPE_WRONG;
  const double offset = offset_of(html, mark);
  return offset < -DT__HTML_ON_MS ? SHAPE_EARLY : offset > DT__HTML_ON_MS ? SHAPE_LATE : SHAPE_ON;
}

static double half_height(const dt_mark* mark) {
  return mark->loud == DT_LOUD_GHOST ? 3.0 : mark->loud == DT_LOUD_ACCENT ? 6.5 : 5.0;
}

static void put_shape(const lanes* l, const dt_mark* mark, shape kind, double x, double y) {
  dt__html* html = l->html;
  const double h = half_height(mark);
  dt__put(&html->page, "M");
  dt__html_number(html, x);
  dt__put(&html->page, " ");
  switch (kind) {
  case SHAPE_EARLY:
  case SHAPE_LATE: {
    const double offset = offset_of(html, mark);
    const double length = fmin(fabs(offset) * PIXELS_A_MS + 1.5, LONGEST);
    dt__html_number(html, y - h);
    dt__put(&html->page, "v%.0fl", 2.0 * h);
    dt__html_number(html, offset < 0.0 ? -length : length);
    dt__put(&html->page, " -%.0fz", h);
    return;
  }
  case SHAPE_ON:
    dt__html_number(html, y - h);
    dt__put(&html->page, "l2 %.0fl-2 %.0fl-2 -%.0fz", h, h, h);
    return;
  case SHAPE_EXTRA:
    dt__html_number(html, y);
    dt__put(&html->page, "m-3 -3l6 6m-6 0l6 -6");
    return;
  default:
    dt__html_number(html, y);
    dt__put(&html->page, "m-4 0l4 -4l4 4l-4 4z");
  }
}

static bool is_drawn(const dt_mark* mark) {
  return mark->order == 0 || mark->label == DT_LABEL_EXTRA;
}

/* Draws the strokes of one shape; returns how many. */
static size_t put_strokes(const lanes* l, system_line* s, shape kind) {
  const dt_marks* marks = &l->html->study->marks;
  size_t drawn = 0;
  size_t i = s->mark;
  for (; i < marks->count; i++) {
    const dt_mark* mark = &marks->items[i];
    const double tick = tick_of(marks, i);
    if (tick >= s->stop + 480.0)
      break; /* an early stroke of the next line may come before a late one of this */
    if (!is_drawn(mark) || !(tick >= s->start && tick < s->stop) || shape_of(l->html, mark) != kind)
      continue;
    if (drawn++ == 0)
      dt__put(&l->html->page, "<path class=\"%s\" d=\"", SHAPE_CLASS[kind]);
    put_shape(l, mark, kind, LEFT + (tick - s->start) * s->scale,
              TOP + LANE * (l->lane_of[mark->voice] + 0.5));
  }
  if (drawn > 0)
    dt__put(&l->html->page, "\"/>\n");
  return drawn;
}

/* Hollow rings where a note was missed. Moves *event past this line. */
static void put_missed(const lanes* l, const system_line* s, size_t* event) {
  const dt_alignment* a = l->html->study->alignment;
  size_t drawn = 0;
  for (; a && *event < a->event_count && (double)a->events[*event].note.tick < s->stop; ++*event) {
    const dt_event* e = &a->events[*event];
    const int lane = l->lane_of[dt_drum_voice(e->note.drum)];
    if (e->fate != DT_FATE_MISSED || (double)e->note.tick < s->start || lane < 0)
      continue;
    if (drawn++ == 0)
      dt__put(&l->html->page, "<path class=\"m\" d=\"");
    dt__put(&l->html->page, "M");
    dt__html_number(l->html, LEFT + ((double)e->note.tick - s->start) * s->scale - 4.0);
    dt__put(&l->html->page, " ");
    dt__html_number(l->html, TOP + LANE * (lane + 0.5));
    dt__put(&l->html->page, "a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z");
  }
  if (drawn > 0)
    dt__put(&l->html->page, "\"/>\n");
}

static void put_lines(const lanes* l, const system_line* s, bool bars_only) {
  const double beat = (double)dt_meter_beat_ticks(l->html->verdict->meter);
  const int height = LANE * l->count;
  dt__put(&l->html->page, "<path class=\"%s\" d=\"", bars_only ? "b" : "g");
  for (size_t bar = s->first; bar < s->end; bar++) {
    const bar_span span = bar_at(l, bar);
    const double step = bars_only ? span.end - span.start : beat;
    for (double tick = span.start; tick < span.end - 1.0; tick += step) {
      dt__put(&l->html->page, "M");
      dt__html_number(l->html, LEFT + (tick - s->start) * s->scale);
      dt__put(&l->html->page, " %dv%d", TOP, height);
    }
  }
  dt__put(&l->html->page, "\"/>\n");
}

static void put_fills(const lanes* l, const system_line* s) {
  const dt_fills* fills = &l->html->study->places.fills;
  for (size_t i = 0; i < fills->count; i++) {
    const double start = fmax(fills->items[i].tick, s->start);
    const double end = fmin(fills->items[i].end_tick + 240.0, s->stop);
    if (end <= start)
      continue;
    dt__put(&l->html->page, "<rect class=\"f\" x=\"");
    dt__html_number(l->html, LEFT + (start - s->start) * s->scale);
    dt__put(&l->html->page, "\" y=\"%d\" width=\"", TOP);
    dt__html_number(l->html, (end - start) * s->scale);
    dt__put(&l->html->page, "\" height=\"%d\"/>\n", LANE * l->count);
  }
}

static void put_labels(const lanes* l, const system_line* s) {
  for (int lane = 0; lane < l->count; lane++)
    dt__put(&l->html->page, "<text x=\"0\" y=\"%d\">%s</text>\n", TOP + LANE * lane + 13,
            dt_voice_name(l->voice[lane]));
  for (size_t bar = s->first; bar < s->end; bar++) {
    dt__put(&l->html->page, "<text x=\"");
    dt__html_number(l->html, LEFT + (bar_at(l, bar).start - s->start) * s->scale);
    dt__put(&l->html->page, "\" y=\"10\">%zu", bar + 1);
    const dt_alignment* a = l->html->study->alignment;
    if (a && a->bars[bar].jumped && bar > 0)
      dt__put(&l->html->page, " \u21b7 %d", a->bars[bar].written + 1);
    dt__put(&l->html->page, "</text>\n");
  }
}

static void put_system(const lanes* l, system_line* s, size_t* event) {
  dt__put(
      &l->html->page,
      "<svg class=\"system\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Bars %zu to %zu\">\n",
      WIDTH, TOP + LANE * l->count + 4, s->first + 1, s->end);
  put_fills(l, s);
  put_lines(l, s, false);
  put_lines(l, s, true);
  put_labels(l, s);
  for (int kind = 0; kind < SHAPES; kind++)
    put_strokes(l, s, (shape)kind);
  put_missed(l, s, event);
  dt__put(&l->html->page, "</svg>\n");
}

/* The next line: as many bars as fit, and where its marks begin. */
static system_line next_system(const lanes* l, size_t first, size_t mark) {
  const dt_marks* marks = &l->html->study->marks;
  const double room = BARS_A_LINE * (double)marks->bar_ticks;
  system_line s = {.first = first, .start = bar_at(l, first).start, .mark = mark};
  s.scale = (WIDTH - LEFT - 4) / room;
  s.end = first;
  while (s.end < l->bars && (s.end == first || bar_at(l, s.end).end - s.start <= room + 1.0))
    s.end++;
  s.stop = bar_at(l, s.end - 1).end;
  if (s.stop - s.start > room)
    s.scale = (WIDTH - LEFT - 4) / (s.stop - s.start);
  while (s.mark < marks->count && !(tick_of(marks, s.mark) >= s.start - 960.0))
    s.mark++;
  return s;
}

static bool find_lanes(lanes* l) {
  const dt_study* study = l->html->study;
  bool plays[DT_VOICE_COUNT] = {false};
  int last_bar = -1;
  for (size_t i = 0; i < study->marks.count; i++) {
    plays[study->marks.items[i].voice] = true;
    if (study->marks.items[i].bar > last_bar)
      last_bar = study->marks.items[i].bar;
  }
  for (size_t i = 0; study->alignment && i < study->alignment->event_count; i++)
    plays[dt_drum_voice(study->alignment->events[i].note.drum)] = true;
  /* As on paper: cymbals above, the foot below. */
  static const dt_voice ORDER[] = {DT_VOICE_CRASH, DT_VOICE_RIDE,       DT_VOICE_HIHAT,
                                   DT_VOICE_TOMS,  DT_VOICE_SNARE,      DT_VOICE_OTHER,
                                   DT_VOICE_KICK,  DT_VOICE_HIHAT_PEDAL};
  for (int v = 0; v < DT_VOICE_COUNT; v++) {
    l->lane_of[ORDER[v]] = plays[ORDER[v]] ? l->count : -1;
    if (plays[ORDER[v]])
      l->voice[l->count++] = ORDER[v];
  }
  l->bars = study->alignment ? study->alignment->bar_count : (size_t)(last_bar + 1);
  return l->bars > 0 && l->count > 0;
}

static void put_key(dt__html* html, const char* class, const char* path, const char* meaning) {
  dt__put(&html->page,
          "<li><svg viewBox=\"0 0 16 14\" aria-hidden=\"true\"><path class=\"%s\" d=\"%s\"/>"
          "</svg>%s</li>\n",
          class, path, meaning);
}

static void put_legend(dt__html* html) {
  const bool chart = html->study->alignment != NULL;
  dt__put(&html->page, "<ul class=\"legend\">\n");
  put_key(html, "e", "M12 2v10l-9 -5z", "you were early");
  put_key(html, "o", "M8 1l2 6l-2 6l-2 -6z", "on, within 6\u00a0ms");
  put_key(html, "l", "M4 2v10l9 -5z", "you were late");
  if (chart) {
    put_key(html, "m", "M4 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", "missed");
    put_key(html, "x", "M4 7l4 -4l4 4l-4 4z", "on another drum");
  }
  put_key(html, "x", "M5 4l6 6m-6 0l6 -6", chart ? "not in the chart" : "off the grid");
  if (chart)
    dt__put(&html->page, "<li>\u21b7 9: jumped to bar 9 of the chart</li>\n");
  dt__put(&html->page, "</ul>\n");
}

void dt__html_lanes(dt__html* html) {
  lanes l = {.html = html};
  if (!find_lanes(&l))
    return;
  dt__html_panel(html, "strokes", "Every stroke",
                 html->draw_own
                     ? "Each stroke at its place in the bar, pointing to where it was against your "
                       "own pulse (which may lie beside the click: see placement); the longer, the "
                       "farther off."
                     : "Each stroke at its place in the bar, pointing to where it was against the "
                       "click; the longer, the farther off.");
  put_legend(html);
  dt__html_wide(html, "Every stroke, bar by bar");
  size_t event = 0;
  size_t mark = 0;
  for (size_t bar = 0; bar < l.bars;) {
    system_line s = next_system(&l, bar, mark);
    put_system(&l, &s, &event);
    bar = s.end;
    mark = s.mark;
  }
  dt__html_wide_end(html);
  dt__html_panel_end(html);
}
