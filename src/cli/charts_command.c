#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"
#include "dt/chart_file.h"
#include "dt/chart_midi.h"
#include "dt/chart_musicxml.h"
#include "dt/chart_text.h"
#include "dt/json.h"
#include "output.h"
#include "paper.h"
#include "terminal.h"

typedef struct charts_values {
  const char* out;
  const char* json;
  bool list;
} charts_values;

#define AT(field) offsetof(charts_values, field)

const dt__option dt__charts_options[] = {
    {'e', "export", "FILE",
     "Write the chart: the ending says how (.txt, .mid, .musicxml); - is text on standard output",
     DT__FILE_OUT, AT(out), 0, 0, NULL},
    {'l', "list", NULL, "List what is found, even where one chart has just that name", DT__FLAG,
     AT(list), 0, 0, NULL},
    {'j', "json", "FILE", "Write the list as JSON", DT__FILE_OUT, AT(json), 0, 0, NULL},
    DT__OPTION_END,
};

/* A list of charts that hold all words of the search. */
typedef struct charts_list {
  const char* search; /* "" finds all */
  const dt__globals* globals;
  size_t found;
} charts_list;

static bool holds(const char* text, const char* word, size_t size) {
  for (; *text; text++)
    if (strncasecmp(text, word, size) == 0)
      return true;
  return false;
}

static bool is_found(const dt_chart* chart, const char* search) {
  for (;;) {
    search += strspn(search, " ");
    const size_t size = strcspn(search, " ");
    if (size == 0)
      return true;
    if (!holds(chart->name, search, size) && !holds(chart->title, search, size) &&
        !holds(chart->tags, search, size))
      return false;
    search += size;
  }
}

static dt_status each_found(charts_list* list, void (*put)(void* context, const dt_chart* chart),
                            void* context) {
  list->found = 0;
  for (size_t i = 0; dt_chart_library_at(i); i++) {
    dt_chart chart;
    const dt_status status = dt_chart_library_load(&chart, NULL, dt_chart_library_at(i));
    if (status != DT_OK)
      return status;
    if (is_found(&chart, list->search)) {
      list->found++;
      put(context, &chart);
    }
    dt_chart_clear(&chart, NULL);
  }
  return DT_OK;
}

/* The library is kept in groups; the first tag of most charts would be too many. */
typedef struct text_list {
  dt__paper paper;
  bool quiet;
  bool in_rudiments;
  size_t count;
} text_list;

static void put_line(void* context, const dt_chart* chart) {
  text_list* text = context;
  const dt_meter meter = chart->map.meters[0].meter;
  if (text->quiet) {
    dt__write(&text->paper, "%s\n", chart->name);
    return;
  }
  const bool is_rudiment = strncmp(chart->tags, "rudiment", 8) == 0;
  if (is_rudiment && !text->in_rudiments)
    dt__write(&text->paper, "%sRudiments\n", text->count > 0 ? "\n" : "");
  else if (text->count == 0)
    dt__write(&text->paper, "Grooves\n");
  text->in_rudiments = is_rudiment;
  text->count++;
  dt__write(&text->paper, "  %-23s %-38s %2d/%-2d %4.0f  %s\n", chart->name, chart->title,
            meter.numerator, meter.denominator, dt_tempo_map_bpm(&chart->map, 0),
            is_rudiment && strlen(chart->tags) > 9 ? chart->tags + 9 : chart->tags);
}

static dt_status write_list(void* context, dt_sink sink) {
  charts_list* list = context;
  text_list text = {.paper = {sink, DT_OK}, .quiet = list->globals->quiet};
  const dt_status status = each_found(list, put_line, &text);
  if (!text.quiet && list->search[0] == '\0')
    dt__write(&text.paper,
              "\n%zu charts: name, title, metre, tempo in quarter notes a minute, "
              "tags. doubletime charts NAME draws one.\n",
              list->found);
  return status == DT_OK ? text.paper.status : status;
}

static void put_object(void* context, const dt_chart* chart) {
  dt_json* json = context;
  const dt_meter meter = chart->map.meters[0].meter;
  dt_json_begin_object(json, NULL);
  dt_json_string(json, "name", chart->name);
  dt_json_string(json, "title", chart->title);
  dt_json_string(json, "tags", chart->tags);
  dt_json_int(json, "meter_numerator", meter.numerator);
  dt_json_int(json, "meter_denominator", meter.denominator);
  dt_json_number(json, "tempo_bpm", dt_tempo_map_bpm(&chart->map, 0), 3);
  dt_json_number(json, "swing", chart->swing, 4);
  dt_json_int(json, "bars", dt_chart_played_bars(chart));
  dt_json_int(json, "notes", (int64_t)chart->note_count);
  dt_json_end_object(json);
}

static dt_status write_json(void* context, dt_sink sink) {
  dt_json json = {.sink = sink};
  dt_json_begin_object(&json, NULL);
  dt_json_begin_array(&json, "charts");
  const dt_status status = each_found(context, put_object, &json);
  dt_json_end_array(&json);
  dt_json_end_object(&json);
  const dt_status ended = dt_json_finish(&json);
  return status == DT_OK ? ended : status;
}

/* Columns of the terminal, or those of a page. */
static int columns(void) {
  struct winsize size;
  if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    return size.ws_col < 200 ? size.ws_col : 200;
  return 80;
}

typedef struct chart_job {
  dt_chart chart;
  const dt__globals* globals;
} chart_job;

static dt_status write_drawing(void* context, dt_sink sink) {
  const chart_job* job = context;
  const dt_chart_draw_options options = {
      .columns = columns(), .utf8 = dt__speaks_utf8(), .color = dt__wants_color(job->globals)};
  return dt_chart_draw(&job->chart, &options, sink);
}

static dt_status write_text(void* context, dt_sink sink) {
  const chart_job* job = context;
  return dt_chart_write(&job->chart, sink);
}

static dt_status write_musicxml(void* context, dt_sink sink) {
  const chart_job* job = context;
  return dt_chart_to_musicxml(&job->chart, sink);
}

static dt_status write_midi(void* context, dt_sink sink) {
  const chart_job* job = context;
  dt_smf smf;
  dt_status status = dt_smf_from_chart(&smf, NULL, &job->chart);
  if (status != DT_OK)
    return status;
  status = dt_smf_write(&smf, sink);
  dt_smf_clear(&smf, NULL);
  return status;
}

typedef struct export_kind {
  const char* ending;
  dt_status (*write)(void* context, dt_sink sink);
} export_kind;

static const export_kind export_kinds[] = {
    {".txt", write_text},  {".chart", write_text},        {".mid", write_midi},
    {".midi", write_midi}, {".musicxml", write_musicxml}, {".xml", write_musicxml},
};

static const export_kind* kind_of(const char* path) {
  const size_t length = strlen(path);
  if (strcmp(path, "-") == 0)
    return &export_kinds[0];
  for (size_t i = 0; i < sizeof export_kinds / sizeof export_kinds[0]; i++) {
    const size_t size = strlen(export_kinds[i].ending);
    if (length > size && strcasecmp(path + length - size, export_kinds[i].ending) == 0)
      return &export_kinds[i];
  }
  return NULL;
}

static int show_chart(chart_job* job, const charts_values* values, const char* input) {
  if (!values->out)
    return dt__print(write_drawing, job);
  const export_kind* kind = kind_of(values->out);
  if (!kind)
    return dt__usage_error(
        "charts", "--export %.120s: the name must end in .txt, .mid or .musicxml", values->out);
  const dt__output output = {"--export", values->out, kind->write, job};
  char message[DT__MESSAGE_MAX];
  if (!dt__outputs_agree(&output, 1, input, message))
    return dt__usage_error("charts", "%s", message);
  const int result = dt__outputs_write(&output, 1);
  if (result == DT__DONE && strcmp(values->out, "-") != 0)
    dt__note(job->globals, "%s: %s", values->out,
             job->chart.title[0] ? job->chart.title : job->chart.name);
  return result;
}

const char* dt__nearest_chart(const char* typed) {
  const char* near = NULL;
  size_t distance = SIZE_MAX;
  for (size_t i = 0; dt_chart_library_at(i); i++)
    if (dt__is_nearer(typed, dt_chart_library_at(i)->name, &distance))
      near = dt_chart_library_at(i)->name;
  return near;
}

static int nothing_found(const char* typed) {
  const char* near = dt__nearest_chart(typed);
  if (near)
    dt__complain("no chart is called or tagged '%.60s'; did you mean %s?", typed, near);
  else
    dt__complain("no chart is called or tagged '%.60s'; doubletime charts lists them all", typed);
  return DT__FAILED;
}

static void count_only(void* context, const dt_chart* chart) {
  (void)context;
  (void)chart;
}

/* A name, a file, or words to search for. */
static bool is_chart(const char* operand) {
  return dt_chart_library_named(operand) || strcmp(operand, "-") == 0 ||
         strpbrk(operand, "/.") != NULL || access(operand, F_OK) == 0;
}

static int search(charts_list* list, const charts_values* values) {
  dt_status status = each_found(list, count_only, NULL);
  if (status != DT_OK)
    return dt__world_error(NULL, status, NULL);
  if (list->found == 0)
    return nothing_found(list->search);
  if (values->out)
    return dt__usage_error("charts", "--export takes one chart; name it");
  if (!values->json)
    return dt__print(write_list, list);
  const dt__output output = {"--json", values->json, write_json, list};
  return dt__outputs_write(&output, 1);
}

int dt__charts_command(int argc, char** argv, dt__globals* globals) {
  charts_values values = {.out = NULL};
  const char* operand = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("charts", &values, globals, argc, argv, &operand, &status))
    return status;
  if (!operand || values.list || values.json || !is_chart(operand)) {
    charts_list list = {.search = operand ? operand : "", .globals = globals};
    return search(&list, &values);
  }
  chart_job job = {.globals = globals};
  dt_error err = {.sentence = ""};
  const dt_status loaded = dt_chart_load(&job.chart, NULL, operand, &err);
  if (loaded != DT_OK)
    return dt__world_error(strcmp(operand, "-") == 0 ? "standard input" : operand, loaded, &err);
  status = show_chart(&job, &values, operand);
  dt_chart_clear(&job.chart, NULL);
  return status;
}
