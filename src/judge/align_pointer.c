#include "align_pointer.h"

#include <math.h>
#include <string.h>

#include "dt/arena.h"

/*
 * Where in the sheet is the player? A hidden Markov model whose state is the position in the sheet
 * (a bar pointer: Whiteley, Cemgil & Godsill 2006; Krebs et al. 2015) and whose steps are the
 * reference's beats. From beat to beat the position grows by a beat, give or take two units, so
 * that the player may leave the reference; at bar lines it may jump, rarely, to any other bar; and
 * the player may come in late, after a count-in. The best path is Viterbi's, within a beam, and a
 * jump starts from the best place to jump from, so a step costs as much as there are states in it.
 */
enum {
  BEAM = 30 * DT__NAT,
  EARLY_STEPS = 4,     /* the first notes may have been missed */
  START_STEPS = 24,    /* a count-in is no longer */
  JUMP_ANYWHERE = 256, /* charts of more bars are jumped in near, to sections and to the top */
  JUMP_NEAR = 64,
  FAR = -1000000000
};

static const int STEP_COST_FREE[DT__STEPS] = {320, 76, 0, 76, 320};
static const int STEP_COST_CLICK[DT__STEPS] = {320, 80, 0, 80, 320};
static const int JUMP_COST = 8 * DT__NAT;
static const int JUMP_COST_SECTION = 7 * DT__NAT;
static const int JUMP_COST_NEXT = 13 * DT__NAT / 2; /* one bar skipped, or played again */
static const int LATE_COST = DT__NAT / 2;           /* for every beat before coming in */
static const int OFF_THE_BAR_COST = 3 * DT__NAT;
static const int ANCHOR_COST = DT__NAT / 8;

static size_t chunk_count(const dt__sheet* sheet) {
  return (size_t)(sheet->units + DT__UNITS - 1) / DT__UNITS;
}

static void layout(dt__pointer* p, dt_arena* arena) {
  const size_t units = (size_t)p->sheet->units;
  p->tables.of_stroke = dt_arena_take(arena, p->tables.stroke_rows * (units + DT__UNITS), 1);
  p->tables.of_note = dt_arena_take(arena, p->tables.note_rows * (p->steps + 1) * DT__UNITS, 1);
  p->tables.stroke_row = dt_arena_take(arena, p->score->count, sizeof(*p->tables.stroke_row));
  p->tables.offset = dt_arena_take(arena, p->score->count, 1);
  p->first_stroke = dt_arena_take(arena, p->steps + 1, sizeof(size_t));
  p->tables.first_note = dt_arena_take(arena, units, sizeof(size_t));
  p->bar_of = dt_arena_take(arena, units, sizeof(int32_t));
  p->start_cost = dt_arena_take(arena, units, sizeof(int32_t));
  p->now = dt_arena_take(arena, units, sizeof(int32_t));
  p->next = dt_arena_take(arena, units, sizeof(int32_t));
  p->came = dt_arena_take(arena, units, 1);
  p->jump_from = dt_arena_take(arena, p->steps, sizeof(*p->jump_from));
  p->first_trace = dt_arena_take(arena, p->steps + 1, sizeof(size_t));
  p->marked = dt_arena_take(arena, chunk_count(p->sheet) / 64 + 1, sizeof(uint64_t));
  p->active = dt_arena_take(arena, chunk_count(p->sheet), sizeof(int32_t));
}

/* Where one comes in: at the top, at a section, at a bar, at a beat; anywhere else if need be. */
static void price_starts(dt__pointer* p) {
  const dt__sheet* sheet = p->sheet;
  const int32_t anywhere = (p->score->clicked ? 12 : 9) * DT__NAT;
  const int32_t half = p->anchor < DT__UNITS ? DT__UNITS / 2 : 0; /* bars may begin between beats */
  for (int32_t x = 0; x < sheet->units; ++x) {
    p->start_cost[x] = anywhere;
  }
  for (size_t b = sheet->bar_count; b-- > 0;) {
    const dt__sheet_bar* bar = &sheet->bars[b];
    const int32_t end = b + 1 < sheet->bar_count ? bar[1].unit : sheet->units;
    const int32_t base = b == 0 ? 0 : (bar->section ? 2 : 3) * DT__NAT;
    for (int32_t at = bar->unit - half; at < bar->unit; at += half) {
      const int32_t x = (at - DT__LEAN + 2 * sheet->units) % sheet->units;
      p->start_cost[x] = base < p->start_cost[x] ? base : p->start_cost[x];
    }
    for (int32_t at = bar->unit; at < end; at += DT__UNITS) {
      for (int32_t d = -2; d <= 2; ++d) {
        const int32_t x = (at - DT__LEAN + d + 2 * sheet->units) % sheet->units;
        const int32_t cost = base + (at > bar->unit ? 3 * DT__NAT : 0) + d * d * DT__NAT / 3;
        p->start_cost[x] = cost < p->start_cost[x] ? cost : p->start_cost[x];
      }
    }
  }
}

static void prepare(dt__pointer* p) {
  const dt__sheet* sheet = p->sheet;
  size_t bar = 0;
  for (int32_t y = 0; y < sheet->units; ++y) {
    while (bar + 1 < sheet->bar_count && sheet->bars[bar + 1].unit <= y) {
      ++bar;
    }
    const int32_t x = y < DT__LEAN ? y - DT__LEAN + sheet->units : y - DT__LEAN;
    p->bar_of[x] = (int32_t)bar;
    p->now[x] = p->next[x] = FAR;
  }
  p->anchor = dt__bar_step(sheet);
  p->click_bar = dt__click_bar(p->score, sheet);
  memset(p->marked, 0, (chunk_count(sheet) / 64 + 1) * sizeof(uint64_t));
  price_starts(p);
}

static void mark(dt__pointer* p, int32_t from, int32_t to) {
  for (int32_t x = from / DT__UNITS * DT__UNITS; x <= to; x += DT__UNITS) {
    const int32_t chunk = x % p->sheet->units / DT__UNITS;
    p->marked[chunk / 64] |= (uint64_t)1 << (chunk % 64);
  }
  const int32_t last = to % p->sheet->units / DT__UNITS;
  p->marked[last / 64] |= (uint64_t)1 << (last % 64);
}

/* A step begins a little before its beat; what it begins in is told by where the beat is. */
static int32_t leaning(const dt__pointer* p, int32_t x) {
  const int32_t y = x + DT__LEAN;
  return y < p->sheet->units ? y : y - p->sheet->units;
}

/* The best place to jump from, for every offset that one can land with. */
static void find_jumps(dt__pointer* p, size_t step) {
  dt__jump* jump = p->jump_from[step];
  for (int o = 0; o < DT__UNITS; ++o) {
    jump[o].score = FAR;
    jump[o].unit = -1;
  }
  if (p->sheet->bar_count < 2) {
    return;
  }
  for (size_t a = 0; a < p->active_count; ++a) {
    const int32_t first = p->active[a] * DT__UNITS;
    for (int32_t x = first; x < first + DT__UNITS && x < p->sheet->units; ++x) {
      const size_t b = (size_t)p->bar_of[x];
      const int32_t end =
          b + 1 < p->sheet->bar_count ? p->sheet->bars[b + 1].unit : p->sheet->units;
      const int32_t o = leaning(p, x) + DT__UNITS - end;
      if (o >= 0 && p->now[x] > jump[o].score) {
        jump[o].score = p->now[x];
        jump[o].unit = x;
      }
    }
  }
}

static int jump_cost(const dt__pointer* p, int32_t from_bar, int32_t to_bar) {
  const int32_t bars = (int32_t)p->sheet->bar_count;
  const int32_t next = from_bar + 1 < bars ? from_bar + 1 : 0;
  if (to_bar == from_bar || to_bar == (next + 1 < bars ? next + 1 : 0)) {
    return JUMP_COST_NEXT;
  }
  return to_bar == 0 || p->sheet->bars[to_bar].section ? JUMP_COST_SECTION : JUMP_COST;
}

static bool may_jump(const dt__pointer* p, int32_t from_bar, int32_t to_bar) {
  if (p->sheet->bar_count <= JUMP_ANYWHERE || to_bar == 0 || p->sheet->bars[to_bar].section) {
    return true;
  }
  return to_bar >= from_bar - JUMP_NEAR && to_bar <= from_bar + JUMP_NEAR;
}

static void mark_bar(dt__pointer* p, size_t bar) {
  const int32_t from = (p->sheet->bars[bar].unit - DT__LEAN + p->sheet->units) % p->sheet->units;
  mark(p, from, from + DT__UNITS - 1);
}

static void mark_jumps(dt__pointer* p, const dt__jump* jump) {
  const dt__jump* best = &jump[0];
  for (int o = 1; o < DT__UNITS; ++o) {
    best = jump[o].score > best->score ? &jump[o] : best;
  }
  p->jumps = best->score > -BEAM;
  if (!p->jumps) {
    return;
  }
  const size_t bars = p->sheet->bar_count;
  if (bars <= JUMP_ANYWHERE) {
    for (size_t b = 0; b < bars; ++b) {
      mark_bar(p, b);
    }
    return;
  }
  const size_t from = (size_t)p->bar_of[best->unit];
  for (size_t b = from < JUMP_NEAR ? 0 : from - JUMP_NEAR; b < bars && b <= from + JUMP_NEAR; ++b) {
    mark_bar(p, b);
  }
  for (size_t s = 0; s < p->section_count; ++s) {
    mark_bar(p, p->sections[s]);
  }
}

static void mark_reachable(dt__pointer* p, size_t step) {
  if (step < p->start_steps) {
    mark(p, 0, p->sheet->units - 1);
  }
  for (size_t a = 0; a < p->active_count; ++a) {
    const int32_t first = p->active[a] * DT__UNITS;
    mark(p, first + DT__UNITS - 2, first + 2 * DT__UNITS + 1);
  }
  if (step > 0) {
    mark_jumps(p, p->jump_from[step - 1]);
  }
}

/* A click that counts the chart's bars says where they begin. */
static int32_t off_the_bar(const dt__pointer* p, size_t step, int32_t x) {
  if (p->click_bar == 0) {
    return 0;
  }
  const int64_t in = leaning(p, x) % p->click_bar;
  int64_t away = ((p->first_beat + (int64_t)step) * DT__UNITS - in) % p->click_bar;
  away += away < 0 ? p->click_bar : 0;
  away = away > p->click_bar - away ? p->click_bar - away : away;
  return away <= 2 ? 0 : OFF_THE_BAR_COST;
}

/* The best way into a state. */
static int32_t enter(const dt__pointer* p, size_t step, int32_t x, signed char* came) {
  int32_t best = FAR;
  const int* cost = p->score->held ? STEP_COST_CLICK : STEP_COST_FREE;
  for (int d = 0; d < DT__STEPS && step > 0; ++d) {
    int32_t from = x - DT__UNITS - (d - 2);
    from += from < 0 ? p->sheet->units : 0;
    const int32_t score = p->now[from] - cost[d];
    if (score > best) {
      best = score;
      *came = (signed char)d;
    }
  }
  if (step > 0 && p->jumps) {
    const int32_t bar = p->bar_of[x];
    const int32_t o = leaning(p, x) - p->sheet->bars[bar].unit;
    const dt__jump* jump = o < DT__UNITS ? &p->jump_from[step - 1][o] : NULL;
    if (jump && jump->unit >= 0 && may_jump(p, p->bar_of[jump->unit], bar)) {
      const int32_t score = jump->score - jump_cost(p, p->bar_of[jump->unit], bar);
      if (score > best) {
        best = score;
        *came = DT__CAME_JUMPED;
      }
    }
  }
  if (step < p->start_steps) {
    const int32_t score = p->waiting - p->start_cost[x] - off_the_bar(p, step, x);
    if (score > best) {
      best = score;
      *came = DT__CAME_STARTED;
    }
  }
  return best;
}

/* Who plays to the click stays near it. */
static int32_t anchored(const dt__pointer* p, int32_t x) {
  if (!p->score->held) {
    return 0;
  }
  int32_t away = (x + DT__LEAN) % p->anchor;
  away = away > p->anchor - away ? p->anchor - away : away;
  away = away > 6 ? 6 : away;
  return away * away * ANCHOR_COST;
}

static dt_status keep_trace(dt__pointer* p, const int32_t chunk) {
  if (p->trace_count == p->trace_room) {
    const size_t room = p->trace_room ? 2 * p->trace_room : 1024;
    dt__trace* grown = dt_resize(p->score->allocator, p->trace, p->trace_room * sizeof(*p->trace),
                                 room * sizeof(*p->trace));
    if (!grown) {
      return DT_NO_MEMORY;
    }
    p->trace = grown;
    p->trace_room = room;
  }
  dt__trace* trace = &p->trace[p->trace_count++];
  trace->chunk = chunk;
  memset(trace->came, 0, sizeof(trace->came));
  const int32_t first = chunk * DT__UNITS;
  const int32_t left = p->sheet->units - first;
  memcpy(trace->came, p->came + first, (size_t)(left < DT__UNITS ? left : DT__UNITS));
  return DT_OK;
}

static void list_marked(dt__pointer* p) {
  p->active_count = 0;
  const size_t words = chunk_count(p->sheet) / 64 + 1;
  for (size_t w = 0; w < words; ++w) {
    for (int bit = 0; p->marked[w] != 0 && bit < 64; ++bit) {
      if (p->marked[w] >> bit & 1) {
        p->active[p->active_count++] = (int32_t)(w * 64) + bit;
      }
    }
    p->marked[w] = 0;
  }
}

static int32_t enter_all(dt__pointer* p, size_t step) {
  int32_t best = FAR;
  for (size_t a = 0; a < p->active_count; ++a) {
    const int32_t first = p->active[a] * DT__UNITS;
    for (int32_t x = first; x < first + DT__UNITS && x < p->sheet->units; ++x) {
      p->next[x] = enter(p, step, x, &p->came[x]);
      best = p->next[x] > best ? p->next[x] : best;
    }
  }
  return best;
}

static int32_t observe_all(dt__pointer* p, size_t step, int32_t entered) {
  int32_t best = FAR;
  for (size_t a = 0; a < p->active_count; ++a) {
    const int32_t first = p->active[a] * DT__UNITS;
    for (int32_t x = first; x < first + DT__UNITS && x < p->sheet->units; ++x) {
      if (p->next[x] < entered - BEAM) {
        p->next[x] = FAR;
        continue;
      }
      p->next[x] += dt__pointer_observe(p, step, x) - anchored(p, x);
      best = p->next[x] > best ? p->next[x] : best;
    }
  }
  return best;
}

/* Forgets what fell out of the beam and brings the best back to 0. */
static dt_status prune(dt__pointer* p, int32_t best) {
  size_t kept = 0;
  for (size_t a = 0; a < p->active_count; ++a) {
    const int32_t first = p->active[a] * DT__UNITS;
    bool alive = false;
    for (int32_t x = first; x < first + DT__UNITS && x < p->sheet->units; ++x) {
      p->next[x] = p->next[x] < best - BEAM ? FAR : p->next[x] - best;
      alive = alive || p->next[x] > FAR;
    }
    if (alive) {
      p->active[kept++] = p->active[a];
      const dt_status status = keep_trace(p, p->active[a]);
      if (status != DT_OK) {
        return status;
      }
    }
  }
  p->active_count = kept;
  p->gain += best;
  p->waiting = p->waiting < FAR / 2 ? FAR : p->waiting - best;
  return DT_OK;
}

static void forget_now(dt__pointer* p, const dt__trace* trace, size_t count) {
  for (size_t a = 0; a < count; ++a) {
    const int32_t first = trace[a].chunk * DT__UNITS;
    for (int32_t x = first; x < first + DT__UNITS && x < p->sheet->units; ++x) {
      p->now[x] = FAR;
    }
  }
}

static dt_status advance(dt__pointer* p, size_t step) {
  mark_reachable(p, step);
  list_marked(p);
  const int32_t entered = enter_all(p, step);
  const int32_t best = observe_all(p, step, entered);
  p->waiting -= step < EARLY_STEPS ? 0 : dt__pointer_ignore(p, step) + LATE_COST;
  p->first_trace[step] = p->trace_count;
  const dt_status status = prune(p, best);
  if (status != DT_OK) {
    return status;
  }
  if (step > 0) {
    forget_now(p, p->trace + p->first_trace[step - 1],
               p->first_trace[step] - p->first_trace[step - 1]);
  }
  int32_t* now = p->now;
  p->now = p->next;
  p->next = now;
  find_jumps(p, step);
  return DT_OK;
}

static signed char came_at(const dt__pointer* p, size_t step, int32_t x) {
  size_t low = p->first_trace[step];
  size_t high = p->first_trace[step + 1];
  const int32_t chunk = x / DT__UNITS;
  while (high - low > 1) {
    const size_t at = low + (high - low) / 2;
    if (p->trace[at].chunk <= chunk) {
      low = at;
    } else {
      high = at;
    }
  }
  return p->trace[low].came[x % DT__UNITS];
}

static dt_status trace_back(const dt__pointer* p, dt__path* path) {
  int32_t x = -1;
  for (size_t a = 0; a < p->active_count; ++a) {
    const int32_t first = p->active[a] * DT__UNITS;
    for (int32_t y = first; y < first + DT__UNITS && y < p->sheet->units; ++y) {
      x = x < 0 || p->now[y] > p->now[x] ? y : x;
    }
  }
  path->unit = dt_alloc(p->score->allocator, p->steps * sizeof(*path->unit));
  path->came = dt_alloc(p->score->allocator, p->steps);
  path->count = p->steps;
  path->gain = p->gain;
  path->room = p->steps;
  if (!path->unit || !path->came) {
    dt__path_clear(path, p->score->allocator);
    return DT_NO_MEMORY;
  }
  size_t step = p->steps;
  while (step-- > 0) {
    path->unit[step] = x;
    const signed char came = path->came[step] = came_at(p, step, x);
    if (came == DT__CAME_STARTED) {
      break;
    }
    if (came == DT__CAME_JUMPED) {
      x = p->jump_from[step - 1][leaning(p, x) - p->sheet->bars[p->bar_of[x]].unit].unit;
    } else {
      x -= DT__UNITS + came - 2;
      x += x < 0 ? p->sheet->units : 0;
    }
  }
  path->count = p->steps - step;
  path->first_beat = p->first_beat + (int64_t)step;
  memmove(path->unit, path->unit + step, path->count * sizeof(*path->unit));
  memmove(path->came, path->came + step, path->count);
  return DT_OK;
}

static dt_status run(dt__pointer* p, dt__path* path) {
  prepare(p);
  dt__pointer_tables(p);
  for (size_t step = 0; step < p->steps; ++step) {
    const dt_status status = advance(p, step);
    if (status != DT_OK) {
      return status;
    }
  }
  p->first_trace[p->steps] = p->trace_count;
  return trace_back(p, path);
}

static void list_sections(dt__pointer* p) {
  p->sections[p->section_count++] = 0;
  for (size_t b = 1; b < p->sheet->bar_count && p->section_count < DT__SECTIONS_MAX; ++b) {
    if (p->sheet->bars[b].section) {
      p->sections[p->section_count++] = b;
    }
  }
}

dt_status dt__pointer_run(const dt__score* score, const dt__sheet* sheet, dt__path* path) {
  dt__pointer p;
  memset(&p, 0, sizeof(p));
  memset(path, 0, sizeof(*path));
  p.score = score;
  p.sheet = sheet;
  const double lean = (double)DT__LEAN / DT__UNITS;
  p.first_beat = (int64_t)floor(score->ref[0] + lean) - EARLY_STEPS;
  p.steps = (size_t)((int64_t)floor(score->ref[score->count - 1] + lean) - p.first_beat) + 1;
  p.start_steps = p.steps < START_STEPS ? p.steps : START_STEPS;
  list_sections(&p);
  dt__pointer_rows(&p);
  dt_arena arena = dt_arena_measure();
  layout(&p, &arena);
  const size_t size = arena.used;
  void* memory = dt_alloc(score->allocator, size);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(memory, size);
  layout(&p, &arena);
  const dt_status status = run(&p, path);
  dt_release(score->allocator, p.trace, p.trace_room * sizeof(*p.trace));
  dt_release(score->allocator, memory, size);
  return status;
}

void dt__path_clear(dt__path* path, const dt_allocator* allocator) {
  dt_release(allocator, path->unit, path->room * sizeof(*path->unit));
  dt_release(allocator, path->came, path->room);
  memset(path, 0, sizeof(*path));
}
