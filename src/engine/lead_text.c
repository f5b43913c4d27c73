#include <math.h>
#include <stdio.h>

#include "dt/session.h"

static int click_text(char* text, size_t size, const dt_band_click* click) {
  const int used =
      snprintf(text, size, " beat1 %.1f beat2 %.1f divide %d %.1f", (double)click->beat_db[0],
               (double)click->beat_db[1], click->divide, (double)click->divide_db);
  if (click->swing == 0.5 || used < 0 || (size_t)used >= size)
    return used;
  return used + snprintf(text + used, size - (size_t)used, " swing %.4f over %d", click->swing,
                         click->swing_over);
}

/* What a command asks for, as far as replay could differ in it. */
static int band_text(char* text, size_t size, const dt_band_command* command) {
  static const char* const names[DT_BAND_COMMAND_COUNT] = {
      "start", "stop", "tempo", "meter", "click", "bars", "level", "kit", "midi"};
  int used = snprintf(text, size, " %s at %lld bar %d", names[command->kind],
                      (long long)command->at, command->bar);
  if (used < 0 || (size_t)used >= size)
    return used;
  text += used;
  size -= (size_t)used;
  switch (command->kind) {
  case DT_BAND_START:
    return used + snprintf(text, size, " count-in %d", command->start.count_in_bars);
  case DT_BAND_CLICK:
    return used + click_text(text, size, &command->click);
  case DT_BAND_LEVEL:
    return used +
           snprintf(text, size, " bus %d %.1f", (int)command->level.bus, (double)command->level.db);
  default:
    return used;
  }
}

static int judged_text(char* text, size_t size, const dt_lead_judged* judged) {
  const dt_verdict* v = judged->verdict;
  const dt_timing* all = &v->all;
  return snprintf(text, size,
                  " take %d %s strokes %zu bars %d missed %d extra %d placement %.3f drift %.4f "
                  "scatter %.3f failed %s%s",
                  judged->number, dt_word_text(v->word), judged->take->strokes.count,
                  judged->shown.bars, judged->shown.missed, judged->shown.extra,
                  all->placement_ms.value, all->drift_bpm_per_min.value, all->scatter_ms.value,
                  dt_criterion_name(judged->clean.failed), judged->shown.stopped ? " stopped" : "");
}

static int rest_of(char* text, size_t size, const dt_lead* lead) {
  switch (lead->kind) {
  case DT_LEAD_BAND:
    return band_text(text, size, &lead->command);
  case DT_LEAD_TAKE:
    return snprintf(
        text, size,
        " exercise %d mode %s piece %d %.4f bpm bars %d from %d start %lld first %lld end %lld: %s",
        lead->ask.exercise, dt_mode_name(lead->ask.mode), (int)lead->ask.piece, lead->ask.bpm,
        lead->ask.bars, lead->ask.from_bar, (long long)lead->start, (long long)lead->first,
        (long long)lead->end, lead->ask.say);
  case DT_LEAD_STROKE:
    return snprintf(text, size, " %s %.6f velocity %.2f bar %d beat %.3f asynchrony %.3f",
                    dt_drum_name(lead->stroke.stroke.drum), lead->stroke.stroke.time_s,
                    (double)lead->stroke.stroke.velocity, lead->stroke.bar, lead->stroke.beat,
                    lead->stroke.asynchrony_ms);
  case DT_LEAD_BAR:
    return snprintf(text, size, " %d written %d notes %d missed %d extra %d mean %.3f",
                    lead->bar.bar, lead->bar.written, lead->bar.notes, lead->bar.missed,
                    lead->bar.extra, lead->bar.mean_ms);
  case DT_LEAD_JUDGED:
    return judged_text(text, size, &lead->judged);
  case DT_LEAD_REST:
    return snprintf(text, size, " until %lld: %s", (long long)lead->end, lead->text);
  default:
    return snprintf(text, size, ": %s", lead->text);
  }
}

size_t dt_lead_text(char text[DT_LEAD_TEXT_MAX], const dt_lead* lead) {
  int used = snprintf(text, DT_LEAD_TEXT_MAX, "%lld %s", (long long)lead->at,
                      dt_lead_kind_name(lead->kind));
  if (used > 0 && used < DT_LEAD_TEXT_MAX)
    used += rest_of(text + used, DT_LEAD_TEXT_MAX - (size_t)used, lead);
  return used < 0 ? 0 : used >= DT_LEAD_TEXT_MAX ? DT_LEAD_TEXT_MAX - 1 : (size_t)used;
}
