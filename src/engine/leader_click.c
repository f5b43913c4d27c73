#include <math.h>

#include "leader_internal.h"

/* What the band is told of each bar: its click, and who is heard beside it. */

#define BEAT_SHARE    0.5  /* -6 dB beside the bar's first */
#define BETWEEN_SHARE 0.25 /* -12 dB */

/* What is silent to leave the player alone must not be heard from the band either; a click that is
 * turned round, or left out for a bar, would be given away by it. */
static double line_share(const dt_cue* cue) {
  return cue->shift_beats > 0 || cue->click_beats == 0 ? 0 : cue->click;
}

static float db_of(double amplitude) {
  return amplitude > 1e-6 ? (float)(20 * log10(amplitude)) : DT_BAND_SILENT_DB;
}

/* How a bar's metre is felt. */
typedef struct felt {
  dt_tick unit; /* what the band's click divides */
  int units;    /* of a beat: 3 in compound metres */
  int beats;
} felt;

static felt felt_in(const dt_part_bar* bar) {
  const dt_tick unit = (dt_tick)4 * DT_TICKS_PER_QUARTER / bar->meter.denominator;
  const dt_tick beat = dt_meter_beat_ticks(bar->meter);
  return (felt){unit, (int)(beat / unit), (int)(bar->length / beat)};
}

/* Pairs of what is between the beats swing as the part's notes do. */
static void swing(dt_band_click* click, const dt_part* part, const felt* f) {
  if (click->divide % 2 == 1 || click->divide == 0 || part->swing_pair <= 0)
    return;
  const dt_tick sub = f->unit / click->divide;
  if (f->unit % click->divide != 0 || part->swing_pair % (2 * sub) != 0 ||
      f->unit * f->units % part->swing_pair != 0 || part->swing_pair / sub > 16)
    return;
  click->swing = part->swing;
  click->swing_over = (int)(part->swing_pair / sub);
}

static bool has_every_beat(const dt_cue* cue, const felt* f) {
  const uint64_t all = f->beats >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << f->beats) - 1;
  return (cue->click_beats & all) == all;
}

/* A click that is turned round stands half a beat late, on the off-beat. Else what is between the
 * beats, but where one of them is left out: that would give it away. */
static void divide(const dt_leader* leader, const dt_cue* cue, const dt_part_bar* bar,
                   dt_band_click* click) {
  const felt f = felt_in(bar);
  const int wanted = leader->config.plan->exercises[leader->ask.exercise].subdivisions;
  click->divide_db = DT_BAND_SILENT_DB;
  if (cue->shift_beats > 0) {
    click->divide = 2;
    click->divide_db = db_of(cue->click);
    click->sub_only = f.units;
  } else if (wanted > 1 && wanted % f.units == 0 && has_every_beat(cue, &f)) {
    click->divide = wanted / f.units;
    click->divide_db = db_of(cue->click * BETWEEN_SHARE);
  }
  swing(click, &leader->take.part, &f);
}

static void send_cue(dt_leader* leader, int bar) {
  dt_cue cue;
  dt_coach_cue(&leader->coach, bar, &cue);
  const dt_part_bar* played = &leader->take.part.bars[bar];
  const dt_frame at = dt__take_frame(leader, played->tick) - leader->config.rate_hz / 20;
  dt_band_command* command = dt__lead_band(leader, DT_BAND_CLICK, at);
  command->bar = bar;
  dt_band_click* click = &command->click;
  for (int beat = 0; beat < DT_BAND_BEATS_MAX; beat++) {
    const bool sounds = !(cue.shift_beats > 0) && (cue.click_beats >> beat & 1);
    const double share = beat == 0 ? 1 : BEAT_SHARE;
    click->beat_db[beat] = sounds ? db_of(cue.click * share) : DT_BAND_SILENT_DB;
  }
  divide(leader, &cue, played, click);
  dt_band_command* drums = dt__lead_band(leader, DT_BAND_LEVEL, at);
  drums->bar = bar;
  drums->level.bus = DT_BAND_DRUMS;
  drums->level.db = cue.role == DT_ROLE_LISTEN ? 0 : DT_BAND_SILENT_DB;
  drums->level.cut = true; /* not even the beginning of its first stroke is heard */
  if (!leader->config.has_band_line)
    return;
  dt_band_command* line = dt__lead_band(leader, DT_BAND_LEVEL, at);
  line->bar = bar;
  line->level.bus = DT_BAND_BACKING;
  line->level.db = db_of(line_share(&cue));
  line->level.cut = true;
}

/* A bar's cue is final once the bar before it has begun. */
void dt__take_cues(dt_leader* leader) {
  dt__leader_take* take = &leader->take;
  while (take->cues_sent < (int)take->part.bar_count) {
    const int bar = take->cues_sent;
    if (bar > 0 && leader->now < dt__take_frame(leader, take->part.bars[bar - 1].tick))
      return;
    send_cue(leader, bar);
    take->cues_sent++;
  }
}
