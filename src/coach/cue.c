#include "coach_internal.h"

/* Silence, but for what is heard of a click at -36 dB: nothing. */
static const double QUIET_END = 0.016;

static uint64_t every_beat(const dt_coach* coach) {
  const int beats = coach->exercises[coach->exercise].facts.beats_per_bar;
  return beats >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << beats) - 1;
}

void dt_coach_cue(const dt_coach* coach, int bar, dt_cue* cue) {
  *cue = (dt_cue){.role = DT_ROLE_PLAY,
                  .tempo_factor = 1.0,
                  .click = 1.0,
                  .click_beats = every_beat(coach),
                  .shift_beats = 0.0,
                  .call = DT_CALL_NONE};
  if (coach->now.act != DT_ACT_PLAY || coach->now.piece != DT_PIECE_WHOLE || bar < 0)
    return;
  switch (coach->now.mode) {
  case DT_MODE_GAP: {
    const int place = dt__gap_place(coach, bar);
    const bool gap =
        place >= DT__GAP_LEAD && place < DT__GAP_LEAD + coach->exercises[coach->exercise].gap_bars;
    cue->click = gap ? 0.0 : 1.0;
    break;
  }
  case DT_MODE_QUIET:
    cue->click = coach->click < QUIET_END ? 0.0 : coach->click;
    break;
  case DT_MODE_SURPRISE: {
    const dt__surprise s = dt__surprise_at(coach, bar);
    cue->tempo_factor = s.tempo_factor;
    cue->click_beats = s.click_beats;
    cue->shift_beats = s.shift_beats;
    cue->call = s.call;
    break;
  }
  case DT_MODE_TRADE:
    cue->role = bar / DT__TRADE_BARS % 2 == 0 ? DT_ROLE_LISTEN : DT_ROLE_PLAY;
    break;
  case DT_MODE_OWN:
    cue->click = 0.0;
    break;
  case DT_MODE_LADDER:
  case DT_MODE_ENDURANCE:
  case DT_MODE_RETENTION:
  case DT_MODE_COUNT:
  default:
    break;
  }
}
