#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "practise_internal.h"

/* One sentence a weakness: what it is, how much, and what it does to the whole. */

typedef struct words {
  char* text;
  size_t size;
} words;

static void say(words* w, const char* format, ...) DT_PRINTF(2, 3);

static void say(words* w, const char* format, ...) {
  const size_t used = strlen(w->text);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(w->text + used, w->size - used, format, arguments);
  va_end(arguments);
}

static const char* late(double ms) {
  return ms < 0.0 ? "early" : "late";
}

/* "; without it your spread would be 8.1 ms, not 9.9." */
static void say_effect(words* w, const dt__faults* faults, const dt__fault* fault) {
  double now = 0.0;
  double without = 0.0;
  dt__fault_effect(faults, fault, &now, &without);
  if (isfinite(now) && without < now - 0.05)
    say(w, "; without it your spread would be %.1f ms, not %.1f.", without, now);
  else
    say(w, ".");
}

static void say_tempo(words* w, const dt__faults* faults, const dt__fault* fault) {
  const dt_places* p = &faults->study->places;
  const bool fills = fault->weakness == DT_WEAK_FILLS;
  const double times = fills ? (double)p->fills.count : (double)p->change_count;
  if (fills && fault->variant == DT__FILLS_INSIDE) {
    say(w, "You %s in fills: %.1f bpm %s than the groove before them.",
        fault->value < 0.0 ? "drag" : "rush", fabs(fault->value),
        fault->value < 0.0 ? "slower" : "faster");
    return;
  }
  say(w, "You %s %.1f bpm %s: %+.1f bpm over the take.", fault->value < 0.0 ? "lose" : "gain",
      fabs(fault->value), fills ? "after every fill" : "at every section change",
      fault->value * times);
}

static void say_drift(words* w, const dt__faults* faults, const dt__fault* fault) {
  if (fault->variant == DT__OFF_THE_CLICK) {
    say(w, "You leave the click: your tempo is steady, but %.1f bpm %s.",
        fabs(faults->verdict->bpm_change), fault->value < 0.0 ? "slower" : "faster");
    return;
  }
  say(w, "You are %s: your tempo %s %.1f bpm over the take.",
      fault->value < 0.0 ? "dragging" : "rushing", fault->value < 0.0 ? "fell" : "rose",
      fabs(faults->verdict->bpm_change));
}

static void say_place(words* w, const dt__faults* faults, const dt__fault* fault) {
  enum { MOST = 4 };
  const char* names[MOST];
  const int count = dt__fault_places(faults, fault, names, MOST);
  say(w, "Your %s on ", dt_voice_name(fault->voice));
  for (int i = 0; i < count; ++i)
    say(w, "%s\"%s\"", i == 0 ? "" : i + 1 < count ? ", " : " and ", names[i]);
  say(w, " %s %.0f ms %s", fault->voice == DT_VOICE_TOMS ? "were" : "was", fabs(fault->value),
      late(fault->value));
}

static const char* is_or_are(dt_voice voice) {
  return voice == DT_VOICE_TOMS ? "are" : "is";
}

static void say_time(words* w, const dt__faults* faults, const dt__fault* fault) {
  switch (fault->weakness) {
  case DT_WEAK_HAND_TIME:
    say(w, "Your left hand is %.0f ms %s against the right", fabs(fault->value),
        late(fault->value));
    break;
  case DT_WEAK_PLACE:
    say_place(w, faults, fault);
    break;
  case DT_WEAK_HAND_SCATTER:
    say(w, "Your %s hand is %.1f times as loose as the other",
        fault->value < 0.0 ? "right" : "left", exp(fabs(fault->value)));
    break;
  case DT_WEAK_VOICE_SCATTER:
    say(w, "Your %s %s %.1f times as loose as the rest", dt_voice_name(fault->voice),
        is_or_are(fault->voice), exp(fault->value));
    break;
  case DT_WEAK_SWING:
    say(w, "Your swing changes from pair to pair: off-beats spread %.1f times as wide as the beats",
        exp(fault->value));
    break;
  case DT_WEAK_SIXTEENTHS:
    say(w, "Your sixteenths are uneven by %.0f ms", fault->value);
    break;
  default: /* DT_WEAK_UNISON */
    say(w, "Strokes meant together come apart: there you spread %.1f times as wide as elsewhere",
        exp(fault->value));
  }
  say_effect(w, faults, fault);
}

static void say_roll(words* w, const dt__faults* faults, const dt__fault* fault) {
  const dt_rolls* r = &faults->study->rolls;
  switch (fault->weakness) {
  case DT_WEAK_ROLL:
    say(w, "Your rolls are uneven: their intervals spread %.0f %%, where %.0f %% would do.",
        r->cv_pct.value, r->cv_pct.value / exp(fault->value));
    return;
  case DT_WEAK_ROLL_HANDS:
    say(w, "In rolls your %s comes %.0f ms %s, every time.",
        r->hands.sticking ? "left hand" : "second stroke", fabs(fault->value), late(fault->value));
    return;
  default:
    say(w, "%zu of your %zu long rolls break%s down before the end.", dt__rolls_broken(faults),
        r->tested_count, dt__rolls_broken(faults) == 1 ? "s" : "");
  }
}

static void say_flam(words* w, const dt__faults* faults, const dt__fault* fault) {
  const dt_flams* flams = &faults->study->flams;
  const double mean_ms = flams->flam.mean_ms.value;
  if (fault->variant == DT__FLAM_UNEVEN)
    say(w, "Your flams vary by %.0f ms from one to the next, about a mean of %.0f.",
        flams->flam.sd_ms.value, mean_ms);
  else if (fault->variant == DT__FLAM_FLAT)
    say(w, "Your flams are too flat: %.0f ms apart, and %zu of %zu are heard as one stroke.",
        mean_ms, flams->flat_count, flams->flam_count);
  else
    say(w, "Your flams are too wide: %.0f ms apart, where %.0f to %.0f is usual.", mean_ms,
        DT_FLAM_NORM_LOW_MS, DT_FLAM_NORM_HIGH_MS);
}

static const dt_voice_dynamics* dynamics_of(const dt__faults* faults, dt_voice voice) {
  const dt_dynamics* d = &faults->study->dynamics;
  size_t k = 0;
  while (k + 1 < d->voice_count && d->voices[k].voice != voice)
    ++k;
  return &d->voices[k];
}

static void say_accents(words* w, const dt__faults* faults, const dt__fault* fault) {
  const dt_voice_dynamics* d = dynamics_of(faults, fault->voice);
  const char* drum = dt_voice_name(fault->voice);
  if (fault->weakness == DT_WEAK_ACCENTS) {
    say(w, "Accents on the %s stand out %.0f dB too little: by %.0f where %.0f are written.", drum,
        fabs(fault->value), fmax(d->accent_db.value, 0.0), d->accent_db.value - fault->value);
    return;
  }
  say(w, "Ghost notes on the %s are %.0f dB too loud to be ghosts", drum, fabs(fault->value));
  if (d->accent_ghost_db.known == DT_KNOWN)
    say(w, ": accents stand out from them by %.0f dB.", d->accent_ghost_db.value);
  else
    say(w, ".");
}

static void say_level(words* w, const dt__faults* faults, const dt__fault* fault) {
  const dt_limb_contrast* hands = &faults->study->hands.left_right;
  const bool left = fault->value < 0.0;
  switch (fault->weakness) {
  case DT_WEAK_HAND_LEVEL:
    say(w, "Your %s hand is %.0f dB weaker than the other: %.0f %% of the strokes sound soft.",
        left ? "left" : "right", fabs(fault->value),
        100.0 * (double)hands->count[left ? 0 : 1] / (double)(hands->count[0] + hands->count[1]));
    return;
  case DT_WEAK_OPENNESS:
    say(w, "Your hi-hat does not close: %.0f %% of its closed notes were open.",
        100.0 * fault->value);
    return;
  default:
    say(w, "Strokes meant equally loud vary by %.0f dB: accents are heard where none are written.",
        faults->study->dynamics.evenness_db.value);
  }
}

static void say_tiring(words* w, const dt__faults* faults, const dt__fault* fault) {
  const double minutes = faults->study->fatigue.minutes;
  if (fault->variant == DT__TIRING_LEVEL)
    say(w, "You tire: %.0f dB softer at the end than at the beginning.",
        fabs(fault->value) * minutes);
  else
    say(w, "You tire: your scatter grew by %.0f %% from beginning to end.", fault->value * minutes);
}

static void say_scatter(words* w, const dt_verdict* v) {
  say(w, "You are loose altogether: scatter %.0f ms, where %.0f is tight at this level",
      v->all.scatter_ms.value, v->tolerance.scatter_ms);
  say(w, v->slow_share > 0.6   ? "; most of it is slow: your pulse wanders."
         : v->slow_share < 0.4 ? "; most of it is from stroke to stroke: your hands."
                               : ".");
}

static void say_missed(words* w, const dt__faults* faults) {
  const dt__mistakes m = dt__count_mistakes(faults);
  say(w, "%zu of %zu notes missed, %zu on the wrong drum, %zu stroke%s too many.", m.missed,
      faults->study->alignment->event_count, m.wrong, m.extra, m.extra == 1 ? "" : "s");
}

void dt__fault_text(const dt__faults* faults, const dt__fault* fault, char* text, size_t size) {
  words w = {text, size};
  text[0] = '\0';
  switch (fault->weakness) {
  case DT_WEAK_MISSED:
    say_missed(&w, faults);
    return;
  case DT_WEAK_DRIFT:
    say_drift(&w, faults, fault);
    return;
  case DT_WEAK_SCATTER:
    say_scatter(&w, faults->verdict);
    return;
  case DT_WEAK_FILLS:
  case DT_WEAK_SECTIONS:
    say_tempo(&w, faults, fault);
    return;
  case DT_WEAK_ROLL:
  case DT_WEAK_ROLL_HANDS:
  case DT_WEAK_ROLL_BREAKS:
    say_roll(&w, faults, fault);
    return;
  case DT_WEAK_FLAM:
    say_flam(&w, faults, fault);
    return;
  case DT_WEAK_TIRING:
    say_tiring(&w, faults, fault);
    return;
  case DT_WEAK_GHOSTS:
  case DT_WEAK_ACCENTS:
    say_accents(&w, faults, fault);
    return;
  case DT_WEAK_HAND_LEVEL:
  case DT_WEAK_OPENNESS:
  case DT_WEAK_EVENNESS:
    say_level(&w, faults, fault);
    return;
  default:
    say_time(&w, faults, fault);
  }
}
