#include <string.h>

#include "command.h"
#include "dt/heard.h"
#include "dt/kitmap.h"
#include "dt/report.h"
#include "listen.h"

static const char* const format_choices[] = {"csv", "json", "midi", "labels", "text", NULL};

#define AT(field) offsetof(dt__listen_values, field)

const dt__option dt__listen_options[] = {
    {'f', "format", "FORMAT",
     "csv, json, midi, labels or text (default: by the ending of --output, else csv; text for one "
     "FILE on a terminal)",
     DT__CHOICE, AT(format), 0, 0, format_choices},
    {'o', "output", "PLACE",
     "Where to write: a file for one FILE (- is standard output), a folder for several (it is made "
     "where it is missing)",
     DT__FILE_OUT, AT(output), 0, 0, NULL},
    {0, "min-confidence", "P",
     "Leave out strokes that are less sure than this, 0 to 1 (default 0: all that the ear reports)",
     DT__NUMBER, AT(min_confidence), 0, 1, NULL},
    {'j', "threads", "N", "Files heard at a time (default: as many as there are processors)",
     DT__INTEGER, AT(threads), 1, DT__LISTEN_THREADS_MAX, NULL},
    {0, "force", NULL, "Replace outputs that are there already", DT__FLAG, AT(force), 0, 0, NULL},
    {0, "kit", "NAME",
     "MIDI: the kit's note map: gm, roland, alesis or yamaha (default: the one that fits best)",
     DT__TEXT, AT(kit), 0, 0, NULL},
    {0, "kit-map", "FILE",
     "MIDI: your own notes on top of it: lines of NOTE DRUM, as in '22 hihat_closed'", DT__FILE_IN,
     AT(kit_map), 0, 0, NULL},
    DT__OPTION_END,
};

static dt_status write_midi(const dt_take* take, dt_sink sink) {
  dt_smf smf;
  dt_status status = dt_smf_from_take_fine(&smf, NULL, take);
  if (status != DT_OK)
    return status;
  status = dt_smf_write(&smf, sink);
  dt_smf_clear(&smf, NULL);
  return status;
}

static dt_status write_strokes(dt__listen_heard* heard, dt_sink sink, dt_error* err) {
  const dt_heard about = {
      .file = heard->job->input,
      .version = DT__VERSION,
      .format = heard->sound.rate_hz > 0 ? heard->sound.format : NULL,
      .rate_hz = heard->sound.rate_hz,
      .channels = heard->sound.channels,
      .min_confidence = heard->settings->min_confidence,
      .color = heard->settings->color,
  };
  (void)err;
  heard->job->made_count = heard->take.strokes.count;
  switch (heard->settings->format) {
  case DT__LISTEN_JSON:
    return dt_heard_json(&heard->take, &about, sink);
  case DT__LISTEN_MIDI:
    return write_midi(&heard->take, sink);
  case DT__LISTEN_LABELS:
    return dt_report_audacity(&heard->take, NULL, sink);
  case DT__LISTEN_TEXT:
    return dt_heard_text(&heard->take, &about, sink);
  default:
    return dt_heard_csv(&heard->take, sink);
  }
}

static const dt__listen_kind listen_kind = {
    .command = "listen",
    .counted = "stroke",
    .endings = {".csv", ".json", ".mid", ".labels.txt", ".txt", NULL},
    .known_endings = ".csv, .json and .mid",
    .write = write_strokes,
};

int dt__listen_command(int argc, char** argv, dt__globals* globals) {
  dt__listen_values values = {.format = -1};
  dt__listen_batch batch = {.settings = {.kind = &listen_kind}};
  int first = 0;
  int result = DT__DONE;
  if (!dt__command_begin_many("listen", &values, globals, argc, argv, &first, &result))
    return result;
  result = dt__listen_prepare(&batch, &values, argv + first, argc - first, globals);
  if (result == DT__DONE)
    result = dt__listen_all(&batch, globals);
  dt__listen_clear(&batch.list);
  return result;
}
