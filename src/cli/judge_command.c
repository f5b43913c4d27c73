#include <math.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "dt/align.h"
#include "dt/chart_file.h"
#include "dt/codec.h"
#include "dt/file.h"
#include "dt/home_log.h"
#include "dt/kitmap.h"
#include "dt/pads.h"
#include "dt/report.h"
#include "dt/study.h"
#include "keep.h"
#include "output.h"
#include "progress_report.h"
#include "terminal.h"

#define KIT_MAP_BYTES_MAX ((size_t)1 << 20)
#define GHOSTS_RATE_HZ    48000 /* as fine as a device's frames */

typedef struct judge_values {
  double bpm; /* NAN: not given */
  double start_s;
  bool free;
  dt_meter meter;
  int level; /* index into level_choices = dt_level */
  const char* kit;
  const char* kit_map;
  const char* chart; /* a name of the library, or a file */
  const char* html;
  const char* json;
  const char* csv;
  const char* midi;
  const char* labels;
  const char* sv;
  dt__keep keep;
} judge_values;

static const char* const level_choices[] = {"beginner", "player", "pro", NULL};

#define AT(field) offsetof(judge_values, field)

const dt__option dt__judge_options[] = {
    {'t', "tempo", "BPM", "The tempo you meant, in quarter notes a minute, 20 to 400", DT__NUMBER,
     AT(bpm), 20, 400, NULL},
    {'f', "free", NULL, "Find tempo and phase in the strokes, even when the file has a click",
     DT__FLAG, AT(free), 0, 0, NULL},
    {'m', "meter", "METRE", "The metre, 4/4 unless the file says otherwise", DT__METER, AT(meter),
     0, 0, NULL},
    {'s', "start", "SECONDS",
     "When the first beat of bar 1 falls, with --tempo: makes placement testable", DT__NUMBER,
     AT(start_s), 0, 86400, NULL},
    {'l', "level", "LEVEL", "How tight is tight: beginner, player (default) or pro", DT__CHOICE,
     AT(level), 0, 0, level_choices},
    {0, "kit", "NAME",
     "The kit's note map: gm, roland, alesis or yamaha (default: the one that fits best)", DT__TEXT,
     AT(kit), 0, 0, NULL},
    {0, "kit-map", "FILE",
     "Your own kit on top of it, as 'doubletime calibrate --pads' writes it: lines of NOTE DRUM, "
     "as "
     "in '22 hihat_closed', and rules for what nobody struck",
     DT__FILE_IN, AT(kit_map), 0, 0, NULL},
    {0, "chart", "CHART", "What was to be played: a name from doubletime charts, or a chart's file",
     DT__TEXT, AT(chart), 0, 0, NULL},
    {'r', "report", "FILE", "Write the whole report as one HTML page", DT__FILE_OUT, AT(html), 0, 0,
     NULL},
    {'j', "json", "FILE", "Write everything as JSON (docs/judge.schema.json)", DT__FILE_OUT,
     AT(json), 0, 0, NULL},
    {'c', "csv", "FILE", "Write the strokes as CSV", DT__FILE_OUT, AT(csv), 0, 0, NULL},
    {0, "midi", "FILE", "Write the strokes as a Standard MIDI File", DT__FILE_OUT, AT(midi), 0, 0,
     NULL},
    {0, "labels", "FILE", "Write Audacity labels", DT__FILE_OUT, AT(labels), 0, 0, NULL},
    {0, "sv", "FILE", "Write a Sonic Visualiser layer (CSV)", DT__FILE_OUT, AT(sv), 0, 0, NULL},
    {0, "save", NULL, "Keep the take in your history", DT__FLAG, AT(keep.save), 0, 0, NULL},
    {'p', "player", "NAME", "Who played, with --save", DT__TEXT, AT(keep.player), 0, 0, NULL},
    {0, "at", "WHEN", "When, with --save, as in '2026-03-01 18:30' (default now)", DT__TEXT,
     AT(keep.at), 0, 0, NULL},
    {0, "db", "FILE", DT__DB_HELP ", with --save", DT__FILE_OUT, AT(keep.db), 0, 0, NULL},
    DT__OPTION_END,
};

typedef struct judge_job {
  judge_values values;
  const char* name; /* of the take as given */
  dt_take take;
  dt_chart chart; /* with values.chart */
  dt_alignment alignment;
  dt_judge_config config;
  dt_verdict verdict;
  dt_study study;
  dt_report_options report;
  dt__curve curve;
} judge_job;

static dt_status write_text(void* context, dt_sink sink) {
  judge_job* job = context;
  return dt_report_text(&job->take, &job->verdict, &job->report, sink);
}

static dt_status write_json(void* context, dt_sink sink) {
  judge_job* job = context;
  return dt_report_json(&job->take, &job->verdict, &job->report, sink);
}

static dt_status write_html(void* context, dt_sink sink) {
  judge_job* job = context;
  return dt_report_html(&job->take, &job->verdict, &job->study, &job->report, sink);
}

static dt_status write_csv(void* context, dt_sink sink) {
  judge_job* job = context;
  return dt_report_csv(&job->take, &job->verdict, sink);
}

static dt_status write_labels(void* context, dt_sink sink) {
  judge_job* job = context;
  return dt_report_audacity(&job->take, &job->verdict, sink);
}

static dt_status write_sv(void* context, dt_sink sink) {
  judge_job* job = context;
  return dt_report_sonic_visualiser(&job->take, &job->verdict, sink);
}

/* Options that make no sense together; DT__DONE when all is well. */
static int check_values(const judge_values* values) {
  if (values->free && !isnan(values->bpm))
    return dt__usage_error("judge", "--free finds the tempo and --tempo gives it; choose one");
  if (!isnan(values->start_s) && isnan(values->bpm))
    return dt__usage_error("judge", "--start needs --tempo beside it");
  if (!values->kit || dt_kitmap_named(values->kit))
    return DT__DONE;
  char names[160] = "";
  for (size_t i = 0; dt_kitmap_at(i); i++) {
    size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", dt_kitmap_at(i)->name);
  }
  return dt__usage_error("judge", "--kit knows %s, not '%.60s'; --kit-map takes your own", names,
                         values->kit);
}

static dt_judge_config config_of(const judge_values* values, const dt_take* take) {
  dt_judge_config config = dt_judge_default(take);
  if (!isnan(values->bpm)) {
    config.mode = DT_GRID_TEMPO;
    config.bpm = values->bpm;
    config.start_s = isnan(values->start_s) ? -1 : values->start_s;
  }
  if (values->free)
    config.mode = DT_GRID_FREE;
  if (values->meter.numerator > 0)
    config.meter = values->meter;
  config.level = (dt_level)values->level;
  return config;
}

static bool is_input(const char* name) {
  return strcmp(name, "-") == 0;
}

static int load(judge_job* job, const dt__globals* globals) {
  if (is_input(job->name) && isatty(STDIN_FILENO) == 1)
    return dt__usage_error("judge",
                           "standard input is a terminal; pipe a take into it or name a file");
  dt__progress progress = dt__progress_begin(globals, "Listening");
  dt_take_options options = {
      .kit = job->values.kit,
      .kitmap_path = job->values.kit_map,
      .progress = dt__progress_tick,
      .progress_ctx = &progress,
  };
  dt_error err = {0};
  dt__mute_libraries();
  dt_status status = dt_take_load(&job->take, NULL, job->name, &options, &err);
  dt__progress_end(&progress);
  dt__unmute_libraries();
  if (status != DT_OK)
    return dt__world_error(is_input(job->name) ? "standard input" : job->name, status, &err);
  if (job->take.source != DT_TAKE_MIDI && (job->values.kit || job->values.kit_map))
    return dt__usage_error("judge", "%s is sound and has no note numbers; %s goes with a MIDI file",
                           is_input(job->name) ? "standard input" : job->name,
                           job->values.kit_map ? "--kit-map" : "--kit");
  if (job->take.strokes.count == 0)
    dt__note(globals, "%s: no strokes in it", job->name);
  return DT__DONE;
}

/* What the pads said and nobody struck, by the rules of the kit's map, as practice leaves it out.
 */
static int leave_ghosts_out(judge_job* job, const dt__globals* globals) {
  if (!job->values.kit_map)
    return DT__DONE;
  dt_buffer text = {0};
  dt_error err = {0};
  dt_ghosts ghosts = {0};
  dt_status status = dt_file_read(&text, job->values.kit_map, KIT_MAP_BYTES_MAX, &err);
  if (status == DT_OK && text.size > 0)
    status = dt_ghosts_parse(&ghosts, (const char*)text.bytes, text.size, GHOSTS_RATE_HZ, &err);
  const bool has_rules = status == DT_OK && text.size > 0 && ghosts.rule_count > 0;
  dt_buffer_clear(&text);
  if (status != DT_OK)
    return dt__world_error(job->values.kit_map, status, &err);
  const size_t left_out = has_rules ? dt_ghosts_leave_out(&ghosts, &job->take, GHOSTS_RATE_HZ) : 0;
  if (left_out > 0)
    dt__note(globals, "%zu note%s that nobody struck %s left out, as %s says", left_out,
             left_out == 1 ? "" : "s", left_out == 1 ? "was" : "were", job->values.kit_map);
  return DT__DONE;
}

/* The chart's clean tempo over the days goes into the report, where the coach knows any. A log that
 * cannot be read is no reason not to judge. */
static void read_progress(judge_job* job) {
  dt_past* past = NULL;
  size_t count = 0;
  if (dt_practice_log_read(NULL, &past, &count, NULL) == DT_OK &&
      dt__curve_of(&job->curve, past, count, job->values.keep.chart, DT_LIMBS_ALL))
    job->report.progress = &job->curve.exercise;
  dt_release(NULL, past, count * sizeof *past);
}

static int load_chart(judge_job* job) {
  dt_error err = {0};
  const dt_status status = dt_chart_load(&job->chart, NULL, job->values.chart, &err);
  if (status != DT_OK)
    return dt__world_error(job->values.chart, status, &err);
  job->values.keep.chart = job->chart.name[0] ? job->chart.name : job->values.chart;
  return DT__DONE;
}

/* The verdict and the full judgement; against the chart where there is one. */
static dt_status judge_take(judge_job* job, dt_error* err) {
  const dt_chart* chart = job->values.chart ? &job->chart : NULL;
  const dt_alignment* alignment = chart ? &job->alignment : NULL;
  job->config = config_of(&job->values, &job->take);
  dt_status status = DT_OK;
  if (chart)
    status = dt_align(&job->alignment, NULL, &job->take, &job->config, chart, err);
  job->config.chart = chart;
  job->config.alignment = alignment;
  if (status == DT_OK)
    status = dt_judge(&job->verdict, NULL, &job->take, &job->config, err);
  if (status == DT_OK)
    status = dt_study_make(&job->study, NULL, &job->take, &job->verdict, alignment, chart);
  return status;
}

static int judge_loaded(judge_job* job, const dt__globals* globals, const dt__output* outputs,
                        size_t output_count) {
  dt_error err = {0};
  const dt_status status = judge_take(job, &err);
  if (status != DT_OK)
    return dt__world_error(job->name, status, &err);
  const dt_report_exercise* progress = job->report.progress;
  job->report = (dt_report_options){
      .color = dt__wants_color(globals),
      .utf8 = dt__speaks_utf8(),
      .file = job->name,
      .version = DT__VERSION,
      .config = &job->config,
      .study = &job->study,
      .progress = progress,
  };
  int result = dt__outputs_write(outputs, output_count);
  if (result == DT__DONE && !dt__outputs_silence_text(outputs, output_count, globals))
    result = dt__print(write_text, job);
  if (result == DT__DONE && job->values.keep.save)
    result = dt__keep_take(&job->values.keep, &job->take, &job->config, &job->verdict, &job->study,
                           job->name, globals);
  return result;
}

static void clear(judge_job* job) {
  dt_study_clear(&job->study, NULL);
  dt_verdict_clear(&job->verdict, NULL);
  dt_alignment_clear(&job->alignment, NULL);
  dt_chart_clear(&job->chart, NULL);
  dt_take_clear(&job->take, NULL);
}

int dt__judge_command(int argc, char** argv, dt__globals* globals) {
  judge_job job;
  memset(&job, 0, sizeof job);
  job.values.bpm = (double)NAN;
  job.values.start_s = (double)NAN;
  job.values.level = DT_LEVEL_PLAYER;
  int status = DT__DONE;
  if (!dt__command_begin("judge", &job.values, globals, argc, argv, &job.name, &status))
    return status;
  const dt__output outputs[] = {
      {"--report", job.values.html, write_html, &job},
      {"--json", job.values.json, write_json, &job},
      {"--csv", job.values.csv, write_csv, &job},
      {"--midi", job.values.midi, dt__write_midi, &job.take},
      {"--labels", job.values.labels, write_labels, &job},
      {"--sv", job.values.sv, write_sv, &job},
  };
  const size_t output_count = sizeof outputs / sizeof outputs[0];
  char message[DT__MESSAGE_MAX];
  if (!dt__outputs_agree(outputs, output_count, job.name, message))
    return dt__usage_error("judge", "%s", message);
  status = check_values(&job.values);
  if (status == DT__DONE)
    status = dt__keep_check("judge", &job.values.keep);
  if (status == DT__DONE)
    status = load(&job, globals);
  if (status == DT__DONE)
    status = leave_ghosts_out(&job, globals);
  if (status == DT__DONE && job.values.chart)
    status = load_chart(&job);
  if (status == DT__DONE && job.values.html && job.values.chart)
    read_progress(&job);
  if (status == DT__DONE)
    status = judge_loaded(&job, globals, outputs, output_count);
  clear(&job);
  return status;
}
