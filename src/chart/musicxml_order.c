#include "musicxml_internal.h"

#include <stdlib.h>

/* ---- from bar lines to an order */

typedef struct player {
  dt_chart* chart;
  const dt_allocator* allocator;
  const dt__xml_bar* bars;
  int count;
  int64_t played;
  int run_first; /* the bars that follow each other on the page */
  int run_count;
  int from; /* where a repeat goes back to */
  int pass; /* which time through */
  bool has_jumped;
  bool has_left; /* for the coda */
} player;

static dt_status end_run(player* p) {
  if (p->run_count == 0)
    return DT_OK;
  dt_chart* chart = p->chart;
  dt_chart_segment run = {.first_bar = p->run_first, .bar_count = p->run_count, .times = 1};
  p->run_count = 0;
  dt_chart_segment* last = chart->order_count > 0 ? &chart->order[chart->order_count - 1] : NULL;
  /* Once more what was just played, or its end. */
  if (last != NULL && last->first_bar == run.first_bar && last->bar_count == run.bar_count &&
      last->times < 999) {
    last->times++;
    return DT_OK;
  }
  const int last_end = last != NULL ? last->first_bar + last->bar_count : 0;
  if (last != NULL && last->times == 1 && run.first_bar > last->first_bar &&
      run.first_bar + run.bar_count == last_end) {
    last->bar_count = run.first_bar - last->first_bar;
    run.times = 2;
  } else if (last != NULL && run.first_bar == last->first_bar && run.bar_count > last->bar_count &&
             last->times < 999) {
    /* Once more, and on. */
    last->times++;
    run.first_bar += last->bar_count;
    run.bar_count -= last->bar_count;
  }
  return dt_chart_add_segment(chart, p->allocator, &run);
}

static dt_status play(player* p, int bar) {
  if (++p->played > DT_CHART_PLAYED_MAX)
    return DT_TOO_LARGE;
  dt_status status = DT_OK;
  if (p->run_count > 0 && bar != p->run_first + p->run_count)
    status = end_run(p);
  if (p->run_count == 0)
    p->run_first = bar;
  p->run_count++;
  return status;
}

/* The last bar of the ending that begins at `bar`. */
static int ending_end(const player* p, int bar) {
  int at = bar;
  while (at + 1 < p->count && !p->bars[at].ends_ending && p->bars[at].backward == 0 &&
         p->bars[at + 1].ending == 0)
    at++;
  return at;
}

/* How often the repeat that ends here is played. */
static int times_of(const player* p, int bar, int ending_first) {
  if (ending_first < 0)
    return p->bars[bar].backward;
  uint32_t numbers = p->bars[ending_first].ending;
  for (int next = bar + 1; next < p->count && p->bars[next].ending != 0;
       next = ending_end(p, next) + 1)
    numbers |= p->bars[next].ending;
  int times = 1;
  for (int n = 1; n < 32; n++)
    if ((numbers >> n & 1) != 0)
      times = n;
  /* An only ending is closed for want of anything else to say where it stops. */
  return times == 1 && p->bars[bar].says_times ? p->bars[bar].backward : times;
}

static int find(const player* p, bool (*has)(const dt__xml_bar*), int missing) {
  for (int i = 0; i < p->count; i++)
    if (has(&p->bars[i]))
      return i;
  return missing;
}

static bool has_segno(const dt__xml_bar* bar) {
  return bar->has_segno;
}
static bool has_coda(const dt__xml_bar* bar) {
  return bar->has_coda;
}

static int jump(player* p, int to) {
  p->has_jumped = true;
  p->from = to;
  p->pass = 1;
  return to;
}

/* After the bar: the one that comes next, or p->count at the end. ending_first: the bar where the
 * ending that it is in begins, or -1. */
static int next_bar(player* p, int bar, int ending_first) {
  const dt__xml_bar* b = &p->bars[bar];
  if (p->has_jumped && b->has_fine)
    return p->count;
  if (p->has_jumped && b->has_tocoda && !p->has_left) {
    p->has_left = true;
    const int coda = find(p, has_coda, -1);
    if (coda > bar)
      return coda;
  }
  if (b->backward > 0 && !p->has_jumped && p->pass < times_of(p, bar, ending_first)) {
    p->pass++;
    return p->from;
  }
  const bool is_last_of_ending = ending_first >= 0 && ending_end(p, ending_first) == bar;
  if (b->backward > 0 || is_last_of_ending) {
    p->from = bar + 1;
    p->pass = 1;
  }
  if (b->has_dacapo && !p->has_jumped)
    return jump(p, 0);
  if (b->has_dalsegno && !p->has_jumped)
    return jump(p, find(p, has_segno, 0));
  return bar + 1;
}

/* After a jump only the ending that leads on is played. */
static bool is_ending_played(const player* p, int bar) {
  if (p->has_jumped)
    return p->bars[ending_end(p, bar)].backward == 0;
  return (p->bars[bar].ending >> (p->pass < 31 ? p->pass : 31) & 1) != 0;
}

static dt_status play_all(player* p) {
  dt_status status = DT_OK;
  int ending_first = -1;
  int64_t looked_at = 0;
  for (int bar = 0; bar < p->count && status == DT_OK;) {
    if (++looked_at > 4 * (int64_t)DT_CHART_PLAYED_MAX)
      return DT_TOO_LARGE;
    const dt__xml_bar* b = &p->bars[bar];
    if (b->has_forward && bar != p->from) {
      p->from = bar;
      p->pass = 1;
    }
    if (b->ending != 0) {
      ending_first = bar;
      if (!is_ending_played(p, bar)) {
        bar = ending_end(p, bar) + 1;
        ending_first = -1;
        continue;
      }
    }
    status = play(p, bar);
    const int next = next_bar(p, bar, ending_first);
    if (next != bar + 1 || (ending_first >= 0 && ending_end(p, ending_first) == bar))
      ending_first = -1;
    bar = next;
  }
  return status == DT_OK ? end_run(p) : status;
}

dt_status dt__xml_play_bars(dt_chart* chart, const dt_allocator* allocator, const dt__xml_bar* bars,
                            int count) {
  player p = {.chart = chart, .allocator = allocator, .bars = bars, .count = count, .pass = 1};
  dt_status status = play_all(&p);
  if (status == DT_OK && chart->order_count == 0)
    status = DT_BAD_DATA;
  if (status == DT_OK && chart->order_count == 1 && chart->order[0].times == 1 &&
      chart->order[0].bar_count == count)
    chart->order_count = 0;
  return status;
}

/* ---- from an order to bar lines */

/* Puts lines for the segments from *at on, which begin with bar *bar; false where it cannot. */
static bool mark_segments(const dt_chart_segment* s, size_t left, dt__xml_bar* bars, int bar,
                          size_t* taken, int* next) {
  const int end = s[0].first_bar + s[0].bar_count;
  *taken = 1;
  *next = end;
  if (s[0].first_bar != bar)
    return false;
  if (s[0].times > 1) {
    bars[bar].has_forward = true;
    bars[end - 1].backward = s[0].times;
    return true;
  }
  if (left == 1 || s[1].first_bar == end)
    return true;
  /* Back into what was played. */
  const int back = s[1].first_bar;
  const int back_end = back + s[1].bar_count;
  if (back < bar || back >= end)
    return false;
  bars[back].has_forward = true;
  if (back_end == end) {
    bars[end - 1].backward = 1 + s[1].times;
    *taken = 2;
    return true;
  }
  if (s[1].times != 1 || back_end > end || left < 3 || s[2].first_bar != end)
    return false;
  bars[back_end].ending = 1U << 1;
  bars[end - 1].ends_ending = true;
  bars[end - 1].backward = 2;
  bars[end].ending = 1U << 2;
  bars[end].ends_ending = true;
  *taken = 2;
  return true;
}

/* Adjacent segments that are one run, and runs played again, as one. */
static size_t tidy(dt_chart_segment* to, const dt_chart* chart) {
  size_t count = 0;
  for (size_t i = 0; i < chart->order_count; i++) {
    const dt_chart_segment s = chart->order[i];
    dt_chart_segment* last = &to[count - (count > 0)];
    const int last_end = count > 0 ? last->first_bar + last->bar_count : -1;
    if (count > 0 && last->first_bar == s.first_bar && last->bar_count == s.bar_count &&
        last->times + s.times <= 999)
      last->times += s.times;
    else if (count > 0 && last->times == 1 && s.times == 1 && s.first_bar == last_end)
      last->bar_count += s.bar_count;
    else if (count > 0 && last->times < 999 && s.first_bar == last->first_bar &&
             s.bar_count > last->bar_count && s.times == 1) {
      /* Once more and on: a repeat, and what follows. */
      last->times++;
      to[count++] = (dt_chart_segment){last_end, s.bar_count - last->bar_count, 1};
    } else
      to[count++] = s;
  }
  return count;
}

/* Playing the lines must give the order: what cannot be said by lines is noticed here. */
static bool is_played_so(const dt_chart* chart, const dt_allocator* allocator,
                         const dt__xml_bar* bars, dt_status* status) {
  dt_chart played = {.bar_count = chart->bar_count};
  *status = dt__xml_play_bars(&played, allocator, bars, chart->bar_count);
  dt_chart wanted = {.bar_count = chart->bar_count,
                     .order = chart->order,
                     .order_count = chart->order_count,
                     .map = chart->map};
  played.map = chart->map;
  const bool is_same = *status == DT_OK && dt_chart_same(&played, &wanted);
  dt_release(allocator, played.order, played.order_room * sizeof *played.order);
  if (*status == DT_TOO_LARGE || *status == DT_BAD_DATA)
    *status = DT_OK;
  return is_same;
}

bool dt__xml_bars_of_order(const dt_chart* chart, const dt_allocator* allocator, dt__xml_bar* bars,
                           dt_status* status) {
  *status = DT_OK;
  if (chart->order_count == 0)
    return true;
  const size_t size = 2 * chart->order_count * sizeof(dt_chart_segment);
  dt_chart_segment* order = dt_alloc(allocator, size);
  if (order == NULL) {
    *status = DT_NO_MEMORY;
    return false;
  }
  const size_t count = tidy(order, chart);
  int bar = 0;
  bool is_said = true;
  for (size_t i = 0; i < count && is_said;) {
    size_t taken = 1;
    is_said = mark_segments(order + i, count - i, bars, bar, &taken, &bar);
    i += taken;
  }
  dt_release(allocator, order, size);
  return is_said && bar == chart->bar_count && is_played_so(chart, allocator, bars, status);
}
