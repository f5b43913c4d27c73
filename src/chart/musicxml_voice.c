#include <math.h>
#include <string.h>

#include "musicxml_writer.h"

#define TICKS_OF_256TH 15
#define TICKS_OF_BREVE (8 * (dt_tick)DT_TICKS_PER_QUARTER)

/* ---- voices */

static bool is_foot(const dt__xml_item* item) {
  return dt__xml_drum_at(item->note->drum)->is_foot;
}

/* Does something else of its voice begin while it is rolled, or roll on to another end? */
static bool is_interrupted(const dt__xml_item* items, size_t count, size_t i) {
  const dt__xml_item* roll = &items[i];
  for (size_t k = 0; k < count; k++) {
    const dt__xml_item* other = &items[k];
    if (k == i || is_foot(other) != is_foot(roll))
      continue;
    if (other->at > roll->at && other->at < roll->until)
      return true;
    if (other->until == 0 || other->until <= roll->at || other->at >= roll->until)
      continue;
    if (other->at != roll->at || other->until != roll->until)
      return true;
  }
  return false;
}

int dt__xml_give_voices(dt__xml_item* items, size_t count) {
  dt_tick busy_until[DT_DRUM_COUNT + 3] = {0};
  int last = 1;
  for (size_t i = 0; i < count; i++) {
    dt__xml_item* item = &items[i];
    item->voice = is_foot(item) ? 2 : 1;
    if (item->until > 0 && is_interrupted(items, count, i)) {
      item->voice = 3;
      /* No more rolls at once than drums. */
      while (busy_until[item->voice] > item->at)
        item->voice++;
      busy_until[item->voice] = item->until;
    }
    if (item->voice > last)
      last = item->voice;
  }
  return last;
}

/* ---- rhythm */

typedef struct writer {
  dt__xml_out* out;
  const dt__xml_voice_bar* bar;
  dt_tick beat;
  size_t left; /* notes and rests of the tuplet still to come; 0 outside */
  bool is_begun;
  bool is_counting;
} writer;

/* The next item of the voice from i on. */
static size_t next_item(const dt__xml_voice_bar* bar, size_t i) {
  while (i < bar->count && bar->items[i].voice != bar->voice)
    i++;
  return i;
}

/* What fills the voice at a tick: a chord (items [first, first + ...) of the voice at one place) or
 * nothing, until `end`. */
typedef struct stretch {
  dt_tick start;
  dt_tick end;
  size_t first; /* item; bar->count for a rest */
} stretch;

static dt_tick beat_end(const writer* w, dt_tick at) {
  const dt_tick end = (at / w->beat + 1) * w->beat;
  return end < w->bar->length ? end : w->bar->length;
}

static dt_tick chord_until(const writer* w, size_t first, size_t* after) {
  const dt__xml_voice_bar* bar = w->bar;
  const dt_tick at = bar->items[first].at;
  dt_tick until = 0;
  size_t i = first;
  for (; i < bar->count && bar->items[i].at == at; i = next_item(bar, i + 1))
    if (bar->items[i].until > until)
      until = bar->items[i].until;
  *after = i;
  return until;
}

/* The stretch that begins at or covers `at`; *item is where to look, and moves on. */
static stretch stretch_at(const writer* w, dt_tick at, size_t* item) {
  const dt__xml_voice_bar* bar = w->bar;
  for (;;) {
    size_t after = bar->count;
    const size_t first = next_item(bar, *item);
    if (first >= bar->count)
      return (stretch){at, bar->length, bar->count};
    const dt_tick start = bar->items[first].at;
    if (start > at)
      return (stretch){at, start, bar->count};
    const dt_tick until = chord_until(w, first, &after);
    const dt_tick next = after < bar->count ? bar->items[after].at : bar->length;
    dt_tick end = until > 0 ? until : beat_end(w, start);
    if (end > next)
      end = next;
    if (at < end)
      return (stretch){start, end, first};
    if (at < next)
      return (stretch){end, next, bar->count};
    *item = after;
  }
}

/* The longest note of whole units, dotted or not, in `units` of them. */
static dt_tick longest_value(dt_tick units, dt_tick unit_nominal, dt_tick* nominal, int* dots) {
  dt_tick best = 1;
  *dots = 0;
  while (best * 2 <= units && best * 2 * unit_nominal <= TICKS_OF_BREVE)
    best *= 2;
  *nominal = best * unit_nominal;
  if (best >= 2 && best / 2 * 3 <= units) {
    *dots = 1;
    return best / 2 * 3;
  }
  return best;
}

static void put_value(writer* w, const stretch* s, dt_tick from, dt__xml_value value) {
  if (w->is_counting) {
    w->left++;
    return;
  }
  if (value.actual > 0) {
    value.begins_tuplet = !w->is_begun;
    value.ends_tuplet = w->left == 1;
    w->is_begun = true;
    w->left--;
  }
  const dt__xml_voice_bar* bar = w->bar;
  /* Only a roll goes on after its first piece; what is left of a plain chord is silence. */
  dt__xml_item chord[DT_DRUM_COUNT + 1];
  size_t count = 0;
  for (size_t i = s->first; i < bar->count && bar->items[i].at == s->start && count < DT_DRUM_COUNT;
       i = next_item(bar, i + 1))
    if (from == s->start || bar->items[i].until > 0)
      chord[count++] = bar->items[i];
  if (count > 0)
    dt__xml_put_chord(w->out, chord, count, from, &value, bar->is_alone);
  else
    dt__xml_put_rest(w->out, &value, bar->voice);
}

/* How one window of a bar is divided: so many units, each of a nominal value. */
typedef struct division {
  dt_tick units;
  dt_tick nominal; /* of one */
  int actual;      /* 0: no tuplet */
  int normal;
} division;

static dt_tick unit_tick(dt_tick length, dt_tick unit, dt_tick units) {
  return (2 * length * unit + units) / (2 * units);
}

/* The unit that a tick of the window stands on, -1 for none. */
static dt_tick unit_of(dt_tick length, dt_tick tick, dt_tick units) {
  const dt_tick unit = (2 * tick * units + length) / (2 * length);
  return unit_tick(length, unit, units) == tick ? unit : -1;
}

static bool is_divided_so(const writer* w, dt_tick begin, dt_tick end, size_t item, dt_tick units) {
  for (dt_tick at = begin; at < end;) {
    const stretch s = stretch_at(w, at, &item);
    if (unit_of(end - begin, at - begin, units) < 0)
      return false;
    at = s.end;
  }
  return true;
}

/* The largest power of two below. */
static int normal_of(int actual) {
  int normal = 1;
  while (normal * 2 < actual)
    normal *= 2;
  return normal;
}

static bool is_power_of_two(dt_tick n) {
  return n > 0 && (n & (n - 1)) == 0;
}

static bool find_division(const writer* w, dt_tick begin, dt_tick end, size_t item, division* d) {
  static const int actuals[] = {3, 5, 7, 9, 11, 13, 15};
  const dt_tick length = end - begin;
  *d = (division){.units = length / TICKS_OF_256TH, .nominal = TICKS_OF_256TH};
  if (length % TICKS_OF_256TH == 0 && is_divided_so(w, begin, end, item, d->units))
    return true;
  if (length % TICKS_OF_256TH != 0 || !is_power_of_two(length / TICKS_OF_256TH))
    return false;
  for (dt_tick fine = 1; fine <= 8; fine *= 2)
    for (size_t i = 0; i < sizeof actuals / sizeof *actuals; i++) {
      const int normal = normal_of(actuals[i]);
      const dt_tick nominal = length / normal / fine;
      if (nominal < TICKS_OF_256TH || length % (normal * fine) != 0 || length / actuals[i] < 1 ||
          !is_divided_so(w, begin, end, item, actuals[i] * fine))
        continue;
      *d = (division){actuals[i] * fine, nominal, actuals[i], normal};
      return true;
    }
  return false;
}

static void put_divided(writer* w, dt_tick begin, dt_tick end, size_t item, const division* d) {
  const dt_tick length = end - begin;
  for (dt_tick at = begin; at < end;) {
    const stretch s = stretch_at(w, at, &item);
    const dt_tick until = s.end < end ? s.end : end;
    dt_tick unit = unit_of(length, at - begin, d->units);
    const dt_tick last = until == end ? d->units : unit_of(length, until - begin, d->units);
    while (unit < last) {
      dt__xml_value value = {.actual = d->actual, .normal = d->normal};
      const dt_tick taken = longest_value(last - unit, d->nominal, &value.nominal, &value.dots);
      const dt_tick from = begin + unit_tick(length, unit, d->units);
      value.ticks = begin + unit_tick(length, unit + taken, d->units) - from;
      put_value(w, &s, from, value);
      unit += taken;
    }
    at = until;
  }
}

/* No note values: only how long each lasts. */
static void put_odd(writer* w, dt_tick begin, dt_tick end, size_t item) {
  for (dt_tick at = begin; at < end;) {
    const stretch s = stretch_at(w, at, &item);
    const dt_tick until = s.end < end ? s.end : end;
    put_value(w, &s, at, (dt__xml_value){.ticks = until - at});
    at = until;
  }
}

/* A window that no note values divide may have a half that some do. */
static void put_window(writer* w, dt_tick begin, dt_tick end, size_t item) {
  division d;
  if (find_division(w, begin, end, item, &d)) {
    w->left = 0;
    w->is_begun = false;
    if (d.actual > 0) {
      w->is_counting = true;
      put_divided(w, begin, end, item, &d);
      w->is_counting = false;
    }
    put_divided(w, begin, end, item, &d);
    return;
  }
  const dt_tick length = end - begin;
  const dt_tick parts = length % (3 * 4 * TICKS_OF_256TH) == 0 ? 3 : 2;
  if (length < 8 * TICKS_OF_256TH || length % (parts * 4 * TICKS_OF_256TH) != 0) {
    put_odd(w, begin, end, item);
    return;
  }
  for (dt_tick part = 0; part < parts; part++)
    put_window(w, begin + length * part / parts, begin + length * (part + 1) / parts, item);
}

/* A roll, or silence, that fills whole beats is written in one piece where a note value has that
 * length. The result is where it ends, or `at`. */
static dt_tick put_long(writer* w, dt_tick at, size_t* item) {
  const stretch s = stretch_at(w, at, item);
  if (s.start > at || s.end - at < 2 * w->beat || s.first == w->bar->count)
    return at;
  const dt_tick whole = (s.end - at) / w->beat * w->beat;
  dt__xml_value value = {.actual = 0};
  const dt_tick taken =
      longest_value(whole / TICKS_OF_256TH, TICKS_OF_256TH, &value.nominal, &value.dots) *
      TICKS_OF_256TH;
  if (taken % w->beat != 0)
    return at;
  value.ticks = taken;
  put_value(w, &s, at, value);
  return at + taken;
}

static void put_whole_rest(const writer* w) {
  DT__XML_PUT(w->out,
              "      <note>\n        <rest measure=\"yes\"/>\n        <duration>%lld</duration>\n"
              "        <voice>%d</voice>\n      </note>\n",
              (long long)w->bar->length, w->bar->voice);
}

void dt__xml_put_voice(dt__xml_out* out, const dt__xml_voice_bar* bar) {
  writer w = {.out = out, .bar = bar, .beat = dt_meter_beat_ticks(bar->meter)};
  if (next_item(bar, 0) >= bar->count) {
    put_whole_rest(&w);
    return;
  }
  size_t item = 0;
  for (dt_tick at = 0; at < bar->length && out->status == DT_OK;) {
    const dt_tick end = put_long(&w, at, &item);
    if (end > at) {
      at = end;
      continue;
    }
    const dt_tick until = beat_end(&w, at);
    put_window(&w, at, until, item);
    at = until;
  }
}
