/*
 * Is every stroke given to its note? The virtual drummer plays every chart of the library, with
 * faults, and the alignment is held against what he meant.
 *
 *   bench_judge_align [TAKES [FIRST_SEED [worst]]]
 *
 * TAKES of every chart and condition (3). Prints Markdown; with `worst`, the takes below the aim on
 * standard error.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dt/align.h"
#include "dt/chart_text.h"
#include "dt/drummer.h"
#include "dt/stat.h"

enum { CHARTS_MAX = 400, CELLS = 4 };

typedef struct fault {
  const char* name;
  const char* how;
  double aim;
} fault;

static const fault FAULTS[] = {
    {"none", "", 0.99},
    {"5 % missed", "miss=5%", 0.99},
    {"10 % missed", "miss=10%", 0.95},
    {"20 % missed", "miss=20%", 0.95},
    {"5 % added", "extra=5%", 0.99},
    {"10 % added", "extra=10%", 0.95},
    {"20 % added", "extra=20%", 0.95},
    {"5 % on a wrong drum", "wrong=5%", 0.99},
    {"10 % on a wrong drum", "wrong=10%", 0.95},
    {"20 % on a wrong drum", "wrong=20%", 0.95},
    {"5 % of each", "miss=5% extra=5% wrong=5%", 0.99},
    {"10 % of each", "miss=10% extra=10% wrong=10%", 0.95},
    {"20 % of each", "miss=20% extra=20% wrong=20%", 0.95},
    {"a bar skipped", "skip=1", 0.99},
    {"a bar repeated", "repeat=1", 0.99},
    {"skipped and 5 % of each", "skip=1 miss=5% extra=5% wrong=5%", 0.99},
    {"repeated and 20 % of each", "repeat=1 miss=20% extra=20% wrong=20%", 0.95},
};
enum { FAULT_COUNT = sizeof(FAULTS) / sizeof(FAULTS[0]) };

typedef struct cell {
  const char* name;
  const char* how;
  bool free;
} cell;

static const cell CELL[CELLS] = {
    {"click, player", "player", false},
    {"click, beginner", "beginner", false},
    {"free, player", "player alpha=0 beta=0 drift=+2%/min", true},
    {"free, beginner", "beginner alpha=0 beta=0 drift=-4%/min", true},
};

static const double TEMPO[] = {0.8, 1.0, 1.2};

typedef struct named_chart {
  const char* name;
  dt_chart chart;
} named_chart;

typedef struct performance {
  dt_part part;
  dt_truths truths;
  dt_take take;
  dt_tick first_tick; /* of the first bar, on the click */
} performance;

typedef struct marks {
  size_t strokes;
  size_t strokes_right;
  size_t notes;
  size_t notes_right;
} marks;

static void die(const char* what) {
  fprintf(stderr, "bench_judge_align: %s\n", what);
  exit(1);
}

static double share(const marks* m) {
  const size_t of = m->strokes + m->notes;
  return of ? (double)(m->strokes_right + m->notes_right) / (double)of : 1.0;
}

static void add(marks* sum, const marks* m) {
  sum->strokes += m->strokes;
  sum->strokes_right += m->strokes_right;
  sum->notes += m->notes;
  sum->notes_right += m->notes_right;
}

/* Twice through, at least eight bars and forty quarters. */
static int bars_of(const dt_chart* chart) {
  dt_part once;
  if (dt_part_from_chart(&once, NULL, chart, 0, 0.0) != DT_OK) {
    die("a chart cannot be played");
  }
  const double quarters = (double)once.end / DT_TICKS_PER_QUARTER;
  const int times = (int)fmax(2.0, ceil(fmax(8.0 / (double)once.bar_count, 40.0 / quarters)));
  const int bars = times * (int)once.bar_count;
  dt_part_clear(&once, NULL);
  return bars;
}

static performance perform(const dt_chart* chart, const char* how, const char* faults, double tempo,
                           int bars, uint64_t seed) {
  performance p;
  dt_drummer drummer = dt_drummer_default();
  dt_error err;
  memset(&p, 0, sizeof(p));
  const double bpm = dt_tempo_map_bpm(&chart->map, 0.0) * tempo;
  drummer.bpm = bpm < 20.0 ? 20.0 : bpm > 400.0 ? 400.0 : bpm;
  drummer.bars = bars;
  drummer.seed = seed;
  if (dt_drummer_parse(&drummer, how, &err) != DT_OK ||
      dt_drummer_parse(&drummer, faults, &err) != DT_OK) {
    die(err.sentence);
  }
  if (dt_drummer_part(&drummer, chart, NULL, &p.part) != DT_OK) {
    die("no part");
  }
  if (dt_drummer_play(&drummer, &p.part, NULL, &p.truths, &err) != DT_OK) {
    die(err.sentence);
  }
  if (dt_take_from_truths(&p.take, NULL, &p.truths, &drummer, &p.part) != DT_OK) {
    die("no take");
  }
  p.first_tick = p.part.bars[0].length;
  return p;
}

static void clear(performance* p) {
  dt_take_clear(&p->take, NULL);
  dt_truths_clear(&p->truths, NULL);
  dt_part_clear(&p->part, NULL);
}

static dt_alignment align(const performance* p, const dt_chart* chart, bool free) {
  dt_judge_config config = dt_judge_default(&p->take);
  dt_alignment a;
  dt_error err;
  config.mode = free ? DT_GRID_FREE : config.mode;
  if (dt_align(&a, NULL, &p->take, &config, chart, &err) != DT_OK) {
    die(err.sentence);
  }
  return a;
}

/* Without a click only differences mean anything: the commonest shift is taken out. */
static dt_tick shift_of(const performance* p, const dt_alignment* a) {
  dt_tick best = 0;
  size_t best_count = 0;
  for (size_t i = 0; i < p->truths.count; i += 1 + p->truths.count / 40) {
    if (p->truths.items[i].event == SIZE_MAX || a->strokes[i].event == SIZE_MAX) {
      continue;
    }
    const dt_tick shift =
        a->events[a->strokes[i].event].note.tick - p->truths.events[p->truths.items[i].event].tick;
    size_t count = 0;
    for (size_t j = 0; j < p->truths.count; ++j) {
      count += p->truths.items[j].event != SIZE_MAX && a->strokes[j].event != SIZE_MAX &&
               a->events[a->strokes[j].event].note.tick -
                       p->truths.events[p->truths.items[j].event].tick ==
                   shift;
    }
    if (count > best_count) {
      best_count = count;
      best = shift;
    }
  }
  return best;
}

static bool stroke_right(const performance* p, const dt_alignment* a, dt_tick shift, size_t i) {
  const dt_truth* truth = &p->truths.items[i];
  const dt_aligned_stroke* got = &a->strokes[i];
  const dt_label label = truth->kind == DT_TRUTH_EXTRA   ? DT_LABEL_EXTRA
                         : truth->kind == DT_TRUTH_WRONG ? DT_LABEL_WRONG_DRUM
                                                         : DT_LABEL_HIT;
  if (got->label != label || label == DT_LABEL_EXTRA) {
    return got->label == label;
  }
  const dt_truth_event* meant = &p->truths.events[truth->event];
  const dt_event* found = &a->events[got->event];
  /* Which of the notes of a chord a wrong drum was meant for leaves no trace. */
  return found->note.tick - shift == meant->tick &&
         (label == DT_LABEL_WRONG_DRUM ||
          found->note.drum == p->part.notes[meant->note].note.drum) &&
         (got->order < 0) == (truth->order < 0);
}

/* Notes by their fates, the notes of a chord together; notes found that nobody was to play count as
 * wrong. */
static void mark_notes(const performance* p, const dt_alignment* a, dt_tick shift, marks* m) {
  size_t j = 0;
  m->notes = p->truths.event_count;
  for (size_t k = 0; k < p->truths.event_count;) {
    const dt_tick tick = p->truths.events[k].tick;
    int meant[3] = {0, 0, 0};
    int found[3] = {0, 0, 0};
    for (; k < p->truths.event_count && p->truths.events[k].tick == tick; ++k) {
      const dt_truth_fate fate = p->truths.events[k].fate;
      ++meant[fate == DT_TRUTH_HIT      ? DT_FATE_HIT
              : fate == DT_TRUTH_MISSED ? DT_FATE_MISSED
                                        : DT_FATE_WRONG_DRUM];
    }
    for (; j < a->event_count && a->events[j].note.tick - shift < tick; ++j) {
      ++m->notes;
    }
    for (; j < a->event_count && a->events[j].note.tick - shift == tick; ++j) {
      ++found[a->events[j].fate];
    }
    for (int f = 0; f < 3; ++f) {
      m->notes_right += (size_t)(meant[f] < found[f] ? meant[f] : found[f]);
    }
  }
  m->notes += a->event_count - j;
}

static marks mark(const performance* p, const dt_alignment* a, bool free) {
  marks m;
  memset(&m, 0, sizeof(m));
  const dt_tick shift = free ? shift_of(p, a) : p->first_tick;
  m.strokes = p->truths.count;
  for (size_t i = 0; i < p->truths.count; ++i) {
    m.strokes_right += stroke_right(p, a, shift, i);
  }
  mark_notes(p, a, shift, &m);
  return m;
}

static size_t load(named_chart* charts) {
  size_t n = 0;
  for (; n < CHARTS_MAX && dt_chart_library_at(n); ++n) {
    const dt_chart_entry* entry = dt_chart_library_at(n);
    charts[n].name = entry->name;
    if (dt_chart_library_load(&charts[n].chart, NULL, entry) != DT_OK) {
      die(entry->name);
    }
  }
  return n;
}

static uint64_t seed_of(uint64_t first, size_t chart, int take) {
  return first + 1000 * (uint64_t)chart + (uint64_t)take;
}

/* Whoever plays nothing but buzz rolls, to no click, leaves no trace of a beat. */
static bool has_beats(const dt_chart* chart) {
  for (size_t i = 0; i < chart->note_count; ++i) {
    if (chart->notes[i].ornament != DT_ROLL || chart->notes[i].roll_step > 0) {
      return true;
    }
  }
  return false;
}

typedef struct tally {
  marks all;
  double worst;
  const char* worst_name;
  size_t below; /* charts below the aim */
} tally;

static tally run(const named_chart* charts, size_t count, const fault* f, const cell* c, int takes,
                 uint64_t first_seed, bool show) {
  tally t;
  memset(&t, 0, sizeof(t));
  t.worst = 2.0;
  for (size_t k = 0; k < count; ++k) {
    marks of_chart;
    if (c->free && !has_beats(&charts[k].chart)) {
      continue;
    }
    memset(&of_chart, 0, sizeof(of_chart));
    const int bars = bars_of(&charts[k].chart);
    for (int take = 0; take < takes; ++take) {
      const uint64_t seed = seed_of(first_seed, k, take);
      performance p = perform(&charts[k].chart, c->how, f->how, TEMPO[take % 3], bars, seed);
      dt_alignment a = align(&p, &charts[k].chart, c->free);
      const marks m = mark(&p, &a, c->free || !p.take.has_click);
      add(&of_chart, &m);
      if (show && share(&m) < f->aim) {
        fprintf(stderr, "%.3f %s: %s, %s, seed %llu, take %d\n", share(&m), charts[k].name, c->name,
                f->name, (unsigned long long)seed, take);
      }
      dt_alignment_clear(&a, NULL);
      clear(&p);
    }
    add(&t.all, &of_chart);
    t.below += share(&of_chart) < f->aim;
    if (share(&of_chart) < t.worst) {
      t.worst = share(&of_chart);
      t.worst_name = charts[k].name;
    }
  }
  return t;
}

static void print_accuracy(const named_chart* charts, size_t count, int takes, uint64_t first_seed,
                           bool show) {
  printf(
      "## Is every stroke given to its note?\n\nThe library's %zu charts, %d takes each a cell "
      "(0.8, 1 and 1.2 times the chart's tempo), seeds %llu + 1000 x chart + take. Percent right "
      "of all strokes (label, note, and main or grace stroke) and of all notes (fate). In "
      "brackets the worst chart, and how many charts are below the aim. Charts of nothing but buzz "
      "rolls are left out where there is no click: nothing in such a take says where a beat "
      "is.\n\n| faults | aim |",
      count, takes, (unsigned long long)first_seed);
  for (int c = 0; c < CELLS; ++c) {
    printf(" %s |", CELL[c].name);
  }
  printf("\n|---|---|---|---|---|---|\n");
  for (int f = 0; f < FAULT_COUNT; ++f) {
    printf("| %s | %.0f |", FAULTS[f].name, 100.0 * FAULTS[f].aim);
    for (int c = 0; c < CELLS; ++c) {
      const tally t = run(charts, count, &FAULTS[f], &CELL[c], takes, first_seed, show);
      printf(" %.2f (%s %.1f; %zu) |", 100.0 * share(&t.all), t.worst_name, 100.0 * t.worst,
             t.below);
      fflush(stdout);
    }
    printf("\n");
  }
}

/* Of all charts, is the one that was played believed most? */
static void print_ranking(const named_chart* charts, size_t count, uint64_t first_seed) {
  printf("\n## Which chart was it?\n\nOne take of every chart, held against all %zu charts, with "
         "5 %% of each fault. First: no other chart has a higher confidence, charts that are "
         "played the same not counted.\n\n| | first | among the first three | confidence of the "
         "right chart, median | of the best other, median |\n|---|---|---|---|---|\n",
         count);
  for (int c = 0; c < CELLS; ++c) {
    size_t first = 0;
    size_t third = 0;
    double right[CHARTS_MAX];
    double other[CHARTS_MAX];
    for (size_t k = 0; k < count; ++k) {
      performance p = perform(&charts[k].chart, CELL[c].how, FAULTS[10].how, 1.0,
                              bars_of(&charts[k].chart), seed_of(first_seed, k, 0));
      dt_alignment a = align(&p, &charts[k].chart, CELL[c].free);
      right[k] = a.confidence;
      other[k] = 0.0;
      size_t better = 0;
      dt_alignment_clear(&a, NULL);
      for (size_t j = 0; j < count; ++j) {
        if (j == k || dt_chart_same(&charts[j].chart, &charts[k].chart)) {
          continue;
        }
        a = align(&p, &charts[j].chart, CELL[c].free);
        better += a.confidence > right[k];
        other[k] = fmax(other[k], a.confidence);
        dt_alignment_clear(&a, NULL);
      }
      first += better == 0;
      third += better < 3;
      clear(&p);
    }
    printf("| %s | %.1f %% | %.1f %% | %.2f | %.2f |\n", CELL[c].name,
           100.0 * (double)first / (double)count, 100.0 * (double)third / (double)count,
           dt_median(right, count, right), dt_median(other, count, other));
    fflush(stdout);
  }
}

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void print_speed(const named_chart* charts, size_t count) {
  printf("\n## How fast?\n\nProcessor time of one thread, median of 5 runs; chart `funk` (or the "
         "first), 150 bars are about five minutes.\n\n| bars | strokes | click, ms | free, ms | "
         "strokes a second, click | free |\n|---|---|---|---|---|---|\n");
  size_t k = 0;
  for (size_t i = 0; i < count; ++i) {
    k = strcmp(charts[i].name, "funk") == 0 ? i : k;
  }
  for (int bars = 38; bars <= 2400; bars *= 2) {
    performance p = perform(&charts[k].chart, "player", FAULTS[10].how, 1.0, bars, 1);
    double ms[2];
    for (int free = 0; free < 2; ++free) {
      double runs[5];
      for (int r = 0; r < 5; ++r) {
        const double before_s = now_s();
        dt_alignment a = align(&p, &charts[k].chart, free == 1);
        runs[r] = 1e3 * (now_s() - before_s);
        dt_alignment_clear(&a, NULL);
      }
      ms[free] = dt_median(runs, 5, runs);
    }
    const double n = (double)p.truths.count;
    printf("| %d | %zu | %.1f | %.1f | %.0f | %.0f |\n", bars, p.truths.count, ms[0], ms[1],
           1e3 * n / ms[0], 1e3 * n / ms[1]);
    clear(&p);
  }
}

int main(int argc, char** argv) {
  const int takes = argc > 1 ? atoi(argv[1]) : 3;
  const uint64_t first_seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 900001;
  static named_chart charts[CHARTS_MAX];
  const size_t count = load(charts);
  if (takes > 0) {
    print_accuracy(charts, count, takes, first_seed, argc > 3);
  }
  print_speed(charts, count);
  print_ranking(charts, count, first_seed);
  for (size_t k = 0; k < count; ++k) {
    dt_chart_clear(&charts[k].chart, NULL);
  }
  return 0;
}
