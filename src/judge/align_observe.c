#include <math.h>
#include <string.h>

#include "align_pointer.h"

/*
 * How well a beat of the take fits a beat of the sheet: every stroke asks for a note near it, and
 * every note for a stroke. Both are looked up in tables made once, over the sheet's units and over
 * the take's.
 */
enum {
  FULL = 77, /* 1.2 nats for a stroke with its note, and as much less without */
  REACH = 5, /* units */
  MOST = 48  /* strokes and notes of one beat that are looked at */
};
static const double SPREAD_S = 0.025;
static const double NEUTRAL = 0.5;
static const double BUZZED = 0.8; /* what a buzz's stroke is worth anywhere in a buzz */

static double likeness(dt_drum played, dt_drum written) {
  const double distance = dt__drum_distance(played, written);
  return distance < 0.1 ? 1.0 : distance < DT__OTHER_DRUM ? 0.95 : distance < 1.5 ? 0.5 : 0.2;
}

static void make_kernel(const dt__score* score, double* kernel) {
  const double beats = score->ref[score->count - 1] - score->ref[0];
  const dt_stroke* strokes = score->take->strokes.items;
  const double span_s = strokes[score->count - 1].time_s - strokes[0].time_s;
  const double units_s = span_s > 0.0 ? beats / span_s * DT__UNITS : 2.0 * DT__UNITS;
  const double sd = fmin(fmax(SPREAD_S * units_s, 1.0), 2.2);
  for (int d = 0; d <= REACH; ++d) {
    kernel[d] = exp(-0.5 * d * d / (sd * sd));
  }
}

static signed char worth(double value) {
  return (signed char)floor(FULL * (2.0 * value - 1.0) + 0.5);
}

static void raise(signed char* row, int32_t at, int32_t length, bool around, const double* kernel,
                  double like) {
  for (int32_t d = -REACH; d <= REACH; ++d) {
    int32_t x = at + d;
    if (around) {
      x = (x + length) % length;
    } else if (x < 0 || x >= length) {
      continue;
    }
    const signed char value = worth(like * kernel[d < 0 ? -d : d]);
    row[x] = value > row[x] ? value : row[x];
  }
}

void dt__pointer_rows(dt__pointer* p) {
  const dt__score* score = p->score;
  for (int r = 0; r < DT__STROKE_ROWS; ++r) {
    p->tables.row_of_stroke[r] = -1;
  }
  for (int d = 0; d < DT_DRUM_COUNT; ++d) {
    p->tables.row_of_note[d] = -1;
  }
  for (size_t i = 0; i < score->count; ++i) {
    const int row = (int)score->take->strokes.items[i].drum * DT__LOUDS + score->loudness[i];
    if (p->tables.row_of_stroke[row] < 0) {
      p->tables.row_of_stroke[row] = (short)p->tables.stroke_rows++;
    }
  }
  for (size_t i = 0; i < p->sheet->note_count; ++i) {
    const int drum = p->sheet->notes[i].drum;
    if (p->tables.row_of_note[drum] < 0) {
      p->tables.row_of_note[drum] = (short)p->tables.note_rows++;
    }
  }
}

/* A ghost note played loud is a little less likely than one played soft. */
static double loud_likeness(int played, const dt__sheet_note* note) {
  if (played == DT__QUICK) {
    return note->graced ? 1.0 : 0.3;
  }
  if (played == DT__BUZZ) {
    return note->graced ? 1.0 : 0.5;
  }
  const int away = played - note->loud;
  return 1.0 - 0.1 * (away < 0 ? -away : away);
}

static void fill_of_stroke(dt__pointer* p, const double* kernel) {
  const int32_t units = p->sheet->units;
  const size_t stride = (size_t)units + DT__UNITS;
  memset(p->tables.of_stroke, (unsigned char)-FULL, p->tables.stroke_rows * stride);
  for (int r = 0; r < DT__STROKE_ROWS; ++r) {
    if (p->tables.row_of_stroke[r] < 0) {
      continue;
    }
    signed char* row = p->tables.of_stroke + (size_t)p->tables.row_of_stroke[r] * stride;
    const dt_drum drum = (dt_drum)(r / DT__LOUDS);
    for (size_t i = 0; i < p->sheet->note_count; ++i) {
      const dt__sheet_note* note = &p->sheet->notes[i];
      const double like = likeness(drum, (dt_drum)note->drum);
      const signed char inside = worth(r % DT__LOUDS == DT__BUZZ ? BUZZED * like : NEUTRAL);
      for (int32_t x = note->unit; note->rolled && like > NEUTRAL && x < note->unit_end; ++x) {
        row[x % units] = inside > row[x % units] ? inside : row[x % units];
      }
      const int32_t before = r % DT__LOUDS == DT__QUICK && note->graced ? 1 : 0;
      raise(row, (note->unit - before + units) % units, units, true, kernel,
            like * loud_likeness(r % DT__LOUDS, note));
    }
    memcpy(row + units, row, DT__UNITS);
  }
}

static void fill_of_note(dt__pointer* p, const double* kernel) {
  const int32_t length = (int32_t)((p->steps + 1) * DT__UNITS);
  memset(p->tables.of_note, (unsigned char)-FULL, p->tables.note_rows * (size_t)length);
  const double start = (double)p->first_beat - (double)DT__LEAN / DT__UNITS;
  for (size_t i = 0; i < p->score->count; ++i) {
    const dt_drum played = p->score->take->strokes.items[i].drum;
    const int32_t at = (int32_t)floor((p->score->ref[i] - start) * DT__UNITS + 0.5);
    for (int drum = 0; drum < DT_DRUM_COUNT; ++drum) {
      if (p->tables.row_of_note[drum] >= 0) {
        raise(p->tables.of_note + (size_t)p->tables.row_of_note[drum] * (size_t)length, at, length,
              false, kernel, likeness(played, (dt_drum)drum));
      }
    }
  }
}

static void place_strokes(dt__pointer* p) {
  const double start = (double)p->first_beat - (double)DT__LEAN / DT__UNITS;
  size_t step = 0;
  for (size_t i = 0; i < p->score->count; ++i) {
    const double beats = p->score->ref[i] - start;
    const double whole = fmin(floor(fmax(beats, 0.0)), (double)(p->steps - 1));
    for (; step <= (size_t)whole; ++step) {
      p->first_stroke[step] = i;
    }
    const int offset = (int)((beats - whole) * DT__UNITS + 0.5);
    p->tables.offset[i] = (unsigned char)(offset < DT__UNITS ? offset : DT__UNITS - 1);
    const int row = (int)p->score->take->strokes.items[i].drum * DT__LOUDS + p->score->loudness[i];
    p->tables.stroke_row[i] = p->tables.row_of_stroke[row];
  }
  for (; step <= p->steps; ++step) {
    p->first_stroke[step] = p->score->count;
  }
}

static void place_notes(dt__pointer* p) {
  size_t next = 0;
  for (int32_t x = 0; x < p->sheet->units; ++x) {
    while (next < p->sheet->note_total && p->sheet->notes[next].unit < x) {
      ++next;
    }
    p->tables.first_note[x] = next;
  }
}

void dt__pointer_tables(dt__pointer* p) {
  double kernel[REACH + 1];
  make_kernel(p->score, kernel);
  place_strokes(p);
  place_notes(p);
  fill_of_stroke(p, kernel);
  fill_of_note(p, kernel);
}

static size_t last_stroke(const dt__pointer* p, size_t step) {
  const size_t first = p->first_stroke[step];
  const size_t end = p->first_stroke[step + 1];
  return end - first > MOST ? first + MOST : end;
}

int32_t dt__pointer_observe(const dt__pointer* p, size_t step, int32_t unit) {
  const dt__tables* t = &p->tables;
  const size_t stride = (size_t)p->sheet->units + DT__UNITS;
  int32_t sum = 0;
  const size_t end = last_stroke(p, step);
  for (size_t i = p->first_stroke[step]; i < end; ++i) {
    sum += t->of_stroke[(size_t)t->stroke_row[i] * stride + (size_t)unit + t->offset[i]];
  }
  const size_t length = (p->steps + 1) * DT__UNITS;
  const signed char* here = t->of_note + step * DT__UNITS;
  const size_t most = t->first_note[unit] + MOST;
  for (size_t i = t->first_note[unit]; i < p->sheet->note_total && i < most; ++i) {
    const dt__sheet_note* note = &p->sheet->notes[i];
    if (note->unit >= unit + DT__UNITS) {
      break;
    }
    sum += here[(size_t)t->row_of_note[note->drum] * length + (size_t)(note->unit - unit)];
  }
  return sum;
}

int32_t dt__pointer_ignore(const dt__pointer* p, size_t step) {
  return (int32_t)(last_stroke(p, step) - p->first_stroke[step]) * FULL;
}
