#include <math.h>
#include <stdio.h>
#include <string.h>

#include "beaten_internal.h"
#include "report_internal.h"

enum { SECTIONS_SHOWN = 12, FILLS_SHOWN = 16, VOICES_SHOWN = 4, PAIRS_LEAST = 8 };

static const char* bold(const dt_beaten* beaten) {
  return beaten->color ? "\033[1m" : "";
}

static const char* dim(const dt_beaten* beaten) {
  return beaten->color ? "\033[2m" : "";
}

static const char* plain(const dt_beaten* beaten) {
  return beaten->color ? "\033[0m" : "";
}

/* Never more than is known: 99 where it rounds to 100 without being 1. */
static int percent(double probability) {
  const int rounded = (int)floor(100.0 * probability + 0.5);
  return rounded > 99 && probability < 0.9999 ? 99 : rounded < 1 && probability > 0.0 ? 1 : rounded;
}

static const char* clock_text(char* text, size_t size, double time_s) {
  const double tenths = floor(10.0 * fabs(time_s) + 0.5);
  const double minutes = floor(tenths / 600.0);
  snprintf(text, size, "%s%.0f:%04.1f", time_s < 0.0 ? "-" : "", minutes,
           (tenths - 600.0 * minutes) / 10.0);
  return text;
}

/* "swung eighths 2.1:1, half-time" */
static void feel_text(char* text, size_t size, const dt_beat_section* section) {
  char ratio[24] = "";
  if (section->feel != DT_BEAT_STRAIGHT)
    snprintf(ratio, sizeof ratio, " %.1f:1", section->swing_ratio);
  snprintf(text, size, "%s%s%s%s", dt_beat_feel_name(section->feel), ratio,
           section->span == DT_BEAT_AS_WRITTEN ? "" : ", ",
           section->span == DT_BEAT_AS_WRITTEN ? "" : dt_beat_span_name(section->span));
}

static void put_head(dt__page* page, const dt_take* take, const dt_beaten* beaten) {
  const dt_beat_track* track = beaten->track;
  const dt_beat_section* section = dt_beaten_main_section(track);
  char feel[80] = "";
  if (dt__base_name(beaten->file) != NULL)
    dt__put(page, "%s%.200s%s\n", dim(beaten), dt__base_name(beaten->file), plain(beaten));
  if (track->beat_count == 0) {
    dt__put(page, "%sNo steady pulse%s in %zu stroke%s; the chance that there is one: %d %%\n",
            bold(beaten), plain(beaten), take->strokes.count, take->strokes.count == 1 ? "" : "s",
            percent(track->pulse_probability));
    return;
  }
  if (section != NULL && beaten->live == NULL)
    feel_text(feel, sizeof feel, section);
  dt__put(page, "%s%.1f bpm, %d/%d%s%s%s\n\n", bold(beaten), track->bpm, track->meter.numerator,
          track->meter.denominator, feel[0] ? ", " : "", feel, plain(beaten));
}

static double probability_of(const dt_beat_track* track, dt_meter meter) {
  for (int k = 0; k < DT_BEAT_METERS; ++k)
    if (dt_beat_meters[k].numerator == meter.numerator &&
        dt_beat_meters[k].denominator == meter.denominator)
      return track->meter_probability[k];
  return (double)NAN;
}

static void put_tempo(dt__page* page, const dt_beaten* beaten) {
  const dt_beat_track* track = beaten->track;
  char line[400];
  size_t used =
      (size_t)snprintf(line, sizeof line, "tempo     %.1f to %.1f bpm, %d %% sure",
                       dt_beaten_quantile_bpm(track, 0.05), dt_beaten_quantile_bpm(track, 0.95),
                       percent(track->tempo_probability));
  for (size_t k = 0; k < track->alternative_count && k < 2; ++k)
    if (track->alternatives[k].probability >= 0.005)
      used += (size_t)snprintf(line + used, sizeof line - used, "%s %.1f%s (%d %%)",
                               strstr(line, "else") ? "," : "; else", track->alternatives[k].bpm,
                               fabs(track->alternatives[k].ratio - 1.0) < 0.01 ? " shifted" : "",
                               percent(track->alternatives[k].probability));
  dt__put(page, "%s\n", line);
}

static void put_certainty(dt__page* page, const dt_beaten* beaten) {
  const dt_beat_track* track = beaten->track;
  const double meter = probability_of(track, track->meter);
  char first[24];
  char last[24];
  dt__put(page, "pulse     %zu beats, %s to %s, %d %% sure\n", track->beat_count,
          clock_text(first, sizeof first, track->beats[0].time_s),
          clock_text(last, sizeof last, track->beats[track->beat_count - 1].time_s),
          percent(track->pulse_probability));
  put_tempo(page, beaten);
  if (isfinite(meter))
    dt__put(page, "metre     %d/%d, %d %% sure; where one is, %d %%\n", track->meter.numerator,
            track->meter.denominator, percent(meter), percent(track->downbeat_probability));
}

static void put_live(dt__page* page, const dt_beaten* beaten) {
  const dt_beaten_live* live = beaten->live;
  char when[24];
  if (isfinite(live->lock_s))
    dt__put(page, "live      locked after %.1f bars, at %s", live->lock_bars,
            clock_text(when, sizeof when, live->lock_s));
  else
    dt__put(page, "live      never locked");
  dt__put(page, "; beats called at least %.2f beats ahead\n", live->least_notice_beats);
}

static void put_section(dt__page* page, const dt_beat_track* track, const dt_beat_section* s) {
  char from[24];
  char to[24];
  char span[56];
  char bars[32];
  char meter[24];
  char feel[80];
  feel_text(feel, sizeof feel, s);
  snprintf(bars, sizeof bars, "%d-%d", dt__beaten_bar(track, s->first),
           dt__beaten_bar(track, s->first + s->count - 1));
  snprintf(span, sizeof span, "%s-%s", clock_text(from, sizeof from, track->beats[s->first].time_s),
           clock_text(to, sizeof to, dt__beaten_end_s(track, s->first + s->count)));
  snprintf(meter, sizeof meter, "%d/%d", s->meter.numerator, s->meter.denominator);
  dt__put(page, "  %-9s %-17s %7.1f  %-6s %s\n", bars, span, s->bpm, meter, feel);
}

static void put_sections(dt__page* page, const dt_beaten* beaten) {
  const dt_beat_track* track = beaten->track;
  if (track->section_count < 2 || beaten->live != NULL)
    return;
  dt__put(page, "\n%s  %-9s %-17s %7s  %-6s %s%s\n", dim(beaten), "bars", "time", "bpm", "metre",
          "feel", plain(beaten));
  for (size_t k = 0; k < track->section_count && k < SECTIONS_SHOWN; ++k)
    put_section(page, track, &track->sections[k]);
  if (track->section_count > SECTIONS_SHOWN)
    dt__put(page, "  and %zu more\n", track->section_count - SECTIONS_SHOWN);
}

static void put_fills(dt__page* page, const dt_beaten* beaten) {
  const dt_beat_track* track = beaten->track;
  char line[400] = "";
  size_t used = 0;
  size_t count = 0;
  size_t first = 0;
  for (size_t end = 0; (end = dt_beaten_next_fill(track, end, &first)) > 0; ++count)
    if (count < FILLS_SHOWN)
      used += (size_t)snprintf(line + used, sizeof line - used, "%s%d", count > 0 ? ", " : "",
                               dt__beaten_bar(track, first));
  if (count == 0)
    return;
  char text[512];
  snprintf(text, sizeof text, "fills     in bar%s %s%s", count == 1 ? "" : "s", line,
           count > FILLS_SHOWN ? " ..." : "");
  dt__put_wrapped(page, text, NULL, NULL);
}

static void put_ratio(dt__page* page, const char* name, const dt_swing_voice* voice) {
  dt__put(page, "%-9s %.2f:1 (%.2f to %.2f), short note %.0f ms, %zu pairs", name,
          voice->ratio.value, voice->ratio.low, voice->ratio.high, voice->short_ms.value,
          voice->pair_count);
}

static void put_swing(dt__page* page, const dt_beaten* beaten) {
  const dt_swing* swing = &beaten->swing->swing;
  if (swing->all.ratio.known != DT_KNOWN)
    return;
  dt__put(page, "\n");
  put_ratio(page, "swing", &swing->all);
  if (swing->swung == DT_KNOWN && isfinite(swing->norm_ratio))
    dt__put(page, "\n          (jazz rides at this tempo: %.2f:1)", swing->norm_ratio);
  dt__put(page, "\n");
  for (size_t k = 0; k < swing->voice_count && k < VOICES_SHOWN && swing->voice_count > 1; ++k)
    if (swing->voices[k].pair_count >= PAIRS_LEAST && swing->voices[k].ratio.known == DT_KNOWN) {
      char name[24];
      snprintf(name, sizeof name, "  %s", dt_voice_name(swing->voices[k].voice));
      put_ratio(page, name, &swing->voices[k]);
      dt__put(page, "\n");
    }
}

dt_status dt_beaten_text(const dt_take* take, const dt_beaten* beaten, dt_sink sink) {
  dt__page page = {sink, DT_OK};
  (void)take;
  put_head(&page, take, beaten);
  if (beaten->track->beat_count > 0) {
    put_certainty(&page, beaten);
    if (beaten->live != NULL)
      put_live(&page, beaten);
    put_fills(&page, beaten);
    put_sections(&page, beaten);
    put_swing(&page, beaten);
  }
  return page.status;
}
