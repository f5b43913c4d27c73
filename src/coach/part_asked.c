#include <string.h>

#include "coach_internal.h"

/* Bars from first on, then all of it over and over; or two bars over and over. */
static size_t order_of(const dt_instruction* now, const dt_chart* chart,
                       dt_chart_segment order[2]) {
  enum { TIMES_MOST = 999 };
  if (now->loop_bars > 0) {
    order[0] = (dt_chart_segment){now->from_bar, now->loop_bars, TIMES_MOST};
    return 1;
  }
  order[0] = (dt_chart_segment){now->from_bar, chart->bar_count - now->from_bar, 1};
  order[1] = (dt_chart_segment){0, chart->bar_count, 1};
  return 2;
}

static bool is_foot(dt_voice voice) {
  return voice == DT_VOICE_KICK || voice == DT_VOICE_HIHAT_PEDAL;
}

static bool is_played(const dt_chart_note* n, dt_limbs limbs) {
  const bool foot = is_foot(dt_drum_voice(n->drum));
  switch (limbs) {
  case DT_LIMBS_HANDS:
    return !foot;
  case DT_LIMBS_RIGHT:
    return n->hand == 'R';
  case DT_LIMBS_LEFT:
    return n->hand == 'L';
  case DT_LIMBS_FEET:
    return foot;
  case DT_LIMBS_ALL:
  case DT_LIMBS_COUNT:
  default:
    return true;
  }
}

static dt_status leave_out(dt_part* part, const dt_allocator* allocator, dt_limbs limbs) {
  const size_t count = part->note_count;
  size_t kept = 0;
  for (size_t i = 0; i < part->note_count; ++i)
    if (is_played(&part->notes[i].note, limbs))
      part->notes[kept++] = part->notes[i];
  if (kept == count)
    return DT_OK;
  /* The block is as large as its count says. */
  dt_part_note* notes =
      dt_resize(allocator, part->notes, count * sizeof *notes, kept * sizeof *notes);
  if (notes == NULL && kept > 0)
    return DT_NO_MEMORY;
  part->notes = notes;
  part->note_count = kept;
  return DT_OK;
}

/* The tempo of each bar as the cues want it. From the last bar on, so that what is read is still as
 * it was. */
static dt_status bend(dt_part* part, const dt_allocator* allocator, const dt_coach* coach) {
  for (size_t b = part->bar_count; b-- > 0;) {
    dt_cue cue;
    dt_coach_cue(coach, (int)b, &cue);
    const double bpm = dt_tempo_map_bpm(&part->map, (double)part->bars[b].tick);
    const dt_status status = dt_tempo_map_set_tempo(&part->map, allocator, part->bars[b].tick,
                                                    6e7 / (bpm * cue.tempo_factor));
    if (status != DT_OK)
      return status;
  }
  return DT_OK;
}

dt_status dt_coach_part(dt_part* part, const dt_allocator* allocator, const dt_chart* chart,
                        const dt_coach* coach) {
  const dt_instruction* now = &coach->now;
  memset(part, 0, sizeof *part);
  if (now->act != DT_ACT_PLAY || now->from_bar >= chart->bar_count ||
      now->from_bar + now->loop_bars > chart->bar_count)
    return DT_BAD_ARGUMENT;
  /* The same chart in another order: only read, so what it borrows stays the owner's. */
  dt_chart asked = *chart;
  dt_chart_segment order[2];
  if (now->from_bar > 0 || now->loop_bars > 0) {
    asked.order_count = order_of(now, chart, order);
    asked.order = order;
    asked.order_room = asked.order_count;
  }
  dt_status status = dt_part_from_chart(part, allocator, &asked, now->bars, now->bpm);
  if (status == DT_OK && now->mode == DT_MODE_SURPRISE && now->piece == DT_PIECE_WHOLE)
    status = bend(part, allocator, coach);
  if (status == DT_OK)
    status = leave_out(part, allocator, now->limbs);
  if (status != DT_OK) {
    dt_part_clear(part, allocator);
    memset(part, 0, sizeof *part);
    return status;
  }
  return DT_OK;
}
