#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "beats.h"
#include "command.h"
#include "dt/kitmap.h"

typedef struct beats_values {
  dt__listen_values listen;
  bool is_live;
  double tempo_bpm; /* NAN: not given */
  dt_meter meter;
  const char* taps;
} beats_values;

/* In the order of dt__listen_format. */
static const char* const format_choices[] = {"csv",  "json",  "midi", "labels",
                                             "text", "click", NULL};

#define AT(field) offsetof(beats_values, field)

const dt__option dt__beats_options[] = {
    {'l', "live", NULL, "Follow causally, as on stage: each beat is called before it comes",
     DT__FLAG, AT(is_live), 0, 0, NULL},
    {'f', "format", "FORMAT",
     "text, csv, json, midi (a tempo map with the strokes), labels or click (the sound with a "
     "click on it); default: by the ending of --output, else csv; text for one FILE on a terminal",
     DT__CHOICE, AT(listen.format), 0, 0, format_choices},
    {'o', "output", "PLACE",
     "Where to write: a file for one FILE (- is standard output), a folder for several (it is made "
     "where it is missing)",
     DT__FILE_OUT, AT(listen.output), 0, 0, NULL},
    {'t', "tempo", "BPM", "About how many beats a minute, 30 to 300, where you know it", DT__NUMBER,
     AT(tempo_bpm), 30, 300, NULL},
    {'m', "meter", "METRE", "The metre where you know it: 2/4 3/4 4/4 5/4 6/8 7/8 or 12/8",
     DT__METER, AT(meter), 0, 0, NULL},
    {0, "tap", "SECONDS",
     "Beats that you know, as in 0.5,1.0,1.5 (a count-in, say); three at even distances fix the "
     "tempo",
     DT__TEXT, AT(taps), 0, 0, NULL},
    {'j', "threads", "N", "Files heard at a time (default: as many as there are processors)",
     DT__INTEGER, AT(listen.threads), 1, DT__LISTEN_THREADS_MAX, NULL},
    {0, "force", NULL, "Replace outputs that are there already", DT__FLAG, AT(listen.force), 0, 0,
     NULL},
    {0, "kit", "NAME",
     "MIDI: the kit's note map: gm, roland, alesis or yamaha (default: the one that fits best)",
     DT__TEXT, AT(listen.kit), 0, 0, NULL},
    {0, "kit-map", "FILE",
     "MIDI: your own notes on top of it: lines of NOTE DRUM, as in '22 hihat_closed'", DT__FILE_IN,
     AT(listen.kit_map), 0, 0, NULL},
    DT__OPTION_END,
};

/* The take with its beats as a click, so that its strokes stand on the tempo map's ticks. */
static dt_status write_midi(const dt__listen_heard* heard, const dt_beat_track* track,
                            dt_sink sink) {
  dt_take take = heard->take;
  dt_smf smf;
  dt_status status = dt_beaten_map(&take.click, NULL, track);
  if (status != DT_OK)
    return status;
  take.has_click = true;
  status = dt_smf_from_take(&smf, NULL, &take);
  dt_tempo_map_clear(&take.click, NULL);
  if (status != DT_OK)
    return status;
  status = dt_smf_write(&smf, sink);
  dt_smf_clear(&smf, NULL);
  return status;
}

static dt_status write_found(const dt__listen_heard* heard, dt__beats_found* found, dt_sink sink) {
  found->live.calls = found->calls;
  found->live.last = &found->last;
  const dt_beaten beaten = {
      .file = heard->job->input,
      .version = DT__VERSION,
      .format = heard->sound.rate_hz > 0 ? heard->sound.format : NULL,
      .rate_hz = heard->sound.rate_hz,
      .channels = heard->sound.channels,
      .color = heard->settings->color,
      .track = &found->track,
      .swing = &found->swing,
      .live = found->is_live ? &found->live : NULL,
  };
  switch (heard->settings->format) {
  case DT__LISTEN_JSON:
    return dt_beaten_json(&heard->take, &beaten, sink);
  case DT__LISTEN_MIDI:
    return write_midi(heard, &found->track, sink);
  case DT__LISTEN_LABELS:
    return dt_beaten_labels(&beaten, sink);
  case DT__LISTEN_TEXT:
    return dt_beaten_text(&heard->take, &beaten, sink);
  default:
    return dt_beaten_csv(&beaten, sink);
  }
}

static dt_status fail_to_find(dt_status status, dt_error* err) {
  return dt_fail(err, status, "%s", dt_status_sentence(status));
}

static dt_status write_beats(dt__listen_heard* heard, dt_sink sink, dt_error* err) {
  dt__beats_found found = {.calls = NULL};
  dt_status status = dt__beats_find(&found, heard);
  if (status != DT_OK)
    (void)fail_to_find(status, err);
  else
    status = write_found(heard, &found, sink);
  dt__beats_clear(&found);
  return status;
}

static dt_status write_click(dt__listen_heard* heard, const char* path, dt_error* err) {
  dt__beats_found found = {.calls = NULL};
  dt_status status = dt__beats_find(&found, heard);
  if (status != DT_OK)
    (void)fail_to_find(status, err);
  else
    status = dt__beats_click(&found, heard, path, err);
  dt__beats_clear(&found);
  return status;
}

static const dt__listen_kind beats_kind = {
    .command = "beats",
    .counted = "beat",
    .endings = {".beats.csv", ".beats.json", ".beats.mid", ".beats.labels.txt", ".beats.txt",
                ".beats.wav"},
    .known_endings = ".csv, .json, .mid, .wav and .flac",
    .write = write_beats,
    .write_sound = write_click,
};

static int read_taps(const char* text, dt__beats_settings* settings) {
  size_t count = 0;
  while (text != NULL) {
    char* end = NULL;
    const double tap_s = strtod(text, &end);
    const double before_s = count > 0 ? settings->tap_s[count - 1] : 0.0;
    if (end == text || (*end != ',' && *end != '\0') || !(tap_s >= before_s) || tap_s > 86400.0)
      return dt__usage_error(
          "beats", "--tap takes rising times in seconds, as in 0.5,1.0,1.5; not '%.40s'", text);
    if (count == DT__TAPS_MAX)
      return dt__usage_error("beats", "--tap takes at most %d times", DT__TAPS_MAX);
    settings->tap_s[count++] = tap_s;
    text = *end == ',' ? end + 1 : NULL;
  }
  settings->config.tap_count = count;
  return DT__DONE;
}

static int read_meter(dt_meter meter, dt__beats_settings* settings) {
  bool is_known = meter.numerator == 0;
  for (int k = 0; k < DT_BEAT_METERS; ++k)
    is_known = is_known || (dt_beat_meters[k].numerator == meter.numerator &&
                            dt_beat_meters[k].denominator == meter.denominator);
  if (!is_known)
    return dt__usage_error("beats", "--meter knows 2/4 3/4 4/4 5/4 6/8 7/8 and 12/8, not %d/%d",
                           meter.numerator, meter.denominator);
  settings->config.meter = meter;
  return DT__DONE;
}

int dt__beats_command(int argc, char** argv, dt__globals* globals) {
  beats_values values = {.listen.format = -1, .tempo_bpm = (double)NAN};
  dt__beats_settings settings = {.config = dt_beat_default()};
  dt__listen_batch batch = {.settings = {.kind = &beats_kind, .extra = &settings}};
  int first = 0;
  int result = DT__DONE;
  if (!dt__command_begin_many("beats", &values, globals, argc, argv, &first, &result))
    return result;
  settings.is_live = values.is_live;
  settings.config.tempo_bpm = isnan(values.tempo_bpm) ? 0.0 : values.tempo_bpm;
  result = read_meter(values.meter, &settings);
  if (result == DT__DONE)
    result = read_taps(values.taps, &settings);
  if (result == DT__DONE)
    result = dt__listen_prepare(&batch, &values.listen, argv + first, argc - first, globals);
  if (result == DT__DONE)
    result = dt__listen_all(&batch, globals);
  dt__listen_clear(&batch.list);
  return result;
}
