#include <string.h>

#include "text_internal.h"

static dt_status no_memory(dt__text_parser* p) {
  return dt_fail(p->err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
}

/* "x3" and "3x". */
static bool is_times(dt__slice word, int* times) {
  if (word.at < word.end && (*word.at == 'x' || *word.at == 'X'))
    word.at++;
  else if (word.at < word.end && (word.end[-1] == 'x' || word.end[-1] == 'X'))
    word.end--;
  else
    return false;
  return dt__take_count(&word, times) && word.at == word.end && *times >= 1 && *times <= 999;
}

static bool same_word(const char* name, const char* word) {
  return dt__slice_is((dt__slice){name, name + strlen(name)}, word);
}

static dt_status read_words(dt__text_parser* p, dt__slice line) {
  dt__text_block* b = &p->block;
  bool is_section = false;
  while (!dt__is_end(line)) {
    const dt__slice word = dt__take_word(&line);
    if (dt__slice_is(word, "fill")) {
      b->is_fill = true;
    } else if (dt__slice_is(word, "section")) {
      is_section = true;
    } else if (is_times(word, &b->times)) {
      p->times_at = word.at;
    } else {
      return FAIL_AT(p, word.at, "\"%s\" is not understood; after a name come x2, fill or section",
                     dt__text_quote(word).text);
    }
  }
  if (is_section && (b->is_fill || b->name[0] == '\0'))
    return FAIL_SAY(p, b->at, "A section has a name and is no fill");
  if (same_word(b->name, "fill") && !is_section && !b->is_fill) {
    b->is_fill = true;
    b->name[0] = '\0';
  }
  b->is_new_section = !b->is_fill && b->name[0] != '\0';
  if (b->is_new_section && !is_section && strcmp(b->name, "-") == 0) {
    b->is_new_section = false;
    p->in_section = false;
  }
  return DT_OK;
}

dt_status dt__text_block_head(dt__text_parser* p, dt__slice line) {
  p->block = (dt__text_block){
      .is_open = true, .at = line.at, .times = 1, .first_bar = p->bar_count, .start = p->tick};
  dt__slice name = {line.at + 1, line.at + 1};
  while (name.end < line.end && *name.end != ']')
    name.end++;
  if (name.end == line.end)
    return FAIL_SAY(p, line.at, "The bracket is not closed; write [Verse]");
  const dt_status status = dt__text_name(p, name, p->block.name, sizeof p->block.name);
  if (status != DT_OK)
    return status;
  line.at = name.end + 1;
  return read_words(p, line);
}

static dt_status add_segment(dt__text_parser* p, dt_chart_segment segment) {
  const dt_status status = dt_chart_add_segment(p->chart, p->allocator, &segment);
  if (status == DT_NO_MEMORY)
    return no_memory(p);
  if (status != DT_OK)
    return FAIL_AS(p, p->block.at, status, "The order of playing has more than %d parts",
                   DT_CHART_ORDER_MAX);
  return DT_OK;
}

/* The last section of that name, or NULL. */
static const dt__text_section* find_section(const dt__text_parser* p, const char* name) {
  for (size_t i = p->section_count; i-- > 0;)
    if (strcmp(p->sections[i].name, name) == 0)
      return &p->sections[i];
  return NULL;
}

/* A name without bars: that section is played again. */
static dt_status play_again(dt__text_parser* p) {
  const dt__text_block* b = &p->block;
  const dt__text_section* section = b->is_new_section ? find_section(p, b->name) : NULL;
  if (section == NULL)
    return FAIL_AT(p, b->at, "No bars follow [%s], and no section before has that name",
                   dt__text_quote((dt__slice){b->name, b->name + strlen(b->name)}).text);
  p->times_at = b->at;
  p->in_section = false;
  dt_status status = DT_OK;
  for (int time = 0; time < b->times; time++)
    for (size_t i = section->first_segment; i < section->segment_end && status == DT_OK; i++)
      status = add_segment(p, p->chart->order[i]);
  return status;
}

static dt_status open_section(dt__text_parser* p) {
  if (p->section_count == p->section_room) {
    const size_t room = p->section_room == 0 ? 8 : 2 * p->section_room;
    dt__text_section* sections = dt_resize(
        p->allocator, p->sections, p->section_room * sizeof *sections, room * sizeof *sections);
    if (sections == NULL)
      return no_memory(p);
    p->sections = sections;
    p->section_room = room;
  }
  dt__text_section* section = &p->sections[p->section_count++];
  *section =
      (dt__text_section){.first_bar = p->block.first_bar, .first_segment = p->chart->order_count};
  memcpy(section->name, p->block.name, sizeof section->name);
  p->in_section = true;
  return DT_OK;
}

dt_status dt__text_block_end(dt__text_parser* p) {
  const dt__text_block* b = &p->block;
  if (!b->is_open)
    return DT_OK;
  p->block.is_open = false;
  if (p->bar_count == b->first_bar)
    return play_again(p);
  dt_status status = b->is_new_section ? open_section(p) : DT_OK;
  if (status == DT_OK)
    status =
        add_segment(p, (dt_chart_segment){b->first_bar, p->bar_count - b->first_bar, b->times});
  if (status == DT_OK && p->in_section) {
    p->sections[p->section_count - 1].bar_end = p->bar_count;
    p->sections[p->section_count - 1].segment_end = p->chart->order_count;
  }
  if (status == DT_OK && b->is_fill)
    status =
        dt__text_fill(p, b->start, p->tick, (dt__slice){b->name, b->name + strlen(b->name)}, b->at);
  return status;
}

/* "5", "1-4" or "[Verse]". */
static dt_status read_bars(dt__text_parser* p, dt__slice* s, dt_chart_segment* segment) {
  dt__skip_space(s);
  const char* at = s->at;
  if (dt__take_char(s, '[')) {
    dt__slice name = {s->at, s->at};
    while (name.end < s->end && *name.end != ']')
      name.end++;
    char wanted[DT_CHART_NAME_MAX];
    const dt_status status = dt__text_name(p, name, wanted, sizeof wanted);
    const dt__text_section* section = find_section(p, wanted);
    if (status == DT_OK && (name.end == s->end || section == NULL))
      return FAIL_AT(p, at, "There is no section [%s]", dt__text_quote(name).text);
    if (status == DT_OK)
      *segment = (dt_chart_segment){section->first_bar, section->bar_end - section->first_bar, 1};
    s->at = name.end + 1;
    return status;
  }
  int first = 0;
  int last = 0;
  if (!dt__take_count(s, &first))
    return FAIL_SAY(p, at, "Write the order as bars and sections: 1-4 x2, 5, [Verse]");
  last = first;
  if (dt__take_char(s, '-') && !dt__take_count(s, &last))
    return FAIL_SAY(p, at, "Write bars as 1-4");
  if (first < 1 || last < first || last > p->bar_count)
    return FAIL_AT(p, at, "There are bars 1 to %d", p->bar_count);
  *segment = (dt_chart_segment){first - 1, last - first + 1, 1};
  return DT_OK;
}

dt_status dt__text_order(dt__text_parser* p) {
  dt__slice s = p->order;
  if (p->times_at != NULL)
    return FAIL_SAY(p, p->times_at, "The order line says what is played again; say it there only");
  p->chart->order_count = 0;
  p->block.at = s.at;
  do {
    dt_chart_segment segment = {0, 1, 1};
    dt_status status = read_bars(p, &s, &segment);
    if (status != DT_OK)
      return status;
    dt__skip_space(&s);
    if (s.at < s.end && *s.at == 'x') {
      dt__slice word = {s.at, s.at};
      while (word.end < s.end && *word.end != ',' && *word.end != ' ' && *word.end != '\t')
        word.end++;
      if (!is_times(word, &segment.times))
        return FAIL_SAY(p, s.at, "Write how often as x2, up to x999");
      s.at = word.end;
    }
    status = add_segment(p, segment);
    if (status != DT_OK)
      return status;
  } while (dt__take_char(&s, ','));
  dt__skip_space(&s);
  return s.at < s.end ? FAIL_SAY(p, s.at, "Put a comma between the parts of the order") : DT_OK;
}
