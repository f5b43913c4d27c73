#include <math.h>

#include "practise_internal.h"

/*
 * Voices and hands that are late or early somewhere.
 *
 * Noticed is about 10 ms of a displaced stroke (Friberg & Sundberg 1993, below 240 ms between
 * strokes), or a fiftieth of a beat where that is more: of one place against the others of its
 * voice, and against the other voices. A voice that is late everywhere is a feel until 18 ms:
 * listeners like less than 19 (Hofmann 2017), and professionals' kicks and snares are 10 ms early
 * (Fujii et al. 2011).
 */
static const double NOTICED_MS = 10.0;
static const double NOTICED_BEATS = 0.02;
static const double VOICE_MS = 18.0;
static const double WITHOUT_CHART = 1.5;
enum { PLAYED_MIN = 8, BARS_BETWEEN = 4 }; /* a place: played so often, and once in so many bars */

/* Without a chart nothing says what was meant, and what is steady may be a feel. */
static double leave(const dt__faults* f) {
  return f->study->chart ? 1.0 : WITHOUT_CHART;
}

/* A place that is off by less than its strokes scatter anyway does not stand out. */
static double noticed_ms(const dt__faults* f, double least) {
  const dt_estimate* scatter = &f->verdict->all.scatter_ms;
  return fmax(leave(f) * least, scatter->known == DT_KNOWN ? scatter->value : 0.0);
}

/* Mean offset of the places of a voice, less one; or of all other voices. NAN: none. */
static double mean_offset(const dt_places* p, dt_voice voice, bool others, size_t less) {
  double sum = 0.0;
  double count = 0.0;
  for (size_t i = 0; i < p->place_count; ++i) {
    const dt_place* place = &p->places[i];
    if (i != less && (place->voice == voice) != others && place->offset_ms.known == DT_KNOWN) {
      sum += place->offset_ms.value * (double)place->count;
      count += (double)place->count;
    }
  }
  return count > 0.0 ? sum / count : (double)NAN;
}

static double nearer_to_none(double a, double b) {
  if (isnan(a) || isnan(b)) {
    return isnan(a) ? b : a;
  }
  return a * b <= 0.0 ? 0.0 : fabs(a) < fabs(b) ? a : b;
}

/* How far off a place is and what is noticed there: as a place, or as its whole voice. */
static double place_off(const dt__faults* f, size_t i, double* noticed) {
  const dt_places* p = &f->study->places;
  const dt_place* place = &p->places[i];
  const double offset = place->offset_ms.value;
  const double voices = offset - mean_offset(p, place->voice, true, i);
  const double own = offset - mean_offset(p, place->voice, false, i);
  const double here = nearer_to_none(voices, own);
  const double voice_ms = noticed_ms(f, VOICE_MS);
  *noticed = noticed_ms(f, fmax(NOTICED_MS, NOTICED_BEATS * f->beat_ms));
  if (!isnan(voices) && fabs(voices) / voice_ms > fabs(here) / *noticed) {
    *noticed = voice_ms;
    return voices;
  }
  return here;
}

static bool is_played(const dt__faults* f, const dt_place* place) {
  const double bars = f->verdict->bars / BARS_BETWEEN;
  const bool meant =
      place->voice != DT_VOICE_HIHAT_PEDAL && 2 * place->bar_tick % DT_TICKS_PER_QUARTER == 0;
  if (!f->study->chart && !meant) { /* a foot that closes the hi-hat; a swing */
    return false;
  }
  return place->offset_ms.known == DT_KNOWN && (double)place->count >= fmax(PLAYED_MIN, bars);
}

static void places(dt__faults* f) {
  const dt_places* p = &f->study->places;
  for (size_t i = 0; i < p->place_count; ++i) {
    const dt_place* place = &p->places[i];
    if (!is_played(f, place)) {
      continue;
    }
    double noticed = 0.0;
    const double off = place_off(f, i, &noticed);
    const double shift = off - place->offset_ms.value;
    const dt_estimate e = {off, place->offset_ms.low + shift, place->offset_ms.high + shift,
                           DT_KNOWN};
    dt__fault* fault = dt__fault_add(f, DT_WEAK_PLACE, place->voice, &e, noticed, 0);
    if (fault) {
      fault->bar_tick = place->bar_tick;
      /* A place that is seldom played matters little to the whole. */
      fault->severity *= fmin(1.0, sqrt((double)place->count / fmax(f->verdict->bars, 1.0)));
    }
  }
}

int dt__fault_places(const dt__faults* f, const dt__fault* fault, const char** names, int most) {
  const dt_places* p = &f->study->places;
  int count = 0;
  for (size_t i = 0; i < p->place_count && count < most; ++i) {
    const dt_place* place = &p->places[i];
    if (place->voice != fault->voice || !is_played(f, place)) {
      continue;
    }
    double noticed = 0.0;
    const double off = place_off(f, i, &noticed);
    if (off * fault->value > 0.0 && fabs(off) >= noticed && fabs(off) > 0.6 * fabs(fault->value)) {
      names[count++] = place->name;
    }
  }
  return count;
}

/* What the chart writes as swung is not uneven; without a chart late ones are a light swing, and a
 * feel. */
static bool are_swung(const dt_study* study) {
  if (study->chart) {
    return study->chart->swing > 0.5 && study->chart->swing_pair == DT_TICKS_PER_QUARTER / 2;
  }
  const dt_estimate* away = study->swing.sixteenths_all.deviation_ms;
  return away[1].value > 0.0 && away[3].value > 0.0;
}

void dt__faults_of_place(dt__faults* f) {
  places(f);
  dt__fault_add(f, DT_WEAK_HAND_TIME, DT_VOICE_COUNT, &f->study->hands.left_right.later_ms,
                NOTICED_MS, 0);
  if (!are_swung(f->study)) {
    dt__fault_add(f, DT_WEAK_SIXTEENTHS, DT_VOICE_COUNT, &f->study->swing.sixteenths_all.uneven_ms,
                  0.6 * leave(f) * NOTICED_MS, 1);
  }
}
