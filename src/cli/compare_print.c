#include "compare_print.h"

#include <math.h>
#include <stdio.h>

#include "paper.h"

/* Takes whose tempi are farther apart than this are told so: scatter grows with the beat. */
static const double OTHER_TEMPO = 0.03;

static const char* voice_of(const dt_change* change) {
  return change->voice == DT_VOICE_COUNT ? "all" : dt_voice_name(change->voice);
}

static const char* unit_of(const dt_change* change) {
  return change->measure == DT_MEASURE_DRIFT ? "bpm/min" : "ms";
}

/* What a real change of this number means to a drummer. */
static const char* meaning_of(const dt_change* change) {
  switch (change->measure) {
  case DT_MEASURE_PLACEMENT:
  case DT_MEASURE_PLACEMENT_OWN:
    return change->change > 0 ? "later" : "earlier";
  case DT_MEASURE_DRIFT:
    return change->change > 0 ? "tempo rises more, or falls less"
                              : "tempo falls more, or rises less";
  case DT_MEASURE_SCATTER:
    break;
  }
  return change->change > 1 ? "wider" : "tighter";
}

static void put_headline(dt__paper* paper, const dt_comparison* c, const dt_compared* a,
                         const dt_compared* b, bool utf8) {
  if (c->known_count == 0)
    dt__write(paper, "? CAN'T TELL YET  %s and %s have no number in common\n", a->name, b->name);
  else if (c->real_count == 0)
    dt__write(paper, "%s NO REAL CHANGE  from %s to %s: every difference may be noise\n",
              utf8 ? "●" : "o", a->name, b->name);
  else
    dt__write(paper, "%s REAL CHANGE  from %s to %s\n", utf8 ? "◆" : "x", a->name, b->name);
}

static void put_changes(dt__paper* paper, const dt_comparison* c) {
  for (size_t k = 0; k < c->count; ++k) {
    const dt_change* change = &c->changes[k];
    if (!change->real)
      continue;
    const char* format = change->measure == DT_MEASURE_SCATTER ? "%s: %s %.1f -> %.1f %s, %s\n"
                                                               : "%s: %s %+.1f -> %+.1f %s, %s\n";
    dt__write(paper, format, voice_of(change), dt_measure_name(change->measure), change->a + 0.0,
              change->b + 0.0, unit_of(change), meaning_of(change));
  }
}

static void put_row(dt__paper* paper, const dt_change* change) {
  char interval[40];
  const bool ratio = change->measure == DT_MEASURE_SCATTER;
  const char* sign = ratio ? "" : "+";
  char label[40];
  snprintf(label, sizeof label, "%s%s, %s", dt_measure_name(change->measure),
           change->measure == DT_MEASURE_PLACEMENT_OWN ? " vs own" : "", unit_of(change));
  dt__write(paper, "%-12s %-20s ", voice_of(change), label);
  if (change->known != DT_KNOWN) {
    dt__write(paper, "%s\n", change->known == DT_NOT_TESTABLE ? "-" : "?");
    return;
  }
  const char* format = sign[0] ? "%+.2f to %+.2f" : "%.2f to %.2f";
  snprintf(interval, sizeof interval, format, change->low + 0.0, change->high + 0.0);
  dt__write(paper, sign[0] ? "%+7.2f %+7.2f %+7.2f " : "%7.2f %7.2f  x%5.2f ", change->a + 0.0,
            change->b + 0.0, change->change + 0.0);
  dt__write(paper, "%-16s %s\n", interval, change->real ? "real" : "noise");
}

static void put_tempi(dt__paper* paper, const dt_compared* a, const dt_compared* b) {
  const double from = a->verdict->all.tempo_bpm.value;
  const double to = b->verdict->all.tempo_bpm.value;
  if (fabs(to / from - 1.0) > OTHER_TEMPO)
    dt__write(paper,
              "\nThe tempi differ, %.1f and %.1f bpm: at a slower beat everyone scatters more.\n",
              from, to);
}

dt_status dt__compare_text(const dt_comparison* c, const dt_compared* a, const dt_compared* b,
                           bool utf8, dt_sink sink) {
  dt__paper paper = {sink, DT_OK};
  put_headline(&paper, c, a, b, utf8);
  put_changes(&paper, c);
  dt__write(&paper, "\n%-12s %-20s %7s %7s %7s %s\n", "", "", "first", "second", "change",
            "95 % for all");
  for (size_t k = 0; k < c->count; ++k)
    put_row(&paper, &c->changes[k]);
  put_tempi(&paper, a, b);
  dt__write(&paper,
            "\nNegative is early, a rising tempo positive; scatter is compared as a ratio. The\n"
            "intervals hold together: where nothing changed, at most about 5 of 100 pairs\n"
            "of takes show a real change in any number.\n");
  return paper.status;
}
