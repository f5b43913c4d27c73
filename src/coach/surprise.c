#include "dt/rng.h"

#include "coach_internal.h"

/* One surprise in every phrase of four bars but the first, each from its own random numbers, so
 * that any bar can be asked for at any time. */
enum { PHRASE = 4, KINDS = 5 };
typedef enum kind { NOTHING, JUMP, DROPPED, DOUBLE_TIME, TURNED } kind;

static const double JUMP_LEAST = 0.03;
static const double JUMP_MOST = 0.08;

static uint64_t all_beats(const dt_coach* coach) {
  const int beats = coach->exercises[coach->exercise].facts.beats_per_bar;
  return beats >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << beats) - 1;
}

static dt_rng phrase_numbers(const dt_coach* coach, int phrase) {
  return dt_rng_seeded(coach->options.seed + 1000003U * coach->take_number,
                       7000U + (uint64_t)phrase);
}

/* A groove at twice the tempo has to be clean there too. */
static bool may_double(const dt_coach* coach) {
  const dt_coach_exercise* e = &coach->exercises[coach->exercise];
  const double clean = e->past.bpm;
  return clean > 0.0 && 2.0 * coach->now.bpm <= clean && 2.0 * coach->now.bpm <= DT_LADDER_MAX_BPM;
}

static kind kind_of(const dt_coach* coach, int phrase, dt_rng* numbers) {
  const kind drawn = (kind)dt_rng_below(numbers, KINDS);
  if (phrase == 0 || (drawn == DOUBLE_TIME && !may_double(coach)))
    return NOTHING;
  return drawn;
}

static double jump(const dt_coach* coach, dt_rng* numbers) {
  const double size = JUMP_LEAST + (JUMP_MOST - JUMP_LEAST) * dt_rng_uniform(numbers);
  const bool up = dt_rng_below(numbers, 2) == 1;
  const double clean = coach->exercises[coach->exercise].past.bpm;
  /* Up only where that is still within what is clean. */
  return up && clean > 0.0 && coach->now.bpm * (1.0 + size) <= clean * (1.0 + DT_LADDER_BEYOND)
             ? 1.0 + size
             : 1.0 - size;
}

dt__surprise dt__surprise_at(const dt_coach* coach, int bar) {
  const int phrase = bar / PHRASE;
  const int place = bar % PHRASE;
  dt_rng numbers = phrase_numbers(coach, phrase);
  dt__surprise s = {1.0, all_beats(coach), 0.0, DT_CALL_NONE, false};
  switch (kind_of(coach, phrase, &numbers)) {
  case JUMP:
    s.tempo_factor = jump(coach, &numbers);
    s.unsettled = place < 2;
    break;
  case DROPPED:
    if (place == 2)
      s.click_beats &= (uint64_t)dt_rng_bits(&numbers) << 32 | dt_rng_bits(&numbers);
    if (place == 3)
      s.click_beats = 0;
    break;
  case DOUBLE_TIME:
    if (place >= 2) {
      s.tempo_factor = 2.0;
      s.click_beats &= 0x5555555555555555U;
      s.call = DT_CALL_DOUBLE_TIME;
      s.unsettled = true;
    }
    break;
  case TURNED:
    if (place >= 2)
      s.shift_beats = 0.5;
    break;
  case NOTHING:
  default:
    break;
  }
  if (place == 0 && phrase > 0) {
    dt_rng before = phrase_numbers(coach, phrase - 1);
    const kind last = kind_of(coach, phrase - 1, &before);
    if (last == DOUBLE_TIME)
      s.call = DT_CALL_BACK;
    s.unsettled = s.unsettled || last == DOUBLE_TIME || last == JUMP;
  }
  return s;
}
