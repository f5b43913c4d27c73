#include "dt/part.h"

#include <string.h>

#include "chart_internal.h"

#define BARS_MAX  100000
#define NOTES_MAX 5000000

/* What stands in a written bar. */
typedef struct page {
  dt_tick tick;
  dt_tick length;
  size_t first_note;
  size_t note_end;
  size_t first_fill; /* no fill before this span ends after the bar's start */
  size_t next_span;  /* the first that begins after the bar's start */
  int section;
} page;

typedef struct unrolling {
  const dt_chart* chart;
  const dt_allocator* allocator;
  page* pages;
  dt_part* part;
} unrolling;

/* A bar's page after the page of the bar before. */
static page turn(const dt_chart* chart, int bar, const page* before) {
  page p = {.section = -1};
  if (before != NULL) {
    p.tick = before->tick + before->length;
    p.first_note = before->note_end;
    p.first_fill = before->first_fill;
    p.next_span = before->next_span;
    p.section = before->section;
  }
  p.length = dt_chart_bar_tick(chart, bar + 1) - p.tick;
  p.note_end = p.first_note;
  while (p.note_end < chart->note_count && chart->notes[p.note_end].tick < p.tick + p.length)
    p.note_end++;
  const dt_chart_span* spans = chart->spans;
  while (p.first_fill < chart->span_count &&
         (!spans[p.first_fill].fill || spans[p.first_fill].end <= p.tick))
    p.first_fill++;
  for (; p.next_span < chart->span_count && spans[p.next_span].start <= p.tick; p.next_span++)
    if (!spans[p.next_span].fill)
      p.section = (int)p.next_span;
  if (p.section >= 0 && spans[p.section].end <= p.tick)
    p.section = -1;
  return p;
}

static dt_status read_pages(unrolling* u) {
  const size_t count = (size_t)u->chart->bar_count;
  u->pages = dt_alloc(u->allocator, count * sizeof *u->pages);
  if (u->pages == NULL)
    return DT_NO_MEMORY;
  for (size_t i = 0; i < count; i++)
    u->pages[i] = turn(u->chart, (int)i, i > 0 ? &u->pages[i - 1] : NULL);
  return DT_OK;
}

/* The written bars in the order of playing, from the top again after the last. */
static dt_status lay_bars(unrolling* u, size_t count) {
  dt_part* part = u->part;
  const dt_chart* chart = u->chart;
  const dt_chart_segment all = {0, chart->bar_count, 1};
  const dt_chart_segment* order = chart->order_count > 0 ? chart->order : &all;
  const size_t order_count = chart->order_count > 0 ? chart->order_count : 1;
  part->bars = dt_alloc(u->allocator, count * sizeof *part->bars);
  if (part->bars == NULL)
    return DT_NO_MEMORY;
  part->bar_count = count;
  size_t segment = 0;
  int time = 0;
  int inside = 0;
  for (size_t i = 0; i < count; i++) {
    const dt_chart_segment* s = &order[segment];
    const int written = s->first_bar + inside;
    const page* p = &u->pages[written];
    part->bars[i] = (dt_part_bar){.tick = part->end,
                                  .length = p->length,
                                  .meter = dt_tempo_map_meter(&chart->map, (double)p->tick),
                                  .written = written,
                                  .section = p->section};
    part->end += p->length;
    if (++inside < s->bar_count)
      continue;
    inside = 0;
    if (++time < s->times)
      continue;
    time = 0;
    segment = (segment + 1) % order_count;
  }
  return DT_OK;
}

/* The next bar played is the next one written. */
static bool goes_on(const dt_part* part, size_t bar) {
  return bar + 1 < part->bar_count && part->bars[bar + 1].written == part->bars[bar].written + 1;
}

/* Until when a roll that begins in `bar` can go on. */
static dt_tick played_until(const dt_part* part, size_t bar, dt_tick end) {
  while (end > part->bars[bar].tick + part->bars[bar].length && goes_on(part, bar))
    bar++;
  return part->bars[bar].tick + part->bars[bar].length;
}

static dt_status lay_notes(unrolling* u) {
  dt_part* part = u->part;
  size_t count = 0;
  for (size_t b = 0; b < part->bar_count; b++)
    count += u->pages[part->bars[b].written].note_end - u->pages[part->bars[b].written].first_note;
  if (count > NOTES_MAX)
    return DT_TOO_LARGE;
  if (count == 0)
    return DT_OK;
  part->notes = dt_alloc(u->allocator, count * sizeof *part->notes);
  if (part->notes == NULL)
    return DT_NO_MEMORY;
  part->note_count = count;
  size_t at = 0;
  for (size_t b = 0; b < part->bar_count; b++) {
    const dt_part_bar* bar = &part->bars[b];
    const page* p = &u->pages[bar->written];
    for (size_t i = p->first_note; i < p->note_end; i++) {
      dt_part_note* n = &part->notes[at++];
      *n = (dt_part_note){u->chart->notes[i], (int)b, (int)i, bar->section, -1};
      n->note.tick += bar->tick - p->tick;
      dt__roll_cut(&n->note, played_until(part, b, n->note.tick + n->note.length));
    }
  }
  return DT_OK;
}

/* Writes the fills as played, or only counts them while there is nowhere to write. */
static size_t lay_fills(const unrolling* u) {
  dt_part* part = u->part;
  size_t count = 0;
  for (size_t b = 0; b < part->bar_count; b++) {
    const dt_part_bar* bar = &part->bars[b];
    const page* p = &u->pages[bar->written];
    const dt_tick moved = bar->tick - p->tick;
    for (size_t i = p->first_fill; i < u->chart->span_count; i++) {
      const dt_chart_span* span = &u->chart->spans[i];
      if (span->start >= p->tick + p->length)
        break;
      if (!span->fill || span->end <= p->tick)
        continue;
      const bool is_begun = span->start < p->tick && b > 0 && goes_on(part, b - 1);
      count += !is_begun;
      if (part->fills == NULL)
        continue;
      dt_chart_span* fill = &part->fills[count - 1];
      if (!is_begun) {
        *fill = *span;
        fill->start = moved + (span->start > p->tick ? span->start : p->tick);
      }
      const dt_tick until = p->tick + p->length;
      fill->end = moved + (span->end < until ? span->end : until);
    }
  }
  return count;
}

static dt_status mark_fills(unrolling* u) {
  dt_part* part = u->part;
  const size_t count = lay_fills(u);
  if (count == 0)
    return DT_OK;
  part->fills = dt_alloc(u->allocator, count * sizeof *part->fills);
  if (part->fills == NULL)
    return DT_NO_MEMORY;
  part->fill_count = count;
  (void)lay_fills(u);
  size_t fill = 0;
  for (size_t i = 0; i < part->note_count; i++) {
    const dt_tick tick = part->notes[i].note.tick;
    while (fill < count && part->fills[fill].end <= tick)
      fill++;
    if (fill < count && part->fills[fill].start <= tick)
      part->notes[i].fill = (int)fill;
  }
  return DT_OK;
}

static const dt_tempo_change* tempo_at(const dt_tempo_map* map, dt_tick tick) {
  size_t low = 0;
  size_t high = map->tempo_count;
  while (high - low > 1) {
    const size_t at = low + (high - low) / 2;
    if (map->tempi[at].tick <= tick)
      low = at;
    else
      high = at;
  }
  return &map->tempi[low];
}

typedef struct tempo_scale {
  double from_us;
  double to_us;
} tempo_scale;

static dt_status set_tempo(unrolling* u, dt_tick tick, double us, tempo_scale scale) {
  dt_tempo_map* map = &u->part->map;
  const double scaled = us == scale.from_us ? scale.to_us : us * (scale.to_us / scale.from_us);
  if (map->tempo_count > 0 && map->tempi[map->tempo_count - 1].us_per_quarter == scaled)
    return DT_OK;
  return dt_tempo_map_set_tempo(map, u->allocator, tick, scaled);
}

/* Tempo and metre of one bar: what holds at its start, and the changes inside. */
static dt_status lay_bar_tempo(unrolling* u, const dt_part_bar* bar, tempo_scale scale) {
  const dt_tempo_map* written = &u->chart->map;
  dt_tempo_map* map = &u->part->map;
  const page* p = &u->pages[bar->written];
  const dt_tempo_change* change = tempo_at(written, p->tick);
  dt_status status = set_tempo(u, bar->tick, change->us_per_quarter, scale);
  const dt_tempo_change* end = written->tempi + written->tempo_count;
  while (status == DT_OK && ++change < end && change->tick < p->tick + p->length)
    status = set_tempo(u, bar->tick + change->tick - p->tick, change->us_per_quarter, scale);
  if (status != DT_OK)
    return status;
  const dt_meter* last = map->meter_count > 0 ? &map->meters[map->meter_count - 1].meter : NULL;
  if (last != NULL && last->numerator == bar->meter.numerator &&
      last->denominator == bar->meter.denominator)
    return DT_OK;
  return dt_tempo_map_set_meter(map, u->allocator, bar->tick, bar->meter);
}

static dt_status lay_tempo(unrolling* u, double bpm) {
  const page* first = &u->pages[u->part->bars[0].written];
  const double us = tempo_at(&u->chart->map, first->tick)->us_per_quarter;
  const tempo_scale scale = {us, bpm > 0 ? 6e7 / bpm : us};
  dt_status status = DT_OK;
  for (size_t b = 0; b < u->part->bar_count && status == DT_OK; b++)
    status = lay_bar_tempo(u, &u->part->bars[b], scale);
  return status;
}

dt_status dt_part_from_chart(dt_part* part, const dt_allocator* allocator, const dt_chart* chart,
                             int bars, double bpm) {
  *part = (dt_part){.map = {.ticks_per_quarter = DT_TICKS_PER_QUARTER}};
  if (bars < 0 || !(bpm == 0 || (bpm >= 10 && bpm <= 1000)) || dt_chart_check(chart) != NULL)
    return DT_BAD_ARGUMENT;
  const int64_t count = bars > 0 ? bars : dt_chart_played_bars(chart);
  if (count > BARS_MAX)
    return DT_TOO_LARGE;
  part->swing = chart->swing;
  part->swing_pair = chart->swing_pair;
  unrolling u = {.chart = chart, .allocator = allocator, .part = part};
  dt_status status = read_pages(&u);
  if (status == DT_OK)
    status = lay_bars(&u, (size_t)count);
  if (status == DT_OK)
    status = lay_notes(&u);
  if (status == DT_OK)
    status = mark_fills(&u);
  if (status == DT_OK)
    status = lay_tempo(&u, bpm);
  dt_release(allocator, u.pages, (size_t)chart->bar_count * sizeof *u.pages);
  if (status != DT_OK)
    dt_part_clear(part, allocator);
  return status;
}

void dt_part_clear(dt_part* part, const dt_allocator* allocator) {
  dt_release(allocator, part->notes, part->note_count * sizeof *part->notes);
  dt_release(allocator, part->bars, part->bar_count * sizeof *part->bars);
  dt_release(allocator, part->fills, part->fill_count * sizeof *part->fills);
  dt_tempo_map_clear(&part->map, allocator);
  *part = (dt_part){.map = {.ticks_per_quarter = DT_TICKS_PER_QUARTER}};
}

double dt_part_seconds(const dt_part* part, dt_tick tick) {
  return dt_tempo_map_seconds(&part->map, dt_swing_tick(tick, part->swing_pair, part->swing));
}
